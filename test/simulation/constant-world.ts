import { loadScenario } from '../../src/scenario/load.js'
import type { Scenario } from '../../src/scenario/scenario.js'
import { defaultVocabulary } from '../../src/simulation/default-vocabulary.js'
import type { PeerResult, RunResult } from '../../src/simulation/result.js'
import { simulate } from '../../src/simulation/simulate.js'

/**
 * A world without chance, for results that can be computed by hand. Everything takes a constant
 * time: network 100 us, a put's handler 50 us, WAL append 3 us, memstore 3 us, hflush 500 us, and
 * 1 us per 1,000 B written to HDFS. What the NameNode only looks up, and opening and reading a WAL,
 * takes no time, and a source that finds nothing looks again every second. A put of 1,000 B that is sent at t is
 *
 *   written at  t + 150 us        (network 100, handler 50)
 *   synced at   t + 654 us        (append 3, hflush 500, 1,000 B in 1 us)
 *   answered at t + 757 us        (memstore 3, network 100)
 */
const CONSTANT_WORLD = `
hbase: "2.6"
site:
  replication.source.maxretriesmultiplier: 1
  fs.s3a.retry.limit: 0
  fs.s3a.attempts.maximum: 0
cluster:
  regionServers: 1
  start: cold
  network: 100 us
  putCpu: 50 us
  walAppend: 3 us
  memstoreApply: 3 us
  zookeeperWrite: 3 ms
  walRead: 1000000 GB/s
  walSplit: 1 MB/s
  regionOpen: 300 ms
  hfileOpen: 4 ms
  recoveredEditsReplay: 1 MB/s
  hdfs:
    dataNodes: 3
    hflush: 500 us
    hflushPacket: 500 us
    hsync: 1300 us
    nameNodeWrite: 2 ms
    nameNodeRead: 0 s
    pipelineSetup: 4 ms
    finalize: 1 ms
    closeRetryProbability: 0
    readFirstByte: 0 s
    streamWrite: 1 GB/s
    streamRead: 1 GB/s
    nic: 1 GB/s
    nodeAggregateWrite: 100 GB/s
stores:
  backup:
    profile: s3-standard
    put: 30 ms
    list: 20 ms
    head: 10 ms
    createMultipart: 40 ms
    completeMultipart: 90 ms
    roundTrip: 1 s
    streamPut: 100 MB/s
    putRateFactor: 1
    errorRate: 0
tables: { usertable: { regions: 1 } }
`

/** @param set `path=value` each, for what the world has otherwise, e.g. `cluster.regionServers=2` */
export function simulateConstantWorld(scenario: string, ...set: string[]): RunResult {
  const base = constantScenario(scenario, ...set)
  return simulate(base, base.seed)
}

export function constantScenario(scenario: string, ...set: string[]): Scenario {
  const text = `name: by-hand\ndescription: Computed by hand.\n${CONSTANT_WORLD}${scenario}`
  const loaded = loadScenario({ name: 'by-hand.yaml', text }, defaultVocabulary, { set })
  const [base] = loaded.variants
  if (base === undefined) throw new Error('a scenario has a base')
  return base.scenario
}

export function peerOf(result: RunResult): PeerResult {
  const peer = result.peers.backup
  if (peer === undefined) throw new Error('the scenario has a peer called backup')
  return peer
}
