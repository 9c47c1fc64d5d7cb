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
  /** The site file that set a modelled property, by property; absent without site files. */
  siteFiles?: Record<string, string>
  cluster: ClusterSpec
  stores: Record<string, StoreSpec>
  tables: Record<string, TableSpec>
  workload: WorkloadSpec[]
  peers: Record<string, PeerSpec>
  faults: FaultSpec[]
  operations: OperationSpec[]
  /** HBase issues whose fix is taken out again, e.g. `HBASE-29441`; sorted. */
  unfixed: string[]
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
  /** Column families, each with its share of the bytes of a put; a put writes to all of them. */
  families: Record<string, number>
  /** Bytes of its HFiles when the run begins. */
  size: number
  /** `USE_DEFAULT` is `FSYNC_WAL` with `hbase.wal.hsync`, else `SYNC_WAL`. */
  durability: 'USE_DEFAULT' | 'SKIP_WAL' | 'ASYNC_WAL' | 'SYNC_WAL' | 'FSYNC_WAL'
  /** REGION_REPLICATION: replicas of each region, the primary among them. */
  regionReplication: number
  /** REGION_MEMSTORE_REPLICATION */
  memstoreReplication: boolean
  /** READONLY */
  readOnly: boolean
}

/** What share of a phase's operations each kind is; they sum to 1. */
export interface OperationShares {
  put: number
  get: number
  multiget: number
  scan: number
  /** A get, then a put to its row. */
  readModifyWrite: number
  increment: number
}

export interface WorkloadSpec {
  table: string
  /** Shares of operations. */
  mix: OperationShares
  /**
   * Operations per second of all clients together: those that come, or with `closedLoop` those that
   * its clients aim at; null: they send as fast as they get answers.
   */
  rate: number | null
  /** Open-loop clients if absent. */
  closedLoop?: ClosedLoopSpec
  /** `poisson`: independent users; `periodic`: evenly spaced, the first one interval after `from`. */
  arrivals: 'poisson' | 'periodic'
  /** None if absent. */
  bursts?: BurstsSpec
  valueSize: DistributionSpec
  /** YCSB's `requestdistribution`; with `latest` puts add rows, reads ask for the newest. */
  keys: KeysSpec
  /** With `keys: hotspot`, and there alone. */
  hotspot?: HotspotSpec
  /** With `keys: exponential`, and there alone. */
  exponential?: ExponentialSpec
  /** Rows lie in the table in the order in which they were added; hashed over it if absent. */
  insertOrder?: 'ordered'
  keyCount: number
  /** Of all its reads. */
  consistency: 'strong' | 'timeline'
  /** The only replica that reads ask; null leaves it to the client. */
  replicaId: number | null
  /** Rows of a multiget. */
  multigetKeys: number
  /** Rows of a scan at most, from 1 on. */
  scanRows: number
  /** How many of them a scan asks for; uniform if absent. */
  scanLength?: 'zipfian'
  /** Rows of one call of a scanner; null is all of a scan's. */
  caching: number | null
  fromUs: number
  /** End of the phase; null is the end of the run. */
  untilUs: number | null
}

/** Clients each of which sends its next operation when it has the answer to its last. */
export interface ClosedLoopSpec {
  clients: number
  /** From an answer to the next operation. */
  thinkTime: DistributionSpec
}

/** From `fromUs` on, each `everyUs` for `forUs`, clients are `times` as active. */
export interface BurstsSpec {
  fromUs: number
  everyUs: number
  forUs: number
  times: number
}

export type KeysSpec = 'zipfian' | 'uniform' | 'latest' | 'hotspot' | 'exponential' | 'sequential'

/** The share `operations` of operations goes to the share `data` of the rows. */
export interface HotspotSpec {
  data: number
  operations: number
}

/** `percentile` per cent of operations go to the newest rows, the share `fraction` of all. */
export interface ExponentialSpec {
  percentile: number
  fraction: number
}

