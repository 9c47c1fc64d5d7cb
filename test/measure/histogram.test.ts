import fc from 'fast-check'
import { build } from 'hdr-histogram-js'
import { describe, expect, test } from 'vitest'
import { distribution, lognormal } from '../../src/kernel/distribution.js'
import { Luck } from '../../src/kernel/draws.js'
import { InternalError } from '../../src/kernel/errors.js'
import { Histogram } from '../../src/measure/histogram.js'

function histogramOf(values: Iterable<number>): Histogram {
  const histogram = new Histogram()
  for (const value of values) histogram.record(value)
  return histogram
}

const shares = [0, 0.01, 0.25, 0.5, 0.9, 0.99, 0.999, 0.9999, 1]

test('an empty histogram has no quantile, minimum or maximum', () => {
  const empty = new Histogram()
  expect([empty.count, empty.min, empty.max, empty.quantile(0.5)]).toEqual([0, null, null, null])
})

test('equal values have exactly that value as every quantile', () => {
  const histogram = new Histogram()
  histogram.record(123_456_789, 1000)
  expect(shares.map((q) => histogram.quantile(q))).toEqual(shares.map(() => 123_456_789))
})

test('quantiles below 256 are exact: the 7th of 100 is the 0.07 quantile', () => {
  const histogram = histogramOf(Array.from({ length: 100 }, (_, i) => i + 1))
  const hundredths = Array.from({ length: 101 }, (_, i) => i)
  expect(hundredths.map((i) => histogram.quantile(i / 100))).toEqual([1, ...hundredths.slice(1)])
  expect(histogram.quantile(0.071)).toBe(8)
})

test('the largest integers are counted like any other', () => {
  const histogram = histogramOf([0, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53 - 1])
  expect([histogram.min, histogram.max, histogram.quantile(1)]).toEqual([
    0,
    2 ** 53 - 1,
    2 ** 53 - 1,
  ])
  expect(histogram.quantile(0.8)).toBeLessThanOrEqual(2 ** 32 * (1 + 1 / 128))
})

test.each([-1, 2 ** 53, 0.5, NaN, Infinity])('refuses %d', (value) => {
  expect(() => new Histogram().record(value)).toThrow(InternalError)
})

test('a quantile is the value of its rank, at most 1/128 too high', () => {
  const value = fc
    .tuple(fc.integer({ min: 0, max: 52 }), fc.maxSafeInteger())
    .map(([bits, x]) => Math.abs(x) % 2 ** (bits + 1))
  const share = fc.integer({ min: 0, max: 1000 })
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), share, (values, thousandths) => {
      const histogram = histogramOf(values)
      const sorted = values.slice().sort((a, b) => a - b)
      const rank = Math.max(1, Math.ceil((thousandths * values.length) / 1000))
      const exact = sorted[rank - 1]
      const measured = histogram.quantile(thousandths / 1000) ?? NaN
      expect(measured).toBeGreaterThanOrEqual(exact)
      expect(measured).toBeLessThanOrEqual(exact + exact / 128)
      expect([histogram.count, histogram.min, histogram.max]).toEqual([
        values.length,
        sorted[0],
        sorted[sorted.length - 1],
      ])
    }),
    { seed: 3, numRuns: 1000 },
  )
})

describe('merging', () => {
  const low = [0, 5, 100, 255]
  const high = [256, 70_000, 2 ** 40]

  test.each([
    ['a larger histogram into a smaller', low, high],
    ['a smaller histogram into a larger', high, low],
    ['an empty histogram', low, []],
    ['into an empty histogram', [], high],
  ])('%s is recording all values in one', (_case, first, second) => {
    const merged = histogramOf(first)
    merged.merge(histogramOf(second))
    const whole = histogramOf([...first, ...second])
    expect([merged.count, merged.min, merged.max]).toEqual([whole.count, whole.min, whole.max])
    expect(shares.map((q) => merged.quantile(q))).toEqual(shares.map((q) => whole.quantile(q)))
  })
})

test('agrees with HdrHistogram on a long-tailed latency', () => {
  const draws = new Luck(5).stream({ name: 'test', sharing: 'own' }, 'histogram')
  const latency = distribution(lognormal(45_000, 1.2))
  const oracle = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 2 ** 40,
    numberOfSignificantValueDigits: 4,
  })
  const histogram = new Histogram()
  for (let i = 0; i < 50_000; i++) {
    const us = Math.round(latency.quantile(draws.uniform(i)))
    oracle.recordValue(us)
    histogram.record(us)
  }
  for (const q of shares.slice(1)) {
    const expected = oracle.getValueAtPercentile(q * 100)
    const ratio = (histogram.quantile(q) ?? NaN) / expected
    expect(ratio).toBeGreaterThan(1 - 2e-4)
    expect(ratio).toBeLessThan(1 + 1 / 128)
  }
})
