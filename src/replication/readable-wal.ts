/** A WAL as a replication source sees it; it may grow while it is read. */
export interface ReadableWal {
  readonly name: string
  readonly createdUs: number
  /** First edit of the file, an index into its log. */
  readonly from: number
  /** Entries in the file. */
  readonly entries: number
  /** Entries up to the synced length; none beyond it may be read while the file is the last. */
  readonly syncedEntries: number
  /** Open for writing, or being closed. */
  readonly beingWritten: boolean
  /** Closed cleanly. */
  readonly hasTrailer: boolean
  /** False for a file of 0 bytes or with a broken header. */
  readonly headerReadable: boolean
}
