import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  constant,
  type DistributionSpec,
  distribution,
  lognormal,
  withTail,
} from '../../src/kernel/distribution.js'
import { Luck } from '../../src/kernel/draws.js'

const draws = new Luck(11).stream({ name: 'test', sharing: 'own' }, 'distribution')
const seed = 28987
const unit = fc.double({ min: 2 ** -53, max: 1 - 2 ** -53, noNaN: true })
const amount = fc.integer({ min: 0, max: 1_000_000_000 })

/** 5 ms to 9 ms, or with 2 % a tail. */
const bimodal = withTail({ kind: 'uniform', low: 5000, high: 9000 }, 0.02, lognormal(250_000, 0.8))

const samples: [string, DistributionSpec][] = [
  ['constant', constant(5000)],
  ['uniform', { kind: 'uniform', low: 1000, high: 2000 }],
  ['exponential', { kind: 'exponential', mean: 10_000 }],
  ['lognormal', lognormal(45_000, 0.4)],
  ['empirical', { kind: 'empirical', values: [3, 1, 2, 10] }],
  ['mixture', bimodal],
]

test.each(samples)('the mean of many %s variates is the declared one', (_kind, spec) => {
  const d = distribution(spec)
  const n = 200_000
  let sum = 0
  let squares = 0
  for (let work = 0; work < n; work++) {
    const value = d.quantile(draws.uniform(work))
    sum += value
    squares += value * value
  }
  const deviation = Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2))
  expect(Math.abs(sum / n - d.mean)).toBeLessThanOrEqual((4 * deviation) / Math.sqrt(n))
})

test('means are the closed forms', () => {
  const means = samples.map(([, spec]) => distribution(spec).mean)
  const tail = 250_000 * Math.exp(0.32)
  const expected = [5000, 1500, 10_000, 45_000 * Math.exp(0.08), 4, 0.98 * 7000 + 0.02 * tail]
  means.forEach((mean, i) => {
    expect(mean / expected[i]).toBeCloseTo(1, 14)
  })
})

describe('quantiles are the closed forms', () => {
  const cases: [string, DistributionSpec, (u: number) => number][] = [
    ['constant', constant(5000), () => 5000],
    ['uniform', { kind: 'uniform', low: 1000, high: 2000 }, (u) => 1000 + 1000 * u],
    ['exponential', { kind: 'exponential', mean: 10_000 }, (u) => -10_000 * Math.log1p(-u)],
  ]
  test.each(cases)('%s', (_kind, spec, closed) => {
    const d = distribution(spec)
    for (const u of [0.001, 0.1, 0.5, 0.9, 0.99, 0.999999]) {
      expect(d.quantile(u) / closed(u)).toBeCloseTo(1, 12)
    }
  })

  test('lognormal: the median, and one log-sigma around it', () => {
    const d = distribution(lognormal(45_000, 0.4))
    expect(d.quantile(0.5)).toBe(45_000)
    expect(d.quantile(0.8413447460685429)).toBeCloseTo(45_000 * Math.exp(0.4), 6)
    expect(d.quantile(0.15865525393145707)).toBeCloseTo(45_000 * Math.exp(-0.4), 6)
  })

  test('empirical: each value has an equal share, in order of size', () => {
    const d = distribution({ kind: 'empirical', values: [30, 10, 20] })
    expect([0.001, 0.33, 0.34, 0.66, 0.67, 1 - 2 ** -53].map((u) => d.quantile(u))).toEqual([
      10, 10, 20, 20, 30, 30,
    ])
  })
})

