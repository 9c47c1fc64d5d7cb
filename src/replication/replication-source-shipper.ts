import type { BoundedQueue } from '../kernel/bounded-queue.js'
import type { Protocol } from '../kernel/process.js'
import type { Scheduler } from '../kernel/scheduler.js'
import { IOException } from '../storage/io-exception.js'
import type { BufferQuota } from './buffer-quota.js'
import type { MetricsSource } from './metrics-source.js'
import type { ReplicationEndpoint } from './replication-endpoint.js'
import type { WALEntryBatch } from './wal-entry-batch.js'

export interface ShipperOptions {
  readonly scheduler: Scheduler
  readonly endpoint: Pick<ReplicationEndpoint, 'replicate'>
  readonly batches: BoundedQueue<WALEntryBatch | 'NO_MORE_DATA'>
  readonly quota: BufferQuota
  readonly metrics: MetricsSource
  readonly sleepForRetriesUs: number
  readonly maxRetriesMultiplier: number
  readonly getEntriesTimeoutUs: number
  peerEnabled(): boolean
  /** Stores the offset behind `batch`. */
  persist(batch: WALEntryBatch): Protocol
  /** The endpoint has accepted the batch. */
  accepted(batch: WALEntryBatch): void
  /** The stored offset has passed the batch. */
  confirmed(batch: WALEntryBatch): void
}

/** The shipper thread of a source (HBase's class of this name): batches to the endpoint, in order. */
export class ReplicationSourceShipper {
  readonly #options: ShipperOptions

  constructor(options: ShipperOptions) {
    this.#options = options
  }

  *run(): Protocol {
    const { batches, sleepForRetriesUs, getEntriesTimeoutUs } = this.#options
    for (;;) {
      if (!this.#options.peerEnabled()) {
        yield sleepForRetriesUs
        continue
      }
      const batch = yield* batches.poll(getEntriesTimeoutUs)
      if (batch === undefined) continue
      if (batch === 'NO_MORE_DATA') return
      yield* this.#ship(batch)
    }
  }

  /** A batch without entries only moves the offset (HBASE-23205). */
  *#ship(batch: WALEntryBatch): Protocol {
    const { scheduler, quota, metrics } = this.#options
    if (batch.entries > 0) {
      metrics.handed(batch.lastWriteUs)
      yield* this.#replicate(batch)
      quota.release(batch.bytes)
      this.#options.accepted(batch)
      metrics.shipped(batch.lastWriteUs, batch.entries, batch.bytes, scheduler.now)
    }
    yield* this.#options.persist(batch)
    this.#options.confirmed(batch)
  }

  /** False is tried again at once, an exception after base × 0, 1, 2, … */
  *#replicate(batch: WALEntryBatch): Protocol {
    const { scheduler, endpoint, metrics } = this.#options
    const { sleepForRetriesUs, maxRetriesMultiplier } = this.#options
    let multiplier = 0
    for (;;) {
      try {
        const since = scheduler.now
        if (yield* endpoint.replicate(batch)) return
        // Asked again at the same instant it would refuse for ever: no call takes no time at all.
        if (scheduler.now === since) yield 1
      } catch (error) {
        if (!(error instanceof IOException)) throw error
        metrics.failedBatches++
        yield sleepForRetriesUs * multiplier
        multiplier = Math.min(multiplier + 1, maxRetriesMultiplier)
      }
    }
  }
}
