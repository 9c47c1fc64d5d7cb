import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type DistributionSpec, distribution } from '../../src/kernel/distribution.js'
import { earliest, latest } from '../../src/scenario/instants.js'

const simple: fc.Arbitrary<DistributionSpec> = fc.oneof(
  fc.record({ kind: fc.constant('constant' as const), value: fc.nat(1000) }),
  fc
    .tuple(fc.nat(1000), fc.nat(1000))
    .map(([low, more]) => ({ kind: 'uniform' as const, low, high: low + more })),
  fc.record({ kind: fc.constant('exponential' as const), mean: fc.integer({ min: 1, max: 99 }) }),
  fc.record({
    kind: fc.constant('empirical' as const),
    values: fc.array(fc.nat(1000), { minLength: 1, maxLength: 4 }),
  }),
)
const mixture: fc.Arbitrary<DistributionSpec> = fc.tuple(simple, simple).map(([body, tail]) => ({
  kind: 'mixture',
  parts: [
    { weight: 0.75, of: body },
    { weight: 0.25, of: tail },
  ],
}))

test('no draw comes before the earliest instant or after the latest', () => {
  const uniform = fc.double({ min: 0, max: 1, minExcluded: true, maxExcluded: true, noNaN: true })
  fc.assert(
    fc.property(fc.oneof(simple, mixture), uniform, (spec, u) => {
      const drawn = distribution(spec).quantile(u)
      expect(drawn).toBeGreaterThanOrEqual(earliest(spec))
      expect(drawn).toBeLessThanOrEqual(latest(spec))
    }),
    { seed: 3, numRuns: 500 },
  )
})

test('a distribution without an end has no latest instant', () => {
  expect(latest({ kind: 'lognormal', median: 5, sigma: 1 })).toBe(Infinity)
  expect(earliest({ kind: 'lognormal', median: 5, sigma: 1 })).toBe(0)
})
