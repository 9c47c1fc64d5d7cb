import { invariant } from '../../../kernel/errors.js'
import { Fifo } from '../../../kernel/fifo.js'
import type { Protocol } from '../../../kernel/process.js'
import type { Scheduler } from '../../../kernel/scheduler.js'
import { Signal } from '../../../kernel/signal.js'
import type { MarkerDescriptor } from '../../wal/marker-descriptor.js'
import type { ReplicaEntry } from '../../wal/replica-entry.js'
import type {
  AsyncRegionReplicationRetryingCaller,
  Replicated,
} from './async-region-replication-retrying-caller.js'
import type { RegionReplicationBufferManager } from './region-replication-buffer-manager.js'
import type { RegionReplicationFlushRequesterOptions } from './region-replication-flush-requester.js'
import { RegionReplicationFlushRequester } from './region-replication-flush-requester.js'
import type { RegionReplicationSettings } from './region-replication-settings.js'
import { sinkEntryBytes } from './sink-entry.js'

/**
 * Why a replica was not sent entries, or is not known to have them:
 * - `flush`: a flush of all families has begun and its files will hold them
 * - `failed`: the replica has missed entries before and waits for a flush
 * - `pending size`: the server has too much queued
 * - `error`: the last attempt at sending them failed; the replica may have them all the same
 * - `close`: the region closes
 */
export type DropReason = 'flush' | 'failed' | 'pending size' | 'error' | 'close'

export interface RegionReplicationSinkOptions {
  /** Region number of the primary. */
  readonly primary: number
  /** The server that has it open; for traces. */
  readonly server?: string
  /** Region numbers of its secondaries, at least one. */
  readonly replicas: readonly number[]
  /** The table's REGION_MEMSTORE_REPLICATION; without it only markers are sent. */
  readonly memstoreReplication: boolean
  readonly settings: RegionReplicationSettings
  readonly scheduler: Pick<Scheduler, 'now' | 'tracer'>
  /** The server's timer of flush requests, see RegionReplicationFlushRequester. */
  readonly timer: RegionReplicationFlushRequesterOptions['timer']
  readonly bufferManager: Pick<
    RegionReplicationBufferManager,
    'increase' | 'decrease' | 'register' | 'unregister'
  >
  readonly caller: Pick<AsyncRegionReplicationRetryingCaller, 'replicate'>
  /**
   * Has all families of the region flushed, with a CANNOT_FLUSH if there is nothing to flush. The
   * flush begins at a later event.
   */
  requestFlush(): void
  /** A batch sets out to so many replicas. */
  onBatch?(entries: readonly ReplicaEntry[], bytes: number, replicas: number): void
  /** @param replica region number of a secondary, null for all of them */
  onDropped?(replica: number | null, entries: readonly ReplicaEntry[], reason: DropReason): void
}

/** So many fit in a set of bits. */
const MAX_REPLICAS = 30

/** The flush sequence number in a CANNOT_FLUSH (HRegion.writeFlushRequestMarkerToWAL). */
const CANNOT_FLUSH_SEQUENCE = -1

/**
 * Sends what is written to a primary region to its secondaries, out of memory: one batch at a time,
 * to all of them, the next when each has answered. A replica that misses entries is *failed*: it is
 * sent nothing until a flush of all families begins, whose files will hold what it missed. HBase's
 * RegionReplicationSink (HBASE-26233), one per open primary region, with the rules of 3.0.0-beta-2
 * (HBASE-26768, HBASE-26960, HBASE-29230).
 */
export class RegionReplicationSink {
  readonly #options: RegionReplicationSinkOptions
  readonly #flushRequester: RegionReplicationFlushRequester
  readonly #queue = new Fifo<ReplicaEntry>()
  /** What is called with a replica's answer, made once for all batches. */
  readonly #answers: readonly Replicated[]
  /** In these sets bit i is the replica at place i of `replicas`. */
  readonly #allReplicas: number
  #failedReplicas = 0
  #pendingBytes = 0
  #lastFlushedSequenceId = 0
  /** The batch under way, if one is. */
  #batch: readonly ReplicaEntry[] | null = null
  #batchBytes = 0
  /** In a run that is traced: the sending of the batch. */
  #span = 0
  #batchMaxSequenceId = 0
  #unanswered = 0
  /** Replicas that have not taken it. */
  #errors = 0
  #stopping = false
  readonly #stopped = new Signal()

