import { describe, expect, test } from 'vitest'
import { noDuplicates } from '../../src/measure/duplicates.js'
import { peerOf, simulateConstantWorld } from './constant-world.js'

const S = 1_000_000
const LOST_US = 152_500_000

/** A put every second, up to 152 s; the power of the whole cluster fails at 152.5 s. */
function unpowered(peer: string, walHsync: boolean, healed = '') {
  return simulateConstantWorld(
    `
duration: 400 s
workload:
  - { table: usertable, rate: 1/s, arrivals: periodic, valueSize: 1000 B, until: 152600 ms }
peers: { backup: { ${peer}, store: backup, flushInterval: 60 s } }
faults: [ { at: 152500 ms, kind: cluster-power-loss${healed} } ]
`,
    `site["hbase.wal.hsync"]=${walHsync}`,
  )
}

/**
 * An hflushed WAL lies in page caches. Every 5 s, on the second, a DataNode writes what it saw 30 s
 * before: put n, there from n + 0.000654 s on, is first seen at the next tick and on the disks 30 s
 * after that; with the tick of 150 s all up to put 119 are.
 */
describe('power loss of the cluster, by hand', () => {
  /**
   * Nothing is staged; the objects of 60.030580 and 120.030600 s hold puts 1–58 and 59–118. What the
   * power takes are puts 120–152, from the cluster and from the peer alike.
   *
   * RPO: 0 until 1.000757 s; one ramp to 33.999243 s (put 1, until the tick of 35 s writes puts 1–4);
   * 5 from 29.999243 to 34.999243 s (35 … 60 s, puts 5, 10, …, 25); 30 ms of put 30 until the object;
   * put 59 from 1.029823 s until the tick of 90 s, 30.999243 s; 6 more of 5 s (90 … 120 s); 30 ms of
   * put 90; put 119 from 1.029843 s until the tick of 150 s; put 120 up to 32.499243 s.
   * Median: 1.000757 + v + (v - 1.029823) + (v - 1.029843) = 76.25 gives 25.769636 s;
   * p99: 11 (34.999243 - v) = 1.525 gives 34.860607 s.
   */
  test('hflush: the cluster loses 33 puts, and so does who relies on its WAL', () => {
    const run = unpowered('endpoint: deferred-offset, form: feature-branch', false)
    const peer = peerOf(run)
    expect(peer).toMatchObject({ acceptedEdits: 151, confirmedEdits: 118, storedEdits: 118 })
    expect(peer.rpo['cluster-power-loss']).toEqual({
      p50Us: 25_769_636,
      p99Us: 34_860_607,
      maxUs: 34_999_243,
      maxEdits: 35,
      maxBytes: 35_000,
      timeShareAboveZero: (LOST_US - 1_000_757) / LOST_US,
    })
    const lost = { kind: 'cluster-power-loss', atUs: LOST_US, lostEdits: 33, lostBytes: 33_000 }
    expect(peer.disasters).toEqual([{ ...lost, oldestLostAgeUs: 32_499_243 }])
    expect(run.clusterLoss).toEqual([lost])
    expect(peer.brokenClaims).toEqual({})
  })

  /**
   * Power comes back after 30 s. A new incarnation reports at once, and rs1 is recovered: its WAL ends
   * with put 119, which no object has yet.
   */
  test('hflush, with power again: what the disks kept is shipped, and no more', () => {
    const run = unpowered('endpoint: deferred-offset, form: feature-branch', false, ', for: 30 s')
    const peer = peerOf(run)
    const [recovery] = run.recoveries
    expect(recovery?.phases[0]).toEqual({
      name: 'detection',
      fromUs: LOST_US,
      untilUs: LOST_US + 30 * S,
    })
    expect(recovery?.splitBytes).toBe(119_000)
    expect(peer).toMatchObject({
      storedEdits: 119,
      duplicateEdits: noDuplicates(),
      missingAfterQuiescence: 0,
    })
    expect(peer.disasters).toMatchObject([{ lostEdits: 33, oldestLostAgeUs: 32_499_243 }])
    expect(run.clusterLoss).toMatchObject([{ lostEdits: 33 }])
  })

  /** A put is answered when it is on the disks: 150 + 3 + 1 + 1300 + 103 us. */
  test('hsync: nothing is lost', () => {
    const run = unpowered('endpoint: deferred-offset, form: feature-branch', true, ', for: 30 s')
    const peer = peerOf(run)
    expect(run.writeLatencyUs).toMatchObject({ count: 152, p50: 1557, max: 1557 })
    expect(peer.rpo['cluster-power-loss']).toMatchObject({ maxUs: 0, timeShareAboveZero: 0 })
    expect(run.recoveries).toMatchObject([{ splitBytes: 152_000 }])
    expect(peer).toMatchObject({ storedEdits: 152, missingAfterQuiescence: 0 })
    expect(peer.disasters).toMatchObject([{ lostEdits: 0, oldestLostAgeUs: null }])
    expect(run.clusterLoss).toEqual([])
  })

  /**
   * Staged with hsync under an hflushed WAL, put n is safe at n + 1.001301 s: the backup loses put 152
   * where the cluster loses 33.
   *
   * RPO: put 1 waits 8 ms longer for its staging file, puts 59 and 119 11.5 ms, for a roll too. Ramps
   * reach 1.000544 s, these 1.008544 and 1.012044 s, and the next begins where one ends: 0.544 ms up,
   * or 8.544 and 12.044 ms (puts 2, 60 and 120); that of put 152 reaches 0.499243 s.
   * Median: 1.000757 + 152 v - (148 × 0.000544 + 0.008544 + 2 × 0.012044) = 76.25 gives 0.495805 s;
   * p99: 148 × 1.000544 + 1.008544 + 2 × 1.012044 - 151 v = 1.525 gives 0.990650 s.
   */
  test('a staging file that is synced keeps what the WAL loses', () => {
    const run = unpowered('endpoint: staged-copy', false)
    const peer = peerOf(run)
    expect(peer).toMatchObject({ confirmedEdits: 151, storedEdits: 118 })
    expect(peer.rpo['cluster-power-loss']).toEqual({
      p50Us: 495_805,
      p99Us: 990_650,
      maxUs: 1_012_044,
      maxEdits: 2,
      maxBytes: 2000,
      timeShareAboveZero: (LOST_US - 1_000_757) / LOST_US,
    })
    expect(peer.disasters).toMatchObject([{ lostEdits: 1, oldestLostAgeUs: 499_243 }])
    expect(run.clusterLoss).toMatchObject([{ lostEdits: 33 }])
    expect(peer.brokenClaims).toEqual({})
  })

  /**
   * Staged with hflush, put n is in the file at n + 1.000501 s, after the tick that sees it in the WAL,
   * so the disks have it 5 s later. At the end the oldest that they lack is put 119. They have it in
   * the WAL, and nobody will read it there any more, since the offset has passed it.
   *
   * Worse is a file that is closed, at 120.0035 s: its block is then as long as the NameNode was told,
   * and shorter on all disks. Until the object has puts 59–118, at 120.054160 s, a loss of power would
   * leave a corrupt file of them.
   */
  test('a staging file that is only flushed keeps less than the WAL', () => {
    const run = unpowered('endpoint: staged-copy, sync: hflush', false)
    const peer = peerOf(run)
    expect(peer.claims).toEqual(['region-server-crash', 'data-node-crash'])
    expect(peer).toMatchObject({ confirmedEdits: 151, storedEdits: 118 })
    expect(peer.rpo['cluster-power-loss']?.maxUs).toBe(120_054_160 - 59_000_757)
    expect(peer.disasters).toMatchObject([{ lostEdits: 34, oldestLostAgeUs: 33_499_243 }])
    expect(run.clusterLoss).toMatchObject([{ lostEdits: 33 }])
  })
})
