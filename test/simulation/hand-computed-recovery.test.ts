import { describe, expect, test } from 'vitest'
import { Progress, peerChannel, progressOf } from '../../src/hbase/progress.js'
import { Luck } from '../../src/kernel/draws.js'
import { noDuplicates } from '../../src/measure/duplicates.js'
import type { PeerResult, RunResult } from '../../src/simulation/result.js'
import { resultOf } from '../../src/simulation/result-of.js'
import { Run } from '../../src/simulation/run.js'
import { constantScenario, peerOf } from './constant-world.js'

const S = 1_000_000
const MS = 1000

interface Recovered {
  readonly run: RunResult
  readonly peer: PeerResult
  /** What the endpoint accepted: when, and which edits. */
  readonly accepted: (readonly [timeUs: number, from: number, to: number])[]
  /** Objects: when they became visible, and what they are called. */
  readonly objects: (readonly [timeUs: number, key: string])[]
}

/** Two servers. The only region is on rs2, which dies; rs1 takes over what it had. */
function recovered(scenario: string, ...set: string[]): Recovered {
  const spec = constantScenario(scenario, 'cluster.regionServers=2', ...set)
  const run = new Run(spec, spec.seed)
  const accepted: Recovered['accepted'] = []
  const objects: Recovered['objects'] = []
  run.events.subscribe(peerChannel(0), {
    progress(kind, timeUs, _log, from, to) {
      if (progressOf(kind) === Progress.accepted) accepted.push([timeUs, from, to])
    },
  })
  run.peers[0]?.store.onObject(({ key }) => objects.push([run.nowUs, key]))
  run.execute()
  const result = resultOf(run, spec.seed, 'by-hand')
  return { run: result, peer: peerOf(result), accepted, objects }
}

/**
 * The phases of a recovery. Detection: the session of 90 s. Splitting: an RPC of 2 ms asks for the
 * lease, 4 s later another finds it recovered; then the WAL is read and decoded, 1 us per byte, while
 * recovered.edits are written; they are closed (hflush 0.5, finalize 1, complete 2 ms) and renamed
 * (2 ms). Assignment: 300 ms; recovered.edits are replayed, 1 us per byte, and flushed: an HFile is
 * created (8 ms), written (1 us per 1,000 B), closed (3.5 ms) and renamed (2 ms); recovered.edits are
 * deleted (2 ms) and REGION_OPEN is appended and synced (503 us); before it OPENING, behind it OPEN is
 * put to hbase:meta on rs1, each in 757 us as any put. Claim: 30 s and a drawn share of another 30 s,
 * then ZooKeeper's 3 ms.
 */
function phasesOf(diedUs: number, walBytes: number) {
  const purpose = { name: 'replication.claim-delay', sharing: 'matched' } as const
  const u = new Luck(1).stream(purpose, 'backup/rs2').uniform(0)
  const detectedUs = diedUs + 90 * S
  const closeUs = 3500
  const splitUs = detectedUs + 2 * MS + 4 * S + 2 * MS + walBytes + closeUs + 2 * MS
  const hfileUs = 8 * MS + walBytes / 1000 + closeUs + 2 * MS
  const assignedUs = splitUs + 300 * MS + walBytes + hfileUs + 2 * MS + 503 + 2 * 757
  const claimedUs = assignedUs + 30 * S + Math.floor(u * 30 * S) + 3 * MS
  return [
    { name: 'detection', fromUs: diedUs, untilUs: detectedUs },
    { name: 'WAL splitting', fromUs: detectedUs, untilUs: splitUs },
    { name: 'assignment', fromUs: splitUs, untilUs: assignedUs },
    { name: 'queue claim', fromUs: assignedUs, untilUs: claimedUs },
  ] as const
}

/**
 * Offsets are stored every 300 s: puts come every 4 s, the source looks at every full second. At 300 s
 * puts 1–74 are in the object: 74,000 B in 740 us, PUT 30 ms, stored at 300.030740 s, their offset 3 ms
 * later.
 */
