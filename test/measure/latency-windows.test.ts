import { expect, test } from 'vitest'
import { LatencyWindows } from '../../src/measure/latency-windows.js'

test('a latency belongs to the window of its answer', () => {
  const latency = new LatencyWindows(1_000, 10)
  latency.record(40, 99)
  latency.record(40, 100)
  latency.record(0, 999)
  expect([0, 1, 2, 9].map((window) => latency.maxUs(window))).toEqual([59, 60, null, 999])
  expect([0, 1, 2].map((window) => latency.quantile(0.99, [window]))).toEqual([59, 60, null])
})

test('answers after the end are in no window', () => {
  const latency = new LatencyWindows(1_000, 10)
  latency.record(0, 1_000)
  expect(latency.quantile(0.5, [9])).toBe(null)
})

test('quantiles are at most 3 % too high, alone and over several windows together', () => {
  const latency = new LatencyWindows(4_000_000, 2)
  // 1 ms … 1 s in the first window, 1 s … 2 s in the second.
  for (let ms = 1; ms <= 2_000; ms++) {
    latency.record(0, 1_000_000 + (ms > 1_000 ? 1_500_000 : 0))
    latency.record(3_000_000 - ms * 1_000, 3_000_000)
  }
  const p99 = latency.quantile(0.99, [1]) ?? 0
  // Half of the second window's answers took 2.5 s, the others up to 2 s.
  expect(p99).toBeGreaterThanOrEqual(2_500_000)
  expect(p99).toBeLessThanOrEqual(2_500_000 * 1.03)
  const median = latency.quantile(0.5, [0, 1]) ?? 0
  expect(median).toBeGreaterThanOrEqual(1_000_000)
  expect(median).toBeLessThanOrEqual(1_000_000 * 1.03)
})
