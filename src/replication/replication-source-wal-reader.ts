import type { EditLog } from '../hbase/edit-log.js'
import type { BoundedQueue } from '../kernel/bounded-queue.js'
import type { Protocol } from '../kernel/process.js'
import { appendExtent, type Extent } from '../storage/extent.js'
import type { BufferQuota } from './buffer-quota.js'
import type { MetricsSource } from './metrics-source.js'
import type { ReadableWal } from './readable-wal.js'
import type { ReplicationSourceLogQueue } from './replication-source-log-queue.js'
import type { WALEntryBatch } from './wal-entry-batch.js'
import { type HasNext, WALEntryStream } from './wal-entry-stream.js'

/** Limits and sleeps of a reader, by HBase's properties. */
export interface ReaderLimits {
  readonly sleepForRetriesUs: number
  readonly maxRetriesMultiplier: number
  readonly sizeCapacity: number
  readonly nbCapacity: number
  readonly autorecovery: boolean
}

/** A filter could not decide yet: the batch is read again from its start (WALEntryFilterRetryableException). */
export class FilterRetry extends Error {}

export interface ReaderOptions {
  readonly queue: ReplicationSourceLogQueue
  readonly log: EditLog
  readonly quota: BufferQuota
  readonly metrics: MetricsSource
  readonly batches: BoundedQueue<WALEntryBatch | 'NO_MORE_DATA'>
  readonly limits: ReaderLimits
  /** A claimed queue of a dead server, which ends. */
  readonly recovered: boolean
  readonly startPosition: number
  peerEnabled(): boolean
  /** Brings the lengths of the WALs up to date. */
  refresh(): void
  /** Time to open a WAL and see its length, the `n`-th time. */
  openUs(n: number): number
  /** Time to read `bytes` of an open WAL. */
  readUs(bytes: number): number
  /** True if the peer wants the edit; absent if it wants all. */
  readonly wants?: (edit: number) => boolean
}

/** The reader thread of a source (HBase's class of this name): WAL entries into batches. */
export class ReplicationSourceWALReader {
  readonly #options: ReaderOptions
  readonly #stream: WALEntryStream
  #opens = 0

