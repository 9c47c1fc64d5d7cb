import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readJavaProperties } from '../../src/scenario/java-properties.js'
import { messageOf } from './fixture.js'

const read = (text: string) => readJavaProperties({ name: 'a.properties', text })
const pairs = (text: string) => [...read(text)].map(([key, { value }]) => [key, value])

test('keys end at =, : or a blank; blanks around do not count', () => {
  expect(pairs('a=1\nb:2\nc 3\n  d =  4\n\te\t:\t5\nf\ng=\nh==i\nj = = k')).toEqual([
    ['a', '1'],
    ['b', '2'],
    ['c', '3'],
    ['d', '4'],
    ['e', '5'],
    ['f', ''],
    ['g', ''],
    ['h', '=i'],
    ['j', '= k'],
  ])
})

test('comments and empty lines are skipped, whatever ends a line', () => {
  expect(pairs('# a=1\r\n  ! b=2\r\r\n\n \t\nc=3 # no comment\r\nd=4\re=5')).toEqual([
    ['c', '3 # no comment'],
    ['d', '4'],
    ['e', '5'],
  ])
})

test('a line goes on after an odd number of backslashes, without the blanks of the next', () => {
  expect(pairs('a=1,\\\n   2,\\\r\n\t3\nb=x\\\\\nc=4\\\\\\\n5\n# no \\\nd=6\\\n#7\\')).toEqual([
    ['a', '1,2,3'],
    ['b', 'x\\'],
    ['c', '4\\5'],
    ['d', '6#7'],
  ])
})

test('escapes', () => {
  expect(pairs('a\\=\\:\\ b=\\t\\n\\u0041\\u00e9\\z\\"')).toEqual([['a=: b', '\t\nAéz"']])
})

test('the last of equal keys wins', () => {
  expect(pairs('a=1\na=2')).toEqual([['a', '2']])
})

test('a property stands where it is written', () => {
  const text = '# x\n  key = val\\\n  ue\n'
  const property = read(text).get('key')
  expect(property?.value).toBe('value')
  expect(text.slice(property?.keySpan.from, property?.keySpan.to)).toBe('key')
  expect(text.slice(property?.valueSpan.from, property?.valueSpan.to)).toBe('val\\\n  ue')
})

test('what is no properties file', () => {
  expect(messageOf(() => read('a=1\nb = \\u12g4'))).toMatchInlineSnapshot(`
    "
    a.properties:2:5  this is no character
        2 | b = \\u12g4
          |     ^^ expected \\u and four digits
    "
  `)
  expect(messageOf(() => read('x'.repeat(262_145)))).toContain('the file is too large')
  const many = Array.from({ length: 301 }, (_, i) => `k${i}=1`).join('\n')
  expect(messageOf(() => read(many))).toContain('too many properties')
})

test('any keys and values survive when they are escaped', () => {
  const escaped = (text: string) =>
    [...text].map((one) => (/[\w.]/.test(one) ? one : unicode(one))).join('')
  const unicode = (one: string) =>
    Array.from(
      { length: one.length },
      (_, i) => `\\u${one.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join('')
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.string(), (key, value) => {
      expect(pairs(`${escaped(key)}=${escaped(value)}`)).toEqual([[key, value]])
    }),
  )
})
