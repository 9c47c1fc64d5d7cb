import { describe, expect, test } from 'vitest'
import { type Answer, PERSIST_US, REPLICATE_US, Shipping } from './shipping.js'
import { SECOND } from './wal-reading.js'

describe('a batch', () => {
  test('RB13: by default its offset is persisted once and at once', () => {
    const shipping = new Shipping()
    shipping.put(5, 50)
    expect(shipping.run(3600 * SECOND)).toEqual([
      '0: replicate 5',
      '100: accepted up to 5',
      '100: hook',
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
    expect(shipping.run(SECOND)).toEqual([
      '0: accepted up to 1',
      '0: hook',
      '0: persist 1, quota used 0',
      '40: confirmed up to 1',
    ])
    expect(shipping.metrics).toMatchObject({ shippedBatches: 0, shippedOps: 0 })
  })

  test('NO_MORE_DATA ends the shipper after what came before it', () => {
    const shipping = new Shipping()
    shipping.put(2, 20)
    shipping.batches.tryPut('NO_MORE_DATA')
    expect(shipping.run(SECOND).at(-1)).toBe('140: confirmed up to 2')
    expect(shipping.end).toBe('finished')
  })
})

describe('retries', () => {
  test('RB18: exceptions are followed by sleeps of 0, 1, 2, 3 s', () => {
    const shipping = new Shipping({ answer: () => 'throw', replicateUs: 0 })
    shipping.put(1, 10)
    shipping.run(6 * SECOND)
    expect(shipping.attemptsUs).toEqual([0, 0, 1, 3, 6].map((s) => s * SECOND))
    expect(shipping.metrics.failedBatches).toBe(5)
    expect(shipping.quota.used).toBe(10)
  })

  test('RB18: the sleeps grow to 300 s and no further', () => {
    const shipping = new Shipping({ answer: () => 'throw', replicateUs: 0 })
    shipping.put(1, 10)
    shipping.run(50_000 * SECOND)
    const { attemptsUs } = shipping
    const sleepsS = attemptsUs.slice(1).map((us, i) => (us - (attemptsUs[i] ?? 0)) / SECOND)
    expect(sleepsS.slice(298, 304)).toEqual([298, 299, 300, 300, 300, 300])
    expect(Math.max(...sleepsS)).toBe(300)
    expect(shipping.metrics.failedBatches).toBe(attemptsUs.length)
  })

  test('the sleeps begin at 0 again with the next batch', () => {
    const shipping = new Shipping({
      answer: (attempt) => (attempt % 4 === 3 ? 'COMMITTED' : 'throw'),
      replicateUs: 0,
    })
    shipping.put(1, 10)
    shipping.put(1, 10)
    shipping.run(60 * SECOND)
    const first = [0, 0, SECOND, 3 * SECOND]
    const second = first.map((us) => us + 3 * SECOND + PERSIST_US)
    expect(shipping.attemptsUs).toEqual([...first, ...second])
  })

  test('false is tried again at once, whole, and is no failed batch', () => {
    const shipping = new Shipping({
      answer: (attempt) => (attempt === 3 ? 'COMMITTED' : 'FAILED'),
    })
    shipping.put(7, 70)
    expect(shipping.run(SECOND)).toEqual([
      '0: replicate 7',
      '100: replicate 7',
      '200: replicate 7',
      '300: replicate 7',
      '400: accepted up to 7',
      '400: hook',
      '400: persist 7, quota used 0',
      '440: confirmed up to 7',
    ])
    expect(shipping.metrics).toMatchObject({ failedBatches: 0, shippedBatches: 1 })
  })

  test('false between exceptions does not change their sleeps', () => {
    const answers: Answer[] = ['throw', 'FAILED', 'throw', 'FAILED', 'throw', 'COMMITTED']
    const shipping = new Shipping({ answer: (attempt) => answers[attempt] ?? 'COMMITTED' })
    shipping.put(1, 10)
    shipping.run(60 * SECOND)
    const sleepsS = [0, 0, 0, 1, 1, 3]
    expect(shipping.attemptsUs).toEqual(sleepsS.map((s, i) => s * SECOND + i * REPLICATE_US))
  })

  test('an endpoint that refuses in no time is asked again a microsecond later', () => {
    const shipping = new Shipping({ answer: () => 'FAILED', replicateUs: 0 })
    shipping.put(1, 10)
    shipping.run(3)
    expect(shipping.attemptsUs).toEqual([0, 1, 2, 3])
  })

  test('what is no simulated fault stops the run', () => {
    const answer = () => {
      throw new RangeError('a mistake of ours')
    }
    const shipping = new Shipping({ answer })
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
    expect(shipping.metrics.ageOfLastShippedOpUs(0)).toBe(REPLICATE_US)
    expect(shipping.metrics).toMatchObject({
      timestampOfLastShippedOpUs: 0,
      shippedBatches: 1,
      shippedOps: 4,
      shippedBytes: 40,
    })
    shipping.run(3600 * SECOND)
    expect(shipping.metrics.ageOfLastShippedOpUs(0)).toBe(REPLICATE_US)
  })

  test('lag counts from the last entry of the batch in flight and is 0 once it is shipped', () => {
    const shipping = new Shipping({
      answer: (attempt) => (attempt === 1 ? 'COMMITTED' : 'FAILED'),
      replicateUs: 5 * SECOND,
    })
    shipping.run(8 * SECOND)
    shipping.put(1, 10, { lastWriteUs: 5 * SECOND })
    expect(shipping.metrics.replicationLagUs(shipping.scheduler.now)).toBe(0)
    shipping.run(9 * SECOND)
    expect(shipping.metrics.replicationLagUs(9 * SECOND)).toBe(4 * SECOND)
    shipping.run(60 * SECOND)
    expect(shipping.metrics.replicationLagUs(60 * SECOND)).toBe(0)
    expect(shipping.metrics.ageOfLastShippedOpUs(0)).toBe(13 * SECOND)
  })
})

describe('offsets that are stored late (HBASE-29823)', () => {
  const HOUR = 3600 * SECOND
  const persisted = (story: readonly string[]) => story.filter((line) => line.includes('persist'))

  test('RB14: the size threshold is reached by batches together', () => {
    const shipping = new Shipping({ triggers: { sizeThreshold: 100 } })
    shipping.put(4, 40)
    expect(persisted(shipping.run(HOUR))).toEqual([])
    shipping.put(7, 70)
    expect(persisted(shipping.run(2 * HOUR))).toHaveLength(1)
  })

  test('RB15: the hook runs strictly before the offset is stored', () => {
    const shipping = new Shipping({ hookUs: 30 })
    shipping.put(5, 50)
    expect(shipping.run(SECOND).slice(2)).toEqual([
      '100: hook',
      '130: persist 5, quota used 0',
      '170: confirmed up to 5',
    ])
  })

  test('RB16: only the last batch’s offset is stored, the others are implied', () => {
    const shipping = new Shipping({ triggers: { sizeThreshold: 100, intervalUs: HOUR } })
    for (let batch = 0; batch < 3; batch++) shipping.put(1000, 40)
    const story = shipping.run(HOUR - 1)
    expect(persisted(story)).toEqual(['300: persist 3000, quota used 0'])
    expect(shipping.offset).toMatchObject({ position: 3000 })
  })

  test('RB16: a crash after the second leaves the offset where it was', () => {
    const shipping = new Shipping({ triggers: { sizeThreshold: 100, intervalUs: HOUR } })
    shipping.put(1000, 40)
    shipping.put(1000, 40)
    shipping.run(SECOND)
    shipping.thread.kill()
    shipping.run(2 * HOUR)
    expect(shipping.offset).toBeUndefined()
  })

  test('the interval counts from the last persist and does not wait for a batch', () => {
    const shipping = new Shipping({ triggers: { sizeThreshold: 1e9, intervalUs: 300 * SECOND } })
    shipping.put(4, 40)
    expect(persisted(shipping.run(HOUR))).toEqual(['300000000: persist 4, quota used 0'])
  })

  test('of the first interval a part may have passed before the run begins', () => {
    const triggers = { sizeThreshold: 1e9, intervalUs: 300 * SECOND }
    const shipping = new Shipping({ triggers, passedUs: 200 * SECOND })
    shipping.put(4, 40)
    expect(persisted(shipping.run(150 * SECOND))).toEqual(['100000000: persist 4, quota used 0'])
    shipping.put(4, 40)
    expect(persisted(shipping.run(HOUR))).toEqual(['400000040: persist 8, quota used 0'])
  })

  test('an interval without a size threshold persists after every batch', () => {
    const shipping = new Shipping({ triggers: { sizeThreshold: -1, intervalUs: HOUR } })
    for (let batch = 0; batch < 3; batch++) shipping.put(1, 10)
    expect(persisted(shipping.run(SECOND))).toHaveLength(3)
  })

  test('after an idle time longer than the interval the first batch is persisted alone', () => {
    const shipping = new Shipping({ triggers: { sizeThreshold: 1e9, intervalUs: 300 * SECOND } })
    shipping.run(HOUR)
    for (let batch = 0; batch < 3; batch++) shipping.put(1, 10)
    expect(persisted(shipping.run(HOUR + SECOND))).toEqual(['3600000100: persist 1, quota used 20'])
  })

  test('a batch without entries persists at once, and through the hook', () => {
    const shipping = new Shipping({ triggers: { sizeThreshold: 1e9, intervalUs: HOUR } })
    shipping.put(4, 40)
    shipping.put(0)
    const story = shipping.run(SECOND)
    expect(story.slice(-3)).toEqual([
      '100: hook',
      '100: persist 5, quota used 0',
      '140: confirmed up to 5',
    ])
  })

  test('a disabled peer’s offset is not stored, nor that of a source that was terminated', () => {
    for (const change of ['enabled', 'active'] as const) {
      const shipping = new Shipping()
      shipping.put(4, 40)
      shipping.run(50)
      shipping[change] = false
      expect(shipping.run(HOUR)).toEqual(['100: accepted up to 4'])
      expect(shipping.quota.used).toBe(0)
    }
  })

  test('a hook that fails ends the shipper; it is for the source to start it again', () => {
    const shipping = new Shipping({ hook: () => 'throw' })
    shipping.put(4, 40)
    shipping.put(4, 40)
    expect(shipping.run(SECOND)).toEqual(['0: replicate 4', '100: accepted up to 4', '100: hook'])
    expect(shipping.end).toBe('restart')
    expect(shipping.quota.used).toBe(40)
  })

  test('an offset that cannot be stored aborts the server', () => {
    const shipping = new Shipping()
    shipping.storageLost = true
    shipping.put(4, 40)
    shipping.put(4, 40)
    expect(shipping.run(SECOND).at(-1)).toMatch(/^140: abort: .*lost/)
    expect(shipping.end).toBe('stopped')
  })
})

describe('offsets that the endpoint decides about (feature branch of HBASE-28957)', () => {
  test('submitted batches wait, one committed lets the last of all be stored', () => {
    const answers: Answer[] = ['SUBMITTED', 'SUBMITTED', 'COMMITTED']
    const shipping = new Shipping({ offsets: 'endpoint', answer: (attempt) => answers[attempt] })
    for (let batch = 0; batch < 3; batch++) shipping.put(10, 100)
    expect(shipping.run(SECOND)).toEqual([
      '0: replicate 10',
      '100: accepted up to 10',
      '100: replicate 10',
      '200: accepted up to 20',
      '200: replicate 10',
      '300: accepted up to 30',
      '300: persist 30, quota used 0',
      '340: confirmed up to 30',
    ])
  })

  test('a batch without entries commits nothing (HBASE-29441)', () => {
    const shipping = new Shipping({ offsets: 'endpoint', answer: () => 'SUBMITTED' })
    shipping.put(10, 100)
    shipping.put(0)
    shipping.run(SECOND)
    expect(shipping.offset).toBeUndefined()
  })

  test('HBASE-29441: before, it stored the offset of what was in open files', () => {
    const shipping = new Shipping({
      offsets: 'endpoint',
      answer: () => 'SUBMITTED',
      unfixed: ['HBASE-29441'],
    })
    shipping.put(10, 100)
    shipping.put(0)
    shipping.run(SECOND)
    expect(shipping.offset).toMatchObject({ position: 11 })
  })
})

describe('the peer’s bandwidth', () => {
  test('what was pushed beyond it is paid for by the next batch', () => {
    const shipping = new Shipping({ bytesPerSecond: 1000, replicateUs: 0 })
    shipping.put(1, 500)
    shipping.put(1, 500)
    shipping.run(10 * SECOND)
    expect(shipping.attemptsUs).toEqual([0, SECOND / 2])
  })
})

test('what is sent a second time says so', () => {
  const shipping = new Shipping({
    answer: (attempt) => (attempt < 2 ? 'FAILED' : 'COMMITTED'),
  })
  shipping.put(3, 30)
  shipping.run(SECOND)
  expect(shipping.sent.map(([extent]) => extent.resend)).toEqual([undefined, 'retry', 'retry'])
})
