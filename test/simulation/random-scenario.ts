import fc from 'fast-check'
import type { Scenario } from '../../src/scenario/scenario.js'
import { scenarioSchema } from '../../src/scenario/schema.js'
import { defaultVocabulary } from '../../src/simulation/default-vocabulary.js'

/** A scenario as a file says it: quantities with units, distributions as text. */
export type Written = Record<string, unknown>

const schema = scenarioSchema(defaultVocabulary)

/** What the loader makes of a scenario that is written as data. */
export function scenarioOf(written: Written): Scenario {
  return schema.parse({ name: 'random', tables: { usertable: { regions: 3 } }, ...written })
}

/** Designs that lose nothing without a disaster. */
const CAREFUL = ['direct', 'staged-copy', 'dual-write'] as const

/** Short runs of a small cluster whose faults come thick and whose timers are fast. */
export const randomScenario = scenarioWith(CAREFUL, passingFaults, lossOfCluster)

/** The same with faults that all pass. */
export const healingScenario = scenarioWith(CAREFUL, passingFaults)

/** The same without faults. */
export const calmScenario = scenarioWith(CAREFUL)

/** With designs that lose edits when the store fails, too. */
export const carelessScenario = scenarioWith(
  [...CAREFUL, 'deferred-offset', 'unsafe-flush'],
  passingFaults,
  lossOfCluster,
)

type RandomFaults = (servers: number, durationMs: number) => fc.Arbitrary<Written[]>

function scenarioWith(
  endpoints: readonly string[],
  ...faults: RandomFaults[]
): fc.Arbitrary<Written> {
  return fc
    .record({
      seed: fc.nat(1_000_000),
      servers: fc.integer({ min: 1, max: 3 }),
      durationMs: fc.integer({ min: 1000, max: 30_000 }),
      warmupShare: fc.constantFrom(0, 0, 0, 0.2, 0.7),
    })
    .chain(({ seed, servers, durationMs, warmupShare }) =>
      fc.record({
        seed: fc.constant(seed),
        hbase: fc.constantFrom('2.6', '3.0'),
        duration: fc.constant(ms(durationMs)),
        warmup: fc.constant(ms(Math.floor(durationMs * warmupShare))),
        drain: fc.constant('30 min'),
        site: site(),
        cluster: cluster(servers),
        stores: fc.constant({
          backup: { profile: 's3-standard', putRateFactor: 1, errorRate: 0.01 },
        }),
        tables: fc.record({ usertable: fc.record({ regions: fc.integer({ min: 1, max: 6 }) }) }),
        workload: fc.array(phase(), { minLength: 1, maxLength: 2 }),
        peers: fc.record({ backup: peer(endpoints) }),
        faults: fc.tuple(...faults.map((of) => of(servers, durationMs))).map((all) => all.flat()),
      }),
    )
}

export function ms(value: number): string {
  return `${value} ms`
}

function site(): fc.Arbitrary<Record<string, string>> {
  const number = (...values: number[]) => fc.constantFrom(...values.map(String))
  return fc.record({
    'replication.source.sleepforretries': number(50, 200, 1000),
    'replication.source.maxretriesmultiplier': number(1, 4),
    'replication.source.regionserver.abort': fc.constant('false'),
    'replication.source.nb.capacity': number(3, 25_000),
    'replication.source.nb.batches': number(1, 3),
    'fs.s3a.retry.limit': number(0, 2),
    'fs.s3a.retry.interval': number(20),
    'fs.s3a.retry.throttle.limit': number(0, 2),
    'fs.s3a.retry.throttle.interval': number(20),
    'fs.s3a.attempts.maximum': number(0, 1),
    'fs.s3a.connection.request.timeout': number(150, 700),
    'hbase.regionserver.handler.count': number(2, 30),
    'hbase.ipc.server.max.callqueue.length': number(1, 300),
    'hbase.client.retries.number': number(0, 15),
    'hbase.unsafe.stream.capability.enforce': fc.constant('false'),
    'hbase.wal.hsync': fc.constantFrom('true', 'false'),
    'hbase.regionserver.hlog.blocksize': number(40_000, 268_435_456),
    'hbase.regionserver.logroll.period': number(700, 3_600_000),
    'hbase.server.thread.wakefrequency': number(300, 10_000),
    'hbase.hregion.memstore.flush.size': number(5000, 134_217_728),
    'hbase.master.logcleaner.ttl': number(100, 600_000),
    'hbase.master.cleaner.interval': number(500, 600_000),
  })
}

function cluster(regionServers: number): fc.Arbitrary<Record<string, unknown>> {
  return fc.record({
    regionServers: fc.constant(regionServers),
    racks: fc.integer({ min: 1, max: 3 }),
    start: fc.constantFrom('steady', 'cold'),
    // Answers that take longer than a copy to the store: edits are safe before they are answered.
    network: fc.constantFrom(
      'lognormal(100 us, 0.3)',
      'uniform(0 us, 5 ms)',
      'exponential(300 ms)',
    ),
    putCpu: fc.constantFrom('50 us', 'exponential(2 ms)'),
    hdfs: fc.record({
      dataNodes: fc.constant(3),
      closeRetryProbability: fc.constantFrom(0, 0.2),
    }),
  })
}

function phase(): fc.Arbitrary<Record<string, unknown>> {
  return fc.record({
    table: fc.constant('usertable'),
    rate: fc.integer({ min: 1, max: 12 }).map((rate) => `${rate}/s`),
    arrivals: fc.constantFrom('poisson', 'periodic'),
    valueSize: fc.constantFrom('100 B', 'uniform(1 B, 3 kB)', '20 kB'),
    keys: fc.constantFrom('zipfian', 'uniform'),
    keyCount: fc.constantFrom(1, 100),
  })
}

function peer(endpoints: readonly string[]): fc.Arbitrary<Record<string, unknown>> {
  return fc.record({
    endpoint: fc.constantFrom(...endpoints),
    form: fc.constantFrom('feature-branch', 'hbase-29823'),
    degrade: fc.constantFrom('none', 'staging'),
    store: fc.constant('backup'),
    rollSize: fc.constantFrom('1 B', '30 kB', '128 MiB'),
    flushInterval: fc.integer({ min: 300, max: 7000 }).map(ms),
    sync: fc.constantFrom('hsync', 'hflush'),
    copiers: fc.integer({ min: 1, max: 3 }),
  })
}

function instant(durationMs: number): fc.Arbitrary<string> {
  return fc.oneof(
    fc.integer({ min: 0, max: durationMs }).map(ms),
    fc.constant(`uniform(0 ms, ${durationMs} ms)`),
  )
}

function passingFaults(servers: number, durationMs: number): fc.Arbitrary<Written[]> {
  const at = instant(durationMs)
  const outage = fc.record({
    kind: fc.constant('store-outage'),
    store: fc.constant('backup'),
    as: fc.constantFrom('refuse', '500', '503', 'timeout'),
    at,
    for: fc.integer({ min: 1, max: 15_000 }).map(ms),
  })
  const suspension = fc.record({
    kind: fc.constant('suspend-region-server'),
    server: fc.integer({ min: 1, max: servers }).map((n) => `rs${n}`),
    at,
    for: fc.integer({ min: 1, max: 5000 }).map(ms),
  })
  return fc.array(fc.oneof(outage, suspension), { maxLength: 3 })
}

function lossOfCluster(_servers: number, durationMs: number): fc.Arbitrary<Written[]> {
  const loss = fc.record({ kind: fc.constant('cluster-loss'), at: instant(durationMs) })
  return fc.array(loss, { maxLength: 1 })
}
