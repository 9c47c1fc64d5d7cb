import { type EditLog, REPLICATION_MARKER } from '../hbase/wal/edit-log.js'
import type { BoundedQueue } from '../kernel/bounded-queue.js'
import type { Protocol } from '../kernel/process.js'
import type { Scheduler } from '../kernel/scheduler.js'
import type { Details } from '../kernel/tracer.js'
import { appendExtent, type Extent } from '../storage/extent.js'
import type { BufferQuota } from './buffer-quota.js'
import type { MetricsSource } from './metrics-source.js'
import type { ReadableWal } from './readable-wal.js'
import type { WalGroupQueue } from './replication-source-log-queue.js'
import type { ResendCauses } from './resend-causes.js'
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
  readonly scheduler: Scheduler
  /** What a trace is to call its source by. */
  readonly labels: Details
  readonly queue: WalGroupQueue
  readonly quota: BufferQuota
  readonly metrics: MetricsSource
  readonly batches: BoundedQueue<WALEntryBatch | 'NO_MORE_DATA'>
  readonly limits: ReaderLimits
  readonly startPosition: number
  readonly resends: ResendCauses
  /** Fixes of HBase that are taken out again. */
  readonly unfixed: readonly string[]
  peerEnabled(): boolean
  /** Brings the lengths of the WALs up to date. */
  refresh(): void
  /** Time to open a WAL and see its length, the `n`-th time. */
  openUs(n: number): number
  /** Time to read `bytes` of an open WAL. */
  readUs(bytes: number): number
  /** True if the peer wants the edit of a log; absent if it wants all. */
  readonly wants?: ((edit: number, log: EditLog) => boolean) | undefined
  /** See `ReplicationPeer.wantsMarkers`. */
  readonly wantsMarkers?: boolean | undefined
}

/** The reader thread of a source (HBase's class of this name): WAL entries into batches. */
export class ReplicationSourceWALReader {
  readonly #options: ReaderOptions
  readonly #stream: WALEntryStream
  readonly #unfixed: ReadonlySet<string>
  #opens = 0
  #heldBytes = 0
  #putting = false
  /** Where a new stream would begin: the end of the last batch, and the file that it was in. */
  #position: number
  #positionIn: ReadableWal | undefined

