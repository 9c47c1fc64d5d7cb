import { expect, test } from 'vitest'
import { Configuration, type Property, parseProperty } from '../../src/storage/configuration.js'
import { s3aProperties } from '../../src/storage/s3/s3-properties.js'

const duration: Property = { type: 'duration', value: 5, min: 1, doc: '', source: '' }
const size: Property = { type: 'bytes', value: 5, doc: '', source: '' }
const plainMs: Property = { type: 'ms', value: 5, doc: '', source: '' }

test.each([
  ['500ms', 500],
  ['60s', 60_000],
  ['15 m', null],
  ['15m', 900_000],
  ['2h', 7_200_000],
  ['1d', 86_400_000],
  ['1999us', 1],
  ['250', 250],
  ['0', null],
  ['1.5s', null],
  ['5 parsecs', null],
  ['1constructor', null],
])('a duration of %s is %s ms', (text, ms) => {
  expect(parseProperty(duration, text)).toBe(ms)
})

test('sizes take binary suffixes, plain milliseconds take none', () => {
  expect(parseProperty(size, '64M')).toBe(67_108_864)
  expect(parseProperty(plainMs, '60s')).toBeNull()
})

test.each([
  ['int', '0x10', 16],
  ['int', ' -0XfF ', -255],
  ['int', '0x', null],
  ['int', '0xg', null],
  ['int', '0x10.5', null],
  ['ms', '0x3e8', 1000],
  ['seconds', '0x3c', 60],
  ['bytes', '0x8000000', 134_217_728],
  // A digit, not a suffix; and a suffix does not follow one.
  ['bytes', '0x1b', 27],
  ['bytes', '0x10m', null],
  ['float', '0x10', null],
  ['duration', '0x10', null],
] as const)('an %s of %j is %s', (type, text, value) => {
  expect(parseProperty({ type, value: 5, doc: '', source: '' }, text)).toBe(value)
})

test.each([
  ['float', '.35', 0.35],
  ['float', '3.5e-1', 0.35],
  ['float', '0.35f', 0.35],
  ['float', '1.', 1],
  ['float', '.', null],
  ['float', 'NaN', null],
  ['float', '1e999', null],
  ['int', '+40', 40],
  ['duration', '+5s', 5000],
  // Integer.parseInt and Long.parseLong throw.
  ['int', '40.0', null],
  ['bytes', '2.5g', null],
  ['ms', '1000.0', null],
] as const)("Java's numbers: %s %j is %s", (type, text, value) => {
  expect(parseProperty({ type, value: 5, doc: '', source: '' }, text)).toBe(value)
})

test('a hexadecimal number is held to the range, too', () => {
  const count: Property = { type: 'int', value: 5, min: 1, max: 255, doc: '', source: '' }
  expect(parseProperty(count, '0xff')).toBe(255)
  expect(parseProperty(count, '0x100')).toBeNull()
  expect(parseProperty(count, '0x0')).toBeNull()
})

test('the site overrides the default', () => {
  const site = new Configuration({ 'fs.s3a.connection.request.timeout': '15s' })
  const key = 'fs.s3a.connection.request.timeout'
  expect(site.number(s3aProperties, key)).toBe(15_000)
  expect(new Configuration().number(s3aProperties, key)).toBe(60_000)
})
