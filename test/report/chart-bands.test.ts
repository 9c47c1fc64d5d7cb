import { expect, test } from 'vitest'
import { bandOf, eachBandOnce } from '../../src/report/chart-bands.js'

function curve(...values: (number | null)[]) {
  return values.map((y, x) => ({ x, y }))
}

test('a band goes from the lowest to the highest of all curves at each place', () => {
  expect(bandOf([curve(1, 5), curve(3, 2), curve(2, 4)])).toEqual([
    { x: 0, low: 1, high: 3 },
    { x: 1, low: 2, high: 5 },
  ])
})

test('where fewer than two have a value there is a gap', () => {
  expect(bandOf([curve(1, 5, null), curve(3, null, null), curve(null, null, 4)])).toEqual([
    { x: 0, low: 1, high: 3 },
    { x: 1, low: null, high: null },
    { x: 2, low: null, high: null },
  ])
})

test('one curve, or equal ones, have no band', () => {
  expect(bandOf([curve(1, 2)])).toEqual([])
  expect(bandOf([curve(1, 2), curve(1, 2)])).toEqual([])
})

test('places that the first curve does not have are left out', () => {
  expect(bandOf([curve(1), curve(2, 9)])).toEqual([{ x: 0, low: 1, high: 2 }])
})

test('equal bands of a panel are drawn once, those of two panels in each', () => {
  const band = [{ x: 0, low: 1, high: 2 }]
  const line = (panel: number) => ({ panel, band: [...band] })
  expect(eachBandOnce([line(0), line(0), line(1)]).map((each) => each.band?.length)).toEqual([
    1, 0, 1,
  ])
})
