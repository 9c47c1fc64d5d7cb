import fc from 'fast-check'
import { ms, type Written } from './random-scenario.js'

/** What an operator or a fault does, before it is fitted to a cluster. */
interface Draft {
  readonly what: (typeof WHAT)[number]
  /** When, as a share of the workload in thousandths. */
  readonly at: number
  readonly forMs: number
  readonly target: number
}

const WHAT = [
  'flush',
  'flush',
  'compact',
  'major-compact',
  'move',
  'move',
  'bulk-load',
  'kill-region-server',
  'restart-region-server',
  'stop-region-server',
  'suspend-region-server',
  'suspend-region-server',
  'delay-rpc',
  'delay-rpc',
] as const

const TIMES = {
  hflush: '500 us',
  hflushPacket: '700 us',
  hsync: '1300 us',
  nameNodeRead: '1 ms',
  nameNodeWrite: '2 ms',
  pipelineSetup: '4 ms',
  finalize: '1 ms',
  readFirstByte: '3 ms',
}

/**
 * Small clusters with secondary replicas that are fed in every way that HBase has, while primaries
 * and secondaries flush, move and lose their servers, and calls between them come late or not at all.
 */
export const replicaScenario: fc.Arbitrary<Written> = fc
  .record({
    seed: fc.nat(1_000_000),
    hbase: fc.constantFrom('2.6', '3.0'),
    durationMs: fc.integer({ min: 10_000, max: 40_000 }),
    site: someSite(),
    cluster: someCluster(),
    tables: fc.array(someTable(), { minLength: 1, maxLength: 2 }),
    workload: fc.array(somePhase(), { minLength: 1, maxLength: 2 }),
    events: fc.array(someEvent(), { maxLength: 7 }),
  })
  .map(({ durationMs, tables, workload, events, ...written }) => ({
    name: 'random',
    duration: ms(durationMs),
    drain: '3 h',
    ...written,
    tables: Object.fromEntries(tables.map((table, i) => [`t${i}`, table])),
    workload: workload.map(({ n, ...phase }) => ({ table: `t${n % tables.length}`, ...phase })),
    ...eventsOf(events, durationMs, written.cluster.regionServers, tables),
  }))

function someSite(): fc.Arbitrary<Record<string, string>> {
  const oneOf = (...values: (boolean | number | string)[]) => fc.constantFrom(...values.map(String))
  const sink = 'hbase.region.read-replica.sink'
  const replication = 'hbase.region.replica.replication'
  return fc.record({
    'zookeeper.session.timeout': oneOf(2000, 5000),
    'hbase.client.retries.number': oneOf(15, 3),
    'hbase.regionserver.handler.count': oneOf(30, 3),
    'hbase.wal.provider': oneOf('asyncfs', 'asyncfs', 'multiwal'),
    'hbase.hregion.memstore.flush.size': oneOf(134_217_728, 30_000, 8000),
    'hbase.hregion.memstore.block.multiplier': oneOf(4, 1),
    'hbase.hregion.percolumnfamilyflush.size.lower.bound.min': oneOf(16_777_216, 2000),
    'hbase.regionserver.optionalcacheflushinterval': oneOf(3_600_000, 5000),
    'hbase.hstore.compaction.min': oneOf(3, 2),
    'hbase.hfile.compaction.discharger.interval': oneOf(120_000, 1000),
    'hbase.master.hfilecleaner.ttl': oneOf(300_000, 20_000),
    'hbase.master.cleaner.interval': oneOf(600_000, 1000),
    'hbase.regionserver.storefile.refresh.period': oneOf(0, 0, 500, 5000),
    'hbase.regionserver.meta.storefile.refresh.period': oneOf(0, 1000),
    'hbase.meta.replica.count': oneOf(1, 1, 3),
    'hbase.region.replica.wait.for.primary.flush': oneOf(true, true, false),
    'hbase.regionserver.region.replica.flusher.threads': oneOf(3, 1),
    [`${replication}.enabled`]: oneOf(true, true, false),
    [`${replication}.catalog.enabled`]: oneOf(false, true),
    [`${replication}.buffersize`]: oneOf(134_217_728, 5000),
    [`${replication}.writer.threads`]: oneOf(3, 1),
    [`${sink}.max-pending-size`]: oneOf(104_857_600, 20_000, 2000),
    [`${sink}.max-pending-size.soft-limit-percentage`]: oneOf(0.8, 0.1),
    [`${sink}.nb.capacity`]: oneOf(100, 2),
    [`${sink}.retries.number`]: oneOf(3, 0),
    [`${sink}.rpc.timeout.ms`]: oneOf(1000, 200),
    [`${sink}.operation.timeout.ms`]: oneOf(5000, 300),
    [`${sink}.flush.min-interval.secs`]: oneOf(30, 2),
  })
}

