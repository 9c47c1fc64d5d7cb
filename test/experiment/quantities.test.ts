import { expect, test } from 'vitest'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatQuantity,
  formatShare,
  formatUsd,
} from '../../src/experiment/quantities.js'

test.each([
  [0, '0 µs'],
  [850, '850 µs'],
  [999.5, '1 ms'],
  [1_250, '1.25 ms'],
  [45_600, '45.6 ms'],
  [999_499, '999 ms'],
  [999_500, '1 s'],
  [59_949_999, '59.9 s'],
  [59_950_000, '1 min'],
  [302_000_000, '5 min 2 s'],
  [3_599_600_000, '1 h'],
  [5_400_000_000, '1 h 30 min'],
  [86_399_000_000, '1 d'],
  [97_200_000_000, '1 d 3 h'],
  [-1_500, '-1.5 ms'],
])('%d us is a duration of %s', (us, text) => {
  expect(formatDuration(us)).toBe(text)
})

test.each([
  [512, '512 B'],
  [1_023.6, '1 KiB'],
  [1_572_864, '1.5 MiB'],
  [134_217_728, '128 MiB'],
  [-2048, '-2 KiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

test.each([
  [0, '0'],
  [12.5, '12.5'],
  [99.96, '100'],
  [999, '999'],
  [18_310.4, '18,310'],
  [1_234_567, '1,234,567'],
  [-1_000, '-1,000'],
])('%d of a thing are %s', (count, text) => {
  expect(formatCount(count)).toBe(text)
})

test.each([
  [3.068, '$3.07'],
  [0, '$0.00'],
  [99.996, '$100'],
  [1250.4, '$1,250'],
  [-0.5, '-$0.50'],
])('%d dollars are %s', (dollars, text) => {
  expect(formatUsd(dollars)).toBe(text)
})

test('each unit is written its own way', () => {
  const units = ['us', 'bytes', 'usd', 'edits', 'objects'] as const
  expect(units.map((unit) => formatQuantity(2048, unit))).toEqual([
    '2.05 ms',
    '2 KiB',
    '$2,048',
    '2,048',
    '2,048',
  ])
})

test.each([
  [0, '0 %'],
  [0.123, '12 %'],
  [0.0525, '5.3 %'],
  [0.0024, '0.24 %'],
  [0.000012, '0.0012 %'],
  [0.0000001, '< 0.0001 %'],
  [0.9, '90 %'],
  [0.9987, '99.87 %'],
  [0.99997, '99.997 %'],
  [1, '100 %'],
  [-0.25, '-25 %'],
])('a share of %d is %s', (share, text) => {
  expect(formatShare(share)).toBe(text)
})
