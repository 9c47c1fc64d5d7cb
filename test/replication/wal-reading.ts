import { BoundedQueue } from '../../src/kernel/bounded-queue.js'
import { Host, type Process, type Protocol } from '../../src/kernel/process.js'
import { Scheduler } from '../../src/kernel/scheduler.js'
import { BufferQuota } from '../../src/replication/buffer-quota.js'
import { MetricsSource } from '../../src/replication/metrics-source.js'
import {
  type ReaderLimits,
  type ReaderOptions,
  ReplicationSourceWALReader,
} from '../../src/replication/replication-source-wal-reader.js'
import { ResendCauses } from '../../src/replication/resend-causes.js'
import type { WALEntryBatch } from '../../src/replication/wal-entry-batch.js'
import { HandWrittenWals } from './hand-written-wals.js'

export const SECOND = 1_000_000

/** The defaults of HBase 2.6. */
export const DEFAULT_LIMITS: ReaderLimits = {
  sleepForRetriesUs: SECOND,
  maxRetriesMultiplier: 300,
  sizeCapacity: 67_108_864,
  nbCapacity: 25_000,
  autorecovery: false,
}

/** A source's first reader sends nothing again. */
export const NO_RESENDS = new ResendCauses(new Map(), 'source refresh', false)

export interface ReadingOptions extends Partial<ReaderOptions> {
  readonly scheduler?: Scheduler
  readonly wals?: HandWrittenWals
  readonly batchesAhead?: number
  /** Limits that differ from HBase's defaults. */
  readonly only?: Partial<ReaderLimits>
}

/** One reader thread over hand-written WALs, without a shipper. */
export class WalReading {
  readonly scheduler: Scheduler
  readonly wals: HandWrittenWals
  readonly quota: BufferQuota
  readonly metrics = new MetricsSource()
  readonly batches: BoundedQueue<WALEntryBatch | 'NO_MORE_DATA'>
  /** When the reader looked for something new, i.e. opened a WAL. */
  readonly pollsUs: number[] = []
  readonly reader: ReplicationSourceWALReader
  readonly thread: Process
  readonly #host: Host

  constructor({
    scheduler = new Scheduler(),
    wals,
    batchesAhead = 1,
    only,
    ...rest
  }: ReadingOptions = {}) {
    this.scheduler = scheduler
    this.wals = wals ?? new HandWrittenWals(() => scheduler.now)
    this.quota = rest.quota ?? new BufferQuota(268_435_456)
    this.batches = new BoundedQueue(scheduler, batchesAhead)
    this.#host = new Host(scheduler, 'rs1')
    this.reader = new ReplicationSourceWALReader({
      scheduler,
      labels: {},
      queue: this.wals.queue,
      metrics: this.metrics,
      batches: this.batches,
      limits: { ...DEFAULT_LIMITS, ...only },
      startPosition: 0,
      resends: NO_RESENDS,
      unfixed: [],
      peerEnabled: () => true,
      refresh: () => {},
      openUs: () => {
        this.pollsUs.push(scheduler.now)
        return 0
      },
      readUs: () => 0,
      ...rest,
      quota: this.quota,
    })
    this.thread = this.#host.spawn('reader', this.reader.run())
  }

  /** The next batch, or undefined if there is none by `untilUs`. */
  poll(untilUs: number): WALEntryBatch | 'NO_MORE_DATA' | undefined {
    const taken: (WALEntryBatch | 'NO_MORE_DATA' | undefined)[] = []
    const timeoutUs = untilUs - this.scheduler.now
    this.#host.spawn('taker', collect(this.batches.poll(timeoutUs), taken))
    while (taken.length === 0) this.scheduler.run(this.scheduler.nextTime())
    return taken[0]
  }

  /** The next batch, however long it takes. */
  take(): WALEntryBatch {
    const batch = this.poll(this.scheduler.now + 3600 * SECOND)
    if (batch === undefined || batch === 'NO_MORE_DATA') throw new Error(`${batch}: no batch`)
    return batch
  }
}

function* collect<T>(protocol: Protocol<T>, results: T[]): Protocol {
  results.push(yield* protocol)
}

/** The numbers of the edits in a batch. */
export function editsOf(batch: WALEntryBatch): number[] {
  return batch.extents.flatMap(({ from, to }) =>
    Array.from({ length: to - from }, (_, i) => from + i),
  )
}
