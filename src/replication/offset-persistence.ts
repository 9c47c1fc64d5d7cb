import type { Protocol } from '../kernel/process.js'
import type { Scheduler } from '../kernel/scheduler.js'
import type { ReplicationEndpoint, ReplicationResult } from './replication-endpoint.js'
import type { SourceOffsets } from './source-offsets.js'
import type { WALEntryBatch } from './wal-entry-batch.js'

/**
 * When a shipper stores the offset of its WAL group. Its protocols return false if the server
 * aborts over it, and throw the IOException of the endpoint's hook.
 */
export interface OffsetPersistence {
  /** The endpoint has taken the batch, or there was nothing in it to take. */
  taken(batch: WALEntryBatch, result: ReplicationResult): Protocol<boolean>
  /** Stores what is to be stored. */
  persist(): Protocol<boolean>
  /** Time until that is due, 0 if it is now. */
  dueInUs(): number
}

/** When offsets are stored later than with each batch (HBASE-29823). */
export interface OffsetTriggers {
  /** `hbase.replication.shipper.offset.update.interval.ms` */
  readonly intervalUs: number
  /** `hbase.replication.shipper.offset.update.size.threshold`: reached by any batch if negative. */
  readonly sizeThreshold: number
}

/**
 * The shipper's own triggers, and the endpoint's hook before every write (HBASE-29823). Only the last
 * batch's offset is written, the earlier ones are implied.
 */
export class ShipperOffsetPersistence implements OffsetPersistence {
  #last: WALEntryBatch | null = null
  #accumulatedBytes = 0
  #lastPersistUs: number

  /** @param passedUs how much of the first interval has passed before the shipper begins */
  constructor(
    private readonly scheduler: Scheduler,
    private readonly endpoint: Pick<ReplicationEndpoint, 'beforePersistingReplicationOffset'>,
    private readonly offsets: SourceOffsets,
    private readonly triggers: OffsetTriggers,
    passedUs = 0,
  ) {
    this.#lastPersistUs = scheduler.now - passedUs
  }

  /** A batch without entries is always persisted at once, and what came before it too. */
  *taken(batch: WALEntryBatch): Protocol<boolean> {
    this.#last = batch
    this.#accumulatedBytes += batch.bytes
    return batch.entries === 0 || this.dueInUs() === 0 ? yield* this.persist() : true
  }

  dueInUs(): number {
    if (this.#last === null) return Number.POSITIVE_INFINITY
    const { sizeThreshold, intervalUs } = this.triggers
    if (this.#accumulatedBytes >= sizeThreshold) return 0
    return Math.max(0, this.#lastPersistUs + intervalUs - this.scheduler.now)
  }

  *persist(): Protocol<boolean> {
    const batch = this.#last
    if (batch === null || !this.offsets.mayPersist) return true
    yield* this.endpoint.beforePersistingReplicationOffset()
    if (!(yield* this.offsets.store(batch))) return false
    this.#last = null
    this.#accumulatedBytes = 0
    this.#lastPersistUs = this.scheduler.now
    return true
  }
}

/**
 * The endpoint says when: what it has committed lets the offsets of all groups be stored, what it has
 * been submitted waits (feature branch of HBASE-28957). A batch without entries waits as well, since
 * it would commit what is in open files (HBASE-29441).
 */
export class EndpointOffsetPersistence implements OffsetPersistence {
  constructor(
    private readonly offsets: SourceOffsets,
    private readonly unfixed: readonly string[],
  ) {}

  *taken(batch: WALEntryBatch, result: ReplicationResult): Protocol<boolean> {
    const empty = batch.entries === 0
    const committed = empty ? this.unfixed.includes('HBASE-29441') : result === 'COMMITTED'
    this.offsets.submitted(batch)
    return committed ? yield* this.persist() : true
  }

  *persist(): Protocol<boolean> {
    return yield* this.offsets.storeSubmitted()
  }

  /** The endpoint knows. */
  dueInUs(): number {
    return Number.POSITIVE_INFINITY
  }
}
