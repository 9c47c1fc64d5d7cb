import type { HdfsFile } from '../../storage/hdfs/hdfs-file.js'
import { type EditLog, NO_REGION } from './edit-log.js'
import type { RegionSequenceIds, SequenceIdAccounting } from './sequence-id-accounting.js'
import { type RegionEdits, WalProps } from './wal-props.js'

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
  /** Hears of every entry that passes through a memstore; nobody if not given. */
  readonly accounting?: SequenceIdAccounting
  /** Default true. */
  readonly headerReadable?: boolean
  /** Default false. */
  readonly isMeta?: boolean
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
  /** It holds hbase:meta's edits and no others. */
  readonly isMeta: boolean
  /** The header is written with the file; false for a file of 0 bytes. */
  readonly headerReadable: boolean
  readonly #accounting: SequenceIdAccounting | null
  /** Dropped once the file is archived. */
  #props: WalProps | null
  #from = 0
  /** Bytes of the log before the file's first edit. */
  #startBytes = 0
  #reappended = 0
  #entries = 0
  /** Entries given to the writer, in the file or not. */
  #noted = 0
  #synced = 0
  #bytes = 0
  #syncedBytes = 0
  #hsyncedBytes = 0
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
    this.isMeta = options.isMeta ?? false
    this.#accounting = options.accounting ?? null
    this.#props = new WalProps(options.regions)
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

  /** Bytes before the end of the last hsync that has returned. */
  get hsyncedBytes(): number {
    return this.#hsyncedBytes
  }

  /** A sync has returned; an hsync covers all before it, too. */
  synced(entries: number, bytes: number, hsync = false): void {
    this.#synced += entries
    this.#syncedBytes += bytes
    if (hsync) this.#hsyncedBytes = this.#syncedBytes
  }

  /** An entry of a region is written, which is, or will be, in its memstore. */
  note(region: number, sequenceId: number, bytes: number): void {
    this.#noted++
    this.#props?.note(region, sequenceId, bytes)
    this.#accounting?.update(region, sequenceId)
  }

  /** A marker is written: it passes through no memstore, so it holds no WAL back. */
  noteMarker(region: number, sequenceId: number): void {
    this.#noted++
    if (region === NO_REGION) return
    this.#props?.noteMarker(region, sequenceId)
  }

  /** Entries of a region that were written before the run began: no log has them. */
  notePast({ region, minSequenceId, maxSequenceId, bytes }: RegionEdits): void {
    this.#props?.note(region, minSequenceId, 0)
    this.#props?.note(region, maxSequenceId, bytes)
    this.#bytes += bytes
  }

  /** The writer has switched to another file. */
  rolled(): void {
    this.#props?.seal()
  }

  /**
   * The regions that have entries in the file, in order, markers included; none once it is
   * archived. If a stream broke they may count entries that did not reach a DataNode.
   */
  get regions(): readonly number[] {
    return this.#props?.regions ?? []
  }

  /** The highest sequence id of each of these regions. */
  highestSequenceIds(): RegionSequenceIds {
    return this.#props?.highest() ?? []
  }

  /** Highest sequence id of a region in the file; 0 if it has none. */
  highestSequenceId(region: number): number {
    return this.#props?.highestOf(region) ?? 0
  }

  /**
   * The edits of each region that are in the file: while it is open, that lease recovery would find.
   * None once it is archived.
   */
  *regionEntries(): Generator<RegionEdits> {
    const missing = this.#notInFile()
    for (const region of this.regions) {
      const { bytes, minSequenceId } = missing.get(region) ?? { bytes: 0, minSequenceId: Infinity }
      const left = (this.#props?.bytesOf(region) ?? 0) - bytes
      if (left <= 0) continue
      const highest = this.#props?.highestEditOf(region) ?? 0
      yield {
        region,
        minSequenceId: this.#props?.lowestOf(region) ?? 0,
        maxSequenceId: Math.min(highest, minSequenceId - 1),
        bytes: left,
      }
    }
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
    this.#props = null
  }

  /** By region, what was given to the writer and is not in the file: its last edits. */
  #notInFile(): Map<number, { bytes: number; minSequenceId: number }> {
    const { log } = this
    const missing = new Map<number, { bytes: number; minSequenceId: number }>()
    const end = Math.min(this.#from + this.#noted, log.length)
    for (let edit = Math.max(this.#foundEnd(), log.firstRetained); edit < end; edit++) {
      if (log.markers.has(edit)) continue
      const region = log.region(edit)
      const known = missing.get(region)
      missing.set(region, {
        bytes: (known?.bytes ?? 0) + log.bytesOf(edit, edit + 1),
        minSequenceId: known?.minSequenceId ?? log.sequenceId(edit),
      })
    }
    return missing
  }

  /** Behind the last whole entry that the file has, or that recovery will find. */
  #foundEnd(): number {
    if (this.closedUs !== null) return this.#from + this.#entries
    const inFile = this.file.extents.at(-1)?.to ?? this.#from
    return Math.min(this.#from + this.recoverableEntries, inFile)
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
