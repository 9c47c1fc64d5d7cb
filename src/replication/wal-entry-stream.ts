import type { MetricsSource } from './metrics-source.js'
import type { ReadableWal } from './readable-wal.js'
import type { ReplicationSourceLogQueue } from './replication-source-log-queue.js'

/**
 * Whether there is an entry to take; HBase's answers:
 * - `RETRY`: nothing now, sleep before asking again
 * - `RETRY_IMMEDIATELY`: the file must be opened once more, or another file is next
 * - `NO`: the queue of a dead server has come to its end
 */
export type HasNext = 'YES' | 'RETRY' | 'RETRY_IMMEDIATELY' | 'NO'

/**
 * Reads entries across the WALs of a queue (HBase's class of this name). A reader sees a file as
 * long as it was when it was opened; at its end it must open it again to see more.
 */
export class WALEntryStream {
  #current: ReadableWal | undefined
  #opened = false
  #limit = 0
  #completeWhenOpened = false

  /**
   * @param position entries of the queue's head that have been read
   * @param recovered the queue of a dead server, which ends
   * @param autorecovery `replication.source.eof.autorecovery`
   */
  constructor(
    private readonly queue: ReplicationSourceLogQueue,
    private readonly metrics: MetricsSource,
    public position: number,
    private readonly recovered: boolean,
    private readonly autorecovery: boolean,
  ) {}

  /** The file that `hasNext` last spoke of; undefined once it is done with. */
  get wal(): ReadableWal | undefined {
    return this.#current
  }

  /** True if the next look must open the file first. */
  get needsOpen(): boolean {
    return !this.#opened && this.queue.head?.headerReadable === true
  }

  /** Entries that can be taken without another look. */
  get readable(): number {
    return this.#opened ? this.#limit - this.position : 0
  }

  hasNext(): HasNext {
    const wal = this.queue.head
    this.#current = wal
    if (wal === undefined) return this.recovered ? 'NO' : 'RETRY'
    if (!wal.headerReadable) return this.#skipUnreadable(wal)
    if (!this.#opened) this.#open(wal)
    if (this.position < this.#limit) return 'YES'
    this.#opened = false
    if (this.#mayGrow(wal)) return 'RETRY'
    // What was written after it was opened is still to be seen (HBASE-6758).
    if (!this.#completeWhenOpened) return 'RETRY_IMMEDIATELY'
    if (!wal.beingWritten && !wal.hasTrailer) this.metrics.uncleanlyClosedLogs++
    this.metrics.completedLogs++
    this.#nextWal()
    return 'RETRY_IMMEDIATELY'
  }

  /** Passes over `entries` entries, no more than `readable`. */
  take(entries: number): void {
    this.position += entries
  }

  /** Starts again at `position` of the queue's head. */
  reset(position: number): void {
    this.position = position
    this.#opened = false
  }

  #open(wal: ReadableWal): void {
    this.#opened = true
    this.#completeWhenOpened = !this.#mayGrow(wal)
    // Unsynced entries may yet be lost by the primary (HBASE-14004).
    this.#limit = this.#mayGrow(wal) ? wal.syncedEntries : wal.entries
  }

  /**
   * Closing a file takes its time after a roll. A file with another behind it gets no more entries,
   * whether or not it is closed already.
   */
  #mayGrow(wal: ReadableWal): boolean {
    return wal.beingWritten && this.queue.length === 1
  }

  #skipUnreadable(wal: ReadableWal): HasNext {
    if (!this.autorecovery || wal.beingWritten) return 'RETRY'
    this.#nextWal()
    return 'RETRY_IMMEDIATELY'
  }

  /** The position goes back to 0 before anything else may look at it (HBASE-29987). */
  #nextWal(): void {
    this.position = 0
    this.#opened = false
    this.#current = undefined
    this.queue.dequeue()
  }
}
