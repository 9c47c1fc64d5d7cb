import { BoundedQueue } from '../../src/kernel/bounded-queue.js'
import { Host, type Process, type Protocol } from '../../src/kernel/process.js'
import { Scheduler } from '../../src/kernel/scheduler.js'
import { BufferQuota } from '../../src/replication/buffer-quota.js'
import { MetricsSource } from '../../src/replication/metrics-source.js'
import {
  EndpointOffsetPersistence,
  type OffsetPersistence,
  type OffsetTriggers,
  ShipperOffsetPersistence,
} from '../../src/replication/offset-persistence.js'
import type { ReplicationResult } from '../../src/replication/replication-endpoint.js'
import type { ReplicationGroupOffset } from '../../src/replication/replication-queue-storage.js'
import {
  ReplicationSourceShipper,
  type ShipperEnd,
} from '../../src/replication/replication-source-shipper.js'
import { ReplicationThrottler } from '../../src/replication/replication-throttler.js'
import { SourceOffsets } from '../../src/replication/source-offsets.js'
import { TrackedWals } from '../../src/replication/tracked-wals.js'
import type { WALEntryBatch } from '../../src/replication/wal-entry-batch.js'
import type { Extent } from '../../src/storage/extent.js'
import { IOException } from '../../src/storage/io-exception.js'
import { HandWrittenWals } from './hand-written-wals.js'
import { SECOND } from './wal-reading.js'

export type Answer = ReplicationResult | 'throw' | undefined

export const REPLICATE_US = 100
export const PERSIST_US = 40

export interface ShippingOptions {
  /** How the endpoint answers: attempt number from 0 over all batches. */
  readonly answer?: (attempt: number) => Answer
  readonly replicateUs?: number
  readonly hook?: () => 'throw' | undefined
  readonly hookUs?: number
  readonly offsets?: 'shipper' | 'endpoint'
  readonly triggers?: Partial<OffsetTriggers>
  /** Of the first interval. */
  readonly passedUs?: number
  readonly bytesPerSecond?: number
  readonly unfixed?: readonly string[]
}

/** One shipper between a queue of batches and an endpoint that answers as told. */
export class Shipping {
  readonly scheduler = new Scheduler()
  readonly quota = new BufferQuota(1000)
  readonly metrics = new MetricsSource()
  readonly batches = new BoundedQueue<WALEntryBatch | 'NO_MORE_DATA'>(this.scheduler, 10)
  readonly thread: Process
  /** What happened, in order. */
  readonly story: string[] = []
  readonly attemptsUs: number[] = []
  readonly sent: (readonly Extent[])[] = []
  enabled = true
  active = true
  storageLost = false
  offset: ReplicationGroupOffset | undefined
  end: ShipperEnd | undefined
  #shippedEntries = 0
  readonly #wals = new HandWrittenWals()
  readonly #options: ShippingOptions

  constructor(options: ShippingOptions = {}) {
    this.#options = options
    const throttler = new ReplicationThrottler(this.scheduler, options.bytesPerSecond ?? 0)
    const shipper = new ReplicationSourceShipper({
      scheduler: this.scheduler,
      labels: {},
      endpoint: { replicate: (batch) => this.#replicate(batch) },
      batches: this.batches,
      quota: this.quota,
      metrics: this.metrics,
      offsets: this.#persistence(),
      sleepForRetriesUs: SECOND,
      maxRetriesMultiplier: 300,
      getEntriesTimeoutUs: 20 * SECOND,
      active: () => this.active,
      peerEnabled: () => this.enabled,
      throttle: (bytes) => throttler.throttle(bytes),
      handed: () => {},
      accepted: ({ bytes, toPosition }) => {
        throttler.pushed(bytes)
        this.#tell(`accepted up to ${toPosition}`)
      },
    })
    this.thread = new Host(this.scheduler, 'rs1').spawn('shipper', this.#run(shipper))
  }

  /** Hands a batch over, as the reader does: its bytes are taken from the quota. */
  put(entries: number, bytes = 0, more: Partial<WALEntryBatch> = {}): void {
    const from = this.#shippedEntries
    this.#shippedEntries += Math.max(entries, 1)
    const extents = [{ log: 0, from, to: from + entries, bytes }]
    this.quota.acquire(bytes)
    this.batches.tryPut({
      wal: this.#wals.current,
      group: 0,
      extents: entries > 0 ? extents : [],
      entries,
      bytes,
      fromPosition: from,
      toPosition: this.#shippedEntries,
      endOfFile: false,
      lastWriteUs: this.scheduler.now,
      ...more,
    })
  }

  run(untilUs: number): string[] {
    this.scheduler.run(untilUs)
    return this.story.splice(0)
  }

  *#run(shipper: ReplicationSourceShipper): Protocol {
    this.end = yield* shipper.run()
  }

  #persistence(): OffsetPersistence {
    const { offsets = 'shipper', triggers, passedUs, unfixed = [] } = this.#options
    const wals = new TrackedWals((_wal, _from, to) => this.#tell(`confirmed up to ${to}`))
    wals.track(this.#wals.current)
    const source = new SourceOffsets({
      scheduler: this.scheduler,
      queue: { peer: 'peer', server: 'rs1', origin: 'rs1' },
      storage: { offset: () => this.offset, setOffset: (_q, _g, offset) => this.#store(offset) },
      wals,
      active: () => this.active,
      peerEnabled: () => this.enabled,
      abortServer: (reason) => this.#tell(`abort: ${reason}`),
    })
    if (offsets === 'endpoint') return new EndpointOffsetPersistence(source, unfixed)
    const endpoint = { beforePersistingReplicationOffset: () => this.#hook() }
    const all = { intervalUs: Number.POSITIVE_INFINITY, sizeThreshold: -1, ...triggers }
    return new ShipperOffsetPersistence(this.scheduler, endpoint, source, all, passedUs)
  }

  *#hook(): Protocol {
    this.#tell('hook')
    yield this.#options.hookUs ?? 0
    if (this.#options.hook?.() === 'throw') throw new IOException('500', 'no file can be closed')
  }

  *#replicate(batch: WALEntryBatch): Protocol<ReplicationResult> {
    const attempt = this.attemptsUs.push(this.scheduler.now) - 1
    this.sent.push(batch.extents)
    this.#tell(`replicate ${batch.entries}`)
    yield this.#options.replicateUs ?? REPLICATE_US
    const answer = this.#options.answer?.(attempt) ?? 'COMMITTED'
    if (answer === 'throw') throw new IOException('timeout', 'no answer')
    return answer
  }

  *#store(offset: ReplicationGroupOffset): Protocol {
    this.#tell(`persist ${offset.position}, quota used ${this.quota.used}`)
    yield PERSIST_US
    if (this.storageLost) throw new IOException('lost', 'no storage')
    this.offset = offset
  }

  #tell(what: string): void {
    this.story.push(`${this.scheduler.now}: ${what}`)
  }
}
