import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TimeShare } from '../../src/measure/time-share.js'

describe('the time share of a count above zero', () => {
  test('counts the time above zero, however high above', () => {
    const share = new TimeShare(0, 100)
    share.add(3, 10)
    share.add(4, 15)
    share.add(-7, 30)
    expect(share.share(100)).toBe(0.2)
    expect(share.max).toBe(7)
    expect(share.value).toBe(0)
  })

  test('what the window began with counts for its maximum', () => {
    const share = new TimeShare(10, 20)
    share.add(5, 1)
    share.add(-4, 12)
    expect(share.share(20)).toBe(1)
    expect(share.max).toBe(5)
  })

  test('what came and went before the window, or came at its end, does not count', () => {
    const share = new TimeShare(10, 20)
    share.add(9, 1)
    share.add(-9, 10)
    share.add(7, 20)
    expect(share.share(30)).toBe(0)
    expect(share.max).toBe(0)
  })

  test('a window that is closed early is as long as it was open', () => {
    const share = new TimeShare(0, 100)
    share.add(1, 10)
    share.close(40)
    share.add(8, 50)
    expect(share.share(1000)).toBe(0.75)
    expect(share.max).toBe(1)
  })

  test('a window closed before it began has no time', () => {
    const share = new TimeShare(50, 100)
    share.add(1, 10)
    share.close(20)
    expect(share.share(100)).toBe(0)
    expect(share.max).toBe(0)
  })

  test('agrees with asking at every instant', () => {
    const steps = fc.array(fc.tuple(fc.nat(60), fc.integer({ min: -3, max: 5 })), { maxLength: 12 })
    fc.assert(
      fc.property(steps, fc.nat(40), fc.integer({ min: 1, max: 40 }), (changes, from, length) => {
        const sorted = changes.sort(([a], [b]) => a - b)
        const share = new TimeShare(from, from + length)
        for (const [us, change] of sorted) share.add(change, us)
        const valueAt = (us: number) =>
          sorted.reduce((sum, [at, change]) => (at <= us ? sum + change : sum), 0)
        const values = Array.from({ length }, (_, i) => valueAt(from + i))
        expect(share.share(100)).toBe(values.filter((value) => value > 0).length / length)
        // Several changes at one instant may pass through more than the instant ends with.
        expect(share.max).toBeGreaterThanOrEqual(Math.max(0, ...values))
      }),
      { seed: 7, numRuns: 300 },
    )
  })
})