describe('deferred-offset, by hand', () => {
  const scenario = (untilS: number, killedUs: number) => `
duration: 1000 s
workload:
  - table: usertable
    rate: 0.25/s
    arrivals: periodic
    valueSize: 1000 B
    until: ${untilS} s
peers: { backup: { endpoint: deferred-offset, store: backup, flushInterval: 300 s } }
faults: [ { at: ${killedUs} us, kind: kill-region-server, server: rs2 } ]
`

  /**
   * Batches of one put each: 75 (read at 301 s) to 124 (497 s) are accepted when the server dies 200 s
   * after the offset was stored; put 125 is not read yet. The recovered source reads puts 75–125 when
   * the queue is claimed, and has them accepted after a LIST (20 ms): the 50 of the open object for the
   * second time. Its end closes the object: 51,000 B in 510 us, PUT 30 ms.
   *
   * RPO: ramps 0 → 296.029983 s and 29.983 ms → 354.052049 s, up to the object of the claim, which
   * comes at c; zero before 4.000757 s and after c.
   */
  test('RB56: what was accepted and not stored is delivered again, and its object never seen', () => {
    const diedUs = 500_033_740
    const phases = phasesOf(diedUs, 125_000)
    const claimedUs = phases[3].untilUs
    const storedUs = claimedUs + 20 * MS + 510 + 30 * MS
    expect(claimedUs - phases[3].fromUs).toBeGreaterThanOrEqual(30 * S)
    expect(claimedUs - phases[3].fromUs).toBeLessThanOrEqual(60 * S + 3 * MS)
    const { run, peer, accepted, objects } = recovered(scenario(501, diedUs))
    expect(run.recoveries).toMatchObject([{ server: 'rs2', splitBytes: 125_000, phases }])
    expect(objects).toEqual([
      [300_030_740, 'backup/rs2/WALs/0/wal_file.0'],
      [storedUs, 'backup/rs2-rs1/WALs/0/wal_file.0'],
    ])
    const again = accepted.filter(([, from, to]) => from >= 74 && to <= 124)
    expect(again).toHaveLength(50)
    expect(again[0]).toEqual([301 * S + 20 * MS, 74, 75])
    expect(again[49]).toEqual([497 * S, 123, 124])
    expect(accepted.at(-1)).toEqual([claimedUs + 20 * MS, 74, 125])
    expect(peer).toMatchObject({
      storedEdits: 125,
      confirmedEdits: 125,
      duplicateEdits: noDuplicates(),
    })
    expect(peer.rpo['cluster-loss']).toEqual({
      p50Us: Math.round((500 * S - 4_000_757 - (1000 * S - storedUs) + 29_983) / 2),
      p99Us: storedUs - 300_000_757 - 10 * S,
      maxUs: storedUs - 300_000_757,
      maxEdits: 75,
      maxBytes: 75_000,
      timeShareAboveZero: (storedUs - 4_000_757) / (1000 * S),
    })
    expect(peer.disasters).toMatchObject([{ kind: 'region-server-crash', lostEdits: 0 }])
    expect(peer.rpo['region-server-crash']).toMatchObject({ maxUs: 0 })
  })

  /**
   * The server dies at 300.02 s, when the store has the request for the object of puts 1–74 and has
   * not answered. The object comes to be, and no offset tells of it: the recovered source ships the
   * WAL from its beginning, puts 1–75, and stores 74 of them a second time.
   */
  test('a server that dies between the close of its object and the offset leaves 74 duplicates', () => {
    const diedUs = 300_020_000
    const { run, peer, accepted, objects } = recovered(scenario(301, diedUs))
    const phases = phasesOf(diedUs, 75_000)
    const claimedUs = phases[3].untilUs
    expect(run.recoveries).toMatchObject([{ phases }])
    expect(accepted.at(-1)).toEqual([claimedUs + 20 * MS, 0, 75])
    expect(objects).toEqual([
      [300_030_740, 'backup/rs2/WALs/0/wal_file.0'],
      [claimedUs + 20 * MS + 750 + 30 * MS, 'backup/rs2-rs1/WALs/0/wal_file.0'],
    ])
    expect(peer).toMatchObject({
      storedEdits: 75,
      duplicateEdits: { ...noDuplicates(), claim: 74 },
    })
    expect(peer.objects).toEqual({ count: 2, p50Bytes: 74_000, maxBytes: 75_000 })
    expect(peer.missingAfterQuiescence).toBe(0)
  })
})

/**
 * A put every second; flushed at 60 s, so puts 1–58 are stored at 60.054138 s and the staging file of
 * puts 59–98 is open when the server dies at 100.0005 s. It was syncing put 99, whose bytes had left
 * at 100.000001 s: DataNodes have it, no offset does.
 */
