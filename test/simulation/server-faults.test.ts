import { describe, expect, test } from 'vitest'
import { noDuplicates } from '../../src/measure/duplicates.js'
import type { RunResult } from '../../src/simulation/result.js'
import { peerOf, simulateConstantWorld } from './constant-world.js'

const S = 1_000_000

/** Two servers, the only region on rs2, a put every 2 s up to 200 s. */
function struck(faults: string, endpoint = 'staged-copy', ...set: string[]): RunResult {
  return simulateConstantWorld(
    `
duration: 400 s
workload:
  - { table: usertable, rate: 0.5/s, arrivals: periodic, valueSize: 1000 B, until: 201 s }
peers: { backup: { endpoint: ${endpoint}, store: backup, flushInterval: 60 s } }
faults: [ ${faults} ]
`,
    'cluster.regionServers=2',
    ...set,
  )
}

function detectedUs(run: RunResult): (number | null | undefined)[] {
  return run.recoveries.map(({ phases }) => phases[0]?.untilUs)
}

/** Nothing is lost, nobody waits for ever, and what is stored twice has a cause. */
function expectWhole(run: RunResult, lostEdits = 0): void {
  const peer = peerOf(run)
  expect(run.edits).toMatchObject({ submitted: 100, acknowledged: 100, failed: 0 })
  expect(peer).toMatchObject({ storedEdits: 100 - lostEdits, missingAfterQuiescence: 0 })
  expect(peer.holes).toMatchObject({ edits: 0, firstUs: null })
  expect(peer.duplicateEdits).toMatchObject({ unexplained: 0 })
  expect(Object.values(run.conservation).map(({ verdict }) => verdict)).not.toContain('violated')
}

describe('the end of a region server is noticed', () => {
  test('when its session has timed out, if it was killed', () => {
    const run = struck('{ at: 90 s, kind: kill-region-server, server: rs2 }')
    expect(run.recoveries).toMatchObject([{ server: 'rs2', how: 'killed', regions: 1 }])
    expect(detectedUs(run)).toEqual([180 * S])
    expectWhole(run)
  })

  test('when its successor reports, if it was restarted', () => {
    const run = struck('{ at: 90 s, for: 7 s, kind: restart-region-server, server: rs2 }')
    expect(run.recoveries).toMatchObject([{ server: 'rs2', how: 'killed', regions: 1 }])
    expect(detectedUs(run)).toEqual([97 * S])
    expectWhole(run)
  })

  /** Its znode goes with it: when the last source is terminated, a second after its shipper. */
  test.each(['stop', 'abort'])('at once, if it ends itself (%s)', (what) => {
    const run = struck(`{ at: 90 s, kind: ${what}-region-server, server: rs2 }`)
    const how = what === 'stop' ? 'stopped' : 'aborted'
    expect(run.recoveries).toMatchObject([{ server: 'rs2', how, regions: 1 }])
    expect(run.recoveries[0]?.diedUs).toBe(detectedUs(run)[0])
    expect(detectedUs(run)[0]).toBeGreaterThan(90 * S)
    expect(detectedUs(run)[0]).toBeLessThan(95 * S)
    expectWhole(run)
  })

  test('when it stands still for longer than its session; then it must not go on', () => {
    const run = struck('{ at: 90 s, for: 100 s, kind: suspend-region-server, server: rs2 }')
    expect(run.recoveries).toMatchObject([{ server: 'rs2', how: 'suspended', regions: 1 }])
    expect(detectedUs(run)).toEqual([180 * S])
    expectWhole(run)
  })

  test('but not if it goes on in time', () => {
    const run = struck('{ at: 90 s, for: 89 s, kind: suspend-region-server, server: rs2 }')
    expect(run.recoveries).toEqual([])
    expectWhole(run)
  })
})

/**
 * Its region is flushed when it closes: one HFile to open (4 ms), REGION_OPEN to sync (503 us), and
 * two puts to hbase:meta (757 us each).
 */
