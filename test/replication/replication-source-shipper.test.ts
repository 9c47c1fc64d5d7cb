import { describe, expect, test } from 'vitest'
import { BoundedQueue } from '../../src/kernel/bounded-queue.js'
import { Host, type Process, type Protocol } from '../../src/kernel/process.js'
import { Scheduler } from '../../src/kernel/scheduler.js'
import { BufferQuota } from '../../src/replication/buffer-quota.js'
import { MetricsSource } from '../../src/replication/metrics-source.js'
import { ReplicationSourceShipper } from '../../src/replication/replication-source-shipper.js'
import type { WALEntryBatch } from '../../src/replication/wal-entry-batch.js'
import { IOException } from '../../src/storage/io-exception.js'
import { HandWrittenWals } from './hand-written-wals.js'
import { SECOND } from './wal-reading.js'

/** How an endpoint answers: attempt number from 0 over all batches. */
type Answer = (attempt: number) => boolean | 'throw'

const REPLICATE_US = 100
const PERSIST_US = 40

/** One shipper between a queue of batches and an endpoint that answers as told. */
class Shipping {
  readonly scheduler = new Scheduler()
  readonly quota = new BufferQuota(1000)
  readonly metrics = new MetricsSource()
  readonly batches = new BoundedQueue<WALEntryBatch | 'NO_MORE_DATA'>(this.scheduler, 10)
  readonly shipper: Process
  /** What happened, in order. */
  readonly story: string[] = []
  readonly attemptsUs: number[] = []
  enabled = true
  #shippedEntries = 0
  readonly #wals = new HandWrittenWals()

