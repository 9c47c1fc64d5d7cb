import fc from 'fast-check'
import { contradictions } from '../../src/scenario/contradictions.js'
import { danglingReferences } from '../../src/scenario/references.js'
import type { Scenario } from '../../src/scenario/scenario.js'
import { scenarioSchema } from '../../src/scenario/schema.js'
import { defaultVocabulary } from '../../src/simulation/default-vocabulary.js'
import { areFinal, faultsOf, someFaults } from './random-faults.js'
import { leavesDisabled, operationsOf, someOperations } from './random-operations.js'
import { somePeers } from './random-peers.js'

/** A scenario as its file has it. */
export type Written = Record<string, unknown>

/** What faults and operations may strike. */
export interface Targets {
  readonly durationMs: number
  readonly regionServers: number
  readonly racks: number
  readonly dataNodes: number
  readonly stores: readonly string[]
  readonly tables: readonly string[]
  readonly peers: Readonly<Record<string, { readonly enabled: boolean }>>
}

/** Constant times cost least to draw. */
const STEADY_HDFS = {
  hflush: '500 us',
  hflushPacket: '700 us',
  hsync: '1300 us',
  nameNodeRead: '1 ms',
  nameNodeWrite: '2 ms',
  pipelineSetup: '4 ms',
  finalize: '1 ms',
  readFirstByte: '3 ms',
}

const STEADY_STORE = {
  put: '30 ms',
  list: '20 ms',
  head: '10 ms',
  delete: '15 ms',
  createMultipart: '40 ms',
  completeMultipart: '90 ms',
}

const schema = scenarioSchema(defaultVocabulary)

/** What the loader makes of a scenario, which must be valid. */
export function load(written: Written): Scenario {
  const scenario = schema.parse(written)
  const fixes = Object.keys(defaultVocabulary.fixes ?? {})
  const problems = [...danglingReferences(written, fixes), ...contradictions(scenario)]
  if (problems.length > 0) throw new Error(JSON.stringify(problems))
  return scenario
}

/** Small clusters under a light load, with fast timers and slow faults, backed up by every design. */
export const randomScenario: fc.Arbitrary<Written> = fc
  .record({
    seed: fc.nat(1_000_000),
    hbase: fc.constantFrom('2.6', '3.0'),
    durationMs: fc.integer({ min: 8000, max: 20_000 }),
    warmup: fc.constantFrom('0 s', '0 s', '5 s'),
    site: someSite(),
    cluster: someCluster(),
    stores: someStores(),
    regions: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 2 }),
    workload: fc.array(somePhase(), { minLength: 1, maxLength: 2 }),
    peers: somePeers(),
    faults: someFaults(),
    operations: someOperations(),
    unfixed: fc.subarray(['HBASE-14004', 'HBASE-23205', 'HBASE-28620', 'HBASE-29441'], {
      maxLength: 1,
    }),
    fixed: fc.integer({ min: 0, max: 9 }),
  })
  .map(
    ({ durationMs, regions, workload, peers, faults, operations, unfixed, fixed, ...written }) => {
      const tables = Object.fromEntries(regions.map((count, i) => [`t${i}`, { regions: count }]))
      const targets: Targets = {
        durationMs,
        regionServers: written.cluster.regionServers,
        racks: written.cluster.racks,
        dataNodes: written.cluster.hdfs.dataNodes,
        stores: Object.keys(written.stores),
        tables: Object.keys(tables),
        peers: Object.fromEntries(peers.map((peer, i) => [`p${i}`, peer])),
      }
      return {
        name: 'random',
        duration: ms(durationMs),
        // Where it is in vain nobody need wait for long.
        drain: areFinal(faults) || leavesDisabled(operations) ? '30 s' : '30 min',
        ...written,
        tables,
        workload: workload.map(({ n, until, ...phase }) => ({
          table: `t${n % regions.length}`,
          ...phase,
          ...(until < 1 ? { until: ms(Math.floor(until * durationMs)) } : {}),
        })),
        peers: Object.fromEntries(
          peers.map(({ n, someTables, ...peer }, i) => [
            `p${i}`,
            {
              ...peer,
              store: targets.stores[n % targets.stores.length],
              ...(someTables ? { tables: ['t0'] } : {}),
            },
          ]),
        ),
        faults: faultsOf(faults, targets),
        operations: operationsOf(operations, targets),
        unfixed: fixed > 0 ? [] : unfixed,
      }
    },
  )

export function ms(value: number): string {
  return `${value} ms`
}