describe('a mixture', () => {
  test('gives the body its share of the uniforms and the tail the rest', () => {
    const d = distribution(withTail(constant(1), 0.25, constant(100)))
    expect([0.1, 0.74, 0.75, 0.9].map((u) => d.quantile(u))).toEqual([1, 1, 100, 100])
  })

  test('rescales the uniform inside the part it chose', () => {
    const body: DistributionSpec = { kind: 'uniform', low: 0, high: 100 }
    const tail: DistributionSpec = { kind: 'uniform', low: 1000, high: 2000 }
    const d = distribution(withTail(body, 0.5, tail))
    expect([0.25, 0.75].map((u) => d.quantile(u))).toEqual([50, 1500])
  })

  test('keeps to finite values at the very ends of its parts', () => {
    const d = distribution(withTail({ kind: 'exponential', mean: 10 }, 0.015, lognormal(250, 0.8)))
    const ends = [2 ** -53, 0.985 - 2 ** -53, 0.985, 0.985 + 2 ** -53, 1 - 2 ** -53]
    for (const u of ends) {
      expect(d.quantile(u)).toBeGreaterThanOrEqual(0)
      expect(d.quantile(u)).toBeLessThan(Infinity)
    }
  })

  test('may be nested', () => {
    const inner = withTail(constant(1), 0.5, constant(2))
    const d = distribution(withTail(inner, 0.5, constant(3)))
    expect([0.2, 0.3, 0.7].map((u) => d.quantile(u))).toEqual([1, 2, 3])
    expect(d.mean).toBe(2.25)
  })
})

describe('a variate grows with', () => {
  test.each(samples.filter(([kind]) => kind !== 'mixture'))('its uniform: %s', (_kind, spec) => {
    const d = distribution(spec)
    fc.assert(
      fc.property(unit, unit, (a, b) => {
        // Beyond rounding: the normal quantile is monotone but for its last digits.
        expect(d.quantile(Math.max(a, b)) * (1 + 1e-14)).toBeGreaterThanOrEqual(
          d.quantile(Math.min(a, b)),
        )
      }),
      { seed },
    )
  })

  const parameters: [string, (value: number) => DistributionSpec][] = [
    ['value', constant],
    ['low', (low) => ({ kind: 'uniform', low, high: 1e9 })],
    ['high', (high) => ({ kind: 'uniform', low: 0, high })],
    ['mean', (mean) => ({ kind: 'exponential', mean })],
    ['median', (median) => lognormal(median, 0.4)],
    ['one of its values', (value) => ({ kind: 'empirical', values: [1000, value, 100_000] })],
    ['the median of its body', (median) => withTail(lognormal(median, 1), 0.1, constant(7))],
  ]
  test.each(parameters)('%s', (_name, spec) => {
    fc.assert(
      fc.property(unit, amount, amount, (u, a, b) => {
        const less = distribution(spec(Math.min(a, b))).quantile(u)
        expect(distribution(spec(Math.max(a, b))).quantile(u)).toBeGreaterThanOrEqual(less)
      }),
      { seed },
    )
  })

  test('sigma above the median, and shrinks with it below', () => {
    const [narrow, wide] = [distribution(lognormal(1000, 0.2)), distribution(lognormal(1000, 0.9))]
    expect(wide.quantile(0.9)).toBeGreaterThan(narrow.quantile(0.9))
    expect(wide.quantile(0.1)).toBeLessThan(narrow.quantile(0.1))
  })
})

test('zero is a legal size of everything', () => {
  const nothing: DistributionSpec[] = [
    constant(0),
    { kind: 'uniform', low: 0, high: 0 },
    { kind: 'exponential', mean: 0 },
    lognormal(0, 0),
  ]
  expect(nothing.map((spec) => Math.abs(distribution(spec).quantile(0.3)))).toEqual([0, 0, 0, 0])
})

test.each<[string, DistributionSpec]>([
  ['value is -1', constant(-1)],
  ['value is NaN', constant(NaN)],
  ['low 2 is above high 1', { kind: 'uniform', low: 2, high: 1 }],
  ['mean is Infinity', { kind: 'exponential', mean: Infinity }],
  ['sigma is -0.4', lognormal(1, -0.4)],
  ['no values', { kind: 'empirical', values: [] }],
  ['value is -3', { kind: 'empirical', values: [1, -3] }],
  ['weights sum to 0, not to 1', { kind: 'mixture', parts: [] }],
  ['weights sum to 0.5, not to 1', { kind: 'mixture', parts: [{ weight: 0.5, of: constant(1) }] }],
  ['weight is -0.5', withTail(constant(1), -0.5, constant(2))],
])('refuses a specification: %s', (message, spec) => {
  expect(() => distribution(spec)).toThrow(new RegExp(message))
  expect(() => distribution(spec)).toThrow(RangeError)
})
