import type { HdfsFile } from '../storage/hdfs/hdfs-file.js'

/**
 * A write-ahead log file: the edits `[from, from + entries)` of a log. The one being written grows;
 * after a roll it is closed in the background, archived to oldWALs when all its edits are in HFiles,
 * and deleted by the master's log cleaner.
 */
export class Wal {
  /** Highest sequence id per region, for archiving; dropped once the file is archived. */
  #highest: Float64Array | null
  #from: number
  #entries = 0
  #synced = 0
  #bytes = 0
  #syncedBytes = 0
  closedUs: number | null = null
  #hasTrailer = false
  archivedUs: number | null = null
  deletedUs: number | null = null

  constructor(
    readonly name: string,
    readonly createdUs: number,
    from: number,
    regions: number,
    readonly file: HdfsFile,
  ) {
    this.#highest = new Float64Array(regions)
    this.#from = from
  }

  /** First edit of the file. */
  get from(): number {
    return this.#from
  }

  /** The writer switches to this file: `edit` will be its first. */
  startAt(edit: number): void {
    this.#from = edit
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

  /** The writer still has the file open, though it may be closing it. */
  get beingWritten(): boolean {
    return this.closedUs === null
  }

  /** Closed cleanly: a reader that reaches the end knows that it is the end. */
  get hasTrailer(): boolean {
    return this.#hasTrailer
  }

  /** The header is written with the file. */
  get headerReadable(): boolean {
    return true
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

  /** The writer lets the file go, with a trailer if all went well. */
  close(nowUs: number, hasTrailer: boolean): void {
    this.closedUs = nowUs
    this.#hasTrailer = hasTrailer
  }

  archive(nowUs: number): void {
    this.archivedUs = nowUs
    this.#highest = null
  }
}
