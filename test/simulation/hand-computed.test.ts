import { describe, expect, test } from 'vitest'
import { peerOf, simulateConstantWorld } from './constant-world.js'

const S = 1_000_000

describe('results derived by hand match to the microsecond', () => {
  /**
   * A put every 10 s, at 10 s … 90 s; a file per batch. The source looks at every full second, so
   * the put of t = 10 n is read at t + 1 s. Then LIST 20 ms, 1,000 B at 100 MB/s 10 us, PUT 30 ms:
   * stored at t + 1.050010 s, confirmed 3 ms (ZooKeeper) later.
   *
   * RPO: 9 ramps from the answer at t + 757 us to t + 1.050010 s, each 1.049253 s long: 9.443277 s
   * of 100 s above zero. The median is 0; 1 s (1 %) lies above v where 9 (1.049253 - v) = 1, that is
   * v = 0.938142 s.
   */
  test('direct writing: an object per put, safe within 1.05 s', () => {
    const run = simulateConstantWorld(`
duration: 100 s
workload: [ { table: usertable, rate: 0.1/s, arrivals: periodic, valueSize: 1000 B } ]
peers: { backup: { endpoint: direct, store: backup } }
`)
    const peer = peerOf(run)
    expect(run.edits).toEqual({ submitted: 9, acknowledged: 9, failed: 0, bytes: 9000 })
    expect(run.writeLatencyUs).toMatchObject({ p50: 757, p99: 757, max: 757 })
    expect(peer.storeLatencyUs).toMatchObject({ count: 9, p50: 1_049_860, max: 1_049_860 })
    expect(peer.confirmLatencyUs).toMatchObject({ count: 9, p50: 1_052_860, max: 1_052_860 })
    expect(peer.rpo['cluster-loss']).toEqual({
      p50Us: 0,
      p99Us: 938_142,
      maxUs: 1_049_253,
      maxEdits: 1,
      maxBytes: 1000,
      timeShareAboveZero: 9_443_277 / (100 * S),
    })
    expect(peer.objects).toEqual({ count: 9, p50Bytes: 1000, maxBytes: 1000 })
    expect(peer.requests).toMatchObject({ PUT: 9, LIST: 9 })
    expect(peer.hbaseMetrics.ageOfLastShippedOpUs).toBe(1_049_860)
  })

  /**
   * A put every second, staged; the flush thread rolls at 60 s and 120 s; the cluster is lost at
   * 150 s. The put of second n is read at n + 1 s and synced 1 us + 1.3 ms later, confirmed 3 ms
   * after that. The first put of a file also waits for create (NameNode 2 + 2 ms, pipeline 4 ms) and
   * for the first flush's NameNode RPC (2 ms): 1.014151 s in all for put 1. Puts 59 and 119, read at
   * the tick, wait for the roll too: close takes hflush 0.5 + finalize 1 + complete 2 = 3.5 ms, so
   * 1.017651 s, the maximum.
   *
   * File 1 (puts 1–58) is closed at 60.0035 s; LIST 20 ms, read 58,000 B at 1 GB/s 58 us, send at
   * 100 MB/s 580 us, PUT 30 ms: stored at 60.054138 s; HEAD and delete 12 ms later. File 2 (puts
   * 59–118, 60,000 B) likewise: stored at 120.054160 s.
   *
   * RPO: 0 until 1.000757 s, then ramps 0 → 59.053381 s, 1.053381 → 61.053403 s and
   * 1.053403 → 30.999243 s. Median: 1.000757 + v + (v - 1.053381) + (v - 1.053403) = 75 gives
   * 25.368676 s; 1.5 s (1 %) lie above 61.053403 - 1.5 = 59.553403 s.
   * Lost: puts 119–149, the oldest answered 30.999243 s before.
   */
  test('staged copy: the loss of the cluster takes all since the last roll', () => {
    const run = simulateConstantWorld(`
duration: 200 s
workload: [ { table: usertable, rate: 1/s, arrivals: periodic, valueSize: 1000 B } ]
peers: { backup: { endpoint: staged-copy, store: backup, flushInterval: 60 s } }
faults: [ { at: 150 s, kind: cluster-loss } ]
`)
    const peer = peerOf(run)
    expect(run.edits).toMatchObject({ acknowledged: 149, failed: 0 })
    expect(peer).toMatchObject({ acceptedEdits: 148, confirmedEdits: 148, storedEdits: 118 })
    expect(peer.confirmLatencyUs).toMatchObject({ p50: 1_004_151, max: 1_017_651 })
    expect(peer.storeLatencyUs).toMatchObject({ count: 118, max: 61_054_010 })
    expect(peer.rpo['cluster-loss']).toEqual({
      p50Us: 25_368_676,
      p99Us: 59_553_403,
      maxUs: 61_053_403,
      maxEdits: 62,
      maxBytes: 62_000,
      timeShareAboveZero: (150 * S - 1_000_757) / (150 * S),
    })
    expect(peer.rpo['region-server-crash']).toMatchObject({ maxUs: 0, timeShareAboveZero: 0 })
    expect(peer.disasters).toEqual([
      {
        kind: 'cluster-loss',
        atUs: 150 * S,
        lostEdits: 31,
        lostBytes: 31_000,
        oldestLostAgeUs: 30_999_243,
      },
    ])
    expect(peer.objects).toMatchObject({ count: 2, maxBytes: 60_000 })
    expect(peer.staging).toEqual({ maxBytes: 61_000, maxFiles: 2 })
    expect(peer.confirmedNotStoredEdits.max).toBe(61)
    // Lag as HBase has it, at ship time: puts 59 and 119 are accepted 14.801 ms after the tick.
    expect(peer.hbaseMetrics.ageOfLastShippedOpUs).toBe(1_014_651)
    expect(run.clusterLoss).toMatchObject([{ lostEdits: 149 }])
  })

  /**
   * As the first, with the store refusing connections from 15 s to 25 s, a refusal taking 1 s and
   * no retries inside S3A. The put of 20 s is read at 21 s; its LIST is refused at 21, 22, 23 and
   * 24 s, each time the shipper tries again at once, and goes through at 25 s: stored at
   * 25.050010 s. RPO: that ramp is 5.049253 s, the other eight 1.049253 s: 1 % lies above
   * 4.049253 s. HBase counts no failed batch, for the endpoint returned false.
   */
  test('direct writing through an outage: the WAL waits, and nothing is lost', () => {
    const run = simulateConstantWorld(`
duration: 100 s
workload: [ { table: usertable, rate: 0.1/s, arrivals: periodic, valueSize: 1000 B } ]
peers: { backup: { endpoint: direct, store: backup } }
faults: [ { at: 15 s, for: 10 s, kind: store-outage, store: backup, as: refuse } ]
`)
    const peer = peerOf(run)
    expect(peer.requests).toMatchObject({ LIST: 13, PUT: 9 })
    expect(peer.confirmLatencyUs).toMatchObject({ count: 9, p50: 1_052_860, max: 5_052_860 })
    expect(peer.rpo['cluster-loss']).toEqual({
      p50Us: 0,
      p99Us: 4_049_253,
      maxUs: 5_049_253,
      maxEdits: 1,
      maxBytes: 1000,
      timeShareAboveZero: (8 * 1_049_253 + 5_049_253) / (100 * S),
    })
    expect(peer.drainUs).toEqual([{ fault: 'backup answers refuse', us: 50_010 }])
    expect(peer.missingAfterQuiescence).toBe(0)
    expect(peer.hbaseMetrics).toMatchObject({ failedBatches: 0, ageOfLastShippedOpUs: 5_049_860 })
  })

  /**
   * Ten puts of 1 MB a second; a staged file is rolled before the next batch once it holds 4 MB, so
   * every batch has a file of its own: puts 1–9, then ten each. A put takes 1.000 ms longer to sync,
   * answered at + 1.756 ms. At second k file k - 1 is rolled: close 3.5 ms, LIST 20 ms, read 10 MB
   * 10 ms, send 100 ms, PUT 30 ms: stored at k + 0.1635 s; the first, of 9 MB, at 2.1525 s. The last
   * waits for the flush thread's tick at 30 s.
   *
   * RPO over 10 s: 0 until 0.101756; ramps 0 → 2.050744, 1.150744 → 2.161744, six times
   * 1.161744 → 2.161744, and 1.161744 → 1.998244 s. Median: 9 v - 9.181196 = 5, v = 1.575688 s;
   * p99: 7 v - 5.132208 = 9.9, v = 2.147458 s. Just before second k's store, puts 10 (k - 2) to
   * 10 k + 1 are answered and not stored: 22.
   */
  test('staged copy with rolls by size: an object per batch', () => {
    const run = simulateConstantWorld(`
duration: 10 s
workload: [ { table: usertable, rate: 10/s, arrivals: periodic, valueSize: 1 MB } ]
peers: { backup: { endpoint: staged-copy, store: backup, rollSize: 4 MB, flushInterval: 30 s } }
`)
    const peer = peerOf(run)
    expect(run.writeLatencyUs).toMatchObject({ count: 99, p50: 1756, max: 1756 })
    expect(peer.objects).toEqual({ count: 10, p50Bytes: 10_000_000, maxBytes: 10_000_000 })
    expect(peer.rpo['cluster-loss']).toEqual({
      p50Us: 1_575_688,
      p99Us: 2_147_458,
      maxUs: 2_161_744,
      maxEdits: 22,
      maxBytes: 22_000_000,
      timeShareAboveZero: (10 * S - 101_756) / (10 * S),
    })
    expect(peer.storeLatencyUs.max).toBe(30_163_500 - 9_000_150)
    // The last put of second k is written at k - 0.1 s + 150 us and accepted at k + 24.8 ms.
    expect(peer.hbaseMetrics.ageOfLastShippedOpUs).toBe(124_650)
    expect(peer.missingAfterQuiescence).toBe(0)
  })
})
