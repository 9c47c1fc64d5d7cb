import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Dimension,
  formatQuantity,
  readQuantity,
  readWholeQuantity,
} from '../../src/scenario/units.js'

describe('quantities in base units', () => {
  test.each<[string, Dimension, number]>([
    ['250 us', 'duration', 250],
    ['250 µs', 'duration', 250],
    ['10ms', 'duration', 10_000],
    ['0 s', 'duration', 0],
    ['0.1 ms', 'duration', 100],
    ['4.35 s', 'duration', 4_350_000],
    ['5 min', 'duration', 300_000_000],
    ['1h30m', 'duration', 5_400_000_000],
    [' 1 d 2 h 3 min 4.5 s ', 'duration', 93_784_500_000],
    ['30 d', 'duration', 2_592_000_000_000],
    ['100 B', 'size', 100],
    ['1 kB', 'size', 1000],
    ['128 MiB', 'size', 134_217_728],
    ['1 MB', 'size', 1_000_000],
    ['0.5 KiB', 'size', 512],
    ['2 TiB', 'size', 2_199_023_255_552],
    ['5000/s', 'rate', 5000],
    ['0.25 /s', 'rate', 0.25],
    ['80 MiB/s', 'byteRate', 83_886_080],
    ['1 GB/s', 'byteRate', 1_000_000_000],
    ['0.4', 'number', 0.4],
  ])('%j as %s is %d', (text, dimension, value) => {
    expect(readWholeQuantity(text, dimension)).toEqual({ value })
  })
})

describe('what is no quantity says why', () => {
  const garbage = (noun: string) => `is not ${noun}`
  test.each<[string, Dimension, string]>([
    ['30', 'duration', '"30" has no unit'],
    ['0', 'size', '"0" has no unit'],
    ['5000', 'rate', '"5000" has no unit'],
    ['ten ms', 'duration', garbage('a duration')],
    ['', 'duration', garbage('a duration')],
    ['-5 ms', 'duration', garbage('a duration')],
    ['30m1h', 'duration', garbage('a duration')],
    ['1h 1h', 'duration', garbage('a duration')],
    ['1 MiB 2 KiB', 'size', garbage('a size')],
    ['1e9/s', 'rate', garbage('a rate of operations')],
    [`${'1'.repeat(100)} s`, 'duration', garbage('a duration')],
    ['5 sec', 'duration', '"sec" is no unit of a duration'],
    ['5 mb', 'size', '"mb" is no unit of a size'],
    ['10 MiB', 'duration', '"10 MiB" is a size, not a duration'],
    ['10 s', 'size', '"10 s" is a duration, not a size'],
    ['80 MiB', 'byteRate', '"80 MiB" is a size, not a rate in bytes per second'],
    ['80 MiB/s', 'rate', '"80 MiB/s" is a rate in bytes per second, not a rate of operations'],
    ['5 ms', 'number', '"5 ms" is a duration, not a plain number'],
    ['9999999999 d', 'duration', '"9999999999 d" is too large for this simulator'],
  ])('%j as %s', (text, dimension, message) => {
    const reading = readQuantity(text, dimension)
    expect('complaint' in reading && reading.complaint.message).toContain(message)
  })

  test('with the units that fit, or the one that was meant', () => {
    expect(readQuantity('30', 'duration')).toEqual({
      complaint: {
        code: 'bad-quantity',
        message: '"30" has no unit',
        expected: 'a duration such as 250 us, 10 ms, 2 s, 5 min, 1h30m or 30 d',
      },
    })
    expect(readQuantity('5 mb', 'size')).toMatchObject({ complaint: { nearest: 'MB' } })
  })
})

test('half a microsecond and half a byte are no constants', () => {
  expect(readWholeQuantity('0.5 us', 'duration')).toMatchObject({
    complaint: { message: '"0.5 us" is not a whole number of microseconds' },
  })
  expect(readWholeQuantity('0.5 B/s', 'byteRate')).toMatchObject({
    complaint: { message: '"0.5 B/s" is not a whole number of bytes per second' },
  })
  expect(readWholeQuantity('0.3 KiB', 'size')).toMatchObject({
    complaint: { message: '"0.3 KiB" is not a whole number of bytes' },
  })
  expect(readQuantity('0.5 us', 'duration')).toEqual({ value: 0.5 })
})

test('what is written in any unit is read back exactly', () => {
  const dimensions = fc.constantFrom<Dimension>('duration', 'size', 'byteRate', 'rate')
  const values = fc.oneof(fc.nat(5000), fc.maxSafeNat())
  fc.assert(
    fc.property(values, dimensions, (value, dimension) => {
      expect(readWholeQuantity(formatQuantity(value, dimension), dimension)).toEqual({ value })
    }),
    { seed: 11, numRuns: 500 },
  )
})

test('an amount times its unit is exact, with any number of decimals', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.nat(999_999), (seconds, micros) => {
      const text = `${seconds}.${`${micros}`.padStart(6, '0')} s`
      expect(readWholeQuantity(text, 'duration')).toEqual({ value: seconds * 1e6 + micros })
    }),
    { seed: 5 },
  )
})

test.each<[number, Dimension, string]>([
  [5_400_000_000, 'duration', '90 min'],
  [0, 'duration', '0 us'],
  [134_217_728, 'size', '128 MiB'],
  [1_000_000, 'size', '1 MB'],
  [83_886_080, 'byteRate', '80 MiB/s'],
  [300, 'rate', '300/s'],
])('%d as %s is written %j', (value, dimension, text) => {
  expect(formatQuantity(value, dimension)).toBe(text)
})
