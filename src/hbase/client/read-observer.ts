/** Client's Consistency: `strong` asks the primary alone, `timeline` any replica. */
export type Consistency = 'strong' | 'timeline'

export type ReadKind = 'get' | 'multiget' | 'scan'

/** Rows that one replica answered a client with, together. */
export interface RowsRead {
  readonly operation: number
  readonly consistency: Consistency
  readonly kind: ReadKind
  /** Number of the primary's region. */
  readonly region: number
  readonly replicaId: number
  /** The first row; NO_KEY if nobody names it. */
  readonly key: number
  readonly rows: number
  /** When the operation was sent, and when the client had the rows. */
  readonly sentUs: number
  readonly answeredUs: number
  /** When the server read. */
  readonly readUs: number
  /** What it saw of the first row of its call (`ReadRpcsOptions.versionOf`); 0 of a STRONG get. */
  readonly version: number
}

/** An operation that reads and is over: answered, or failed for good. */
export interface ReadOutcome {
  readonly operation: number
  readonly consistency: Consistency
  readonly kind: ReadKind
  /** Number of the primary's region of its first row. */
  readonly region: number
  readonly sentUs: number
  /** When the client had its answer, or gave up. */
  readonly endedUs: number
  readonly failed: boolean
  /** Rows that it was answered with, and those of them that were flagged (Result.isStale). */
  readonly rows: number
  readonly staleRows: number
  /** Calls beyond those that one replica alone would have been sent. */
  readonly extraRpcs: number
}

/** Hears what clients read. */
export interface ReadObserver {
  rowsRead(rows: RowsRead): void
  ended(outcome: ReadOutcome): void
}
