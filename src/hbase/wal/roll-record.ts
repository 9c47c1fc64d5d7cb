/**
 * Why a WAL is rolled (WALActionsListener.RollRequestReason; `period` and `request` are the log
 * roller's own: its WAL has come of age, an operator or a backup asks).
 */
export type RollReason = 'size' | 'error' | 'low replication' | 'slow sync' | 'period' | 'request'

/** One roll, as it is reported. */
export interface RollRecord {
  readonly reason: RollReason
  /** When the roller began with it. */
  readonly atUs: number
  /** Until the new file is written to, attempts that failed not counted. */
  readonly durationUs: number
  /** Entries and bytes of the file that was left. */
  readonly entries: number
  readonly bytes: number
  /** WALs that the roll left neither written nor archived. */
  readonly rolledWals: number
  /** Regions asked to flush because there were too many. */
  readonly regionsToFlush: number
}
