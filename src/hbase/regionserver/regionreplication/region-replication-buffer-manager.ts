import type { Scheduler } from '../../../kernel/scheduler.js'

/** What the manager asks of a RegionReplicationSink. */
export interface PendingEntries {
  /** Region number of the primary. */
  readonly primary: number
  /** Bytes queued or under way. */
  readonly pendingBytes: number
}

export interface RegionReplicationBufferManagerOptions {
  readonly scheduler: Pick<Scheduler, 'now' | 'schedule' | 'handler'>
  /** `hbase.region.read-replica.sink.max-pending-size` */
  readonly maxPendingBytes: number
  /** That times `…soft-limit-percentage`. */
  readonly softPendingBytes: number
  /**
   * Flushes all families of a primary region, with a CANNOT_FLUSH if there is nothing to flush.
   *
   * @param ended to be called once when the flush is over, whatever became of it
   */
  flush(primary: number, ended: () => void): void
}

/**
 * Limits what all primary regions of a server together have queued for their secondary replicas
 * (HBase's RegionReplicationBufferManager).
 */
export class RegionReplicationBufferManager {
  readonly #options: RegionReplicationBufferManagerOptions
  readonly #flushHandler: number
  readonly #sinks = new Set<PendingEntries>()
  #pendingBytes = 0
  /** Region-Replication-Flusher is at work; what it is given meanwhile it drops. */
  #flushing = false
  #stopped = false

  constructor(options: RegionReplicationBufferManagerOptions) {
    this.#options = options
    this.#flushHandler = options.scheduler.handler(() => this.#flushLargest())
  }

  /** Bytes of all regions. */
  get pendingBytes(): number {
    return this.#pendingBytes
  }

  /** A region has opened. */
  register(sink: PendingEntries): void {
    this.#sinks.add(sink)
  }

  /** It closes. */
  unregister(sink: PendingEntries): void {
    this.#sinks.delete(sink)
  }

  /** @returns false if that is too much: the region must drop what it has queued */
  increase(bytes: number): boolean {
    this.#pendingBytes += bytes
    if (this.#pendingBytes > this.#options.softPendingBytes) this.#startFlush()
    return this.#pendingBytes <= this.#options.maxPendingBytes
  }

  decrease(bytes: number): void {
    this.#pendingBytes -= bytes
  }

  /** No flush begins any more. */
  stop(): void {
    this.#stopped = true
  }

  #startFlush(): void {
    if (this.#flushing || this.#stopped) return
    this.#flushing = true
    const { scheduler } = this.#options
    scheduler.schedule(scheduler.now, this.#flushHandler)
  }

  /** Runs in a thread of its own, so after what made it necessary. */
  #flushLargest(): void {
    const largest = this.#largest()
    if (largest === null || this.#stopped) {
      this.#flushing = false
      return
    }
    this.#options.flush(largest.primary, () => {
      this.#flushing = false
    })
  }

  #largest(): PendingEntries | null {
    let largest: PendingEntries | null = null
    for (const sink of this.#sinks) {
      if (largest === null || sink.pendingBytes > largest.pendingBytes) largest = sink
    }
    return largest
  }
}
