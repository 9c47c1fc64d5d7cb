import type { BoundedQueue } from '../kernel/bounded-queue.js'
import type { Protocol } from '../kernel/process.js'
import type { Scheduler } from '../kernel/scheduler.js'
import type { Details } from '../kernel/tracer.js'
import { resent } from '../storage/extent.js'
import { IOException } from '../storage/io-exception.js'
import type { BufferQuota } from './buffer-quota.js'
import type { MetricsSource } from './metrics-source.js'
import type { OffsetPersistence } from './offset-persistence.js'
import type { ReplicationEndpoint, ReplicationResult } from './replication-endpoint.js'
import type { WALEntryBatch } from './wal-entry-batch.js'

export interface ShipperOptions {
  readonly scheduler: Scheduler
  /** What a trace is to call its source by. */
  readonly labels: Details
  readonly endpoint: Pick<ReplicationEndpoint, 'replicate'>
  readonly batches: BoundedQueue<WALEntryBatch | 'NO_MORE_DATA'>
  readonly quota: BufferQuota
  readonly metrics: MetricsSource
  readonly offsets: OffsetPersistence
  readonly sleepForRetriesUs: number
  readonly maxRetriesMultiplier: number
  readonly getEntriesTimeoutUs: number
  /** The source is neither terminated nor at its end. */
  active(): boolean
  peerEnabled(): boolean
  /** Waits until `bytes` may be handed to the endpoint. */
  throttle(bytes: number): Protocol
  /** The endpoint is given the batch; it may keep it whatever it answers. */
  handed(batch: WALEntryBatch): void
  /** The endpoint has accepted the batch. */
  accepted(batch: WALEntryBatch): void
}

/**
 * Why a shipper ended: the queue is at its end, the source was terminated or the server aborts, or
 * the endpoint's hook failed, after which the shipper is started again.
 */
export type ShipperEnd = 'finished' | 'stopped' | 'restart'

/** The shipper thread of a source (HBase's class of this name): batches to the endpoint, in order. */
export class ReplicationSourceShipper {
  readonly #options: ShipperOptions
  #inFlight: WALEntryBatch | null = null

  constructor(options: ShipperOptions) {
    this.#options = options
  }

  /** Bytes of the quota that are in the batch being shipped. */
  get heldBytes(): number {
    return this.#inFlight?.bytes ?? 0
  }

  *run(): Protocol<ShipperEnd> {
    try {
      return yield* this.#shipBatches()
    } catch (error) {
      if (error instanceof IOException) return 'restart'
      throw error
    }
  }

  *#shipBatches(): Protocol<ShipperEnd> {
    const { batches, offsets, sleepForRetriesUs, getEntriesTimeoutUs } = this.#options
    while (this.#options.active()) {
      if (!this.#options.peerEnabled()) {
        yield sleepForRetriesUs
        continue
      }
      if (offsets.dueInUs() === 0 && !(yield* offsets.persist())) return 'stopped'
      const batch = yield* batches.poll(Math.min(getEntriesTimeoutUs, offsets.dueInUs()))
      if (batch === undefined) continue
      if (batch === 'NO_MORE_DATA') return 'finished'
      if (!(yield* this.#tracedShip(batch))) return 'stopped'
    }
    return 'stopped'
  }

  #tracedShip(batch: WALEntryBatch): Protocol<boolean> {
    const { scheduler, labels } = this.#options
    const { tracer } = scheduler
    const ship = this.#ship(batch)
    if (tracer === null) return ship
    const { entries, bytes, fromPosition, toPosition, cause } = batch
    const details = { ...labels, wal: batch.wal.name, entries, bytes, fromPosition, toPosition }
    return tracer.around('ship batch', details, ship, undefined, cause)
  }

  #tracedReplicate(attempt: WALEntryBatch): Protocol<ReplicationResult> {
    const { scheduler, endpoint, labels } = this.#options
    const { tracer } = scheduler
    const call = endpoint.replicate(attempt)
    if (tracer === null) return call
    const details = { ...labels, entries: attempt.entries, bytes: attempt.bytes }
    return tracer.around('replicate', details, call, (result) => ({ result }))
  }

  /**
   * A batch without entries only moves the offset (HBASE-23205). False if the source is not to go
   * on.
   */
  *#ship(batch: WALEntryBatch): Protocol<boolean> {
    const { scheduler, quota, metrics, offsets } = this.#options
    if (batch.entries === 0) {
      this.#options.accepted(batch)
      return yield* offsets.taken(batch, 'COMMITTED')
    }
    this.#inFlight = batch
    metrics.handed(batch.lastWriteUs)
    const result = yield* this.#replicate(batch)
    if (result === 'FAILED') return false
    quota.release(batch.bytes)
    this.#inFlight = null
    this.#options.accepted(batch)
    const { group, lastWriteUs, entries, bytes } = batch
    metrics.shipped(group, lastWriteUs, entries, bytes, scheduler.now)
    return yield* offsets.taken(batch, result)
  }

  /**
   * A failure is tried again at once, an exception after base × 0, 1, 2, … `FAILED` if the source
   * was terminated meanwhile.
   */
  *#replicate(batch: WALEntryBatch): Protocol<ReplicationResult> {
    const { scheduler, metrics } = this.#options
    const { sleepForRetriesUs, maxRetriesMultiplier } = this.#options
    let multiplier = 0
    let attempt = batch
    while (this.#options.active()) {
      try {
        yield* this.#options.throttle(batch.bytes)
        const since = scheduler.now
        this.#options.handed(batch)
        const result = yield* this.#tracedReplicate(attempt)
        if (result !== 'FAILED') return result
        // Asked again at the same instant it would refuse for ever: no call takes no time at all.
        if (scheduler.now === since) yield 1
      } catch (error) {
        if (!(error instanceof IOException)) throw error
        metrics.failedBatches++
        yield sleepForRetriesUs * multiplier
        multiplier = Math.min(multiplier + 1, maxRetriesMultiplier)
      }
      if (attempt === batch) attempt = { ...batch, extents: resent(batch.extents, 'retry') }
    }
    return 'FAILED'
  }
}
