import type { Protocol } from '../../kernel/process.js'
import { Signal } from '../../kernel/signal.js'
import type { HdfsFile } from '../../storage/hdfs/hdfs-file.js'
import { IOException } from '../../storage/io-exception.js'
import type { MarkerDescriptor } from '../wal/marker-descriptor.js'
import { allFamilies, selectStoresToFlush, shouldFlush } from './flush-policy.js'
import type { FlushReason } from './flush-queue.js'
import type { MemstoreSnapshot } from './memstores.js'
import type { FlushedStoreFile, RegionFlushOptions } from './region-flush-options.js'
import type { StoreFile } from './store-file.js'

export type { FlushRecord, RegionFlushOptions } from './region-flush-options.js'

/** A flush that is asked for. */
export interface FlushRequest {
  /** `policy`: as FlushAllLargeStoresPolicy chooses. */
  readonly families: readonly number[] | 'policy' | 'all'
  readonly reason: FlushReason
  readonly requestedUs: number
  /** Says in the WAL, too, that there was nothing to flush: a replica asked for the flush. */
  readonly writeFlushRequestMarker?: boolean
}

/** HRegion.FlushResult */
export type FlushResult =
  | { readonly result: 'CANNOT_FLUSH'; readonly reason: string }
  | { readonly result: 'CANNOT_FLUSH_MEMSTORE_EMPTY'; readonly sequenceId: number }
  | {
      readonly result: 'FLUSHED_COMPACTION_NEEDED' | 'FLUSHED_NO_COMPACTION_NEEDED'
      readonly sequenceId: number
    }

/** Thrown by a flush that failed after its snapshot; the region server aborts. */
export class DroppedSnapshotException extends IOException {
  constructor(region: number, cause: IOException) {
    super(cause.kind, `the snapshot of region ${region} is dropped`, cause)
  }
}

/** What a prepared flush still has to do. */
interface PreparedFlush {
  readonly families: readonly number[]
  readonly flushOpSeqId: number
  /** Every edit of the region up to it is in an HFile when the flush is. */
  readonly flushedSeqId: number
  readonly snapshots: readonly MemstoreSnapshot[]
  readonly lockedUs: number
  readonly unlockedUs: number
}

/** The HFiles of a flush, in their stores. */
interface StoredFlush {
  readonly files: readonly StoreFile[]
  /** A store wants a compaction. */
  readonly compactionNeeded: boolean
}

/**
 * The flushes of the regions of one server, one at a time per region (HRegion.flushcache). A region
 * takes flushes from `open` to `disable`.
 */
export class RegionFlush {
  readonly #options: RegionFlushOptions
  readonly #flushing = new Set<number>()
  /** Per open region and family, when its last flush began, or the region was opened. */
  readonly #lastFlushUs = new Map<number, number[]>()
  readonly #flushEnded = new Signal()

  constructor(options: RegionFlushOptions) {
    this.#options = options
  }

  /** @param lastFlushUs now for a region that is opened; earlier if it was open before the run */
  open(region: number, lastFlushUs: number): void {
    const families = this.#options.memstores.families(region)
    this.#lastFlushUs.set(region, new Array<number>(families).fill(lastFlushUs))
  }

  /** A flush of the region could begin now. */
  isFlushable(region: number): boolean {
    return this.#lastFlushUs.has(region) && !this.#flushing.has(region)
  }

  isFlushing(region: number): boolean {
    return this.#flushing.has(region)
  }

