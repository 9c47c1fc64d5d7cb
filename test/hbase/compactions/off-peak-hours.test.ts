import { expect, test } from 'vitest'
import { offPeakHours } from '../../../src/hbase/compactions/off-peak-hours.js'

const HOUR = 3_600_000_000

function hoursOf(isOffPeak: (nowUs: number) => boolean): number[] {
  return Array.from({ length: 24 }, (_, hour) => hour).filter((hour) => isOffPeak(hour * HOUR))
}

test('off-peak hours begin with the first and end before the last', () => {
  expect(hoursOf(offPeakHours(2, 5))).toEqual([2, 3, 4])
  expect(hoursOf(offPeakHours(22, 2))).toEqual([0, 1, 22, 23])
})

test('without two different hours of a day there are none', () => {
  for (const [start, end] of [
    [-1, -1],
    [3, 3],
    [-1, 5],
    [5, 24],
  ]) {
    expect(hoursOf(offPeakHours(start, end))).toEqual([])
  }
})

test('the hour is that of the day on which the run begins', () => {
  const isOffPeak = offPeakHours(2, 5, 1.5)
  expect(isOffPeak(0)).toBe(false)
  expect(isOffPeak(0.5 * HOUR - 1)).toBe(false)
  expect(isOffPeak(0.5 * HOUR)).toBe(true)
  expect(isOffPeak(24.5 * HOUR)).toBe(true)
})
