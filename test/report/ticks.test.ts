import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  bytesAxis,
  countAxis,
  durationAxis,
  logDurationAxis,
  rowsAxis,
  timeAxis,
} from '../../src/report/ticks.js'

const MINUTE = 60_000_000

test('half an hour is marked in minutes and ends where the run ends', () => {
  const axis = timeAxis('Simulated time', 28 * MINUTE, 12)
  expect(axis.max).toBe(28 * MINUTE)
  expect(axis.ticks.map(({ label }) => label)).toEqual([
    '0',
    '5 min',
    '10 min',
    '15 min',
    '20 min',
    '25 min',
  ])
})

test('bytes are marked in binary units, not in round decimal numbers', () => {
  const axis = bytesAxis('Staging backlog', 400_000_000)
  expect(axis.ticks.map(({ label }) => label)).toEqual(['0', '128 MiB', '256 MiB', '384 MiB'])
  expect(axis.max).toBe(512 * 1024 * 1024 - 128 * 1024 * 1024)
})

test('a logarithmic axis has a mark for each tenfold, in units that people use', () => {
  const axis = logDurationAxis('Lag', 20_000, 9 * MINUTE)
  expect(axis.ticks.map(({ label }) => label)).toEqual([
    '10 ms',
    '100 ms',
    '1 s',
    '10 s',
    '1 min',
    '10 min',
  ])
})

test('an axis of nothing but zeros still has a length', () => {
  expect(durationAxis('RPO', 0).max).toBeGreaterThan(0)
  expect(bytesAxis('Staging backlog', 0).max).toBeGreaterThan(0)
})

test('every value has its place, between few and distinct marks', () => {
  const durations = fc.integer({ min: 1, max: 40 * 24 * 60 * MINUTE })
  fc.assert(
    fc.property(durations, (max) => {
      for (const axis of [durationAxis('', max), bytesAxis('', max), timeAxis('', max, 12)]) {
        expect(axis.max).toBeGreaterThanOrEqual(max)
        expect(axis.ticks.length).toBeGreaterThanOrEqual(2)
        expect(axis.ticks.length).toBeLessThanOrEqual(14)
        expect(new Set(axis.ticks.map(({ label }) => label)).size).toBe(axis.ticks.length)
      }
      const log = logDurationAxis('', Math.max(1, max / 1_000), max)
      expect(log.min).toBeLessThanOrEqual(Math.max(1, max / 1_000))
      expect(log.max).toBeGreaterThanOrEqual(max)
    }),
    { seed: 7 },
  )
})

test('whole things are marked in whole steps, with room above the most of them', () => {
  const axis = countAxis('WAL files', 15)
  expect(axis.ticks.map(({ label }) => label)).toEqual(['0', '5', '10', '15', '20'])
  expect(countAxis('WAL files', 0).max).toBe(1)
})

test('rows have their titles at their middles, the first at the top', () => {
  const { ticks, max } = rowsAxis('Recovery', ['rs1', 'rs2'])
  expect(max).toBe(2)
  expect(ticks).toEqual([
    { value: 0.5, label: 'rs2' },
    { value: 1.5, label: 'rs1' },
  ])
})
