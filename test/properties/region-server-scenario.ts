import fc from 'fast-check'
import { ms, type Written } from './random-scenario.js'

/** What an operator or a fault does, before it is fitted to a cluster. */
interface Draft {
  readonly what: (typeof WHAT)[number]
  /** When, as a share of the run in thousandths. */
  readonly at: number
  readonly forMs: number
  readonly target: number
}

const WHAT = [
  'flush',
  'compact',
  'major-compact',
  'move',
  'move',
  'bulk-load',
  'roll-wal',
  'kill-region-server',
  'restart-region-server',
  'stop-region-server',
  'abort-region-server',
  'suspend-region-server',
  'kill-data-node',
] as const

const DURATION_MS = 8000

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
 * Small clusters whose regions flush, compact, move and lose their servers all the time, with three
 * replicas of every block and no loss of power: none of that may take an acknowledged edit.
 */
export const regionServerScenario: fc.Arbitrary<Written> = fc
  .record({
    seed: fc.nat(1_000_000),
    hbase: fc.constantFrom('2.6', '3.0'),
    site: someSite(),
    cluster: someCluster(),
    tables: fc.array(someTable(), { minLength: 1, maxLength: 2 }),
    workload: fc.array(somePhase(), { minLength: 1, maxLength: 2 }),
    events: fc.array(someEvent(), { maxLength: 7 }),
    isBackedUp: fc.constantFrom(false, false, true),
  })
  .map(({ tables, workload, events, isBackedUp, ...written }) => ({
    name: 'random',
    duration: ms(DURATION_MS),
    drain: '3 h',
    ...written,
    tables: Object.fromEntries(tables.map((table, i) => [`t${i}`, table])),
    stores: isBackedUp ? { s0: { profile: 's3-standard', errorRate: 0 } } : {},
    peers: isBackedUp ? { p0: { endpoint: 'direct', store: 's0', flushInterval: '1 s' } } : {},
    workload: workload.map(({ n, ...phase }) => ({ table: `t${n % tables.length}`, ...phase })),
    ...eventsOf(events, written.cluster.regionServers, tables),
  }))

function someSite(): fc.Arbitrary<Record<string, string>> {
  const oneOf = (...values: (number | string)[]) => fc.constantFrom(...values.map(String))
  return fc.record({
    'zookeeper.session.timeout': oneOf(2000, 5000),
    'hbase.regionserver.handler.count': oneOf(30, 3),
    'hbase.client.retries.number': oneOf(15, 3),
    'hbase.wal.provider': oneOf('asyncfs', 'asyncfs', 'filesystem', 'multiwal'),
    'hbase.wal.hsync': oneOf('false', 'true'),
    'hbase.wal.split.to.hfile': oneOf('false', 'true'),
    'hbase.regionserver.maxlogs': oneOf(2, 32),
    'hbase.regionserver.hlog.blocksize': oneOf(268_435_456, 40_000),
    'hbase.regionserver.logroll.period': oneOf(3_600_000, 3000),
    'hbase.server.thread.wakefrequency': oneOf(1000, 10_000),
    'hbase.hregion.memstore.flush.size': oneOf(134_217_728, 30_000, 5000),
    'hbase.hregion.memstore.block.multiplier': oneOf(4, 1),
    'hbase.hregion.percolumnfamilyflush.size.lower.bound.min': oneOf(16_777_216, 2000),
    'hbase.hregion.preclose.flush.size': oneOf(5_242_880, 3000),
    'hbase.regionserver.optionalcacheflushinterval': oneOf(3_600_000, 3000),
    'hbase.regionserver.flush.per.changes': oneOf(30_000_000, 20),
    'hbase.hstore.blockingStoreFiles': oneOf(16, 4),
    'hbase.hstore.blockingWaitTime': oneOf(90_000, 2000),
    'hbase.hstore.compaction.min': oneOf(3, 2),
    'hbase.hfile.compaction.discharger.interval': oneOf(120_000, 1000),
    'hbase.regionserver.msginterval': oneOf(3000, 500),
    'hbase.master.logcleaner.ttl': oneOf(600_000, 100),
    'hbase.master.cleaner.interval': oneOf(600_000, 1000),
    'dfs.replication': oneOf(3),
  })
}

