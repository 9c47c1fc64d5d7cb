import { describe, expect, test, vi } from 'vitest'
import { RegionReplicationSink } from '../../src/hbase/regionserver/regionreplication/region-replication-sink.js'
import { EditLog } from '../../src/hbase/wal/edit-log.js'
import type { ReplicaTracker } from '../../src/measure/replica-tracker.js'
import { invariantsOf } from '../../src/simulation/checks.js'
import { ReplicaVersions } from '../../src/simulation/replica-versions.js'
import { resultOf } from '../../src/simulation/result-of.js'
import type { Run } from '../../src/simulation/run.js'
import { type Act, type ReplicatedRun, replicatedRun, S, shownBy } from './replicated-run.js'

const REPLICATED = 'site["hbase.region.replica.replication.enabled"]=true'
const replicas = (n: number) => `tables.usertable.regionReplication=${n}`
const hbase = (version: string) => `hbase="${version}"`
const PUTS = `
duration: 30 s
workload: [ { table: usertable, rate: 100/s, arrivals: periodic, valueSize: 1000 B, until: 10010 ms } ]
`

function violated(run: Run): string[] {
  const invariants = Object.entries(invariantsOf(run))
  return invariants.filter(([, verdict]) => verdict === 'violated').map(([name]) => name)
}

function shownByAll(seen: ReplicatedRun): number[] {
  return seen.run.cluster.map.replicas.secondaries.map((secondary) => shownBy(seen, secondary))
}

describe.each(['2.6', '3.0'])('HBase %s', (version) => {
  test('R34: a secondary appends nothing to a WAL, not even while it follows flushes and closes', () => {
    const appends = [
      vi.spyOn(EditLog.prototype, 'append'),
      vi.spyOn(EditLog.prototype, 'appendMarker'),
    ]
    const { run } = replicatedRun(
      `${PUTS}
operations: [ { at: 5 s, do: flush, table: usertable } ]
faults: [ { at: 8 s, kind: stop-region-server, server: rs2 } ]`,
      [hbase(version), REPLICATED, replicas(3), 'tables.usertable.regions=2'],
    )
    const regions = new Set(appends.flatMap(({ mock }) => mock.calls.map(([, region]) => region)))
    for (const spy of appends) spy.mockRestore()
    const { map, files } = run.cluster
    expect(regions).toContain(0)
    expect(regions).toContain(1)
    expect(map.replicas.secondaries.filter((secondary) => regions.has(secondary))).toEqual([])
    expect(files.stores.of(0)[0]?.files.length).toBeGreaterThan(0)
    expect(violated(run)).toEqual([])
  })

  test('R57: a table whose replicas were all closed and opened shows its 1,000 rows on replica 1', () => {
    const before: number[] = []
    const after: number[] = []
    const acts: Act[] = [
      [13 * S, (seen) => before.push(...shownByAll(seen))],
      [14 * S, ({ run }) => reassignAll(run)],
      [29 * S, (seen) => after.push(...shownByAll(seen))],
    ]
    const { run } = replicatedRun(PUTS, [hbase(version), REPLICATED, replicas(3)], acts)
    expect(before).toEqual([1000, 1000])
    expect(after).toEqual([1000, 1000])
    expect(run.cluster.files.stores.of(0)[0]?.files).not.toEqual([])
    expect(violated(run)).toEqual([])
  })

  test('R58: 1,000 unflushed rows are on both secondaries when the server of one has died', () => {
    const before: number[] = []
    const after: number[] = []
    const acts: Act[] = [
      [13 * S, (seen) => before.push(...shownByAll(seen))],
      [14 * S, ({ run }) => run.cluster.locations.serverOf(secondariesOf(run)[0])?.kill()],
      [29 * S, (seen) => after.push(...shownByAll(seen))],
    ]
    const quick = 'site["zookeeper.session.timeout"]=2000'
    const { run } = replicatedRun(PUTS, [hbase(version), REPLICATED, replicas(3), quick], acts)
    expect(before).toEqual([1000, 1000])
    expect(after).toEqual([1000, 1000])
    expect(violated(run)).toEqual([])
  })

  test('R59: 60 regions with 10 replicas each on 3 servers are opened, and every replica answers', () => {
    const phases = Array.from({ length: 10 }, (_, id) => {
      const gets = 'table: usertable, mix: { get: 1 }, rate: 120/s, arrivals: periodic'
      const from = `consistency: timeline, replicaId: ${id}, from: ${30 + id} s, until: ${31005 + 1000 * id} ms`
      return `  - { ${gets}, keys: uniform, keyCount: 60, valueSize: 1000 B, ${from} }`
    })
    const { run } = replicatedRun(
      `
duration: 45 s
workload:
${phases.join('\n')}
`,
      [hbase(version), REPLICATED, replicas(10), 'tables.usertable.regions=60'],
      [[1 * S, ({ run }) => reassignAll(run)]],
    )
    const { reads } = resultOf(run, 1, 'by-hand')
    const get = reads?.timeline?.get
    expect(get).toMatchObject({ count: 1200, failed: 0 })
    for (let id = 0; id < 10; id++) expect(get?.answeredBy[id]).toBe(120)
    expect(get?.latencyUs.max).toBeLessThan(S)
    expect(run.cluster.reads.clients.pending()).toEqual([])
  })
})