  /** Why the periodic flusher should flush the region; null if it should not. */
  shouldFlush(region: number): 'age' | 'changes' | null {
    const lastFlushUs = this.#lastFlushUs.get(region)
    if (lastFlushUs === undefined) return null
    return shouldFlush(this.#options, region, Math.min(...lastFlushUs))
  }

  /**
   * HRegion.flushcache.
   *
   * @throws DroppedSnapshotException when an HFile could not be written or committed, or the WAL not
   *   told; the server was told to abort
   */
  *flush(region: number, request: FlushRequest): Protocol<FlushResult> {
    if (!this.#lastFlushUs.has(region)) return cannotFlush('writes not enabled')
    if (this.#flushing.has(region)) return cannotFlush('already flushing')
    return yield* this.#internalFlush(region, request)
  }

  /**
   * The region flushes no more but to close: no other flush begins, one that runs is waited for
   * (`writestate.writesEnabled`, HRegion.waitForFlushesAndCompactions).
   */
  *disable(region: number): Protocol {
    this.#lastFlushUs.delete(region)
    while (this.#flushing.has(region)) yield this.#flushEnded
  }

  /**
   * HRegion.internalFlushcache for a region that closes: all its families, although it is disabled.
   *
   * @throws as `flush`
   */
  *flushToClose(region: number): Protocol<FlushResult> {
    const requestedUs = this.#options.scheduler.now
    return yield* this.#internalFlush(region, { families: 'all', reason: 'close', requestedUs })
  }

  #internalFlush(region: number, request: FlushRequest): Protocol<FlushResult> {
    const { tracer } = this.#options.scheduler
    const flush = this.#flushcache(region, request)
    const { reason, requestedUs } = request
    const outcome = (result: FlushResult) => result
    return tracer?.around('flush', { region, reason, requestedUs }, flush, outcome) ?? flush
  }

  *#flushcache(region: number, request: FlushRequest): Protocol<FlushResult> {
    this.#flushing.add(region)
    try {
      this.#options.advance()
      const startUs = this.#options.scheduler.now
      const prepared = yield* this.#prepare(region, request)
      if ('result' in prepared) return prepared
      const compactionNeeded = yield* this.#flushAndCommit(region, prepared)
      this.#record(region, request, prepared, startUs)
      return {
        result: compactionNeeded ? 'FLUSHED_COMPACTION_NEEDED' : 'FLUSHED_NO_COMPACTION_NEEDED',
        sequenceId: prepared.flushOpSeqId,
      }
    } finally {
      this.#flushing.delete(region)
      this.#flushEnded.notifyAll()
    }
  }

  /**
   * HRegion.internalPrepareFlush: under the region's updates lock, the WAL's accounting learns of
   * the flush, START_FLUSH is appended and the memstores become snapshots.
   *
   * Simplification: a WAL that cannot sync START_FLUSH ends the server here, where HBase flushes the
   * snapshot with the next flush, should the server still be there.
   */
  *#prepare(region: number, request: FlushRequest): Protocol<PreparedFlush | FlushResult> {
    const { memstores, writePath, scheduler } = this.#options
    if (memstores.heapBytes(region) <= 0) {
      const result = yield* this.#reportEmpty(region, request)
      if (result !== null) return result
    }
    const families = this.#chooseFamilies(region, request)
    const accounting = this.#options.accounting(region)
    const lockedUs = scheduler.now
    yield* writePath.lockUpdates(region)
    const earliestUnflushed = accounting.startCacheFlush(region, families)
    const flushOpSeqId = memstores.beginSequenceId(region)
    const flushedSeqId = earliestUnflushed === null ? flushOpSeqId : earliestUnflushed - 1
    this.#appendMarker(region, families, {
      kind: 'START_FLUSH',
      flushSequenceNumber: flushOpSeqId,
      families,
      isFull: families.length === memstores.families(region),
    })
    memstores.snapshot(region, families)
    const snapshots = memstores.snapshots(region).slice()
    writePath.unlockUpdates(region)
    const unlockedUs = scheduler.now
    try {
      yield* writePath.sync(region)
    } catch (error) {
      accounting.abortCacheFlush(region)
      throw this.#dropped(region, error)
    }
    return { families, flushOpSeqId, flushedSeqId, snapshots, lockedUs, unlockedUs }
  }

  /**
   * A sequence id is consumed even so, under the lock; a write that was under way may have been the
   * first in the memstore by then.
   *
   * @returns null if there is something to flush after all
   */
  *#reportEmpty(region: number, request: FlushRequest): Protocol<FlushResult | null> {
    const { memstores, writePath } = this.#options
    yield* writePath.lockUpdates(region)
    if (memstores.heapBytes(region) > 0) {
      writePath.unlockUpdates(region)
      return null
    }
    const sequenceId = memstores.beginSequenceId(region)
    if (request.writeFlushRequestMarker === true) {
      this.#appendMarker(region, [], { kind: 'CANNOT_FLUSH' })
      try {
        yield* writePath.sync(region)
      } catch (error) {
        // HRegion.writeFlushRequestMarkerToWAL does without the marker then.
        if (!(error instanceof IOException)) throw error
      }
    }
    writePath.unlockUpdates(region)
    return { result: 'CANNOT_FLUSH_MEMSTORE_EMPTY', sequenceId }
  }

  /**
   * HRegion.internalFlushCacheAndCommit: all HFiles are written, then all are committed, then the
   * WAL is told.
   *
   * @returns whether a store wants a compaction
   */
  *#flushAndCommit(region: number, prepared: PreparedFlush): Protocol<boolean> {
    const { memstores, writePath } = this.#options
    const { families, flushOpSeqId, flushedSeqId } = prepared
    const accounting = this.#options.accounting(region)
    let stored: StoredFlush
    try {
      stored = yield* this.#writeStores(region, prepared)
      // Writes that came before found the memstore as full as it was.
      this.#options.advance()
      writePath.memstoreFreed(memstores.commit(region, flushOpSeqId))
      this.#appendMarker(region, families, {
        kind: 'COMMIT_FLUSH',
        flushSequenceNumber: flushOpSeqId,
        families,
        files: stored.files,
      })
      yield* writePath.sync(region)
    } catch (error) {
      if (error instanceof IOException) {
        const flushSequenceNumber = flushOpSeqId
        this.#appendMarker(region, families, { kind: 'ABORT_FLUSH', flushSequenceNumber })
        accounting.abortCacheFlush(region)
      }
      throw this.#dropped(region, error)
    }
    accounting.completeCacheFlush(region, flushedSeqId)
    return stored.compactionNeeded
  }

  /** @throws IOException when an HFile cannot be written or committed */
  *#writeStores(region: number, { flushOpSeqId, snapshots }: PreparedFlush): Protocol<StoredFlush> {
    const written: FlushedStoreFile[] = []
    for (const snapshot of snapshots) {
      if (snapshot.bytes === 0 && snapshot.cells === 0) continue
      const file = yield* this.#flushStore(region, snapshot)
      written.push({ ...snapshot, region, flushOpSeqId, file })
    }
    const files: StoreFile[] = []
    let compactionNeeded = false
    for (const flushed of written) {
      yield* this.#options.hfiles.commit(flushed.file)
      const added = this.#options.addStoreFile(flushed)
      files.push(added.file)
      compactionNeeded ||= added.compactionNeeded
    }
    return { files, compactionNeeded }
  }

  #appendMarker(region: number, families: readonly number[], marker: MarkerDescriptor): void {
    const files = 'files' in marker ? marker.files.length : 0
    const bytes = flushMarkerBytes(families.length, files)
    this.#options.writePath.appendMarker(region, bytes, marker)
    const { tracer } = this.#options.scheduler
    if (tracer === null) return
    const sequence =
      'flushSequenceNumber' in marker ? { flushSequenceNumber: marker.flushSequenceNumber } : {}
    tracer.instant('flush marker', { region, marker: marker.kind, ...sequence })
  }

  /** The server is told to abort, unless it is the simulator that is wrong. */
  #dropped(region: number, error: unknown): unknown {
    if (!(error instanceof IOException)) return error
    this.#lastFlushUs.delete(region)
    this.#options.abort('Replay of WAL required. Forcing server shutdown')
    return new DroppedSnapshotException(region, error)
  }

  /** HStore.flushCache: the HFile is tried again before the flush fails. */
  *#flushStore(region: number, { family, bytes }: MemstoreSnapshot): Protocol<HdfsFile> {
    const { hfiles, flushRetries, pauseUs } = this.#options
    for (let attempt = 1; ; attempt++) {
      try {
        return yield* hfiles.writeTmp(region, family, 'flush', bytes)
      } catch (error) {
        if (!(error instanceof IOException) || attempt === flushRetries) throw error
      }
      yield pauseUs
    }
  }

  #chooseFamilies(region: number, { families }: FlushRequest): readonly number[] {
    if (families === 'policy') return selectStoresToFlush(this.#options, region)
    if (families === 'all') return allFamilies(this.#options.memstores.families(region))
    return families
  }

  #record(
    region: number,
    { reason, requestedUs }: FlushRequest,
    { families, flushOpSeqId, snapshots, lockedUs, unlockedUs }: PreparedFlush,
    startUs: number,
  ): void {
    const lastFlushUs = this.#lastFlushUs.get(region)
    if (lastFlushUs !== undefined) for (const family of families) lastFlushUs[family] = startUs
    const bytes = snapshots.reduce((sum, snapshot) => sum + snapshot.bytes, 0)
    const committedUs = this.#options.scheduler.now
    this.#options.onFlushed({
      region,
      families,
      bytes,
      reason,
      flushOpSeqId,
      requestedUs,
      lockedUs,
      unlockedUs,
      committedUs,
    })
  }
}

function cannotFlush(reason: string): FlushResult {
  return { result: 'CANNOT_FLUSH', reason }
}

/**
 * Size of a flush marker's WAL entry: its key, the FlushDescriptor with table and region, and per
 * family its name and directory, per file its name. An estimate.
 */
function flushMarkerBytes(families: number, files: number): number {
  return 250 + 40 * families + 40 * files
}
