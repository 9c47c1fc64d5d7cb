import { type Host, type Protocol, within } from '../../kernel/process.js'
import type { Scheduler } from '../../kernel/scheduler.js'
import { Signal } from '../../kernel/signal.js'
import { FlushQueue, type FlushReason, type FlushRegionEntry } from './flush-queue.js'
import { DroppedSnapshotException, type RegionFlush } from './region-flush.js'
import type { FlushedMemstores } from './region-flush-options.js'

export interface MemStoreFlusherOptions {
  readonly scheduler: Scheduler
  readonly regionFlush: RegionFlush
  readonly memstores: Pick<FlushedMemstores, 'flushSize' | 'heapBytes'>
  /** The regions that are open on the server. */
  regions(): readonly number[]
  /** Heap bytes of all memstores of the server. */
  memstoreBytes(): number
  /** Bytes of all memstores from which on regions are flushed one by one. */
  readonly memstoreLowerLimit: number
  /** `hbase.hstore.flusher.count` */
  readonly handlers: number
  /** `hbase.server.thread.wakefrequency` */
  readonly wakeFrequencyUs: number
  /** `hbase.hstore.blockingWaitTime` */
  readonly blockingWaitTimeUs: number
  /** `hbase.hstore.blockingStoreFiles` */
  readonly blockingStoreFiles: number
  /** The most store files that one family of the region has. */
  storeFiles(region: number): number
  isMeta(region: number): boolean
  requestCompaction(region: number, why: 'too many store files' | 'flush'): void
  /** Of the secondary replicas; left out if the server never has one. */
  readonly replicas?: SecondaryRefresher
  /** Brings the server's write path up to now. */
  advance(): void
}

/** The secondary replicas of a server: they are not flushed, but may drop what is in new files. */
export interface SecondaryRefresher {
  /** `hbase.region.replica.storefile.refresh` */
  readonly enabled: boolean
  /** `hbase.region.replica.storefile.refresh.memstore.multiplier` */
  readonly multiplier: number
  secondaries(): Iterable<{ readonly region: number; readonly heapBytes: number }>
  /**
   * HRegion.refreshStoreFiles.
   *
   * @returns whether memory was freed; false, too, if a listing failed
   */
  refreshSecondary(region: number): Protocol<boolean>
}

/** How a flush is asked for, if not at once and as the flush policy chooses. */
export interface FlushRequestDetails {
  readonly reason: FlushReason
  readonly families?: readonly number[]
  readonly delayUs?: number
}

/** Pause of a handler that is above the limit and finds nothing to flush. */
const NOTHING_TO_FLUSH_PAUSE_US = 1_000_000

/**
 * A region server's MemStoreFlusher: a queue of regions to flush and the handler threads that work
 * on it. Between two entries, and when woken because all memstores together are too large, a handler
 * flushes the region that relieves most.
 */
export class MemStoreFlusher {
  readonly #options: MemStoreFlusherOptions
  readonly #queue = new FlushQueue()
  readonly #changed = new Signal()
  /** The WakeupFlushThread token is in the queue, before all entries. */
  #wakeupQueued = false
  /** No further token until a handler comes round. */
  #wakeupPending = false
  #stopped = false
  /** Of a run that is traced, by region: what its queued flush is asked for. */
  readonly #causes = new Map<number, number>()

  constructor(options: MemStoreFlusherOptions) {
    this.#options = options
  }

  get queueLength(): number {
    return this.#queue.length
  }