test('a stopped server leaves no WAL to split, and its region opens with nothing to replay', () => {
  const run = struck('{ at: 90 s, kind: stop-region-server, server: rs2 }')
  const [recovery] = run.recoveries
  expect(recovery).toMatchObject({ splitBytes: 0, replayedBytes: 0 })
  expect(run.regionServers.flushes.byReason).toMatchObject({ close: 1 })
  expect(recovery?.phases[2]).toMatchObject({ name: 'assignment' })
  const [from, until] = [recovery?.phases[2]?.fromUs ?? 0, recovery?.phases[2]?.untilUs ?? 0]
  expect(until - from).toBe(300_000 + 4000 + 503 + 2 * 757)
})

test('two servers that die one after the other are recovered by the one that comes back', () => {
  const run = struck(`
    { at: 90 s, kind: kill-region-server, server: rs2 },
    { at: 95 s, for: 20 s, kind: restart-region-server, server: rs1 }`)
  expect(run.recoveries.map(({ server }) => server)).toEqual(['rs1', 'rs2'])
  expect(detectedUs(run)).toEqual([115 * S, 180 * S])
  expectWhole(run)
})

test('a server that dies while it recovers another is recovered, and so is what it had claimed', () => {
  const run = struck(
    `
    { at: 90 s, for: 1 s, kind: restart-region-server, server: rs2 },
    { at: 135 s, for: 1 s, kind: restart-region-server, server: rs1 },
    { at: 190 s, for: 1 s, kind: restart-region-server, server: rs2 }`,
    'deferred-offset',
  )
  expect(run.recoveries.map(({ server }) => server)).toEqual(['rs2', 'rs1', 'rs2,2'])
  expectWhole(run)
})

/**
 * The bytes of put 50 (the 25th) have left at 50.000154 s and are to be acknowledged 500 us later; at
 * 50.0004 s a DataNode dies. The WAL is rolled: file 8 ms, znode 3 ms; put 50 is appended again (3 us),
 * sent (1 us), synced (500 us), applied (3 us) and answered (100 us): 12.007 ms after it was sent. The
 * old file ends with it, too: it is read twice.
 */
test('a DataNode that dies in the middle of a sync has one edit stored twice, by hand', () => {
  const run = struck('{ at: 50000400 us, kind: kill-data-node, dataNode: dn2 }', 'direct')
  expect(run.writeLatencyUs).toMatchObject({ p50: 757, max: 12_007 })
  expect(peerOf(run).duplicateEdits).toEqual({ ...noDuplicates(), 'WAL re-append': 1 })
  expect(peerOf(run).disasters).toMatchObject([{ kind: 'data-node-crash', lostEdits: 0 }])
  expectWhole(run)
})

describe('power', () => {
  test('of one rack: what was flushed has copies on others, and its server is recovered', () => {
    const run = struck(
      '{ at: 90 s, for: 60 s, kind: rack-power-loss, rack: 2 }',
      'staged-copy',
      'cluster.racks=2',
      'cluster.hdfs.dataNodes=4',
    )
    expect(run.recoveries).toMatchObject([{ server: 'rs2', how: 'killed' }])
    expect(peerOf(run).disasters).toMatchObject([{ kind: 'rack-power-loss', lostEdits: 0 }])
    expect(run.clusterLoss).toEqual([])
    expectWhole(run)
  })

  /** Puts 60–90 are in page caches (30 to 35 s), and 90 is not staged yet. */
  test('of all racks: the WAL is cut, and what is staged with hsync is not', () => {
    const run = struck('{ at: 91 s, for: 10 s, kind: cluster-power-loss }')
    expect(run.clusterLoss).toMatchObject([{ kind: 'cluster-power-loss', lostEdits: 16 }])
    expect(peerOf(run).disasters).toMatchObject([{ kind: 'cluster-power-loss', lostEdits: 1 }])
    expect(run.recoveries.map(({ server }) => server).sort()).toEqual(['rs1', 'rs2'])
    expectWhole(run, 1)
    expect(run.invariants).toMatchObject({
      'no acknowledged edit is lost to the cluster against the promise of HBase': 'held',
    })
  })
})
