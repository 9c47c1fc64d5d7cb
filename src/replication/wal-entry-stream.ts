import type { MetricsSource } from './metrics-source.js'
import type { ReadableWal } from './readable-wal.js'
import type { WalGroupQueue } from './replication-source-log-queue.js'

/**
 * Whether there is an entry to take; HBase's answers:
 * - `RETRY`: nothing now, sleep before asking again
 * - `RETRY_IMMEDIATELY`: the file must be opened once more, or another file is next
 * - `NO`: the queue is empty: a dead server's has come to its end
 */
export type HasNext = 'YES' | 'RETRY' | 'RETRY_IMMEDIATELY' | 'NO'

export interface WALEntryStreamOptions {
  readonly queue: WalGroupQueue
  readonly metrics: MetricsSource
  /** Entries of the queue's head that have been read. */
  readonly position: number
  /** `replication.source.eof.autorecovery` */
  readonly autorecovery: boolean
  /** Fixes of HBase that are taken out again. */
  readonly unfixed: readonly string[]
}

/**
 * Reads entries across the WALs of a queue (HBase's class of this name). A reader sees a file as
 * long as it was when it was opened; at its end it must open it again to see more.
 *
 * A file that is closed cleanly is seen whole when it is opened, so that the stream never has to
 * start it again from 0 (HBASE-15983: position and trailer fall short of the length). A file moved
 * to oldWALs is found there in no extra time.
 */
export class WALEntryStream {
  position: number
  readonly #options: WALEntryStreamOptions
  #current: ReadableWal | undefined
  /** The reader is on `#current`, whatever the queue's head is: two streams may share a queue. */
  #onFile = false
  #opened = false
  #limit = 0
  #completeWhenOpened = false
  #trailerWhenOpened = false
  #lastAttempt = false
  #seekBytes: number | null = null

  constructor(options: WALEntryStreamOptions) {
    this.#options = options
    this.position = options.position
  }

  /** The file that `hasNext` last spoke of; undefined once it is done with. */
  get wal(): ReadableWal | undefined {
    return this.#current
  }

  /** True if the next look must open the file first. */
  get needsOpen(): boolean {
    return !this.#opened && this.#next()?.headerReadable === true
  }

  /** Entries that can be taken without another look. */
  get readable(): number {
    return this.#opened ? this.#limit - this.position : 0
  }

  hasNext(): HasNext {
    const wal = this.#next()
    this.#current = wal
    if (wal === undefined) return 'NO'
    if (!wal.available) {
      this.#opened = false
      return 'RETRY'
    }
    if (!wal.headerReadable) return this.#skipUnreadable(wal)
    if (!this.#opened && !this.#open(wal)) return 'RETRY'
    if (this.position < this.#limit) {
      this.#lastAttempt = false
      return 'YES'
    }
    this.#opened = false
    if (this.#mayGrow(wal)) return 'RETRY'
    // What was written after it was opened is still to be seen (HBASE-6758).
    if (!this.#completeWhenOpened) {
      this.#lastAttempt = true
      return 'RETRY_IMMEDIATELY'
    }
    this.#countEnd(wal)
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
    this.#current = undefined
    this.#onFile = false
    this.#opened = false
    this.#seekBytes = null
  }

  /** Starts again at byte `bytes` of the queue's head, wherever in it that is. */
  resetToBytes(bytes: number): void {
    this.reset(0)
    this.#seekBytes = bytes
  }

  #next(): ReadableWal | undefined {
    return this.#onFile ? this.#current : this.#options.queue.head
  }

  /** False if the file cannot be read from where the reader is to begin. */
  #open(wal: ReadableWal): boolean {
    if (this.#seekBytes !== null) {
      const position = entryAt(wal, this.#seekBytes)
      if (position === undefined) return false
      this.position = position
      this.#seekBytes = null
    }
    const mayGrow = this.#mayGrow(wal)
    this.#onFile = true
    this.#opened = true
    this.#completeWhenOpened = !mayGrow
    this.#trailerWhenOpened = wal.hasTrailer
    // Unsynced entries may yet be lost by the primary (HBASE-14004).
    const unsyncedToo = !mayGrow || this.#options.unfixed.includes('HBASE-14004')
    this.#limit = unsyncedToo ? wal.entries : wal.syncedEntries
    return true
  }

  /**
   * Closing a file takes its time after a roll. A file with another behind it gets no more entries,
   * whether or not it is closed already.
   */
  #mayGrow(wal: ReadableWal): boolean {
    return wal.beingWritten && this.#options.queue.length <= 1
  }

  #skipUnreadable(wal: ReadableWal): HasNext {
    this.#onFile = false
    if (!this.#options.autorecovery || wal.beingWritten) return 'RETRY'
    this.#nextWal()
    return 'RETRY_IMMEDIATELY'
  }

  /** HBase counts only ends that it had to look for, not one announced by a trailer. */
  #countEnd(wal: ReadableWal): void {
    const { metrics } = this.#options
    if (this.#trailerWhenOpened && !this.#lastAttempt) return
    metrics.completedLogs++
    const tornBytes = wal.tornBytes ?? 0
    if (wal.hasTrailer || tornBytes === 0) return
    metrics.uncleanlyClosedLogs++
    metrics.ignoredUncleanlyClosedLogContentsInBytes += tornBytes
  }

  #nextWal(): void {
    this.reset(0)
    this.#lastAttempt = false
    this.#options.queue.dequeue()
  }
}

/** The entry that begins at byte `bytes`; undefined in the middle of one and behind the last. */
function entryAt({ log, from, entries }: ReadableWal, bytes: number): number | undefined {
  const edit = log.lastWithin(from, from + entries, bytes)
  return log.bytesOf(from, edit) === bytes ? edit - from : undefined
}