  constructor(options: ReaderOptions) {
    this.#options = options
    this.#stream = new WALEntryStream(
      options.queue,
      options.metrics,
      options.startPosition,
      options.recovered,
      options.limits.autorecovery,
    )
  }

  *run(): Protocol {
    const { batches, quota, limits } = this.#options
    const stream = this.#stream
    let multiplier = 1
    for (;;) {
      if (!this.#options.peerEnabled() || quota.exceeded) {
        yield limits.sleepForRetriesUs
        continue
      }
      const { wal: before, position } = stream
      const hasNext = yield* this.#look()
      const { wal } = stream
      if (before !== undefined && wal !== before) {
        yield* batches.put(emptyBatch(before, position))
        continue
      }
      if (hasNext === 'RETRY_IMMEDIATELY') continue
      if (hasNext === 'NO') {
        yield* batches.put('NO_MORE_DATA')
        return
      }
      const batch = hasNext === 'YES' && wal !== undefined ? yield* this.#readBatch(wal) : null
      if (batch === null) {
        multiplier = Math.min(multiplier + 1, limits.maxRetriesMultiplier)
        yield limits.sleepForRetriesUs * multiplier
      } else {
        yield* batches.put(batch)
        multiplier = 1
      }
    }
  }

  /** Asks the stream for the next entry, opening the file if need be. */
  *#look(): Protocol<HasNext> {
    if (this.#stream.needsOpen) yield this.#options.openUs(this.#opens++)
    this.#options.refresh()
    return this.#stream.hasNext()
  }

  /** Null if a filter wants the batch to be tried again. */
  *#readBatch(wal: ReadableWal): Protocol<WALEntryBatch | null> {
    const { log, quota } = this.#options
    const stream = this.#stream
    const fromPosition = stream.position
    const extents: Extent[] = []
    let entries = 0
    let bytes = 0
    let endOfFile = false
    for (;;) {
      const from = wal.from + stream.position
      const to = from + this.#entriesToRead(from, entries, bytes)
      // Taken before the read, so that readers who share the quota do not all read up to its limit.
      const readBytes = log.bytesOf(from, to)
      quota.acquire(readBytes)
      yield this.#options.readUs(readBytes)
      const wanted = this.#filter(from, to, extents)
      if (wanted === null) {
        quota.release(bytes + readBytes)
        stream.reset(fromPosition)
        return null
      }
      const wantedBytes = extentBytes(extents) - bytes
      quota.release(readBytes - wantedBytes)
      entries += wanted
      bytes += wantedBytes
      stream.take(to - from)
      if (this.#full(entries, bytes)) break
      const hasNext = yield* this.#lookOn(wal)
      endOfFile = stream.wal !== wal
      if (hasNext !== 'YES') break
    }
    const toPosition = endOfFile ? wal.entries : stream.position
    const lastWriteUs = entries > 0 ? log.writtenUs((extents.at(-1) as Extent).to - 1) : 0
    return { wal, extents, entries, bytes, fromPosition, toPosition, endOfFile, lastWriteUs }
  }

  /**
   * As `#look` in the middle of a batch, where only a file that was left since it was opened is
   * opened again: what it got last belongs to the batch, and so does its end.
   */
  *#lookOn(wal: ReadableWal): Protocol<HasNext> {
    this.#options.refresh()
    const hasNext = this.#stream.hasNext()
    if (hasNext !== 'RETRY_IMMEDIATELY' || this.#stream.wal !== wal) return hasNext
    return yield* this.#look()
  }

  /** A batch ends after the entry with which it reaches a limit. */
  #entriesToRead(from: number, entries: number, bytes: number): number {
    const { log, limits, quota } = this.#options
    const most = Math.min(this.#stream.readable, limits.nbCapacity - entries)
    const room = Math.min(limits.sizeCapacity - bytes, quota.limit - quota.used)
    const below = log.lastWithin(from, from + most, Math.max(room - 1, 0)) - from
    return Math.min(below + 1, most)
  }

  #full(entries: number, bytes: number): boolean {
    const { limits, quota } = this.#options
    const { sizeCapacity, nbCapacity } = limits
    return bytes >= sizeCapacity || entries >= nbCapacity || quota.used >= quota.limit
  }

  /**
   * Appends the wanted edits of `[from, to)` to `extents` and returns how many they are; null if the
   * filter cannot tell yet.
   */
  #filter(from: number, to: number, extents: Extent[]): number | null {
    const { log, metrics, wants } = this.#options
    metrics.logEditsRead += to - from
    metrics.logReadInBytes += log.bytesOf(from, to)
    const append = (start: number, end: number) =>
      appendExtent(extents, { log: log.id, from: start, to: end, bytes: log.bytesOf(start, end) })
    if (wants === undefined) {
      append(from, to)
      return to - from
    }
    let wanted = 0
    try {
      for (let edit = from; edit < to; edit++) {
        if (!wants(edit)) continue
        append(edit, edit + 1)
        wanted++
      }
    } catch (error) {
      if (error instanceof FilterRetry) return null
      throw error
    }
    metrics.logEditsFiltered += to - from - wanted
    return wanted
  }
}

function extentBytes(extents: readonly Extent[]): number {
  return extents.reduce((sum, extent) => sum + extent.bytes, 0)
}

/** The end of `wal` was met between batches: nothing to ship, but the offset may pass it. */
function emptyBatch(wal: ReadableWal, position: number): WALEntryBatch {
  return {
    wal,
    extents: [],
    entries: 0,
    bytes: 0,
    fromPosition: position,
    toPosition: wal.entries,
    endOfFile: true,
    lastWriteUs: 0,
  }
}
