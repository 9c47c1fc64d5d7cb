import { expect, test } from 'vitest'
import { placesOf, shareAt, valueAt } from '../../src/report/cumulative-share.js'

/** Half of all is 10, the rest evenly between 20 and 40. */
const STEP = {
  ...{ metric: 'm', unit: 'us', labels: {} },
  values: [10, 10, 20, 40],
  shares: [0, 0.5, 0.5, 1],
}

test('nothing is below the first value, all is below the last', () => {
  expect([shareAt(STEP, 9.99), shareAt(STEP, 40), shareAt(STEP, 1e9)]).toEqual([0, 1, 1])
})

test('a jump counts from its value on, between values the share is in between', () => {
  expect([10, 15, 20, 30].map((value) => shareAt(STEP, value))).toEqual([0.5, 0.5, 0.5, 0.75])
})

test('the value of a share is the other way round', () => {
  expect([0, 0.25, 0.75].map((share) => valueAt(STEP, share))).toEqual([10, 10, 30])
  expect(valueAt(STEP, 1)).toBe(undefined)
})

test('places are spread by ratio, with both ends', () => {
  const places = placesOf(1, 10_000)
  expect([places[0], places.at(-1)]).toEqual([1, 10_000])
  const middle = places[Math.floor(places.length / 2)]
  expect(middle).toBeGreaterThan(95)
  expect(middle).toBeLessThan(105)
})
