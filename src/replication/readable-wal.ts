import type { EditLog } from '../hbase/wal/edit-log.js'

/** A WAL as a replication source sees it; it may grow while it is read. */
export interface ReadableWal {
  readonly name: string
  readonly createdUs: number
  /** Edits of the incarnation and WAL group that wrote the file. */
  readonly log: EditLog
  readonly group: number
  /** The incarnation that wrote the file. */
  readonly server: string
  /** First edit of the file, an index into its log. */
  readonly from: number
  /** Whole entries in the file. */
  readonly entries: number
  /** Entries up to the synced length; none beyond it may be read while the file is the last. */
  readonly syncedEntries: number
  /** Leading entries that the previous file of the group holds as well: its stream had failed. */
  readonly reappendedEntries: number
  /** Bytes behind the last whole entry of a file whose writer died; absent if there are none. */
  readonly tornBytes?: number
  /** Open for writing, or being closed. */
  readonly beingWritten: boolean
  /** Closed cleanly. */
  readonly hasTrailer: boolean
  /** The file system can serve it now: every block has a replica that is up. */
  readonly available: boolean
  /** False for a file of 0 bytes or with a broken header. */
  readonly headerReadable: boolean
}
