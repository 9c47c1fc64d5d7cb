import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Luck } from '../../src/kernel/draws.js'
import { InternalError } from '../../src/kernel/errors.js'
import { RampHistogram } from '../../src/measure/ramp-histogram.js'

const second = 1_000_000

test('a function that never lasted has no quantile, maximum or share', () => {
  const empty = new RampHistogram()
  empty.addRamp(5, 5)
  empty.addConstant(5, 0)
  expect([empty.totalUs, empty.maxUs, empty.timeShareAboveZero, empty.quantile(0.5)]).toEqual([
    0,
    null,
    null,
    null,
  ])
})

describe('by hand:', () => {
  test('rising from 0 to 10 s again and again has its median at 5 s and its p99 at 9.9 s', () => {
    const rpo = new RampHistogram()
    for (let i = 0; i < 7; i++) rpo.addRamp(0, 10 * second)
    expect([0, 0.5, 0.99, 1].map((q) => rpo.quantile(q))).toEqual([
      0,
      5 * second,
      9.9 * second,
      10 * second,
    ])
    expect([rpo.totalUs, rpo.maxUs, rpo.timeShareAboveZero]).toEqual([70 * second, 10 * second, 1])
  })

  test('ramps fed in pieces are the ramps', () => {
    const rpo = new RampHistogram()
    for (let i = 0; i < 3; i++) {
      for (let from = 0; from < 10 * second; from += 1250) rpo.addRamp(from, from + 1250)
    }
    expect(rpo.quantile(0.99)).toBe(9.9 * second)
  })

  test('half of the time at 0: the median is 0, and p99 is of the ramps', () => {
    const rpo = new RampHistogram()
    rpo.addConstant(0, 10 * second)
    rpo.addRamp(0, 10 * second)
    expect([0.2, 0.5, 0.75, 0.99].map((q) => rpo.quantile(q))).toEqual([
      0,
      0,
      5 * second,
      9.8 * second,
    ])
    expect(rpo.timeShareAboveZero).toBe(0.5)
  })

  test('ramps of two heights whose ends share a bin', () => {
    // Up to 9.9 s both rise; the last 0.1 s is one ramp's alone: 19.8 s + 0.1 s.
    const rpo = new RampHistogram()
    rpo.addRamp(0, 9.9 * second)
    rpo.addRamp(0, 10 * second)
    // 0.99 * 19.9 s = 19.701 s, at a density of 2; 19.85 s is 0.05 s into the last stretch.
    expect(rpo.quantile(0.99)).toBe(9.8505 * second)
    expect(rpo.quantile(19.85 / 19.9)).toBe(9.95 * second)
  })

  test('a stretch at a constant value above 0', () => {
    const rpo = new RampHistogram()
    rpo.addRamp(0, 4 * second)
    rpo.addConstant(2 * second, 6 * second)
    // 2 s of the ramp lie below the constant, then 6 s at it, then 2 s of the ramp above.
    expect([0.1, 0.2, 0.5, 0.8, 0.9].map((q) => rpo.quantile(q))).toEqual([
      1 * second,
      2 * second,
      2 * second,
      2 * second,
      3 * second,
    ])
  })

  test('the end of a stretch is its own, not the start of the next beyond a gap', () => {
    const rpo = new RampHistogram()
    rpo.addRamp(0, 7)
    rpo.addRamp(1000, 1093)
    expect(rpo.quantile(0.07)).toBe(7)
  })
})

describe('with more different ends than are remembered', () => {
  test('a quantile is within a bin of that of the samples', () => {
    const draws = new Luck(9).stream({ name: 'test', sharing: 'own' }, 'ramps')
    const rpo = new RampHistogram()
    const sampled: number[] = []
    for (let i = 0; i < 3000; i++) {
      const from = Math.floor(draws.uniform(i) * 2 * second)
      const to = from + 100 * Math.ceil(draws.uniform(i, 0, 1) * 3000)
      rpo.addRamp(from, to)
      for (let value = from; value < to; value += 100) sampled.push(value)
      rpo.addConstant(0, 20_000)
      for (let n = 0; n < 200; n++) sampled.push(0)
      if (i % 50 === 0) {
        rpo.addConstant(777_777, 30_000)
        for (let n = 0; n < 300; n++) sampled.push(777_777)
      }
    }
    const sorted = Float64Array.from(sampled).sort()
    expect(rpo.totalUs).toBe(sampled.length * 100)
    expect(rpo.timeShareAboveZero).toBe(1 - 600_000 / sampled.length)
    for (const q of [0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 0.99, 0.999]) {
      const exact = sorted[Math.ceil(q * sorted.length) - 1]
      expect(Math.abs((rpo.quantile(q) ?? NaN) - exact)).toBeLessThanOrEqual(exact / 128 + 100)
    }
  })

  test('maximum, total and time at 0 stay exact', () => {
    const rpo = new RampHistogram()
    let total = 0
    for (let i = 0; i < 2000; i++) {
      rpo.addRamp(3 * i, 1_000_003 + 7 * i)
      rpo.addConstant(0, i)
      total += 1_000_003 + 5 * i
    }
    expect(rpo.totalUs).toBe(total)
    expect([rpo.maxUs, rpo.quantile(1)]).toEqual([1_013_996, 1_013_996])
    expect(rpo.timeShareAboveZero).toBe((total - 1_999_000) / total)
    expect(rpo.quantile(0)).toBe(0)
  })
})

describe('against the function sampled at every microsecond', () => {
  type Piece = { from: number; length: number; rises: boolean }
  const pieces = (largest: number) =>
    fc.array(
      fc.record({
        from: fc.integer({ min: 0, max: largest }),
        length: fc.integer({ min: 0, max: 300 }),
        rises: fc.boolean(),
      }),
      { minLength: 1, maxLength: 20 },
    )

  /** One value per microsecond, in the middle of it, sorted. */
  function sample(list: Piece[]): number[] {
    const values = list.flatMap(({ from, length, rises }) =>
      Array.from({ length }, (_, i) => (rises ? from + i + 0.5 : from)),
    )
    return values.sort((a, b) => a - b)
  }

  test('every quantile is that of the samples, within a microsecond', () => {
    fc.assert(
      fc.property(pieces(500), fc.integer({ min: 1, max: 999 }), (list, thousandths) => {
        const rpo = new RampHistogram()
        for (const { from, length, rises } of list) {
          if (rises) rpo.addRamp(from, from + length)
          else rpo.addConstant(from, length)
        }
        const values = sample(list)
        fc.pre(values.length > 0)
        const rank = Math.ceil((thousandths * values.length) / 1000)
        const measured = rpo.quantile(thousandths / 1000) ?? NaN
        expect(Math.abs(measured - values[rank - 1])).toBeLessThanOrEqual(1)
        expect(rpo.totalUs).toBe(values.length)
        expect(rpo.timeShareAboveZero).toBe(values.filter((v) => v > 0).length / values.length)
      }),
      { seed: 4, numRuns: 1000 },
    )
  })
})

test('a piece that falls, or lasts less than nothing, is an internal error', () => {
  const rpo = new RampHistogram()
  expect(() => rpo.addRamp(10, 5)).toThrow(InternalError)
  expect(() => rpo.addRamp(-1, 5)).toThrow(InternalError)
  expect(() => rpo.addConstant(1, -5)).toThrow(InternalError)
  expect(() => rpo.addConstant(-1, 5)).toThrow(InternalError)
})