  constructor(options: RegionReplicationSinkOptions) {
    const { replicas, scheduler, timer, settings, requestFlush } = options
    this.#options = options
    this.#flushRequester = new RegionReplicationFlushRequester({
      scheduler,
      timer,
      minIntervalSeconds: settings.flushMinIntervalSeconds,
      flush: requestFlush,
    })
    invariant(replicas.length <= MAX_REPLICAS, 'a region has too many secondary replicas')
    this.#allReplicas = (1 << replicas.length) - 1
    this.#answers = replicas.map((_, i) => (failure) => {
      if (failure !== null) this.#errors |= 1 << i
      if (--this.#unanswered === 0) this.#completeBatch()
    })
    options.bufferManager.register(this)
  }

  get primary(): number {
    return this.#options.primary
  }

  /** Bytes queued or under way. */
  get pendingBytes(): number {
    return this.#pendingBytes
  }

  /** Region numbers of the secondaries that wait for a flush. */
  get failedReplicas(): readonly number[] {
    return this.#options.replicas.filter((_, i) => this.#isFailed(i))
  }

  /** Takes what leaves the region's MVCC queue, in that order. */
  add(entry: ReplicaEntry): void {
    const { memstoreReplication, bufferManager } = this.#options
    const { marker } = entry
    if (marker === null && !memstoreReplication) return
    if (this.#stopping) {
      this.#options.onDropped?.(null, [entry], 'close')
      return
    }
    if (marker !== null && startsFlushOfAll(marker)) this.#flushStarts(marker)
    if (this.#failedReplicas === this.#allReplicas) {
      this.#options.onDropped?.(null, [entry], 'failed')
      return
    }
    const bytes = sinkEntryBytes(entry)
    this.#pendingBytes += bytes
    const hasRoom = bufferManager.increase(bytes)
    if (hasRoom && this.#batch === null) {
      this.#send([entry], bytes, entry.sequenceId, marker !== null)
      return
    }
    this.#queue.push(entry)
    if (!hasRoom) this.#giveUp(entry.sequenceId)
  }

  /** The region closes. What is queued is dropped; what is under way is no longer heard of. */
  stop(): void {
    this.#stopping = true
    this.#dropQueue('close')
    this.#flushRequester.stop()
    this.#options.bufferManager.unregister(this)
  }

  /** Waits, after `stop`, for the batch under way: the region's next one must not overtake it. */
  *waitUntilStopped(): Protocol {
    while (this.#batch !== null) yield this.#stopped
  }

  #flushStarts(marker: FlushOfAll): void {
    const sequence =
      marker.kind === 'CANNOT_FLUSH' ? CANNOT_FLUSH_SEQUENCE : marker.flushSequenceNumber
    this.#lastFlushedSequenceId = sequence
    this.#dropQueue('flush')
    this.#failedReplicas = 0
    this.#flushRequester.recordFlush(sequence)
  }

  /** The server has too much pending: all replicas miss what is queued. */
  #giveUp(sequenceId: number): void {
    this.#dropQueue('pending size')
    this.#failedReplicas = this.#allReplicas
    this.#flushRequester.requestFlush(sequenceId)
  }

  #dropQueue(reason: DropReason): void {
    if (this.#queue.length === 0) return
    const entries = this.#queue.drain()
    let bytes = 0
    for (const entry of entries) bytes += sinkEntryBytes(entry)
    this.#release(bytes)
    this.#options.onDropped?.(null, entries, reason)
  }

  #release(bytes: number): void {
    this.#pendingBytes -= bytes
    this.#options.bufferManager.decrease(bytes)
  }

  /** Sends what is queued, as much as a batch holds. */
  #sendQueued(): void {
    if (this.#failedReplicas === this.#allReplicas) {
      this.#dropQueue('failed')
      return
    }
    const { batchEntries, batchBytes } = this.#options.settings
    const batch: ReplicaEntry[] = []
    let bytes = 0
    let maxSequenceId = 0
    let hasMarker = false
    do {
      const entry = this.#queue.shift()
      batch.push(entry)
      bytes += sinkEntryBytes(entry)
      maxSequenceId = Math.max(maxSequenceId, entry.sequenceId)
      hasMarker ||= entry.marker !== null
    } while (this.#queue.length > 0 && batch.length < batchEntries && bytes < batchBytes)
    this.#send(batch, bytes, maxSequenceId, hasMarker)
  }

  #send(
    batch: readonly ReplicaEntry[],
    bytes: number,
    maxSequenceId: number,
    hasMarker: boolean,
  ): void {
    const { replicas, settings, caller } = this.#options
    const { rpcUs, operationUs } = hasMarker ? settings.metaEdits : settings.edits
    this.#batch = batch
    this.#batchBytes = bytes
    this.#batchMaxSequenceId = maxSequenceId
    this.#errors = 0
    for (let i = 0; i < replicas.length; i++) {
      const replica = replicas[i] as number
      if (this.#isFailed(i)) {
        this.#options.onDropped?.(replica, batch, 'failed')
        continue
      }
      this.#unanswered++
      const answer = this.#answers[i] as Replicated
      caller.replicate(replica, batch, rpcUs, operationUs, settings.retries, answer)
    }
    const { primary: region, scheduler, server } = this.#options
    if (scheduler.tracer !== null) {
      const details = { region, entries: batch.length, bytes, maxSequenceId }
      this.#span = scheduler.tracer.begin('send to secondaries', details, 0, server)
    }
    this.#options.onBatch?.(batch, bytes, this.#unanswered)
  }

  #completeBatch(): void {
    const batch = this.#batch
    this.#batch = null
    this.#options.scheduler.tracer?.end(this.#span)
    this.#release(this.#batchBytes)
    if (this.#stopping) {
      this.#stopped.notifyAll()
      return
    }
    if (batch !== null && this.#errors !== 0) this.#noteErrors(batch)
    if (this.#queue.length > 0) this.#sendQueued()
  }

  #noteErrors(batch: readonly ReplicaEntry[]): void {
    const { replicas, onDropped } = this.#options
    for (let i = 0; i < replicas.length; i++) {
      if ((this.#errors & (1 << i)) !== 0) onDropped?.(replicas[i] as number, batch, 'error')
    }
    // The files of a flush that has begun meanwhile will have it.
    if (this.#batchMaxSequenceId <= this.#lastFlushedSequenceId) return
    this.#failedReplicas |= this.#errors
    this.#flushRequester.requestFlush(this.#batchMaxSequenceId)
  }

  #isFailed(i: number): boolean {
    return (this.#failedReplicas & (1 << i)) !== 0
  }
}

type FlushOfAll = Extract<MarkerDescriptor, { kind: 'START_FLUSH' | 'CANNOT_FLUSH' }>

/** A CANNOT_FLUSH says that the memstore is empty, so all there was is in files. */
function startsFlushOfAll(marker: MarkerDescriptor): marker is FlushOfAll {
  return marker.kind === 'CANNOT_FLUSH' || (marker.kind === 'START_FLUSH' && marker.isFull)
}
