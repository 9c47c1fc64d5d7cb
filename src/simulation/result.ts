import type { ReplicaResult } from '../measure/replica-result.js'
import type { RunTrace } from '../measure/run-trace.js'
import type { ServerTimeline } from '../measure/server-activity.js'
import type { ClosedLoopResult } from './closed-loop-results.js'
import type { ReadsResult } from './read-results.js'

/**
 * What one run returns: plain data, integers in microseconds (`Us`) and bytes (`Bytes`), no wall
 * clock and no machine facts, so equal inputs give equal bytes. What is not measured is absent.
 */

/** Quantiles of a latency or an age; null members when nothing was recorded. */
export interface LatencyQuantiles {
  count: number
  p50: number | null
  p99: number | null
  p999: number | null
  max: number | null
}

/** Exact time-weighted recovery point objective of one peer under one disaster class. */
export interface RpoResult {
  p50Us: number
  p99Us: number
  maxUs: number
  /** Most acknowledged edits (and their bytes) unrestorable at one instant. */
  maxEdits: number
  maxBytes: number
  /** Share of the measured window with at least one unrestorable acknowledged edit. */
  timeShareAboveZero: number
}

/** What a disaster that really struck took from a peer. */
export interface DisasterResult {
  kind: string
  /** What was struck, e.g. `rs2`; absent if all of it was. */
  target?: string
  atUs: number
  lostEdits: number
  lostBytes: number
  /** Age at `atUs` of the oldest lost edit since its acknowledgement; null if none was lost. */
  oldestLostAgeUs: number | null
}

/** When and how badly a claim of an endpoint was first found wanting. */
export interface BrokenClaim {
  firstUs: number
  /** Most confirmed edits that one disaster of the class would have made unrestorable. */
  maxEdits: number
}

export interface PeerResult {
  endpoint: string
  /** Why none of its sources could start its endpoint; absent if any could. */
  startFault?: string
  /** Disaster classes that the endpoint claims a confirmed edit survives. */
  claims: string[]
  /** Claims that did not hold at every instant, by class. */
  brokenClaims: Record<string, BrokenClaim>
  acceptedEdits: number
  confirmedEdits: number
  storedEdits: number
  /** Surplus stored occurrences by cause (`retry`, `claim`, …). */
  duplicateEdits: Record<string, number>
  confirmedNotStoredEdits: { max: number; timeShare: number }
  /**
   * Wanted acknowledged edits that no disaster destroyed and that are not stored at the end; null
   * when a total disaster left quiescence undecided.
   */
  missingAfterQuiescence: number | null
  holes: { edits: number; bytes: number; firstUs: number | null }
  /** From WAL write time to the persisted offset that passed the edit. */
  confirmLatencyUs: LatencyQuantiles
  /** From WAL write time to the completion of the first object that holds the edit. */
  storeLatencyUs: LatencyQuantiles
  rpo: Record<string, RpoResult>
  disasters: DisasterResult[]
  /** Time from the end of each fault until the peer had caught up; null if it never did. */
  drainUs: { fault: string; us: number | null }[]
  /** Absent for endpoints without a staging area. */
  staging?: { maxBytes: number; maxFiles: number }
  /** Parts of multipart uploads that are neither completed nor aborted: billed and invisible. */
  pendingUploads: { maxBytes: number; endBytes: number }
  oldWALs: { maxBytes: number }
  objects: { count: number; p50Bytes: number | null; maxBytes: number | null }
  /** Requests sent to the store, by operation (`PUT`, `LIST`, …), over the whole run. */
  requests: Record<string, number>
  costUsdPerMonth: {
    requests: number
    storage: number
    pendingUploads: number
    total: number
  } | null
  hbaseMetrics: Record<string, number>
}

/** Points of one metric over simulated time, equally long arrays. */
export interface Series {
  metric: string
  /** Unit of `values`: `us`, `bytes`, `edits`, `files`, `regions`, `1/s`. */
  unit: string
  labels: Record<string, string>
  timesUs: number[]
  values: (number | null)[]
}

/**
 * How a quantity was distributed over a run, by time, edits, objects or bytes: a line through points,
 * some hundred of them. `shares[i]` of all was at most `values[i]`; two points of one value are a jump.
 */
export interface Distribution {
  metric: string
  /** Unit of `values`: `us`, `bytes`. */
  unit: string
  labels: Record<string, string>
  values: number[]
  shares: number[]
}

/** A fault as it happened in this run: `untilUs` is null for one that never ends. */
export interface FaultWindow {
  kind: string
  label: string
  atUs: number
  untilUs: number | null
}

/** A step of a recovery, in the order of HBase's ServerCrashProcedure. */
export interface RecoveryPhase {
  name: string
  fromUs: number
  untilUs: number | null
}

