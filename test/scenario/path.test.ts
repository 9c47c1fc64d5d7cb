import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  formatPath,
  indicesAt,
  keysAt,
  parsePath,
  scanPath,
  valueAt,
} from '../../src/scenario/path.js'

test.each([
  ['duration', ['duration']],
  ['peers.backup.copiers', ['peers', 'backup', 'copiers']],
  ['workload[0].rate', ['workload', 0, 'rate']],
  ['site["hbase.wal.hsync"]', ['site', 'hbase.wal.hsync']],
  ["rpo['cluster-loss'].maxUs", ['rpo', 'cluster-loss', 'maxUs']],
  ['peers.1.store', ['peers', '1', 'store']],
  ['["a b"].c', ['a b', 'c']],
])('%s is a path', (text, path) => {
  expect(parsePath(text)).toEqual(path)
})

test.each([
  '',
  '.',
  'a.',
  '.a',
  'a..b',
  'a[',
  'a[]',
  'a[-1]',
  'a[1.5]',
  'a["b]',
  'a b',
  '[0]',
  'a]',
])('%j is no path', (text) => {
  expect(parsePath(text)).toBeNull()
})

test('a scan stops where the path does', () => {
  expect(scanPath('a.b < 5')).toEqual({ path: ['a', 'b'], end: 3 })
  expect(scanPath('a[0]=x', 0)).toEqual({ path: ['a', 0], end: 4 })
})

test('what is written is read back', () => {
  const key = fc.oneof(
    fc.string({ unit: fc.constantFrom('a', 'Z', '0', '-', '_', '.', ' ', '[') }),
    fc.nat(99),
  )
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, unit: 'grapheme-ascii' }),
      fc.array(key),
      (first, rest) => {
        fc.pre(!/["\\]/.test(first))
        const path = [first, ...rest]
        expect(parsePath(formatPath(path))).toEqual(path)
      },
    ),
    { seed: 17 },
  )
})

test('a value is looked up through own properties only', () => {
  const data = { a: [{ b: 1 }], c: null }
  expect(valueAt(data, ['a', 0, 'b'])).toBe(1)
  expect(valueAt(data, [])).toBe(data)
  expect(valueAt(data, ['c', 'd'])).toBeUndefined()
  expect(valueAt(data, ['toString'])).toBeUndefined()
  expect(valueAt(data, ['__proto__', 'toString'])).toBeUndefined()
})

test('keys and indices are those of what is there', () => {
  const data = { a: [{ b: 1 }, { c: 2 }], d: null }
  expect(keysAt(data, [])).toEqual(['a', 'd'])
  expect(keysAt(data, ['a', 1])).toEqual(['c'])
  expect([keysAt(data, ['a']), keysAt(data, ['d']), keysAt(data, ['e'])]).toEqual([[], [], []])
  expect(indicesAt(data, ['a'])).toEqual([0, 1])
  expect([indicesAt(data, []), indicesAt(data, ['d'])]).toEqual([[], []])
})