function someSite(): fc.Arbitrary<Record<string, string>> {
  const oneOf = (...values: (number | string)[]) => fc.constantFrom(...values.map(String))
  return fc.record({
    'replication.source.sleepforretries': oneOf(200, 50),
    'replication.source.maxretriesmultiplier': oneOf(10, 40),
    'replication.source.nb.capacity': oneOf(25_000, 7, 100),
    'replication.source.size.capacity': oneOf(67_108_864, 5000),
    'replication.source.nb.batches': oneOf(1, 3),
    'replication.source.getEntries.timeout': oneOf(20_000, 1000),
    'replication.source.eof.autorecovery': oneOf('true', 'true', 'true', 'false'),
    'replication.total.buffer.quota': oneOf(268_435_456, 50_000),
    'replication.sleep.before.failover': oneOf(500, 0, 10_000),
    'replication.executor.workers': oneOf(1, 3),
    'zookeeper.session.timeout': oneOf(5000, 1000, 30_000),
    'fs.s3a.multipart.size': oneOf(67_108_864, 5_242_880),
    'fs.s3a.retry.limit': oneOf(2, 1),
    'fs.s3a.retry.interval': oneOf(500, 200),
    'fs.s3a.retry.throttle.limit': oneOf(2, 1),
    'fs.s3a.retry.throttle.interval': oneOf(100, 500),
    'fs.s3a.attempts.maximum': oneOf(1, 0),
    'fs.s3a.connection.request.timeout': oneOf(2000, 150),
    'hbase.regionserver.handler.count': oneOf(30, 2),
    'hbase.client.retries.number': oneOf(15, 2, 0),
    'hbase.wal.provider': oneOf('asyncfs', 'asyncfs', 'multiwal'),
    'hbase.wal.hsync': oneOf('true', 'true', 'false'),
    'hbase.regionserver.hlog.blocksize': oneOf(268_435_456, 1_000_000),
    'hbase.regionserver.logroll.period': oneOf(3_600_000, 15_000, 4000),
    'hbase.server.thread.wakefrequency': oneOf(1000, 10_000),
    'hbase.hregion.memstore.flush.size': oneOf(134_217_728, 50_000),
    'hbase.regionserver.optionalcacheflushinterval': oneOf(3_600_000, 10_000),
    'hbase.master.logcleaner.ttl': oneOf(1000, 100, 600_000),
    'hbase.master.cleaner.interval': oneOf(2000, 600_000),
    'hbase.unsafe.stream.capability.enforce': oneOf('false'),
    'dfs.replication': oneOf(3, 2, 1),
  })
}

function someCluster() {
  return fc.record({
    regionServers: fc.integer({ min: 1, max: 3 }),
    racks: fc.integer({ min: 1, max: 3 }),
    start: fc.constantFrom('cold', 'steady'),
    network: fc.constantFrom('100 us', '300 us', 'exponential(200 ms)'),
    zookeeperWrite: fc.constantFrom('3 ms', '20 ms'),
    putCpu: fc.constant('50 us'),
    walAppend: fc.constant('3 us'),
    memstoreApply: fc.constant('3 us'),
    hdfs: fc
      .record({
        dataNodes: fc.integer({ min: 3, max: 6 }),
        closeRetryProbability: fc.constantFrom(0, 0.2),
        profile: fc.constantFrom('hdfs-nvme', 'hdfs-hdd'),
        times: fc.constantFrom(STEADY_HDFS, STEADY_HDFS, STEADY_HDFS, STEADY_HDFS, {}),
      })
      .map(({ times, ...hdfs }) => ({ ...hdfs, ...times })),
  })
}

function someStores(): fc.Arbitrary<Written> {
  const store = { profile: 's3-standard', putRateFactor: 1 }
  return fc.constantFrom<Written>(
    { s0: { ...store, ...STEADY_STORE, errorRate: 0 } },
    { s0: { ...store, ...STEADY_STORE, errorRate: 0.01 } },
    { s0: { ...store, ...STEADY_STORE }, s1: { profile: 's3-express', errorRate: 0.05 } },
  )
}

function somePhase() {
  return fc.record({
    n: fc.nat(1),
    rate: fc.integer({ min: 5, max: 12 }).map((rate) => `${rate}/s`),
    arrivals: fc.constantFrom('periodic', 'periodic', 'poisson'),
    valueSize: fc.constantFrom('100 B', 'uniform(1 B, 3 kB)', '20 kB'),
    keys: fc.constantFrom('uniform', 'zipfian'),
    keyCount: fc.constantFrom(100, 1),
    until: fc.constantFrom(1, 1, 0.5),
  })
}