function someCluster() {
  return fc.record({
    regionServers: fc.integer({ min: 1, max: 3 }),
    racks: fc.integer({ min: 1, max: 2 }),
    start: fc.constantFrom('cold', 'steady'),
    /** 40% of it is for memstores. */
    heap: fc.constantFrom('32 GiB', '32 GiB', '100 kB'),
    network: fc.constantFrom('100 us', 'exponential(20 ms)'),
    hdfs: fc.record({
      dataNodes: fc.constant(5),
      profile: fc.constantFrom('hdfs-nvme', 'hdfs-hdd'),
      closeRetryProbability: fc.constantFrom(0, 0.2),
      streamWrite: fc.constantFrom('200 MB/s', '100 kB/s'),
      ...Object.fromEntries(Object.entries(TIMES).map(([name, time]) => [name, fc.constant(time)])),
    }),
  })
}

function someTable() {
  return fc.record({
    regions: fc.integer({ min: 1, max: 4 }),
    families: fc.constantFrom<Record<string, number>>(
      { cf: 1 },
      { a: 0.9, b: 0.1 },
      { a: 0.7, b: 0.299, c: 0.001 },
    ),
    size: fc.constantFrom('0 B', '1 MB'),
    durability: fc.constantFrom(
      'USE_DEFAULT',
      'USE_DEFAULT',
      'SKIP_WAL',
      'ASYNC_WAL',
      'SYNC_WAL',
      'FSYNC_WAL',
    ),
  })
}

function somePhase() {
  return fc.record({
    n: fc.nat(1),
    rate: fc.integer({ min: 5, max: 30 }).map((rate) => `${rate}/s`),
    arrivals: fc.constantFrom('periodic', 'poisson'),
    mix: fc.constantFrom({ put: 1 }, { put: 0.5, get: 0.2, increment: 0.3 }),
    valueSize: fc.constantFrom('100 B', '1 kB', 'uniform(1 B, 5 kB)'),
    keys: fc.constantFrom('uniform', 'zipfian'),
    keyCount: fc.constantFrom(1000, 3),
  })
}

function someEvent(): fc.Arbitrary<Draft> {
  return fc.record({
    what: fc.constantFrom(...WHAT),
    at: fc.integer({ min: 20, max: 990 }),
    forMs: fc.integer({ min: 1, max: 6000 }),
    target: fc.nat(11),
  })
}

/** Servers that do not come back by themselves are started when the workload ends. */
function eventsOf(
  drafts: readonly Draft[],
  regionServers: number,
  tables: readonly { readonly regions: number }[],
) {
  const faults: Written[] = []
  const operations: Written[] = []
  for (const { what, at: share, forMs, target } of drafts) {
    const at = ms(Math.floor((share * DURATION_MS) / 1000))
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
      case 'roll-wal':
        operations.push({ do: what, at, server })
        break
      case 'restart-region-server':
      case 'suspend-region-server':
        faults.push({ kind: what, at, for: ms(forMs), server })
        break
      case 'kill-data-node':
        faults.push({ kind: what, at, for: ms(forMs), dataNode: `dn${(target % 2) + 1}` })
        break
      default:
        faults.push({ kind: what, at, server })
    }
  }
  const ended = new Set(
    faults.filter(({ kind }) => kind !== 'kill-data-node').map(({ server }) => server),
  )
  for (const server of ended) {
    faults.push({ kind: 'restart-region-server', at: ms(DURATION_MS - 1), for: '1 s', server })
  }
  return { faults, operations }
}
