import { expect, test } from 'vitest'
import {
  storePressure,
  stripedStorePressure,
} from '../../../src/hbase/compactions/store-pressure.js'

test('R17: the pressure of a striped store is that of its fullest stripe', () => {
  const after = (flushes: number) => stripedStorePressure([flushes, flushes], 0, 4, 12)
  expect(after(0)).toBe(0)
  expect(after(4)).toBe(0)
  expect(after(5)).toBe(0.5)
  expect(after(6)).toBe(1)
  expect(after(7)).toBe(2)
})

test('a striped store knows files that are in no stripe yet, and stripes of unequal fill', () => {
  expect(stripedStorePressure([], 3, 4, 12)).toBe(0)
  expect(stripedStorePressure([4, 4], 1, 4, 12)).toBe(0.5)
  expect(stripedStorePressure([9, 1], 0, 4, 12)).toBe(1)
  expect(stripedStorePressure([], 13, 4, 12)).toBe(2)
})

test('R18: pressure grows from the first compaction to the blocking number of files, and on', () => {
  const pressure = (files: number) => storePressure(files, 3, 16)
  expect(pressure(3)).toBe(0)
  expect(pressure(9)).toBeCloseTo(0.4615, 4)
  expect(pressure(16)).toBe(1)
  expect(pressure(17)).toBeCloseTo(14 / 13, 10)
})