  constructor(options: ReaderOptions) {
    this.#options = options
    this.#unfixed = new Set(options.unfixed)
    this.#position = options.startPosition
    this.#positionIn = options.startPosition > 0 ? options.queue.head : undefined
    this.#stream = new WALEntryStream({
      queue: options.queue,
      metrics: options.metrics,
      position: options.startPosition,
      autorecovery: options.limits.autorecovery,
      unfixed: options.unfixed,
    })
  }

  /** The WAL it is at; undefined while it waits for the shipper to take a batch. */
  get reading(): ReadableWal | undefined {
    return this.#putting ? undefined : this.#stream.wal
  }

  /** Bytes of the quota that are in no batch of the queue: read, and not handed on. */
  get heldBytes(): number {
    return this.#heldBytes
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
        this.#switchedFrom(before)
        yield* this.#put(emptyBatch(before, position))
        continue
      }
      if (hasNext === 'RETRY_IMMEDIATELY') continue
      if (hasNext === 'NO') {
        yield* batches.put('NO_MORE_DATA')
        return
      }
      const batch = hasNext === 'YES' && wal !== undefined ? yield* this.#read(wal) : null
      if (batch === null) {
        multiplier = Math.min(multiplier + 1, limits.maxRetriesMultiplier)
        yield limits.sleepForRetriesUs * multiplier
      } else {
        this.#position = batch.endOfFile ? 0 : batch.toPosition
        this.#positionIn = batch.endOfFile ? undefined : batch.wal
        yield* this.#put(batch)
        multiplier = 1
      }
    }
  }

  *#put(batch: WALEntryBatch): Protocol {
    if (batch.entries === 0 && this.#unfixed.has('HBASE-23205')) return
    this.#putting = true
    yield* this.#options.batches.put(batch)
    this.#putting = false
    this.#heldBytes = 0
  }

  /** The position of one file means nothing in the next (HBASE-29987). */
  #switchedFrom(wal: ReadableWal): void {
    if (this.#positionIn === wal && this.#unfixed.has('HBASE-29987')) return
    this.#position = 0
    this.#positionIn = undefined
  }

  /** A new stream, which begins where the last batch ended. */
  #reopenStream(wal: ReadableWal): void {
    const { log, from } = this.#positionIn ?? wal
    if (this.#positionIn === undefined || this.#positionIn === wal) {
      this.#stream.reset(this.#position)
    } else {
      this.#stream.resetToBytes(log.bytesOf(from, from + this.#position))
    }
  }

  /** Asks the stream for the next entry, opening the file if need be. */
  *#look(): Protocol<HasNext> {
    if (this.#stream.needsOpen) yield this.#options.openUs(this.#opens++)
    this.#options.refresh()
    return this.#stream.hasNext()
  }

  #read(wal: ReadableWal): Protocol<WALEntryBatch | null> {
    const { scheduler, labels } = this.#options
    const { tracer } = scheduler
    const batch = this.#readBatch(wal)
    if (tracer === null) return batch
    const details = { ...labels, wal: wal.name, fromPosition: this.#stream.position }
    return tracer.around('read batch', details, batch, (read) =>
      read === null
        ? { retry: 'a filter cannot tell yet' }
        : { entries: read.entries, bytes: read.bytes, toPosition: read.toPosition },
    )
  }

  /** Null if a filter wants the batch to be tried again. */
  *#readBatch(wal: ReadableWal): Protocol<WALEntryBatch | null> {
    const stream = this.#stream
    const fromPosition = stream.position
    const extents: Extent[] = []
    let entries = 0
    let endOfFile = false
    for (;;) {
      const wanted = yield* this.#readEntries(wal, extents, entries)
      if (wanted === null) {
        this.#reopenStream(wal)
        return null
      }
      entries += wanted
      if (this.#full(entries)) break
      const hasNext = yield* this.#lookOn(wal)
      endOfFile = stream.wal !== wal
      if (hasNext !== 'YES') break
    }
    const toPosition = endOfFile ? wal.entries : stream.position
    const lastWriteUs = entries > 0 ? wal.log.writtenUs((extents.at(-1) as Extent).to - 1) : 0
    const bytes = this.#heldBytes
    const { group } = wal
    const { tracer, doing } = this.#options.scheduler
    const batch = { wal, group, extents, entries, bytes, fromPosition, toPosition, endOfFile }
    return { ...batch, lastWriteUs, ...(tracer && { cause: doing }) }
  }

  /** Reads what it can in one go; returns how many entries are wanted, null for a filter's retry. */
  *#readEntries(wal: ReadableWal, extents: Extent[], entries: number): Protocol<number | null> {
    const { quota } = this.#options
    const { log } = wal
    const from = wal.from + this.#stream.position
    const to = from + this.#entriesToRead(log, from, entries)
    // Taken before the read, so that readers who share the quota do not all read up to its limit.
    const readBytes = log.bytesOf(from, to)
    quota.acquire(readBytes)
    this.#heldBytes += readBytes
    yield this.#options.readUs(readBytes)
    const before = extentBytes(extents)
    const wanted = this.#filter(wal, from, to, extents)
    const passedBytes = readBytes - (extentBytes(extents) - before)
    quota.release(passedBytes)
    this.#heldBytes -= passedBytes
    if (wanted !== null) {
      this.#stream.take(to - from)
      return wanted
    }
    if (!this.#unfixed.has('HBASE-27778')) quota.release(this.#heldBytes)
    this.#heldBytes = 0
    return null
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
  #entriesToRead(log: EditLog, from: number, entries: number): number {
    const { limits, quota } = this.#options
    const most = Math.min(this.#stream.readable, limits.nbCapacity - entries)
    const room = Math.min(limits.sizeCapacity - this.#heldBytes, quota.limit - quota.used)
    const below = log.lastWithin(from, from + most, Math.max(room - 1, 0)) - from
    return Math.min(below + 1, most)
  }

  #full(entries: number): boolean {
    const { limits, quota } = this.#options
    const { sizeCapacity, nbCapacity } = limits
    return this.#heldBytes >= sizeCapacity || entries >= nbCapacity || quota.used >= quota.limit
  }

  /**
   * Appends the wanted edits of `[from, to)` to `extents` and returns how many they are; null if the
   * filter cannot tell yet.
   */
  #filter(wal: ReadableWal, from: number, to: number, extents: Extent[]): number | null {
    const { metrics, wants, wantsMarkers } = this.#options
    const { log } = wal
    metrics.logEditsRead += to - from
    metrics.logReadInBytes += log.bytesOf(from, to)
    const { markers } = log
    if (wants === undefined && (wantsMarkers === true || markers.countIn(from, to) === 0)) {
      this.#append(wal, from, to, extents)
      return to - from
    }
    let wanted = 0
    let runFrom = from
    let edit = from
    try {
      for (; edit < to; edit++) {
        if (this.#passes(edit, log)) wanted++
        else {
          this.#append(wal, runFrom, edit, extents)
          runFrom = edit + 1
        }
      }
    } catch (error) {
      if (!(error instanceof FilterRetry)) throw error
      this.#append(wal, runFrom, edit, extents)
      return null
    }
    this.#append(wal, runFrom, to, extents)
    metrics.logEditsFiltered += to - from - wanted
    return wanted
  }

  #passes(edit: number, log: EditLog): boolean {
    const { wants, wantsMarkers } = this.#options
    if (log.markers.has(edit)) {
      if (log.operation(edit) === REPLICATION_MARKER) return true
      if (wantsMarkers !== true) return false
    }
    return wants === undefined || wants(edit, log)
  }

  /** Appends the edits `[from, to)`, in as many extents as there are causes to send them again. */
  #append(wal: ReadableWal, from: number, to: number, extents: Extent[]): void {
    const { resends } = this.#options
    for (let start = from; start < to; ) {
      const position = start - wal.from
      const end = Math.min(to, wal.from + resends.until(wal, position))
      const resend = resends.at(wal, position)
      const bytes = wal.log.bytesOf(start, end)
      const extent = { log: wal.log.id, from: start, to: end, bytes }
      appendExtent(extents, resend === undefined ? extent : { ...extent, resend })
      start = end
    }
  }
}

function extentBytes(extents: readonly Extent[]): number {
  return extents.reduce((sum, extent) => sum + extent.bytes, 0)
}

/** The end of `wal` was met between batches: nothing to ship, but the offset may pass it. */
function emptyBatch(wal: ReadableWal, position: number): WALEntryBatch {
  return {
    wal,
    group: wal.group,
    extents: [],
    entries: 0,
    bytes: 0,
    fromPosition: position,
    toPosition: wal.entries,
    endOfFile: true,
    lastWriteUs: 0,
  }
}
