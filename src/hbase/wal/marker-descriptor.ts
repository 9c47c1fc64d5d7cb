import type { StoreFile } from '../regionserver/store-file.js'

/**
 * What a marker in the WAL says (FlushDescriptor, RegionEventDescriptor, CompactionDescriptor and
 * BulkLoadDescriptor of WAL.proto). Secondary replicas act upon it; peers filter it out.
 */
export type MarkerDescriptor =
  | {
      readonly kind: 'START_FLUSH'
      readonly flushSequenceNumber: number
      /** Families that are flushed. */
      readonly families: readonly number[]
      /** All families of the table are. */
      readonly isFull: boolean
    }
  | {
      readonly kind: 'COMMIT_FLUSH'
      readonly flushSequenceNumber: number
      readonly families: readonly number[]
      /** The HFiles that the flush has written. */
      readonly files: readonly StoreFile[]
    }
  | { readonly kind: 'ABORT_FLUSH'; readonly flushSequenceNumber: number }
  | { readonly kind: 'CANNOT_FLUSH' }
  | {
      readonly kind: 'REGION_OPEN'
      /** `logSequenceNumber`: every edit below it is in the files. */
      readonly sequence: number
      /** All HFiles of the region at that time. */
      readonly files: readonly StoreFile[]
    }
  | { readonly kind: 'REGION_CLOSE'; readonly sequence: number }
  | {
      readonly kind: 'COMPACTION'
      readonly family: number
      readonly inputs: readonly StoreFile[]
      readonly outputs: readonly StoreFile[]
    }
  | {
      readonly kind: 'BULK_LOAD'
      /** `bulkload_seq_num`; below 0 if the files were given none. */
      readonly sequence: number
      readonly files: readonly StoreFile[]
    }
