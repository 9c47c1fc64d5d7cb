import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cumulative, type Piece } from '../../src/measure/cumulative.js'
import { Histogram } from '../../src/measure/histogram.js'
import { RampHistogram } from '../../src/measure/ramp-histogram.js'

const SECOND = 1_000_000

test('of nothing there is no curve', () => {
  expect(cumulative(new Histogram().pieces())).toEqual({ values: [], shares: [] })
  expect(cumulative([{ from: 1, to: 2, amount: 0 }])).toEqual({ values: [], shares: [] })
})

test('one value is one jump', () => {
  const histogram = new Histogram()
  histogram.record(5_000, 30)
  expect(cumulative(histogram.pieces())).toEqual({ values: [5_000, 5_000], shares: [0, 1] })
})

test('between values far apart the curve is flat', () => {
  const histogram = new Histogram()
  histogram.record(100, 3)
  histogram.record(200, 1)
  expect(cumulative(histogram.pieces())).toEqual({
    values: [100, 100, 200, 200],
    shares: [0, 0.75, 0.75, 1],
  })
})

test('a sawtooth spends equal time at every value, and what stands still is a jump', () => {
  const rpo = new RampHistogram()
  rpo.addConstant(0, 10 * SECOND)
  rpo.addRamp(0, 20 * SECOND)
  rpo.addRamp(0, 10 * SECOND)
  expect(cumulative(rpo.pieces())).toEqual({
    values: [0, 0, 10 * SECOND, 20 * SECOND],
    shares: [0, 0.25, 0.75, 1],
  })
})

test('objects weighed by their bytes: one large object outweighs many small ones', () => {
  const sizes = new Histogram()
  sizes.record(10, 9)
  sizes.record(210, 1)
  const { values, shares } = cumulative(sizes.pieces((bytes) => bytes))
  expect([values, shares]).toEqual([
    [10, 10, 210, 210],
    [0, 0.3, 0.3, 1],
  ])
})

const pieces = fc.array(
  fc.tuple(
    fc.integer({ min: 0, max: 10_000 }),
    fc.integer({ min: 0, max: 50 }),
    fc.integer({ min: 0, max: 1_000 }),
  ),
  { minLength: 1, maxLength: 800 },
)

test('few points are kept, they are exact, and the line between them is nowhere far off', () => {
  fc.assert(
    fc.property(pieces, (gaps) => {
      let at = 0
      const all: Piece[] = gaps.map(([gap, length, amount]) => {
        const from = at + gap
        at = from + length
        return { from, to: at, amount }
      })
      const { values, shares } = cumulative(all)
      if (all.every(({ amount }) => amount === 0)) return
      expect(values.length).toBeLessThan(600)
      expect(shares[0]).toBe(0)
      expect(shares.at(-1)).toBe(1)
      expect(values).toEqual([...values].sort((a, b) => a - b))
      expect(shares).toEqual([...shares].sort((a, b) => a - b))
      const total = all.reduce((sum, { amount }) => sum + amount, 0)
      let reached = 0
      for (const { to, amount } of all) {
        reached += amount
        const share = reached / total
        const [low, high] = sharesAt(values, shares, to)
        const slack = Math.min(1 / 128, 0.2 * (1 - low)) + 1e-9
        expect(share).toBeGreaterThanOrEqual(low - slack)
        expect(share).toBeLessThanOrEqual(high + slack)
      }
    }),
    { seed: 11, numRuns: 200 },
  )
})

/** Where the line is at `value`: below and above its jump, if it jumps there. */
function sharesAt(values: number[], shares: number[], value: number): [number, number] {
  const first = values.findIndex((each) => each >= value)
  if (first < 0) return [1, 1]
  if (values[first] === value) return [shares[first], shares[values.lastIndexOf(value)]]
  if (first === 0) return [0, 0]
  const part = (value - values[first - 1]) / (values[first] - values[first - 1])
  const share = shares[first - 1] + part * (shares[first] - shares[first - 1])
  return [share, share]
}
