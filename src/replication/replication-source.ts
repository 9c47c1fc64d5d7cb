import type { EditLog } from '../hbase/edit-log.js'
import { Progress, peerProgress } from '../hbase/progress.js'
import { BoundedQueue } from '../kernel/bounded-queue.js'
import type { EventStream } from '../kernel/event-stream.js'
import type { Host } from '../kernel/process.js'
import type { Scheduler } from '../kernel/scheduler.js'
import type { BufferQuota } from './buffer-quota.js'
import { MetricsSource } from './metrics-source.js'
import type { ReadableWal } from './readable-wal.js'
import type { ReplicationEndpoint } from './replication-endpoint.js'
import type { ReplicationQueueStorage } from './replication-queue-storage.js'
import { ReplicationSourceLogQueue } from './replication-source-log-queue.js'
import { ReplicationSourceShipper } from './replication-source-shipper.js'
import { type ReaderLimits, ReplicationSourceWALReader } from './replication-source-wal-reader.js'
import type { WALEntryBatch } from './wal-entry-batch.js'

export interface ReplicationSourceOptions {
  readonly scheduler: Scheduler
  readonly events: EventStream
  readonly host: Host
  readonly log: EditLog
  readonly server: string
  readonly peer: string
  /** Number of the peer, part of the kind of its progress events. */
  readonly peerNumber: number
  readonly endpoint: ReplicationEndpoint
  readonly queueStorage: ReplicationQueueStorage
  readonly quota: BufferQuota
  readonly limits: ReaderLimits
  readonly batchesAhead: number
  readonly getEntriesTimeoutUs: number
  refresh(): void
  openUs(n: number): number
  readUs(bytes: number): number
}

/**
 * One peer's source on one region server, for one WAL group: a queue of WALs, a reader, a shipper
 * and the endpoint (HBase's class of this name).
 */
export class ReplicationSource {
  readonly queue = new ReplicationSourceLogQueue()
  readonly metrics = new MetricsSource()
  readonly endpoint: ReplicationEndpoint
  /** Batches that are read and not taken by the shipper. */
  readonly batches: BoundedQueue<WALEntryBatch | 'NO_MORE_DATA'>
  readonly #options: ReplicationSourceOptions

  constructor(options: ReplicationSourceOptions) {
    this.#options = options
    this.endpoint = options.endpoint
    this.batches = new BoundedQueue(options.scheduler, options.batchesAhead)
  }

  get server(): string {
    return this.#options.server
  }

  enqueueLog(wal: ReadableWal): void {
    this.queue.enqueue(wal)
  }

  start(): void {
    const { scheduler, host, log, quota, limits } = this.#options
    const { batches } = this
    const peerEnabled = () => true
    const reader = new ReplicationSourceWALReader({
      queue: this.queue,
      log,
      quota,
      metrics: this.metrics,
      batches,
      limits,
      recovered: false,
      startPosition: 0,
      peerEnabled,
      refresh: this.#options.refresh,
      openUs: this.#options.openUs,
      readUs: this.#options.readUs,
    })
    const shipper = new ReplicationSourceShipper({
      scheduler,
      endpoint: this.endpoint,
      batches,
      quota,
      metrics: this.metrics,
      sleepForRetriesUs: limits.sleepForRetriesUs,
      maxRetriesMultiplier: limits.maxRetriesMultiplier,
      getEntriesTimeoutUs: this.#options.getEntriesTimeoutUs,
      peerEnabled,
      persist: (batch) => this.#persist(batch),
      accepted: (batch) => this.#progress(Progress.accepted, batch),
      confirmed: (batch) => this.#progress(Progress.confirmed, batch),
    })
    this.endpoint.start()
    host.spawn(`reader of ${this.#options.peer}`, reader.run())
    host.spawn(`shipper of ${this.#options.peer}`, shipper.run())
  }

  #persist(batch: WALEntryBatch) {
    const { queueStorage, server, peer } = this.#options
    return queueStorage.setOffset(server, peer, {
      wal: batch.wal,
      position: batch.toPosition,
      complete: batch.endOfFile,
    })
  }

  /** Tells of every entry that the batch passes, filtered ones included. */
  #progress(progress: number, batch: WALEntryBatch): void {
    if (batch.toPosition === batch.fromPosition) return
    const { events, scheduler, log, peerNumber } = this.#options
    const from = batch.wal.from + batch.fromPosition
    const to = batch.wal.from + batch.toPosition
    const kind = peerProgress(progress, peerNumber)
    events.progress(kind, scheduler.now, log.id, from, to, scheduler.cause)
  }
}
