import { describe, expect, test } from 'vitest'
import type { RunResult } from '../../src/simulation/result.js'
import { peerOf, simulateConstantWorld } from './constant-world.js'

const S = 1_000_000

/** A put every second, a flush every 60 s, and a disaster. */
function struck(endpoint: string, disaster: string, outage = '', at = '150 s'): RunResult {
  return simulateConstantWorld(`
duration: 200 s
workload: [ { table: usertable, rate: 1/s, arrivals: periodic, valueSize: 1000 B } ]
peers: { backup: { endpoint: ${endpoint}, store: backup, flushInterval: 60 s } }
faults: [ ${outage} { at: ${at}, kind: ${disaster} } ]
`)
}

const REFUSING = '{ at: 140 s, for: 100 s, kind: store-outage, store: backup, as: refuse },'

/** What a disaster takes that strikes while puts 119 to 149 are nowhere but in the cluster. */
const SINCE_THE_LAST_ROLL = {
  atUs: 150 * S,
  lostEdits: 31,
  lostBytes: 31_000,
  oldestLostAgeUs: 30_999_243,
}

/**
 * Option 2. The put of second n is read at n + 1 s, written to the object at that instant and synced
 * to the staging file 1 us + 1.3 ms later, confirmed 3 ms after that. The first of a file also waits
 * for LIST (20 ms), the staging file (8 ms) and its first flush's NameNode RPC (2 ms).
 *
 * At the tick of 60 s the staging file is closed (3.5 ms), then the object: 58,000 B (puts 1–58) are
 * sent in 580 us and PUT takes 30 ms: stored at 60.034080 s, 20.058 ms before a copier would have it
 * stored, for it neither asks with LIST nor reads. HEAD 10 ms, delete 2 ms. Put 59 waits for that:
 * 46.08 + 28 + 1.301 + 2 + 3 ms, confirmed 1.080231 s after it was written. The object of 120 s holds
 * 60,000 B (puts 59–118) and takes 20 us more: stored at 120.034100 s, put 119 confirmed after
 * 1.080251 s.
 */
describe('Option 2, by hand', () => {
  /**
   * RPO: 0 until 1.000757 s, then ramps 0 → 59.033323, 1.033323 → 61.033343, 1.033343 → 30.999243 s.
   * Median: 1.000757 + v + (v - 1.033323) + (v - 1.033343) = 75 gives 25.355303 s; 1.5 s (1 %) lie
   * above 61.033343 - 1.5 s.
   *
   * Puts 119–148 were written to both, and both writes had succeeded. The loss of the cluster takes
   * all of them, and put 149, which was in the WAL alone: just what Option 1 loses.
   */
  test('both writes succeeded, and yet it is no backup: the cluster takes the open object', () => {
    const run = struck('dual-write', 'cluster-loss')
    const peer = peerOf(run)
    expect(peer).toMatchObject({ acceptedEdits: 148, confirmedEdits: 148, storedEdits: 118 })
    expect(peer.confirmLatencyUs).toMatchObject({ p50: 1_004_151, max: 1_080_251 })
    expect(peer.storeLatencyUs).toMatchObject({ count: 118, max: 61_033_950 })
    expect(peer.rpo['cluster-loss']).toEqual({
      p50Us: 25_355_303,
      p99Us: 59_533_343,
      maxUs: 61_033_343,
      maxEdits: 62,
      maxBytes: 62_000,
      timeShareAboveZero: (150 * S - 1_000_757) / (150 * S),
    })
    expect(peer.disasters).toEqual([{ kind: 'cluster-loss', ...SINCE_THE_LAST_ROLL }])
    expect(peer.confirmedEdits - peer.storedEdits).toBe(30)
    // Operations count from 0; put 150 is sent at the instant of the disaster, and never answered.
    expect(Array.from(run.outcomes.lost.backup ?? [])).toEqual(
      Array.from({ length: 31 }, (_, i) => 118 + i),
    )
    expect(Array.from(run.outcomes.unacknowledged)).toEqual([149])
    expect(peerOf(struck('staged-copy', 'cluster-loss')).disasters).toEqual(peer.disasters)
    expect(peer.requests).toMatchObject({ LIST: 3, PUT: 2, HEAD: 2 })
    expect(peer.staging).toEqual({ maxBytes: 60_000, maxFiles: 1 })
    expect(run.invariants).toMatchObject({
      'confirmed edits of backup survive what backup claims': 'held',
    })
  })

  /**
   * HDFS goes at 150 s and the server aborts at once, for it cannot roll its WAL. Its endpoint's stop
   * closes the object of puts 119–148: 30,000 B in 300 us, PUT 30 ms. Only put 149 is lost, answered
   * 0.999243 s before.
   *
   * RPO with a clean abort: a put is at risk from its answer until it is in the object, 0.999243 s;
   * the first of an object 28 ms longer (put 1), or the roll longer too: 28 + 46.08 ms (put 59),
   * 28 + 46.1 ms (put 119). Zero for 1.000757 s before the first answer and for 757 us before each of
   * puts 3–149 but 60 and 120: there, and at put 2, the put before is still at risk, and the ramp
   * begins at 73.323, 73.343 and 27.243 ms. Median: 1.000757 + 145 × 0.000757 + 149 v - 0.173909 = 75
   * gives 0.497070 s; p99: 146 × 0.999243 + 1.027243 + 1.073323 + 1.073343 - 149 v = 1.5 gives
   * 0.990358 s.
   */
  test('the loss of HDFS takes one put, if the server that aborts can close its object', () => {
    const run = struck('dual-write', 'hdfs-loss')
    const peer = peerOf(run)
    expect(peer).toMatchObject({ confirmedEdits: 148, storedEdits: 148 })
    expect(peer.storeLatencyUs.max).toBe(61_033_950)
    expect(peer.rpo['hdfs-loss-clean-abort']).toEqual({
      p50Us: 497_070,
      p99Us: 990_358,
      maxUs: 1_073_343,
      maxEdits: 2,
      maxBytes: 2000,
      timeShareAboveZero: (150 * S - 1_000_757 - 145 * 757) / (150 * S),
    })
    expect(peer.rpo['hdfs-loss']).toEqual(peer.rpo['cluster-loss'])
    expect(peer.disasters).toEqual([
      {
        kind: 'hdfs-loss',
        atUs: 150 * S,
        lostEdits: 1,
        lostBytes: 1000,
        oldestLostAgeUs: 999_243,
      },
    ])
    expect(peer.requests).toMatchObject({ LIST: 3, PUT: 3 })
    expect(run.faults[1]).toMatchObject({ kind: 'region-server-abort', atUs: 150 * S })
  })

  /**
   * As before, with a store that refuses from 140 s on: the PUT of the open object fails, and it is
   * given up. From that instant a clean abort would not have helped: the ramp of put 119 goes from
   * 20.999243 to 30.999243 s; p99: 1.5 s lie above 29.499243 s. Median: 139 ramps below it, 135 gaps:
   * 1.000757 + 135 × 0.000757 + 139 v - 0.173909 = 75 gives 0.532885 s.
   */
  test('the loss of HDFS takes the open object, if the store refuses', () => {
    const peer = peerOf(struck('dual-write', 'hdfs-loss', REFUSING))
    expect(peer).toMatchObject({ confirmedEdits: 148, storedEdits: 118 })
    expect(peer.rpo['hdfs-loss-clean-abort']).toEqual({
      p50Us: 532_885,
      p99Us: 29_499_243,
      maxUs: 30_999_243,
      maxEdits: 31,
      maxBytes: 31_000,
      timeShareAboveZero: (150 * S - 1_000_757 - 135 * 757) / (150 * S),
    })
    expect(peer.disasters).toEqual([{ kind: 'hdfs-loss', ...SINCE_THE_LAST_ROLL }])
    expect(peer.requests).toMatchObject({ LIST: 3, PUT: 3 })
  })
})

