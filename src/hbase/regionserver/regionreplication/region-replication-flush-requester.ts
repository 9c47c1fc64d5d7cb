import type { Scheduler } from '../../../kernel/scheduler.js'
import type { HashedWheelTimer } from './hashed-wheel-timer.js'

/** Tick of the timer that all requesters of a server share (RegionReplicationFlushRequester). */
export const FLUSH_REQUEST_TICK_US = 500_000

const SECOND_US = 1_000_000

export interface RegionReplicationFlushRequesterOptions {
  readonly scheduler: Pick<Scheduler, 'now'>
  /** The server's, with a tick of `FLUSH_REQUEST_TICK_US`. */
  readonly timer: HashedWheelTimer
  /** `hbase.region.read-replica.sink.flush.min-interval.secs` */
  readonly minIntervalSeconds: number
  /** Has all families of the region flushed, with a CANNOT_FLUSH if there is nothing to flush. */
  flush(): void
}

/**
 * Asks for flushes of one primary region, after which its replicas can go on, but not too often
 * (HBase's RegionReplicationFlushRequester).
 */
export class RegionReplicationFlushRequester {
  readonly #options: RegionReplicationFlushRequesterOptions
  #lastRequestUs = Number.NEGATIVE_INFINITY
  #lastFlushedSequenceId = 0
  /** Timeout of the request that is put off, if there is one. */
  #pending: number | null = null
  #pendingSequenceId = 0

  constructor(options: RegionReplicationFlushRequesterOptions) {
    this.#options = options
  }

  /** A replica has missed the edit `sequenceId`: a flush must begin after it. */
  requestFlush(sequenceId: number): void {
    if (this.#pending !== null) {
      this.#pendingSequenceId = Math.max(sequenceId, this.#pendingSequenceId)
      return
    }
    const { scheduler, timer, minIntervalSeconds } = this.#options
    const elapsedSeconds = Math.floor((scheduler.now - this.#lastRequestUs) / SECOND_US)
    if (elapsedSeconds >= minIntervalSeconds) {
      this.#request()
      return
    }
    this.#pendingSequenceId = sequenceId
    const delayUs = (minIntervalSeconds - elapsedSeconds) * SECOND_US
    this.#pending = timer.newTimeout(delayUs, () => this.#expire())
  }

  /** A flush of all families with this sequence number has begun. */
  recordFlush(flushSequenceNumber: number): void {
    this.#lastFlushedSequenceId = flushSequenceNumber
    if (flushSequenceNumber > this.#pendingSequenceId) this.stop()
  }

  /** The request that is put off is dropped. */
  stop(): void {
    if (this.#pending !== null) this.#options.timer.cancel(this.#pending)
    this.#pending = null
  }

  #expire(): void {
    this.#pending = null
    if (this.#pendingSequenceId >= this.#lastFlushedSequenceId) this.#request()
  }

  #request(): void {
    this.#options.flush()
    this.#lastRequestUs = this.#options.scheduler.now
  }
}
