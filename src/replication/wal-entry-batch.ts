import type { Extent } from '../storage/extent.js'
import type { ReadableWal } from './readable-wal.js'

/** What a reader hands to its shipper: entries of one WAL, at most once around its end. */
export interface WALEntryBatch {
  readonly wal: ReadableWal
  /** WAL group. */
  readonly group: number
  /** Wanted entries; empty if all were filtered or only the end of the file is told. */
  readonly extents: readonly Extent[]
  readonly entries: number
  readonly bytes: number
  /** Entries of the WAL, from its start, that lie before and after this batch. */
  readonly fromPosition: number
  readonly toPosition: number
  /** The batch reaches the end of a WAL that is completely written. */
  readonly endOfFile: boolean
  /** Write time of the last entry; 0 if there is none. */
  readonly lastWriteUs: number
  /** The reading of it, if the run is traced (`Tracer`). */
  readonly cause?: number
}
