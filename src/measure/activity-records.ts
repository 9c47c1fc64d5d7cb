import type { FlushReason } from '../hbase/regionserver/flush-queue.js'
import type { Refusal } from '../hbase/regionserver/refusal.js'
import type { RollReason } from '../hbase/wal/roll-record.js'

/** A flush of a region that was committed (`FlushRecord` of the region server). */
export interface CommittedFlush {
  readonly reason: FlushReason
  readonly bytes: number
  /** The region's lock was asked for: from here on its writes waited, */
  readonly lockedUs: number
  /** … and from here on no more. */
  readonly unlockedUs: number
  readonly committedUs: number
}

/** A compaction of one store that was committed (`CompactionRecord` of the region server). */
export interface CommittedCompaction {
  readonly inputs: readonly unknown[]
  /** Of the inputs. */
  readonly bytes: number
  readonly major: boolean
  readonly startedUs: number
  readonly endedUs: number
}

/** A roll of a WAL (`RollRecord` of the WAL). */
export interface Roll {
  readonly reason: RollReason
  readonly atUs: number
}

export const NO_FLUSHES: Readonly<Record<FlushReason, number>> = {
  size: 0,
  age: 0,
  changes: 0,
  pressure: 0,
  'max-logs': 0,
  close: 0,
  request: 0,
  replica: 0,
}

export const NO_ROLLS: Readonly<Record<RollReason, number>> = {
  size: 0,
  period: 0,
  'slow sync': 0,
  'low replication': 0,
  error: 0,
  request: 0,
}

export const NO_REFUSALS: Readonly<Record<Refusal, number>> = {
  'region too busy': 0,
  'call queue too big': 0,
  'row lock': 0,
  'not serving': 0,
  'reads disabled': 0,
  'file not found': 0,
}