  start(host: Host): void {
    for (let i = 0; i < this.#options.handlers; i++) {
      host.spawn(`MemStoreFlusher.${i}`, this.#handle())
    }
  }

  /** No flush begins any more; those under way end. */
  stop(): void {
    this.#stopped = true
    this.#queue.clear()
    this.#changed.notifyAll()
  }

  /**
   * Queues a region, unless it is: a request without a delay takes the place of one that is not due.
   *
   * @returns whether it did
   */
  requestFlush(region: number, { reason, families, delayUs }: FlushRequestDetails): boolean {
    if (this.#stopped) return false
    const { now, tracer, doing } = this.#options.scheduler
    const queued =
      delayUs === undefined
        ? this.#queue.request(region, families ?? null, reason, now)
        : this.#queue.requestDelayed(region, delayUs, reason, now)
    if (queued && tracer !== null) this.#causes.set(region, doing)
    if (queued) this.#changed.notifyAll()
    return queued
  }

  /**
   * The region's memstore has outgrown the flush size. While the region flushes this is not heard;
   * when the flush ends the size is looked at again.
   */
  flushWanted(region: number): void {
    if (this.#options.regionFlush.isFlushable(region)) this.requestFlush(region, { reason: 'size' })
  }

  /** wakeupFlushThread: all memstores together are above the lower limit. */
  memstorePressure(): void {
    if (this.#wakeupPending) return
    this.#wakeupPending = true
    this.#wakeupQueued = true
    this.#changed.notifyAll()
  }

  /** FlushHandler.run */
  *#handle(): Protocol {
    while (!this.#stopped) {
      this.#wakeupPending = false
      const entry = yield* this.#poll()
      if (this.#stopped) return
      try {
        if (entry === null) yield* this.#relievePressure()
        else yield* this.#flushEntry(entry)
      } catch (error) {
        // The server aborts.
        if (error instanceof DroppedSnapshotException) return
        throw error
      }
    }
  }

  /** The next entry; null for the token, and when none has come for the wake frequency. */
  *#poll(): Protocol<FlushRegionEntry | null> {
    const { scheduler, wakeFrequencyUs } = this.#options
    const deadlineUs = scheduler.now + wakeFrequencyUs
    while (!this.#stopped && scheduler.now < deadlineUs) {
      if (this.#wakeupQueued) {
        this.#wakeupQueued = false
        return null
      }
      const entry = this.#queue.poll(scheduler.now)
      if (entry !== null) return entry
      const wakeUs = Math.min(this.#queue.dueUs, deadlineUs)
      yield* within(wakeUs - scheduler.now, this.#changed)
    }
    return null
  }

  *#relievePressure(): Protocol {
    const { memstoreBytes, memstoreLowerLimit } = this.#options
    this.#options.advance()
    if (memstoreBytes() < memstoreLowerLimit) return
    const flushedOne = yield* this.#flushOneForGlobalPressure()
    if (!flushedOne) yield NOTHING_TO_FLUSH_PAUSE_US
    // In HBase the next write wakes the handler again, for its own token is refused as pending.
    this.#wakeupPending = false
    this.memstorePressure()
  }

  /**
   * Flushes the region that relieves most, or has a secondary replica look for new files that is much
   * bigger. A secondary that had nothing to drop is passed over this time.
   *
   * @returns false if there is nothing to flush and nothing to drop
   */
  *#flushOneForGlobalPressure(): Protocol<boolean> {
    const { memstores, replicas } = this.#options
    const excluded = new Set<number>()
    for (;;) {
      const region = this.#regionToFlush()
      const flushableBytes = region === null ? 0 : memstores.heapBytes(region)
      const secondary = this.#biggestSecondary(excluded)
      const secondaryBytes = secondary?.heapBytes ?? 0
      if (flushableBytes <= 0 && secondaryBytes <= 0) return false
      if (
        replicas === undefined ||
        secondary === null ||
        !refreshesInstead(replicas, region === null, flushableBytes, secondaryBytes)
      ) {
        if (region === null || flushableBytes <= 0) return false
        yield* this.#flushForPressure(region)
        return true
      }
      if (yield* replicas.refreshSecondary(secondary.region)) return true
      excluded.add(secondary.region)
      this.#options.advance()
    }
  }

  *#flushForPressure(region: number): Protocol {
    const queued = this.#queue.remove(region)
    const requestedUs = queued?.createdUs ?? this.#options.scheduler.now
    yield* this.#flushRegion(region, null, 'pressure', requestedUs)
  }

  /**
   * The biggest region without too many store files, or the biggest of all if it is more than twice as
   * big: many little flushes would make many compactions.
   */
  #regionToFlush(): number | null {
    const { memstores } = this.#options
    const best = this.#biggestRegion((region) => !this.#hasTooManyStoreFiles(region))
    const bestOfAll = this.#biggestRegion(() => true)
    if (best === null || bestOfAll === null) return bestOfAll
    const bestBytes = memstores.heapBytes(best)
    return memstores.heapBytes(bestOfAll) > 2 * bestBytes ? bestOfAll : best
  }

  #biggestSecondary(excluded: ReadonlySet<number>): { region: number; heapBytes: number } | null {
    let biggest: { region: number; heapBytes: number } | null = null
    for (const secondary of this.#options.replicas?.secondaries() ?? []) {
      if (excluded.has(secondary.region)) continue
      if (biggest === null || secondary.heapBytes > biggest.heapBytes) biggest = secondary
    }
    return biggest
  }