test('R52: puts that skip the WAL are shown by the secondary, in both families', () => {
  const seen = replicatedRun(PUTS, [
    hbase('3.0'),
    REPLICATED,
    'cluster.regionServers=2',
    'tables={ usertable: { regions: 1, regionReplication: 2, durability: SKIP_WAL, families: { a: 0.5, b: 0.5 } } }',
  ])
  const { cluster } = seen.run
  const [secondary] = secondariesOf(seen.run)
  const last = Math.max(...(seen.visible.get(0) ?? []))
  for (const family of [0, 1]) {
    expect(cluster.replicas?.secondary(secondary).readableIn(family, last - 1, last)).toBe(true)
  }
  expect(shownBy(seen, secondary)).toBe(1000)
  const { log } =
    cluster.servers.find((server) => server === cluster.locations.serverOf(0))?.walGroups[0] ?? {}
  expect(log?.length).toBe(log?.markers.countIn(0, log.length))
})

/** The only region is on rs3, which stands still; a secondary has what is in files alone. */
describe('while the primary stands still', () => {
  const REFRESHED = ['site["hbase.regionserver.storefile.refresh.period"]=1000', replicas(2)]
  const fault = 'faults: [ { at: 10 s, for: 8 s, kind: suspend-region-server, server: rs3 } ]'
  const ROWS = 'keys: uniform, keyCount: 10, valueSize: 1000 B'
  const put = `{ table: usertable, rate: 50/s, arrivals: periodic, ${ROWS}, until: 5 s }`

  /** Versions that clients got of replica 1; 0 is no row. */
  function readsOf(scenario: string) {
    const spy = vi.spyOn(ReplicaVersions.prototype, 'rowsRead')
    const { run } = replicatedRun(scenario, REFRESHED)
    const rows = spy.mock.calls.map(([read]) => read).filter(({ replicaId }) => replicaId === 1)
    spy.mockRestore()
    return { rows, result: resultOf(run, 1, 'by-hand') }
  }

  test('R62: a TIMELINE get of a row that is not flushed is stale and empty', () => {
    const get = `{ table: usertable, mix: { get: 1 }, consistency: timeline, rate: 10/s, arrivals: periodic, ${ROWS}, from: 11 s, until: 12050 ms }`
    const { rows, result } = readsOf(`
duration: 20 s
workload: [ ${put}, ${get} ]
${fault}`)
    expect(rows).toHaveLength(10)
    expect(rows.map(({ version }) => version)).toEqual(rows.map(() => 0))
    expect(result.reads?.timeline?.get).toMatchObject({ count: 10, failed: 0, stale: 10 })
    expect(
      result.replicas?.usertable?.[1]?.reads ?? result.replicas?.usertable?.[0]?.reads,
    ).toMatchObject({ stale: 10 })
  })

  test.each([
    ['a fast primary', 'timeline', '', 0],
    ['a primary that stands still', 'strong', fault, 0],
    ['a primary that stands still', 'timeline', fault, 1],
  ])('R63: of %s a %s scan, once all is flushed', (_, consistency, faults, staleShare) => {
    const scan = `{ table: usertable, mix: { scan: 1 }, consistency: ${consistency}, rate: 5/s, arrivals: periodic, ${ROWS}, scanRows: 10, caching: 2, from: 11 s, until: 12100 ms }`
    const { rows, result } = readsOf(`
duration: 20 s
workload: [ ${put}, ${scan} ]
operations: [ { at: 6 s, do: flush, table: usertable } ]
${faults}`)
    const figures = result.reads?.[consistency as 'strong' | 'timeline']?.scan
    expect(figures).toMatchObject({
      count: 5,
      failed: 0,
      staleRows: staleShare * (figures?.rows ?? 0),
    })
    expect(figures?.rows).toBeGreaterThan(10)
    for (const { version } of rows) expect(version).toBeGreaterThan(0)
  })
})

/** Puts that do not wait for the WAL pass markers that do. */
test('a sink gets what was written in the order of sequence ids, markers and edits alike', () => {
  const spy = vi.spyOn(RegionReplicationSink.prototype, 'add')
  replicatedRun(PUTS.replace('100/s', '2000/s').replace('10010 ms', '3 s'), [
    hbase('3.0'),
    REPLICATED,
    'tables={ usertable: { regions: 1, regionReplication: 2, durability: ASYNC_WAL, families: { a: 0.5, b: 0.5 } } }',
    'site["hbase.hregion.memstore.flush.size"]=100000',
    'cluster.hdfs.hflush=20 ms',
  ])
  const entries = spy.mock.calls.map(([entry]) => entry)
  spy.mockRestore()
  // That of a START_FLUSH is handed on when it is appended.
  const inOrder = entries.filter(({ marker }) => marker?.kind !== 'START_FLUSH')
  const ids = inOrder.map(({ sequenceId }) => sequenceId)
  expect(ids).toEqual(ids.toSorted((a, b) => a - b))
  expect(inOrder.filter(({ marker }) => marker?.kind === 'COMPACTION').length).toBeGreaterThan(1)
})

