import type { VisibleAfter } from './replica-visibility.js'

/** A function of time, over the time in which replicas answered; null if they never did. */
interface OverTime {
  readonly p50: number | null
  readonly p99: number | null
  readonly max: number | null
  readonly mean: number | null
}

/** Staleness of the replicas of one table with one replica id; every region has equal weight. */
export interface StalenessResult {
  readonly replicaId: number
  /** t less the acknowledgement time of the oldest edit acknowledged by t that is not readable. */
  readonly stalenessUs: OverTime & {
    readonly timeShareAboveZero: number | null
    /** The primary region, and when, of the maximum; null if nothing was ever stale. */
    readonly worst: { readonly region: number; readonly atUs: number } | null
  }
  /** Edits that a read of the primary sees and a read of the replica does not, per region. */
  readonly stalenessEdits: OverTime
  /**
   * Region time in which a replica had readable an edit newer than one that it lacked, the longest
   * such stretch, and its share of the time in which replicas answered.
   */
  readonly gapUs: {
    readonly total: number
    readonly longest: number
    readonly timeShare: number | null
  }
  /** Region time in which the replica refused reads or was closed; it is in no other figure. */
  readonly unavailableUs: number
  readonly unavailableTimeShare: number | null
  /** Heap of the memstores of all these replicas together. */
  readonly memstoreBytes: { readonly mean: number | null; readonly max: number | null }
  /** Null if no edit was acknowledged in the window. */
  readonly pbs: readonly VisibleAfter[] | null
}

/** Answered reads of the clients, by the replica that answered. */
export interface ReadsResult {
  readonly reads: number
  /** `Result.isStale()`: answered by a secondary, whether or not the data was old. */
  readonly isStale: number
  /** Reads that did not return the newest version acknowledged when they were sent, or a newer. */
  readonly stale: number
  /** When such reads were sent, less the acknowledgement of the newest version by then. */
  readonly staleAgeUs: {
    readonly p50: number | null
    readonly p99: number | null
    readonly max: number | null
  }
  /** Reads that returned a version older than one the same client had read of that key before. */
  readonly backInTime: number
}

/** Reads at uniform instants of keys that the workload reads. */
export interface ProbesResult {
  /** Probes that the replica would have answered. */
  readonly probes: number
  readonly stale: number
  readonly refused: number
  /** Null without a probe. */
  readonly probability: number | null
  /** Binomial: sqrt(p (1 - p) / n); null without a probe. */
  readonly standardError: number | null
}

/** What was sent to these replicas, over the whole run. */
export interface ReplicaTrafficResult {
  /** Attempts at handing entries over. */
  readonly rpcs: number
  readonly failedRpcs: number
  /** Edits taken, and their bytes, those taken before included. */
  readonly edits: number
  readonly bytes: number
  readonly markers: number
  readonly duplicateEdits: number
}

/** An entry of `replicas.<table>` in summary.json; the primary (0) has reads alone. */
export interface ReplicaResult extends StalenessResult {
  /** These two are absent of a table that nobody reads or writes. */
  readonly staleReadProbability?: ProbesResult
  readonly reads?: ReadsResult
  /** Absent where entries are not replicated. */
  readonly traffic?: ReplicaTrafficResult
}
