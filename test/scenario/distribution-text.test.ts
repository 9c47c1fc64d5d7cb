import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type DistributionSpec, distribution } from '../../src/kernel/distribution.js'
import {
  formatDistribution,
  isPositive,
  readDistribution,
} from '../../src/scenario/distribution-text.js'

describe('distributions', () => {
  test.each<[string, DistributionSpec]>([
    ['5 ms', { kind: 'constant', value: 5000 }],
    ['constant(5 ms)', { kind: 'constant', value: 5000 }],
    ['uniform(1 ms, 2 ms)', { kind: 'uniform', low: 1000, high: 2000 }],
    ['uniform( 0 s,1h30m )', { kind: 'uniform', low: 0, high: 5_400_000_000 }],
    ['exponential(10 ms)', { kind: 'exponential', mean: 10_000 }],
    ['exponential(0.5 us)', { kind: 'exponential', mean: 0.5 }],
    ['lognormal(45 ms, 0.4)', { kind: 'lognormal', median: 45_000, sigma: 0.4 }],
    ['empirical([1 ms, 2 ms, 2 ms])', { kind: 'empirical', values: [1000, 2000, 2000] }],
  ])('%j', (text, spec) => {
    expect(readDistribution(text, 'duration')).toEqual({ value: spec })
    expect(() => distribution(spec)).not.toThrow()
  })

  test('the first part of a mixture keeps the weight that the others leave', () => {
    const text = 'lognormal(45 ms, 0.4) + 0.015 * lognormal(250 ms, 0.8) + 0.25 * 1 s'
    const reading = readDistribution(text, 'duration')
    expect(reading).toEqual({
      value: {
        kind: 'mixture',
        parts: [
          { weight: 0.735, of: { kind: 'lognormal', median: 45_000, sigma: 0.4 } },
          { weight: 0.015, of: { kind: 'lognormal', median: 250_000, sigma: 0.8 } },
          { weight: 0.25, of: { kind: 'constant', value: 1_000_000 } },
        ],
      },
    })
    if ('value' in reading) expect(distribution(reading.value).mean).toBeGreaterThan(45_000)
  })
})

describe('what is no distribution says why', () => {
  test.each([
    ['poisson(5 ms)', 'unknown distribution "poisson"'],
    ['uniform(1 ms)', '"uniform(1 ms)" has not 2 arguments'],
    ['uniform(2 ms, 1 ms)', 'the bounds of "uniform(2 ms, 1 ms)" are in the wrong order'],
    ['uniform(1, 2)', '"1" has no unit'],
    ['uniform(1 ms, 2 ms', 'unbalanced brackets in "uniform(1 ms, 2 ms"'],
    ['uniform(1 ms], 2 ms)', 'unbalanced brackets in "uniform(1 ms], 2 ms)"'],
    ['lognormal(45 ms, 0.4 ms)', '"0.4 ms" is a duration, not a plain number'],
    ['lognormal(0 ms, 0.4)', '"lognormal(0 ms, 0.4)" is out of range'],
    ['lognormal(45 ms, 99)', '"lognormal(45 ms, 99)" is out of range'],
    ['exponential(0 s)', 'the mean of "exponential(0 s)" is not above 0'],
    ['constant(0.5 us)', '"0.5 us" is not a whole number of microseconds'],
    ['0.5 us', '"0.5 us" is not a whole number of microseconds'],
    ['empirical(1 ms, 2 ms)', '"empirical(1 ms, 2 ms)" has no list of values'],
    ['empirical([])', '"" is not a duration'],
    ['empirical([1 ms, 0.5 us])', '"0.5 us" is not a whole number of microseconds'],
    ['1 ms + 2 ms', '"2 ms" has no weight'],
    ['1 ms + 1.5 * 2 ms', 'weight 1.5 is out of range'],
    ['1 ms + 0.6 * 2 ms + 0.4 * 3 ms', 'leave nothing for its first part'],
    ['0.9 * 1 ms + 0.1 * 2 ms', '"0.9 * 1 ms" comes first'],
    [`1 ms${' + 0.01 * 2 ms'.repeat(12)}`, 'a mixture of 13 parts'],
    [`empirical([${'1 ms,'.repeat(1001)}1 ms])`, 'an empirical distribution of 1002 values'],
    [' '.repeat(20_001), 'a distribution of 20001 characters is too long'],
    ['(1 ms)', '"(1 ms)" is not a duration'],
    ['', '"" is not a duration'],
  ])('%.40j', (text, message) => {
    const reading = readDistribution(text, 'duration')
    expect('complaint' in reading && reading.complaint.message).toContain(message)
  })

  test('with the distribution that was meant', () => {
    const reading = readDistribution('unifrom(1 ms, 2 ms)', 'duration')
    expect(reading).toMatchObject({ complaint: { nearest: 'uniform' } })
  })
})

test('what is written is read back', () => {
  const us = fc.integer({ min: 1, max: 1e9 })
  const simple: fc.Arbitrary<DistributionSpec> = fc.oneof(
    us.map((value) => ({ kind: 'constant' as const, value })),
    fc.tuple(us, us).map(([a, b]) => {
      return { kind: 'uniform' as const, low: Math.min(a, b), high: Math.max(a, b) }
    }),
    us.map((mean) => ({ kind: 'exponential' as const, mean })),
    fc.tuple(us, fc.integer({ min: 0, max: 30 })).map(([median, tenths]) => {
      return { kind: 'lognormal' as const, median, sigma: tenths / 10 }
    }),
    fc.array(us, { minLength: 1, maxLength: 5 }).map((values) => {
      return { kind: 'empirical' as const, values }
    }),
  )
  const mixture = fc.tuple(simple, simple, fc.integer({ min: 1, max: 999 })).map(
    ([body, tail, permille]): DistributionSpec => ({
      kind: 'mixture',
      parts: [
        { weight: 1 - permille / 1000, of: body },
        { weight: permille / 1000, of: tail },
      ],
    }),
  )
  fc.assert(
    fc.property(fc.oneof(simple, mixture), fc.constantFrom('duration', 'size'), (spec, unit) => {
      expect(readDistribution(formatDistribution(spec, unit), unit)).toEqual({ value: spec })
    }),
    { seed: 13 },
  )
})

test('only a distribution without a draw of zero is positive', () => {
  const positive = (text: string) => {
    const reading = readDistribution(text, 'size')
    return 'value' in reading ? isPositive(reading.value) : null
  }
  expect(positive('1 B')).toBe(true)
  expect(positive('0 B')).toBe(false)
  expect(positive('uniform(0 B, 1 KiB)')).toBe(false)
  expect(positive('empirical([1 B, 0 B])')).toBe(false)
  expect(positive('exponential(1 KiB) + 0.1 * 0 B')).toBe(false)
  expect(positive('lognormal(1 KiB, 1)')).toBe(true)
})