describe('staged-copy, by hand', () => {
  /**
   * Of the claim at c. Staging of rs2 is taken over by a rename (2 ms) and its lease asked for (2 ms);
   * the DataNode that recovers the block hears of it with its next heartbeat, at a multiple of 3 s
   * (h), and closes the file 3 ms later with 41,000 B, put 99 among them. 4 s after it has asked, the
   * copier asks again (2 ms), then LIST 20 ms, 41,000 B read in 41 us and sent in 410 us, PUT 30 ms:
   * stored at c + 4.056451 s.
   *
   * The recovered source ships put 99: a staging file (8 ms), 1.301 ms, the NameNode's 2 ms: accepted at
   * c + 13.301 ms. It has no more to do and ends when its copier has. What it staged itself waits for
   * the flush thread of rs1 at 300 s: rename 2 ms, LIST 20 ms, 1 + 10 us, PUT 30 ms: put 99 is stored
   * once more.
   *
   * Of the 41,000 B the last 1,000 were never synced. From the recovery of the file until the writeback
   * a loss of power would leave a closed block that is shorter than the NameNode knows, on all of its
   * DataNodes: not only put 99 would be gone, but the file. Option 1 claims otherwise of puts 59–98.
   */
  test('a server that dies in the middle of a sync leaves one duplicate, and a claim broken', () => {
    const diedUs = 100_000_500
    const { run, peer, accepted, objects } = recovered(`
duration: 400 s
workload:
  - { table: usertable, rate: 1/s, arrivals: periodic, valueSize: 1000 B, until: 100 s }
peers: { backup: { endpoint: staged-copy, store: backup, flushInterval: 60 s, copiers: 1 } }
faults: [ { at: ${diedUs} us, kind: kill-region-server, server: rs2 } ]
`)
    const phases = phasesOf(diedUs, 99_000)
    const claimedUs = phases[3].untilUs
    const storedUs = claimedUs + 4 * S + 56_451
    expect(run.recoveries).toMatchObject([{ phases }])
    expect(accepted.at(-1)).toEqual([claimedUs + 13_301, 98, 99])
    expect(objects).toEqual([
      [60_054_138, 'backup/rs2/wal_file.0'],
      [storedUs, 'backup/rs2-rs1/wal_file.0'],
      [300_052_011, 'backup/rs1/wal_file.0'],
    ])
    expect(peer).toMatchObject({ storedEdits: 99, confirmedEdits: 99, missingAfterQuiescence: 0 })
    const duplicates = Object.entries(peer.duplicateEdits).filter(([, edits]) => edits > 0)
    expect(duplicates.map(([, edits]) => edits)).toEqual([1])
    expect(duplicates[0]?.[0]).not.toBe('unexplained')
    expect(peer.rpo['cluster-loss']?.maxUs).toBe(storedUs - 59_000_757)
    const heartbeatUs = Math.ceil((claimedUs + 4 * MS) / (3 * S)) * 3 * S
    expect(peer.brokenClaims).toEqual({
      'cluster-power-loss': { firstUs: heartbeatUs + 3 * MS, maxEdits: 40 },
    })
  })
})

/**
 * 30 puts of 1 MB go to a staging file and to an object, which has sent five parts of 5 MiB when the
 * server dies. Nobody completes the upload: its parts are never seen, and billed for ever.
 */
test('dual-write: the open object of a dead server stays invisible and costs money, by hand', () => {
  const { peer, objects } = recovered(
    `
duration: 400 s
workload: [ { table: usertable, rate: 1/s, arrivals: periodic, valueSize: 1 MB, until: 31 s } ]
peers: { backup: { endpoint: dual-write, store: backup, flushInterval: 300 s } }
faults: [ { at: 40 s, kind: kill-region-server, server: rs2 } ]
`,
    'site["fs.s3a.multipart.size"]=5M',
  )
  expect(objects.map(([, key]) => key)).toEqual(['backup/rs2-rs1/wal_file.0'])
  expect(peer).toMatchObject({
    storedEdits: 30,
    duplicateEdits: noDuplicates(),
    missingAfterQuiescence: 0,
  })
  expect(peer.pendingUploads.endBytes).toBe(5 * 5 * 2 ** 20)
  expect(peer.requests).toMatchObject({ Initiate: 2, Complete: 1, UploadPart: 5 + 6 })
})
