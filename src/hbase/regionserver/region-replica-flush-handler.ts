import { FifoServer } from '../../kernel/fifo-server.js'
import type { Protocol } from '../../kernel/process.js'
import type { Scheduler } from '../../kernel/scheduler.js'
import { IOException } from '../../storage/io-exception.js'
import type { FlushResult } from './region-flush.js'

export interface RegionReplicaFlushOptions {
  readonly scheduler: Scheduler
  /** `hbase.regionserver.region.replica.flusher.threads` */
  readonly threads: number
  /** `hbase.client.pause`, twice as long with each retry. */
  readonly pauseUs: number
  /** See `regionReplicaFlushRetries`. */
  readonly retries: number
  /**
   * HBase 3: the secondary is read when the answer has come; HBase 2: when the secondary has replayed
   * what the flush wrote.
   */
  readonly enablesReads: boolean
  /** Whether the secondary is still open on the server. */
  isOpen(region: number): boolean
  /**
   * Asks the primary of this secondary to flush, and to say so in the WAL if there is nothing to
   * flush (`writeFlushRequestMarker`); ends when the flush has.
   *
   * @throws IOException
   */
  requestFlush(region: number): Protocol<FlushResult>
  enableReads(region: number): void
  /** The server ends: HBase has no other way to give up a region that it has opened. */
  abort(reason: string): void
}

/**
 * What a region server does for a secondary that it has opened: has its primary flushed, so that the
 * secondary does not show less than a replica elsewhere has shown before (RegionReplicaFlushHandler).
 * As many at once as there are threads, the others in the order in which they came.
 *
 * Simplification: a primary that cannot be reached is asked again as in HBase 3, where HBase 2 does as
 * a client does, for the time of an operation.
 */
export class RegionReplicaFlushHandler {
  readonly #options: RegionReplicaFlushOptions
  readonly #threads: FifoServer

  constructor(options: RegionReplicaFlushOptions) {
    this.#options = options
    this.#threads = new FifoServer(options.scheduler, options.threads)
  }

  /** Ends when the flush has, or the secondary is closed, or the server told to abort. */
  *process(region: number): Protocol {
    yield* this.#threads.acquire()
    try {
      yield* this.#triggerFlushInPrimaryRegion(region)
    } finally {
      this.#threads.release()
    }
  }

  *#triggerFlushInPrimaryRegion(region: number): Protocol {
    const { pauseUs, retries, enablesReads, isOpen, enableReads, abort } = this.#options
    let pause = pauseUs
    for (let retry = 0; isOpen(region); retry++) {
      if (yield* this.#isFlushed(region)) {
        if (enablesReads && isOpen(region)) enableReads(region)
        return
      }
      if (retry === retries) {
        abort('Cannot cause primary to flush or drop a wal marker')
        return
      }
      yield pause
      pause *= 2
    }
  }

  /** No if the primary closes or flushes already, or cannot be reached. */
  *#isFlushed(region: number): Protocol<boolean> {
    try {
      const { result } = yield* this.#options.requestFlush(region)
      return result !== 'CANNOT_FLUSH'
    } catch (error) {
      if (!(error instanceof IOException)) throw error
      return false
    }
  }
}

/**
 * How often a region server's handler asks again. The server has multiplied the client's retries; the
 * handler divides a product above 10 again.
 *
 * @param clientRetries `hbase.client.retries.number`
 * @param multiplier `hbase.client.serverside.retries.multiplier`
 */
export function regionReplicaFlushRetries(clientRetries: number, multiplier: number): number {
  const ofServer = clientRetries * multiplier
  return ofServer > 10 ? clientRetries : ofServer
}
