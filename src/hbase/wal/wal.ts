import type { HdfsFile } from '../../storage/hdfs/hdfs-file.js'
import type { EditLog } from './edit-log.js'

export interface WalOptions {
  readonly name: string
  readonly createdUs: number
  readonly log: EditLog
  /** Number of the WAL group, from 0. */
  readonly group: number
  /** The incarnation of the region server that writes it. */
  readonly server: string
  readonly regions: number
  readonly file: HdfsFile
  /** Default true. */
  readonly headerReadable?: boolean
}

/**
 * A write-ahead log file: the edits `[from, from + entries)` of a log. The one being written grows;
 * after a roll it is closed in the background, archived to oldWALs when all its edits are in HFiles,
 * and deleted by the master's log cleaner.
 *
 * A file whose writer died, or whose stream broke, ends with what its DataNodes had received: all
 * that was acknowledged, and maybe more.
 */
export class Wal {
  readonly name: string
  readonly createdUs: number
  readonly log: EditLog
  readonly group: number
  readonly server: string
  readonly file: HdfsFile
  /** The header is written with the file; false for a file of 0 bytes. */
  readonly headerReadable: boolean
  /** Highest sequence id per region, for archiving; dropped once the file is archived. */
  #highest: Float64Array | null
  #from = 0
  /** Bytes of the log before the file's first edit. */
  #startBytes = 0
  #reappended = 0
  #entries = 0
  #synced = 0
  #bytes = 0
  #syncedBytes = 0
  /** What recovery finds, once nobody writes the file any more without having closed it. */
  #recoverableEntries: number | null = null
  #recoverableBytes = 0
  #tornBytes = 0
  closedUs: number | null = null
  #hasTrailer = false
  archivedUs: number | null = null
  deletedUs: number | null = null

  constructor(options: WalOptions) {
    this.name = options.name
    this.createdUs = options.createdUs
    this.log = options.log
    this.group = options.group
    this.server = options.server
    this.file = options.file
    this.headerReadable = options.headerReadable ?? true
    this.#highest = new Float64Array(options.regions)
    this.startAt(this.log.length, 0)
  }

  /** HDFS can serve it now. */
  get available(): boolean {
    return this.file.readable
  }

  /** First edit of the file. */
  get from(): number {
    return this.#from
  }

  /**
   * The writer switches to this file: `edit` will be its first, and the first `reappended` entries
   * are in an earlier file, too.
   */
  startAt(edit: number, reappended: number): void {
    this.#from = edit
    this.#startBytes = this.log.bytesBefore(edit)
    this.#reappended = reappended
  }

  /** Leading entries that an earlier file of the group holds as well: its stream had broken. */
  get reappendedEntries(): number {
    return Math.min(this.#reappended, this.#entries)
  }

  /** Entries written, synced or not. */
  get entries(): number {
    return this.#entries
  }

  /** Entries whose sync has returned. */
  get syncedEntries(): number {
    return this.#synced
  }

  get bytes(): number {
    return this.#bytes
  }

  get syncedBytes(): number {
    return this.#syncedBytes
  }

  /** Entries that lease recovery will find in the file; all that are written while it is in use. */
  get recoverableEntries(): number {
    return this.#recoverableEntries ?? this.#entries
  }

  /** Bytes of those entries. */
  get recoverableBytes(): number {
    return this.#recoverableEntries === null ? this.#bytes : this.#recoverableBytes
  }

  /** Bytes behind the last whole entry; only a loss of power leaves some. */
  get tornBytes(): number {
    return this.#tornBytes
  }

  /** The writer still has the file open, though it may be closing it. */
  get beingWritten(): boolean {
    return this.closedUs === null
  }

  /** Closed cleanly: a reader that reaches the end knows that it is the end. */
  get hasTrailer(): boolean {
    return this.#hasTrailer
  }

  written(entries: number, bytes: number): void {
    this.#entries += entries
    this.#bytes += bytes
  }

  synced(entries: number, bytes: number): void {
    this.#synced += entries
    this.#syncedBytes += bytes
  }

  noteSequenceId(region: number, sequenceId: number): void {
    if (this.#highest !== null) this.#highest[region] = sequenceId
  }

  /** True if every region's highest edit here is at or below what `flushedSequenceId` says. */
  allFlushed(flushedSequenceId: (region: number) => number): boolean {
    if (this.#highest === null) return true
    for (let region = 0; region < this.#highest.length; region++) {
      if ((this.#highest[region] as number) > flushedSequenceId(region)) return false
    }
    return true
  }

  /**
   * Nothing is written to the file any more, and it is not closed: beyond what is synced, the
   * DataNodes have received so many entries and bytes.
   */
  abandon(receivedEntries: number, receivedBytes: number): void {
    if (this.closedUs !== null) return
    this.#recoverableEntries = this.#synced + receivedEntries
    this.#recoverableBytes = this.#syncedBytes + receivedBytes
  }

  /** From now on the file ends with what its DataNodes have received. */
  endAtRecoverable(): void {
    this.#entries = this.recoverableEntries
    this.#bytes = this.recoverableBytes
  }

  /** Lease recovery has closed the file in place of its writer: it ends with what it then holds. */
  recovered(nowUs: number, hasTrailer = false): void {
    if (this.closedUs !== null) return
    this.endAtRecoverable()
    const foundBytes = this.file.visibleBytes()
    if (foundBytes < this.#bytes) this.#endShort(foundBytes)
    this.#synced = this.#entries
    this.#syncedBytes = this.#bytes
    this.close(nowUs, hasTrailer)
  }

  /** The writer lets the file go, with a trailer if all went well. */
  close(nowUs: number, hasTrailer: boolean): void {
    this.closedUs = nowUs
    this.#hasTrailer = hasTrailer
  }

  archive(nowUs: number): void {
    this.archivedUs = nowUs
    this.#highest = null
  }

  /** A loss of power took what was acknowledged; the last entry may be torn. */
  #endShort(foundBytes: number): void {
    const end = foundBytes > 0 ? (this.file.extents.at(-1)?.to ?? this.#from) : this.#from
    const known = end >= this.log.firstRetained
    this.#entries = end - this.#from
    this.#bytes = known ? this.log.bytesBefore(end) - this.#startBytes : foundBytes
    this.#tornBytes = foundBytes - this.#bytes
  }
}
