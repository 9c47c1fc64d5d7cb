import { BoundedQueue } from '../kernel/bounded-queue.js'
import type { Host, Process, Protocol } from '../kernel/process.js'
import type { Scheduler } from '../kernel/scheduler.js'
import type { Details } from '../kernel/tracer.js'
import type { BufferQuota } from './buffer-quota.js'
import type { ReadableWal } from './readable-wal.js'
import {
  ReplicationSourceShipper,
  type ShipperEnd,
  type ShipperOptions,
} from './replication-source-shipper.js'
import { type ReaderOptions, ReplicationSourceWALReader } from './replication-source-wal-reader.js'
import type { WALEntryBatch } from './wal-entry-batch.js'

export interface SourceWorkerOptions {
  readonly scheduler: Scheduler
  readonly group: number
  readonly batchesAhead: number
  readonly quota: BufferQuota
  /** What a trace is to call its source by. */
  readonly labels: Details
  readonly reader: Omit<ReaderOptions, 'batches' | 'quota' | 'scheduler' | 'labels'>
  readonly shipper: Omit<ShipperOptions, 'batches' | 'quota' | 'scheduler' | 'labels'>
}

/** The reader and the shipper of one WAL group of a source, and the batches between them. */
export class SourceWorker {
  readonly group: number
  readonly #quota: BufferQuota
  readonly #batches: BoundedQueue<WALEntryBatch | 'NO_MORE_DATA'>
  readonly #reader: ReplicationSourceWALReader
  readonly #shipper: ReplicationSourceShipper
  #processes: Process[] = []

  constructor({ scheduler, group, batchesAhead, quota, labels, ...options }: SourceWorkerOptions) {
    this.group = group
    this.#quota = quota
    this.#batches = new BoundedQueue(scheduler, batchesAhead)
    const batches = this.#batches
    const shared = { scheduler, labels, batches, quota }
    this.#reader = new ReplicationSourceWALReader({ ...options.reader, ...shared })
    this.#shipper = new ReplicationSourceShipper({ ...options.shipper, ...shared })
  }

  /** True while one of its threads runs. */
  get alive(): boolean {
    return this.#processes.some((process) => process.alive)
  }

  /** Batches that the reader has made and the shipper has not taken. */
  get batchesQueued(): number {
    return this.#batches.length
  }

  /** Bytes of the quota that the reader and the shipper hold, without those in the queue. */
  get heldBytes(): number {
    return this.#reader.heldBytes + this.#shipper.heldBytes
  }

  /** Time integral of the queue's length and the stays of what left it: equal when it is empty. */
  get queueLaw(): { group: number; empty: boolean; area: number; sojourn: number } {
    const { length, putting, area, sojourn } = this.#batches
    return { group: this.group, empty: length === 0 && putting === 0, area, sojourn }
  }

  /** The WAL that the reader is at; undefined while it waits for the shipper to take a batch. */
  get reading(): ReadableWal | undefined {
    return this.alive ? this.#reader.reading : undefined
  }

  /** @param ended what the shipper's thread does at its end */
  start(host: Host, name: string, ended: (end: ShipperEnd) => void): void {
    this.#processes = [
      host.spawn(`reader of ${name}`, this.#reader.run()),
      host.spawn(`shipper of ${name}`, this.#ship(ended)),
    ]
  }

  /** Not while one of its own threads is running. */
  kill(): void {
    for (const process of this.#processes) process.kill()
  }

  /**
   * Gives back to the quota what is read and not shipped; the threads have ended. Before HBASE-28620
   * the batch that was being shipped was forgotten.
   */
  releaseQuota(unfixed: readonly string[]): void {
    this.#quota.release(this.#reader.heldBytes)
    for (const batch of this.#batches.clear()) {
      if (batch !== 'NO_MORE_DATA') this.#quota.release(batch.bytes)
    }
    if (!unfixed.includes('HBASE-28620')) this.#quota.release(this.#shipper.heldBytes)
  }

  *#ship(ended: (end: ShipperEnd) => void): Protocol {
    ended(yield* this.#shipper.run())
  }
}