  #biggestRegion(accepts: (region: number) => boolean): number | null {
    const { memstores, regionFlush, regions } = this.#options
    let biggest: number | null = null
    let biggestBytes = Number.NEGATIVE_INFINITY
    for (const region of regions()) {
      const bytes = memstores.heapBytes(region)
      if (bytes <= biggestBytes || !regionFlush.isFlushable(region) || !accepts(region)) continue
      biggest = region
      biggestBytes = bytes
    }
    return biggest
  }

  /** A region with too many store files is put off, after asking for a compaction. */
  *#flushEntry(entry: FlushRegionEntry): Protocol {
    const { region, families, reason, createdUs, requeueCount } = entry
    const { scheduler, blockingWaitTimeUs, isMeta, requestCompaction } = this.#options
    // The real one asks for more than the time, which has then passed by the ms that waking up takes.
    const waitedEnough = scheduler.now - createdUs >= blockingWaitTimeUs
    if (!waitedEnough && !isMeta(region) && this.#hasTooManyStoreFiles(region)) {
      if (requeueCount === 0) requestCompaction(region, 'too many store files')
      this.#queue.requeue(entry, Math.floor(blockingWaitTimeUs / 100), scheduler.now)
      this.#changed.notifyAll()
      return
    }
    yield* this.#flushRegion(region, families, reason, createdUs)
  }

  /** @throws DroppedSnapshotException when the server aborts */
  #flushRegion(
    region: number,
    families: readonly number[] | null,
    reason: FlushReason,
    requestedUs: number,
  ): Protocol {
    const { tracer } = this.#options.scheduler
    const flush = this.#flushAndLookAgain(region, families, reason, requestedUs)
    if (tracer === null) return flush
    const cause = this.#causes.get(region) ?? 0
    this.#causes.delete(region)
    const details = { region, reason, requestedUs }
    return tracer.around('flush region', details, flush, undefined, cause)
  }

  *#flushAndLookAgain(
    region: number,
    families: readonly number[] | null,
    reason: FlushReason,
    requestedUs: number,
  ): Protocol {
    const { regionFlush, requestCompaction } = this.#options
    const request = { families: families ?? ('policy' as const), reason, requestedUs }
    const { result } = yield* regionFlush.flush(region, request)
    if (result === 'FLUSHED_COMPACTION_NEEDED') requestCompaction(region, 'flush')
    this.#lookAgain(region)
  }

  /** HBase finds a memstore that has grown too large meanwhile at the region's next write. */
  #lookAgain(region: number): void {
    const { memstores } = this.#options
    this.#options.advance()
    if (memstores.heapBytes(region) > memstores.flushSize) this.flushWanted(region)
  }

  /** HStore.hasTooManyStoreFiles: more than the blocking number. */
  #hasTooManyStoreFiles(region: number): boolean {
    return this.#options.storeFiles(region) > this.#options.blockingStoreFiles
  }
}

/** Even if refreshes are switched off a secondary is refreshed when there is nothing to flush. */
function refreshesInstead(
  { enabled, multiplier }: SecondaryRefresher,
  nothingToFlush: boolean,
  flushableBytes: number,
  secondaryBytes: number,
): boolean {
  return nothingToFlush || (enabled && secondaryBytes > multiplier * flushableBytes)
}
