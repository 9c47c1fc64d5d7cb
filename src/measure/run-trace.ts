import type { Occurrence } from '../kernel/tracer.js'

/** Edits of a log that made progress together. */
export interface ProgressRange {
  /** One of `progressKinds`. */
  readonly kind: string
  /** Null for what concerns no peer. */
  readonly peer: string | null
  readonly log: number
  /** Half-open: `to` is not in it. */
  readonly from: number
  to: number
  /** Of the first of them, and of the last. */
  readonly fromUs: number
  untilUs: number
  /** The occurrence that led to it; 0 if none is known. */
  readonly cause: number
}

/** A quantity over time, at the instants at which the run was looked at. */
export interface Counter {
  readonly metric: string
  readonly unit: string
  readonly labels: Readonly<Record<string, string>>
  readonly timesUs: readonly number[]
  readonly values: readonly (number | null)[]
}

/** A log: the edits of one WAL group of one incarnation of a server, by number. */
export interface TracedLog {
  readonly log: number
  readonly server: string
}

/** What happened in one run: plain data, which a worker can hand on. */
export interface RunTrace {
  readonly endedUs: number
  /** In the order of their ids, which are 1, 2, 3, … */
  readonly occurrences: readonly Occurrence[]
  /** How many more there were. */
  readonly droppedOccurrences: number
  readonly ranges: readonly ProgressRange[]
  readonly droppedRanges: number
  readonly logs: readonly TracedLog[]
  readonly counters: readonly Counter[]
}