/**
 * Option 1 writes no object before it rolls: whether the server aborts cleanly, and what the store
 * says to it, changes nothing. RPO as computed for the loss of the cluster (`hand-computed.test.ts`).
 */
describe('Option 1, by hand', () => {
  test.each([
    ['that answers', ''],
    ['that refuses', REFUSING],
  ])('the loss of HDFS takes all since the last roll, with a store %s', (_, outage) => {
    const run = struck('staged-copy', 'hdfs-loss', outage)
    const peer = peerOf(run)
    expect(peer).toMatchObject({ acceptedEdits: 148, confirmedEdits: 148, storedEdits: 118 })
    expect(peer.rpo['hdfs-loss']).toEqual({
      p50Us: 25_368_676,
      p99Us: 59_553_403,
      maxUs: 61_053_403,
      maxEdits: 62,
      maxBytes: 62_000,
      timeShareAboveZero: (150 * S - 1_000_757) / (150 * S),
    })
    expect(peer.rpo['hdfs-loss-clean-abort']).toEqual(peer.rpo['hdfs-loss'])
    expect(peer.disasters).toEqual([{ kind: 'hdfs-loss', ...SINCE_THE_LAST_ROLL }])
    expect(run.clusterLoss).toMatchObject([{ kind: 'hdfs-loss', lostEdits: 149 }])
  })

  /**
   * The copy of 60 s reads its staged file at 60.0235 s. HDFS goes before that: puts 1–60 are lost.
   * HDFS goes after it: the server notices with its next sync, and by then the store has the object;
   * puts 59 and 60 are lost.
   */
  test.each([
    ['is about to be read', '60023 ms', 60, 0],
    ['has been read', '60024 ms', 2, 58],
  ])('a staged file that %s when HDFS goes', (_, at, lostEdits, storedEdits) => {
    const peer = peerOf(struck('staged-copy', 'hdfs-loss', '', at))
    expect(peer.storedEdits).toBe(storedEdits)
    expect(peer.disasters).toMatchObject([{ lostEdits }])
  })
})

/**
 * HDFS goes at 45 s, when nothing is under way: puts come each 100 ms. The next one of each of the
 * two servers finds no WAL to append to; none lives until its log roller looks, at 60 s.
 */
test('servers that outlive HDFS abort at their next write', () => {
  const run = simulateConstantWorld(
    `
duration: 3 min
workload: [ { table: usertable, rate: 10/s, arrivals: periodic, valueSize: 10 kB } ]
peers: { backup: { endpoint: direct, store: backup } }
faults: [ { at: 45 s, kind: hdfs-loss } ]
`,
    'cluster.regionServers=2',
    'tables.usertable.regions=2',
  )
  const aborts = run.faults.filter(({ kind }) => kind === 'region-server-abort')
  expect(aborts).toHaveLength(2)
  for (const { atUs } of aborts) expect(atUs).toBeLessThan(46 * S)
  expect(Object.values(run.conservation).map(({ verdict }) => verdict)).not.toContain('violated')
})