  constructor(
    private readonly answer: Answer = () => true,
    private readonly replicateUs = REPLICATE_US,
  ) {
    const shipper = new ReplicationSourceShipper({
      scheduler: this.scheduler,
      endpoint: { replicate: (batch) => this.#replicate(batch) },
      batches: this.batches,
      quota: this.quota,
      metrics: this.metrics,
      sleepForRetriesUs: SECOND,
      maxRetriesMultiplier: 300,
      getEntriesTimeoutUs: 20 * SECOND,
      peerEnabled: () => this.enabled,
      persist: (batch) => this.#persist(batch),
      accepted: ({ toPosition }) => this.#tell(`accepted up to ${toPosition}`),
      confirmed: ({ toPosition }) => this.#tell(`confirmed up to ${toPosition}`),
    })
    this.shipper = new Host(this.scheduler, 'rs1').spawn('shipper', shipper.run())
  }

  /** Hands a batch over, as the reader does: its bytes are taken from the quota. */
  put(entries: number, bytes = 0, more: Partial<WALEntryBatch> = {}): void {
    const from = this.#shippedEntries
    this.#shippedEntries += Math.max(entries, 1)
    const extents = [{ log: 0, from, to: from + entries, bytes }]
    this.quota.acquire(bytes)
    this.batches.tryPut({
      wal: this.#wals.current,
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

  *#replicate(batch: WALEntryBatch): Protocol<boolean> {
    const attempt = this.attemptsUs.push(this.scheduler.now) - 1
    this.#tell(`replicate ${batch.entries}`)
    yield this.replicateUs
    const answer = this.answer(attempt)
    if (answer === 'throw') throw new IOException('timeout', 'no answer')
    return answer
  }

  *#persist(batch: WALEntryBatch): Protocol {
    this.#tell(`persist ${batch.toPosition}, quota used ${this.quota.used}`)
    yield PERSIST_US
  }

  #tell(what: string): void {
    this.story.push(`${this.scheduler.now}: ${what}`)
  }
}

describe('a batch', () => {
  test('RB13: by default its offset is persisted once and at once', () => {
    const shipping = new Shipping()
    shipping.put(5, 50)
    expect(shipping.run(3600 * SECOND)).toEqual([
      '0: replicate 5',
      '100: accepted up to 5',
      '100: persist 5, quota used 0',
      '140: confirmed up to 5',
    ])
  })

  test('gives the quota back when it is accepted, before its offset is stored', () => {
    const shipping = new Shipping()
    shipping.put(5, 50)
    shipping.put(3, 30)
    expect(shipping.quota.used).toBe(80)
    const story = shipping.run(SECOND)
    expect(story).toContain('100: persist 5, quota used 30')
    expect(story).toContain('240: persist 8, quota used 0')
  })

  test('the next one waits until the offset of this one is stored', () => {
    const shipping = new Shipping()
    shipping.put(1, 10)
    shipping.put(1, 10)
    shipping.run(SECOND)
    expect(shipping.attemptsUs).toEqual([0, REPLICATE_US + PERSIST_US])
  })

  test('without entries is not shown to the endpoint and moves the offset (HBASE-23205)', () => {
    const shipping = new Shipping()
    shipping.put(0)
    expect(shipping.run(SECOND)).toEqual(['0: persist 1, quota used 0', '40: confirmed up to 1'])
    expect(shipping.metrics).toMatchObject({ shippedBatches: 0, shippedOps: 0 })
  })

  test('NO_MORE_DATA ends the shipper after what came before it', () => {
    const shipping = new Shipping()
    shipping.put(2, 20)
    shipping.batches.tryPut('NO_MORE_DATA')
    expect(shipping.run(SECOND).at(-1)).toBe('140: confirmed up to 2')
    expect(shipping.shipper.alive).toBe(false)
  })
})

describe('retries', () => {
  test('RB18: exceptions are followed by sleeps of 0, 1, 2, 3 s', () => {
    const shipping = new Shipping(() => 'throw', 0)
    shipping.put(1, 10)
    shipping.run(6 * SECOND)
    expect(shipping.attemptsUs).toEqual([0, 0, 1, 3, 6].map((s) => s * SECOND))
    expect(shipping.metrics.failedBatches).toBe(5)
    expect(shipping.quota.used).toBe(10)
  })

  test('RB18: the sleeps grow to 300 s and no further', () => {
    const shipping = new Shipping(() => 'throw', 0)
    shipping.put(1, 10)
    shipping.run(50_000 * SECOND)
    const { attemptsUs } = shipping
    const sleepsS = attemptsUs.slice(1).map((us, i) => (us - (attemptsUs[i] ?? 0)) / SECOND)
    expect(sleepsS.slice(298, 304)).toEqual([298, 299, 300, 300, 300, 300])
    expect(Math.max(...sleepsS)).toBe(300)
    expect(shipping.metrics.failedBatches).toBe(attemptsUs.length)
  })

  test('the sleeps begin at 0 again with the next batch', () => {
    const shipping = new Shipping((attempt) => (attempt % 4 === 3 ? true : 'throw'), 0)
    shipping.put(1, 10)
    shipping.put(1, 10)
    shipping.run(60 * SECOND)
    const first = [0, 0, SECOND, 3 * SECOND]
    const second = first.map((us) => us + 3 * SECOND + PERSIST_US)
    expect(shipping.attemptsUs).toEqual([...first, ...second])
  })

  test('false is tried again at once, whole, and is no failed batch', () => {
    const shipping = new Shipping((attempt) => attempt === 3)
    shipping.put(7, 70)
    expect(shipping.run(SECOND)).toEqual([
      '0: replicate 7',
      '100: replicate 7',
      '200: replicate 7',
      '300: replicate 7',
      '400: accepted up to 7',
      '400: persist 7, quota used 0',
      '440: confirmed up to 7',
    ])
    expect(shipping.metrics).toMatchObject({ failedBatches: 0, shippedBatches: 1 })
  })

  test('false between exceptions does not change their sleeps', () => {
    const answers: (boolean | 'throw')[] = ['throw', false, 'throw', false, 'throw', true]
    const shipping = new Shipping((attempt) => answers[attempt] ?? true)
    shipping.put(1, 10)
    shipping.run(60 * SECOND)
    const sleepsS = [0, 0, 0, 1, 1, 3]
    expect(shipping.attemptsUs).toEqual(sleepsS.map((s, i) => s * SECOND + i * REPLICATE_US))
  })

  test('an endpoint that refuses in no time is asked again a microsecond later', () => {
    const shipping = new Shipping(() => false, 0)
    shipping.put(1, 10)
    shipping.run(3)
    expect(shipping.attemptsUs).toEqual([0, 1, 2, 3])
  })

  test('what is no simulated fault stops the run', () => {
    const shipping = new Shipping(() => {
      throw new RangeError('a mistake of ours')
    })
    shipping.put(1, 10)
    expect(() => shipping.run(SECOND)).toThrow('a mistake of ours')
  })
})

describe('a disabled peer', () => {
  test('ships nothing and is looked at every second', () => {
    const shipping = new Shipping()
    shipping.enabled = false
    shipping.put(1, 10)
    expect(shipping.run(10 * SECOND - 1)).toEqual([])
    shipping.enabled = true
    expect(shipping.run(20 * SECOND)[0]).toBe('10000000: replicate 1')
  })
})

describe('metrics', () => {
  test('age is that of the last entry when it was shipped, and stands still afterwards', () => {
    const shipping = new Shipping()
    shipping.put(4, 40, { lastWriteUs: 0 })
    shipping.run(SECOND)
    expect(shipping.metrics).toMatchObject({
      ageOfLastShippedOpUs: REPLICATE_US,
      timestampOfLastShippedOpUs: 0,
      shippedBatches: 1,
      shippedOps: 4,
      shippedBytes: 40,
    })
    shipping.run(3600 * SECOND)
    expect(shipping.metrics.ageOfLastShippedOpUs).toBe(REPLICATE_US)
  })

  test('lag counts from the last entry of the batch in flight and is 0 once it is shipped', () => {
    const shipping = new Shipping((attempt) => attempt === 1, 5 * SECOND)
    shipping.run(8 * SECOND)
    shipping.put(1, 10, { lastWriteUs: 5 * SECOND })
    expect(shipping.metrics.replicationLagUs(shipping.scheduler.now)).toBe(0)
    shipping.run(9 * SECOND)
    expect(shipping.metrics.replicationLagUs(9 * SECOND)).toBe(4 * SECOND)
    shipping.run(60 * SECOND)
    expect(shipping.metrics.replicationLagUs(60 * SECOND)).toBe(0)
    expect(shipping.metrics.ageOfLastShippedOpUs).toBe(13 * SECOND)
  })
})