/** A replication peer. Options that an endpoint does not use are ignored by it. */
export interface PeerSpec {
  endpoint: 'direct' | 'staged-copy' | 'dual-write' | 'unsafe-flush' | 'deferred-offset'
  store: string
  /** False: a disabled peer, whose WALs are kept and not shipped until it is enabled. */
  enabled: boolean
  /** The tables that are replicated (table-CFs), sorted; null is all. */
  tables: string[] | null
  /** Bytes per second that each of its sources ships; 0 leaves it to the site's property. */
  bandwidth: number
  /** The peer's own values of properties that its sources read, as written. */
  configuration: Record<string, string>
  /** Bytes at which an open file is rolled. */
  rollSize: number
  /** Period at which open files are closed whatever their size. */
  flushIntervalUs: number
  /** How a staged file is made safe before its edits are accepted. */
  sync: 'hsync' | 'hflush'
  /** Background copiers per server. */
  copiers: number
  /** What the copiers of a server read at most, together; null is unlimited. */
  copyBytesPerSecond: number | null
  /** A file per table, not one for all. */
  perTable: boolean
  /** The copy is looked at (HEAD) before the staged file is deleted. */
  verify: boolean
  /** Age from which a starting endpoint aborts pending multipart uploads; null leaves them. */
  purgePendingUploadsUs: number | null
  /** Whether edits are accepted on staging alone while no object can be created. */
  degrade: 'none' | 'staging'
  /** As on the branch of HBASE-28957, or with the shipper's hook of HBASE-29823. */
  form: 'feature-branch' | 'hbase-29823'
}

/**
 * What strikes, and when. A `server`, `dataNode` or `rack` of `any` is drawn once per seed. Where
 * `forUs` is null the fault is never healed.
 */
export type FaultSpec = { at: DistributionSpec } & (
  | StoreFaultSpec
  | ServerFaultSpec
  | HdfsFaultSpec
  | PowerFaultSpec
  | { kind: 'cluster-loss' }
)

export type StoreFaultSpec =
  | {
      kind: 'store-outage'
      forUs: number
      store: string
      as: 'refuse' | '500' | '503' | 'timeout'
    }
  /** Every latency of the store is `factor` times what it was. */
  | { kind: 'slow-store'; forUs: number; store: string; factor: number }
  /** `rate` is the probability that a request fails; null strikes every operation. */
  | {
      kind: 'store-errors'
      forUs: number
      store: string
      rate: number
      operation: StoreOperation | null
    }
  /** `limit` is in requests per second. */
  | { kind: 'store-throttling'; forUs: number; store: string; limit: number }
  | { kind: 'store-loss'; store: string }

/** The requests that backups send to a store. */
export type StoreOperation =
  | 'PUT'
  | 'Initiate'
  | 'UploadPart'
  | 'Complete'
  | 'LIST'
  | 'HEAD'
  | 'DELETE'

export type ServerFaultSpec =
  | { kind: 'suspend-region-server'; forUs: number; server: string }
  /** Every call to the server takes `delayUs` longer to arrive. */
  | { kind: 'delay-rpc'; forUs: number; server: string; delayUs: number }
  | { kind: 'kill-region-server'; server: string }
  /** Killed, and started again after `forUs`. */
  | { kind: 'restart-region-server'; forUs: number; server: string }
  | { kind: 'stop-region-server'; server: string }
  | { kind: 'abort-region-server'; server: string }

export type HdfsFaultSpec =
  | { kind: 'kill-data-node'; forUs: number | null; dataNode: string }
  | { kind: 'hdfs-loss' }

export type PowerFaultSpec =
  | { kind: 'rack-power-loss'; forUs: number | null; rack: number | 'any' }
  | { kind: 'cluster-power-loss'; forUs: number | null }

/** What an operator does, and when. A `server` of `any` is drawn once per seed. */
export type OperationSpec = { at: DistributionSpec } & (
  | { do: 'disable-peer' | 'enable-peer' | 'add-peer' | 'remove-peer'; peer: string }
  | { do: 'update-peer-config'; peer: string; set: PeerConfigChange }
  | { do: 'roll-wal' | 'empty-wal'; server: string }
  | { do: 'flush' | 'compact' | 'major-compact'; table: string }
  /** Region number `region` of the table, from 0, is closed where it is and opened on `server`. */
  | { do: 'move'; table: string; region: number; server: string }
  /** HFiles of `bytes` in all, spread evenly over the regions and families of the table. */
  | { do: 'bulk-load'; table: string; bytes: number }
)

/**
 * What changes of a peer; what is absent stays. Keys of `configuration` are added to the peer's own
 * (ReplicationPeerManager.updatePeerConfig).
 */
export type PeerConfigChange = Partial<Pick<PeerSpec, 'bandwidth' | 'configuration' | 'tables'>>
