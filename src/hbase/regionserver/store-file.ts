import type { HdfsFile } from '../../storage/hdfs/hdfs-file.js'

/** An HFile of one family of one region, and what it holds (HBase's HStoreFile). */
export interface StoreFile {
  /** Unique in the cluster, the same in every run that writes it. */
  readonly name: string
  readonly region: number
  readonly family: number
  readonly bytes: number
  /** Cells. */
  readonly entries: number
  /** It holds what the family got from the first to the second; -1 if it was given no id. */
  readonly minSequenceId: number
  readonly maxSequenceId: number
  /** When it was written; negative for what is older than the run. */
  readonly createdUs: number
  /** Timestamp of its oldest cell; without meaning if it has none. */
  readonly oldestCellUs: number
  /** Half of a file of the region that was split. */
  readonly isReference: boolean
  /** Written by a compaction of all files of the store. */
  readonly isMajorCompacted: boolean
  readonly bulkLoaded: boolean
  /** Loaded with the wish that only major compactions touch it. */
  readonly excludedFromMinorCompaction: boolean
  /** Null if it is older than the run: HDFS does not know it. */
  readonly file: HdfsFile | null
}

/** What every StoreFile must say; the rest is that of a flush. */
export type StoreFileParts = Pick<
  StoreFile,
  | 'name'
  | 'region'
  | 'family'
  | 'bytes'
  | 'entries'
  | 'minSequenceId'
  | 'maxSequenceId'
  | 'createdUs'
  | 'file'
> &
  Partial<StoreFile>

/** A file as a flush writes it, but for what `parts` say otherwise. */
export function storeFile(parts: StoreFileParts): StoreFile {
  return {
    oldestCellUs: parts.createdUs,
    isReference: false,
    isMajorCompacted: false,
    bulkLoaded: false,
    excludedFromMinorCompaction: false,
    ...parts,
  }
}

export function bytesIn(files: readonly StoreFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0)
}

/**
 * Oldest first: by highest sequence id, files without one before all others; then larger before
 * smaller, then by the time of writing and by name (StoreFileComparators.SEQ_ID).
 */
export function bySequenceId(a: StoreFile, b: StoreFile): number {
  return (
    a.maxSequenceId - b.maxSequenceId ||
    b.bytes - a.bytes ||
    a.createdUs - b.createdUs ||
    (a.name < b.name ? -1 : 1)
  )
}
