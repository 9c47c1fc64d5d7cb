import type { DistributionSpec } from '../kernel/distribution.js'
import type { ParameterValues } from '../storage/parameter.js'

/**
 * A scenario after parsing, defaults and overrides: plain data that can be sent to a worker.
 * Times are microseconds, sizes bytes, rates per second.
 */
export interface Scenario {
  name: string
  description: string
  seed: number
  durationUs: number
  warmupUs: number
  drainUs: number
  /** UTC date of t = 0, `yyyy-mm-dd`. */
  epoch: string
  hbase: '2.6' | '3.0'
  /** Real HBase, Hadoop and `fs.s3a.*` properties, values as written. */
  site: Record<string, string>
  cluster: ClusterSpec
  stores: Record<string, StoreSpec>
  tables: Record<string, TableSpec>
  workload: WorkloadSpec[]
  peers: Record<string, PeerSpec>
  faults: FaultSpec[]
}

export interface ClusterSpec {
  regionServers: number
  racks: number
  /** `steady` draws memstore fill and timer phases; `cold` starts everything empty at phase 0. */
  start: 'steady' | 'cold'
  hdfs: { dataNodes: number; profile: string; parameters: ParameterValues }
  /** Overrides of the cluster's own parameters (network, handler CPU, ZooKeeper, …). */
  parameters: ParameterValues
}

export interface StoreSpec {
  profile: string
  parameters: ParameterValues
  /** How long objects are kept, for the monthly cost. */
  retentionUs: number
}

export interface TableSpec {
  regions: number
}

export interface WorkloadSpec {
  table: string
  /** Shares of operations; only `put` is modelled as yet. */
  mix: { put: number }
  /** Operations per second of all clients together. */
  rate: number
  /** `poisson`: independent users; `periodic`: evenly spaced, the first one interval after `from`. */
  arrivals: 'poisson' | 'periodic'
  valueSize: DistributionSpec
  keys: 'zipfian' | 'uniform'
  keyCount: number
  fromUs: number
  /** End of the phase; null is the end of the run. */
  untilUs: number | null
}

/** A replication peer. Options that an endpoint does not use are ignored by it. */
export interface PeerSpec {
  endpoint: 'direct' | 'staged-copy'
  store: string
  /** Bytes at which an open file is rolled. */
  rollSize: number
  /** Period of the flush thread that rolls files whatever their size. */
  flushIntervalUs: number
  /** How a staged file is made safe before its edits are accepted. */
  sync: 'hsync' | 'hflush'
  /** Background copiers per server. */
  copiers: number
}

export type FaultSpec =
  | {
      kind: 'store-outage'
      at: DistributionSpec
      forUs: number
      store: string
      as: 'refuse' | '500' | '503' | 'timeout'
    }
  | { kind: 'cluster-loss'; at: DistributionSpec }
  | { kind: 'suspend-region-server'; at: DistributionSpec; forUs: number; server: string }