/** What became of a server that died. */
export interface RecoveryResult {
  server: string
  diedUs: number
  how: string
  /** hbase:meta was open on it: it is recovered before all else. */
  carriesMeta: boolean
  /** Those that it had open, hbase:meta among them. */
  regions: number
  splitBytes: number
  /** Edits that were replayed into memstores before regions opened. */
  replayedBytes: number
  /** Most of its regions that nobody served at one instant; those that were being moved are not in. */
  maxUnavailableRegions: number
  /** Sum over its regions of the time from the server's death until each was open again. */
  unavailableRegionUs: number
  /** When all its regions were open elsewhere; null if they were not. */
  assignedUs: number | null
  /** What was lost with the server; see `ClusterLossResult`. */
  lostByDurability?: Record<string, LostCount>
  phases: RecoveryPhase[]
  /** How long each of them took, by name; null for one that had not ended. */
  phaseUs: Record<string, number | null>
}

/**
 * What the region servers did between warm-up and the end of the workload, all of them together.
 * Every reason and kind is there, with 0 where it did not occur.
 */
export interface RegionServersResult {
  flushes: {
    count: number
    bytes: number
    byReason: Record<string, number>
    /** How long writes of a region waited for the snapshot of its flush. */
    stallUs: LatencyQuantiles
    /** From the request of the region's lock to the commit. */
    durationUs: LatencyQuantiles
    /**
     * 99.9th percentile (to 3 %) of writes answered in those of the run's 360 windows of time in
     * which a flush made writes wait, and in the others; null where there are none.
     */
    writeP999Us: { stalled: number | null; calm: number | null }
  }
  compactions: {
    count: number
    major: number
    inputFiles: number
    bytes: number
    durationUs: LatencyQuantiles
  }
  /** WAL rolls by reason (`size`, `period`, `slow sync`, …). */
  rolls: Record<string, number>
  /** Calls sent back to their client, by exception (`region too busy`, …); each is tried again. */
  refused: Record<string, number>
  /** Heap of the memstores of one server. */
  memstoreBytes: { max: number }
  /** Files of one family of one region. */
  storeFiles: { max: number }
  /** WALs of one server that are not archived. */
  wals: { maxFiles: number }
  /** Absent without reads. */
  readLatencyUs?: LatencyQuantiles
}

/** The room that HDFS has, and what filled it. */
export interface HdfsResult {
  capacityBytes: number
  maxUsedBytes: number
  /**
   * How long each fault of a store could have lasted until HDFS was full, had use gone on growing as
   * it did from the fault's begin to its end; null if use did not grow.
   */
  fillsUs: { fault: string; us: number | null }[]
}

/**
 * What became of client operations, for comparing twins: not part of `summary.json`. Operations are
 * numbers of the client's, in ascending order.
 */
export interface EditOutcomes {
  submitted: number
  /** How many operations each closed-loop client has sent; absent if there are none. */
  sentByClient?: number[]
  /** Never acknowledged by the instant at which the outcome was taken. */
  unacknowledged: Float64Array
  /** Acknowledged, and not restorable from the peer's copy. */
  lost: Record<string, Float64Array>
}

export type Verdict = 'held' | 'violated' | 'undecided'

export interface Assumption {
  parameter: string
  value: string
  source: string
}

export interface LostCount {
  lostEdits: number
  lostBytes: number
}

export interface ClusterLossResult extends LostCount {
  kind: string
  atUs: number
  /**
   * The same by durability of the tables; only there if not every table has the default, and if it
   * is not all there was. HBase makes no promise for SKIP_WAL and ASYNC_WAL.
   */
  byDurability?: Record<string, LostCount>
}

export interface RunResult {
  variant: string
  seed: number
  durationUs: number
  /** Simulated time at which the run ended: quiescence, drain limit or last in-flight request. */
  endedUs: number
  traceHash: string
  /** Events executed by the scheduler. */
  events: number
  edits: { submitted: number; acknowledged: number; failed: number; bytes: number }
  writeLatencyUs: LatencyQuantiles
  peers: Record<string, PeerResult>
  /** What the cluster itself lost (no copy left anywhere) in each disaster. */
  clusterLoss: ClusterLossResult[]
  faults: FaultWindow[]
  recoveries: RecoveryResult[]
  regionServers: RegionServersResult
  /** By table with replicas, those with replica ids from 1 on; absent if there are none. */
  replicas?: Record<string, ReplicaResult[]>
  /** By consistency; absent if nothing was read. */
  reads?: ReadsResult
  /** By phase with closed-loop clients; absent if there is none. */
  closedLoop?: ClosedLoopResult[]
  hdfs: HdfsResult
  conservation: Record<string, { expected: number; actual: number; verdict: Verdict }>
  invariants: Record<string, Verdict>
  assumptions: Assumption[]
  series: Series[]
  /** What happened, if the run was watched for that; no part of `summary.json`. */
  trace?: RunTrace
  /** Like `series` not part of `summary.json`. */
  distributions: Distribution[]
  /** The server that flushed most; null if none flushed or compacted anything. */
  busiestServer: ServerTimeline | null
  outcomes: EditOutcomes
}
