import type { StoreFile } from '../regionserver/store-file.js'

/** Files of one store that are to be compacted into one (HBase's CompactionRequestImpl). */
export interface CompactionRequest {
  /** Neighbours in the store, oldest first; empty if there is nothing to do. */
  readonly files: readonly StoreFile[]
  readonly bytes: number
  /** All files of the store: deleted cells are dropped and the output counts as major compacted. */
  readonly isAllFiles: boolean
  /** All files because a major compaction was due or asked for. */
  readonly isMajor: boolean
  /** It uses the limits of off-peak hours. */
  readonly isOffPeak: boolean
}
