import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BINS, binOf, lowerEdge } from '../../src/measure/log-linear.js'

/** Any magnitude is as likely as any other. */
const value = fc
  .tuple(fc.integer({ min: 0, max: 52 }), fc.maxSafeInteger())
  .map(([bits, x]) => Math.abs(x) % 2 ** (bits + 1))

test('every value lies in its bin, which is at most 1/128 of it wide', () => {
  fc.assert(
    fc.property(value, (v) => {
      const bin = binOf(v)
      expect(lowerEdge(bin)).toBeLessThanOrEqual(v)
      expect(lowerEdge(bin + 1)).toBeGreaterThan(v)
      expect(lowerEdge(bin + 1) - lowerEdge(bin)).toBeLessThanOrEqual(Math.max(1, v / 128))
    }),
    { seed: 1, numRuns: 5000 },
  )
})

test('the bins follow one another from 0 to 2^53', () => {
  const wrong = []
  for (let bin = 0; bin < BINS; bin++) {
    if (binOf(lowerEdge(bin)) !== bin) wrong.push(bin)
    if (binOf(lowerEdge(bin + 1) - 1) !== bin) wrong.push(bin)
  }
  expect(wrong).toEqual([])
  expect(lowerEdge(BINS)).toBe(2 ** 53)
})