function someCluster() {
  return fc.record({
    regionServers: fc.integer({ min: 1, max: 4 }),
    racks: fc.integer({ min: 1, max: 2 }),
    start: fc.constantFrom('cold', 'steady'),
    /** 40% of it is for memstores. */
    heap: fc.constantFrom('32 GiB', '32 GiB', '300 kB'),
    network: fc.constantFrom('100 us', '100 us', 'exponential(20 ms)'),
    hdfs: fc.record({
      dataNodes: fc.constant(4),
      ...Object.fromEntries(Object.entries(TIMES).map(([name, time]) => [name, fc.constant(time)])),
    }),
  })
}

function someTable() {
  return fc.record({
    regions: fc.integer({ min: 1, max: 3 }),
    families: fc.constantFrom<Record<string, number>>(
      { cf: 1 },
      { a: 0.9, b: 0.1 },
      { a: 0.7, b: 0.299, c: 0.001 },
    ),
    size: fc.constantFrom('0 B', '1 MB'),
    durability: fc.constantFrom('USE_DEFAULT', 'USE_DEFAULT', 'SKIP_WAL', 'ASYNC_WAL', 'FSYNC_WAL'),
    regionReplication: fc.constantFrom(3, 2, 4, 1),
    memstoreReplication: fc.constantFrom(true, true, true, false),
  })
}

function somePhase() {
  return fc.record({
    n: fc.nat(1),
    rate: fc.integer({ min: 5, max: 30 }).map((rate) => `${rate}/s`),
    arrivals: fc.constantFrom('periodic', 'poisson'),
    mix: fc.constantFrom<Record<string, number>>(
      { put: 1 },
      { put: 0.6, get: 0.2, increment: 0.2 },
      { put: 0.5, get: 0.2, multiget: 0.1, scan: 0.1, readModifyWrite: 0.1 },
    ),
    consistency: fc.constantFrom('strong', 'timeline', 'timeline'),
    valueSize: fc.constantFrom('100 B', '1 kB', 'uniform(1 B, 5 kB)'),
    keys: fc.constantFrom('uniform', 'zipfian'),
    keyCount: fc.constantFrom(1000, 3),
  })
}

function someEvent(): fc.Arbitrary<Draft> {
  return fc.record({
    what: fc.constantFrom(...WHAT),
    at: fc.integer({ min: 20, max: 990 }),
    forMs: fc.integer({ min: 1, max: 10_000 }),
    target: fc.nat(11),
  })
}

/** Servers that do not come back by themselves are started when the workload ends. */
function eventsOf(
  drafts: readonly Draft[],
  durationMs: number,
  regionServers: number,
  tables: readonly { readonly regions: number }[],
) {
  const faults: Written[] = []
  const operations: Written[] = []
  for (const { what, at: share, forMs, target } of drafts) {
    const atMs = Math.floor((share * durationMs) / 1000)
    const at = ms(atMs)
    // None outlasts the workload: servers are to be there at the end.
    const during = ms(Math.max(1, Math.min(forMs, durationMs - 2 - atMs)))
    const server = `rs${(target % regionServers) + 1}`
    const table = `t${target % tables.length}`
    const regions = tables[target % tables.length]?.regions ?? 1
    switch (what) {
      case 'flush':
      case 'compact':
      case 'major-compact':
        operations.push({ do: what, at, table })
        break
      case 'bulk-load':
        operations.push({ do: what, at, table, bytes: '20 kB' })
        break
      case 'move':
        operations.push({ do: what, at, table, region: target % regions, server: 'any' })
        break
      case 'restart-region-server':
      case 'suspend-region-server':
        faults.push({ kind: what, at, for: during, server })
        break
      case 'delay-rpc':
        faults.push({ kind: what, at, for: during, server, delay: ms(forMs % 3000) })
        break
      default:
        faults.push({ kind: what, at, server })
    }
  }
  const ended = new Set(
    faults.filter(({ kind }) => kind !== 'delay-rpc').map(({ server }) => server),
  )
  for (const server of ended) {
    faults.push({ kind: 'restart-region-server', at: ms(durationMs - 1), for: '1 s', server })
  }
  return { faults, operations }
}
