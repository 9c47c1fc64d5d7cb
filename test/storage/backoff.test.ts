import { expect, test } from 'vitest'
import { exponentialBackoffUs, fullJitterUs } from '../../src/storage/backoff.js'

test('the general ladder of S3A waits 1, 2, … 64 s on average, 127 s in all', () => {
  const waits = [0, 1, 2, 3, 4, 5, 6].map((retries) => exponentialBackoffUs(500, retries, 0.5))
  expect(waits.map((us) => us / 1e6)).toEqual([1, 2, 4, 8, 16, 32, 64])
  expect(waits.reduce((sum, us) => sum + us)).toBe(127_000_000)
})

test('its jitter is between a half and one and a half', () => {
  expect(exponentialBackoffUs(500, 0, 1e-9)).toBe(500_000)
  expect(exponentialBackoffUs(500, 0, 1 - 1e-9)).toBe(1_499_000)
})

test('full jitter is at least a millisecond, at most the doubling base, at most the cap', () => {
  expect(fullJitterUs(100, 20_000, 0, 1e-9)).toBe(1000)
  expect(fullJitterUs(100, 20_000, 3, 1 - 1e-9)).toBe(800_000)
  expect(fullJitterUs(100, 20_000, 30, 1 - 1e-9)).toBe(20_000_000)
})