test.each(['2.6', '3.0'])('HBase %s: nobody lacks edits that died with their server', (version) => {
  const { run } = replicatedRun(
    `${PUTS.replace('10010 ms', '5 s')}
faults: [ { at: 5 s, kind: kill-region-server, server: rs3 } ]`,
    [
      hbase(version),
      REPLICATED,
      'tables={ usertable: { regions: 1, regionReplication: 2, durability: ASYNC_WAL } }',
      'cluster.hdfs.hflush=500 ms',
      'site["zookeeper.session.timeout"]=2000',
    ],
  )
  expect(run.clusterLosses.of({ edits: 0, bytes: 0 })).toMatchObject([
    { kind: 'region-server-crash' },
  ])
  const [secondary] = secondariesOf(run)
  expect(run.cluster.replicas?.tracker.missingEdits(secondary)).toBe(0)
  expect(run.nowUs).toBeLessThan(run.limitUs)
  expect(violated(run)).toEqual([])
})

/** Recovered edits go into a file without a START_FLUSH: a REGION_OPEN tells where it ends. */
test('who has the file of a recovery lacks no edit of before the crash', () => {
  const stalenessUs: number[] = []
  const acts: Act[] = [
    [10 * S, ({ run: { cluster } }) => cluster.locations.serverOf(0)?.kill()],
    [
      29 * S,
      ({ run }) => stalenessUs.push(trackerOf(run).stalenessUs(secondariesOf(run)[0], 29 * S)),
    ],
  ]
  const { run } = replicatedRun(PUTS.replace('10010 ms', '30 s'), [replicas(2), ...RECOVERS], acts)
  expect(stalenessUs[0]).toBeGreaterThan(5 * S)
  // The session of 2 s is over before anything is written again.
  expect(stalenessUs[0]).toBeLessThan((29 - 12) * S)
  expect(violated(run)).toEqual([])
})

/** HBASE-20724: inputs are closed again when they are opened together with the output. */
test('a secondary that opens behind a compaction never misses the inputs', () => {
  const files: number[] = []
  const acts: Act[] = [
    [18 * S, ({ run }) => reassign(run, secondariesOf(run)[0])],
    [25 * S, ({ run }) => files.push(filesOf(run, 0), filesOf(run, secondariesOf(run)[0]))],
  ]
  const { run } = replicatedRun(
    `${PUTS}
operations:
  - { at: 4 s, do: flush, table: usertable }
  - { at: 8 s, do: flush, table: usertable }
  - { at: 12 s, do: flush, table: usertable }
  - { at: 15 s, do: major-compact, table: usertable }`,
    [replicas(2), 'site["hbase.hstore.compaction.min"]=10'],
    acts,
  )
  expect(files).toEqual([1, 1])
  expect(violated(run)).toEqual([])
})

test('rows of a phase with more keys are followed as far as the first phase has them', () => {
  const phase = 'table: usertable, arrivals: periodic, valueSize: 1000 B, keys: uniform'
  const { run } = replicatedRun(
    `
duration: 10 s
workload:
  - { ${phase}, rate: 50/s, keyCount: 10 }
  - { ${phase}, rate: 50/s, keyCount: 1000, mix: { get: 0.5, put: 0.5 }, consistency: timeline }
`,
    [hbase('3.0'), REPLICATED, replicas(2)],
  )
  const [primary] = resultOf(run, 1, 'by-hand').replicas?.usertable ?? []
  expect(primary?.reads?.reads).toBeLessThan(20)
  expect(primary?.reads?.stale).toBe(0)
})

/** How many files a replica reads. */
function filesOf({ cluster }: Run, region: number): number {
  const { map, replicas, files } = cluster
  if (!map.replicas.isSecondary(region)) return files.stores.store(region, 0).files.length
  return replicas?.secondary(region).files(0).length ?? 0
}

/** A refresher every 5 s, and a short session. */
const RECOVERS = [
  'site["hbase.regionserver.storefile.refresh.period"]=5000',
  'site["zookeeper.session.timeout"]=2000',
]

function trackerOf({ cluster }: Run): ReplicaTracker {
  const tracker = cluster.replicas?.tracker
  if (tracker === undefined) throw new Error('no region has replicas')
  return tracker
}

function secondariesOf({ cluster }: Run): readonly number[] {
  return cluster.map.replicas.secondaries
}

/** As if the table was disabled and enabled. */
function reassignAll({ cluster }: Run): void {
  const { map, master } = cluster
  for (let region = 0; region < map.allRegions; region++) {
    if (region !== map.metaRegion) master.host.spawn('reopen', master.move(region, null))
  }
}

function reassign({ cluster: { master } }: Run, region: number): void {
  master.host.spawn('reopen', master.move(region, null))
}
