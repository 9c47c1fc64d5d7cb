import { BoundedQueue } from '../../../src/kernel/bounded-queue.js'
import type { Protocol } from '../../../src/kernel/process.js'
import type { Scheduler } from '../../../src/kernel/scheduler.js'
import type {
  ReplicationEndpoint,
  ReplicationResult,
} from '../../../src/replication/replication-endpoint.js'
import type { WALEntryBatch } from '../../../src/replication/wal-entry-batch.js'
import { type Resend, resent } from '../../../src/storage/extent.js'
import { IOException } from '../../../src/storage/io-exception.js'

const SECOND = 1_000_000

/** When the offset is stored (HBASE-29823): so many bytes after the last time, or so long. */
export interface OffsetTriggers {
  readonly bytes: number
  readonly us: number
}

/** What the shipper tells of batches. */
export interface ShipperListener {
  accepted(batch: WALEntryBatch): void
  /** The stored offset has passed everything before edit `to`. */
  confirmed(to: number): void
  answered(result: ReplicationResult): void
}

/**
 * A source's shipper with one WAL group, reduced to what it owes an endpoint: batches in order, a
 * refused one again and again, the offset as the design has it stored, in no time.
 */
export class PlainShipper {
  /** Batches not yet confirmed, in order; the first `tried` have been handed over. */
  readonly #batches: WALEntryBatch[] = []
  readonly #queue: BoundedQueue<WALEntryBatch>
  #tried = 0
  #submittedTo = 0
  #unstoredBytes = 0
  #storedUs = 0

  constructor(
    private readonly scheduler: Scheduler,
    private readonly endpoint: ReplicationEndpoint,
    private readonly triggers: OffsetTriggers | null,
    private readonly listener: ShipperListener,
  ) {
    this.#queue = new BoundedQueue(scheduler, Number.POSITIVE_INFINITY)
  }

  add(batches: readonly WALEntryBatch[]): void {
    this.#batches.push(...batches)
    for (const batch of batches) this.#queue.tryPut(batch)
  }

  /**
   * What somebody else must ship: everything behind the stored offset.
   *
   * @param goesOn this shipper is not dead and will send what it has not sent yet
   */
  leftover(cause: Resend, goesOn = false): WALEntryBatch[] {
    return this.#batches.map((batch, i) =>
      i < this.#tried || goesOn ? { ...batch, extents: resent(batch.extents, cause) } : batch,
    )
  }

  *run(): Protocol {
    this.#storedUs = this.scheduler.now
    for (;;) {
      yield* this.#storeIfDue()
      const batch = yield* this.#queue.poll(this.#patienceUs())
      if (batch === undefined) continue
      this.#tried = this.#batches.indexOf(batch) + 1
      yield* this.#ship(batch)
    }
  }

  /** The endpoint's own offsets (feature branch): all that was submitted. */
  persistOffsets(): void {
    this.#confirm(this.#submittedTo)
  }

  *#ship(batch: WALEntryBatch): Protocol {
    const to = batch.extents.at(-1)?.to ?? this.#submittedTo
    let result = yield* this.#attempt(batch)
    while (result === 'FAILED') result = yield* this.#attempt(batch)
    this.#submittedTo = to
    this.#unstoredBytes += batch.bytes
    this.listener.accepted(batch)
    if (this.endpoint.offsets === 'shipper') yield* this.#storeIfDue()
    else if (result === 'COMMITTED') this.#confirm(to)
  }

  *#attempt(batch: WALEntryBatch): Protocol<ReplicationResult> {
    const result = yield* this.#replicate(batch)
    this.listener.answered(result)
    return result
  }

  *#replicate(batch: WALEntryBatch): Protocol<ReplicationResult> {
    try {
      return yield* this.endpoint.replicate(batch)
    } catch (error) {
      if (!(error instanceof IOException)) throw error
      yield SECOND
      return 'FAILED'
    }
  }

  *#storeIfDue(): Protocol {
    if (this.endpoint.offsets !== 'shipper' || this.#unstoredBytes === 0) return
    const { triggers, scheduler } = this
    const due =
      triggers === null ||
      this.#unstoredBytes >= triggers.bytes ||
      scheduler.now - this.#storedUs >= triggers.us
    if (!due) return
    this.#storedUs = scheduler.now
    try {
      yield* this.endpoint.beforePersistingReplicationOffset()
      this.#confirm(this.#submittedTo)
    } catch (error) {
      if (!(error instanceof IOException)) throw error
      this.#startAgain()
    }
    this.#unstoredBytes = 0
  }

  #patienceUs(): number {
    if (this.triggers === null || this.#unstoredBytes === 0) return 20 * SECOND
    return Math.max(1, this.#storedUs + this.triggers.us - this.scheduler.now)
  }

  #confirm(to: number): void {
    while (this.#batches.length > 0 && (this.#batches[0]?.extents.at(-1)?.to ?? 0) <= to) {
      this.#batches.shift()
      this.#tried--
    }
    this.listener.confirmed(to)
  }

  #startAgain(): void {
    const again = this.leftover('shipper restart')
    this.#queue.clear()
    this.#batches.length = 0
    this.#tried = 0
    this.add(again)
  }
}
