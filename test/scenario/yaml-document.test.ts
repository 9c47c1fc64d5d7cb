import { describe, expect, test } from 'vitest'
import { dataOf, spanAt } from '../../src/scenario/yaml-data.js'
import { parseYaml } from '../../src/scenario/yaml-document.js'
import { complaintAbout, LEAST, load, messageOf } from './fixture.js'

const read = (text: string) => dataOf(parseYaml({ name: 'bad.yaml', text }))
const refusal = (text: string) => messageOf(() => read(text))

test('JSON is a subset', () => {
  const data = { name: 'x', list: [1, 2.5, 'a\n"b"', null, true], map: { 'k.l': {} } }
  expect(read(JSON.stringify(data))).toEqual(data)
  expect(read(JSON.stringify(data, null, 2))).toEqual(data)
})

test('versions, properties and names are read from their source text', () => {
  const text = `hbase: 3.0
site: { a: 1e3, b: true, c: 0x10, d: "3.0", e: 1.50 }
faults: [{ as: 500, store: 007 }]
variants: { v: { hbase: 3.0, 'site["a"]': 0010, site: { a: 2.0 }, seed: 3.0 } }
`
  expect(read(text)).toEqual({
    hbase: '3.0',
    site: { a: '1e3', b: 'true', c: '0x10', d: '3.0', e: '1.50' },
    faults: [{ as: '500', store: '007' }],
    variants: { v: { hbase: '3.0', 'site["a"]': '0010', site: { a: '2.0' }, seed: 3 } },
  })
})

test('an alias repeats the latest anchor of its name', () => {
  expect(read('a: &x { p: 1 }\nb: *x\nc: &x 2\nd: *x')).toEqual({
    a: { p: 1 },
    b: { p: 1 },
    c: 2,
    d: 2,
  })
})

test('keys and values are found again in the text, through aliases too', () => {
  const text = 'a: &x { p: 12 }\nb: [3, *x]\n'
  const yaml = parseYaml({ name: 'x', text })
  const cut = (path: (string | number)[], part: 'key' | 'value') => {
    const span = spanAt(yaml, path, part)
    return span === null ? null : text.slice(span.from, span.to)
  }
  expect(cut(['a', 'p'], 'value')).toBe('12')
  expect(cut(['b', 1, 'p'], 'value')).toBe('12')
  expect(cut(['b', 1, 'p'], 'key')).toBe('p')
  expect(cut(['b'], 'key')).toBe('b')
  expect(cut(['b', 2], 'value')).toBeNull()
  expect(cut(['c'], 'value')).toBeNull()
})

describe('bad YAML', () => {
  test('duplicate keys, in JSON too', () => {
    expect(refusal('a: 1\na: 2\n')).toMatchInlineSnapshot(`
      "
      bad.yaml:2:1  this key is in the map already
          2 | a: 2
            | ^
      "
    `)
    expect(refusal('{"a": 1, "a": 2}')).toContain('bad.yaml:1:10  this key is in the map already')
  })

  test('tabs, open quotes, maps in values', () => {
    expect(refusal('a:\n\t- b')).toMatchInlineSnapshot(`
      "
      bad.yaml:2:1  a tab indents this line: YAML wants blanks
          2 |  - b
            | ^
      "
    `)
    expect(refusal('a: "b\n')).toMatchInlineSnapshot(`
      "
      bad.yaml:2:1  Missing closing quote
          2 | 
            | ^
      "
    `)
    expect(refusal('a: b: c')).toMatchInlineSnapshot(`
      "
      bad.yaml:1:4  a map begins inside a value: is a line break or a quote missing?
          1 | a: b: c
            |    ^
      "
    `)
  })

  test('tags and a second document', () => {
    expect(refusal('a: !!js/function "x"')).toMatchInlineSnapshot(`
      "
      bad.yaml:1:4  tags mean nothing here
          1 | a: !!js/function "x"
            |    ^^^^^^^^^^^^^
      "
    `)
    expect(refusal('a: 1\n---\nb: 2\n')).toMatchInlineSnapshot(`
      "
      bad.yaml:2:1  a second document begins
          2 | ---
            | ^^^
      "
    `)
  })

  test('keys that reach into prototypes, or are no text', () => {
    expect(refusal('__proto__: { polluted: 1 }')).toMatchInlineSnapshot(`
      "
      bad.yaml:1:1  "__proto__" cannot be a key
          1 | __proto__: { polluted: 1 }
            | ^^^^^^^^^
      "
    `)
    expect(refusal('{"a": {"constructor": 1, "prototype": 2}}')).toMatchInlineSnapshot(`
      "
      bad.yaml:1:8  "constructor" cannot be a key
          1 | {"a": {"constructor": 1, "prototype": 2}}
            |        ^^^^^^^^^^^^^
      bad.yaml:1:26  "prototype" cannot be a key
          1 | {"a": {"constructor": 1, "prototype": 2}}
            |                          ^^^^^^^^^^^
      "
    `)
    expect(refusal('? [a]\n: 1\n')).toMatchInlineSnapshot(`
      "
      bad.yaml:1:3  a key must be a name
          1 | ? [a]
            |   ^
      "
    `)
    expect(Object.prototype).not.toHaveProperty('polluted')
  })

  test('aliases in a circle or to nowhere', () => {
    expect(refusal('a: &x [*x]')).toMatchInlineSnapshot(`
      "
      bad.yaml:1:8  this contains itself
          1 | a: &x [*x]
            |        ^^
      "
    `)
    expect(refusal('a: *nowhere')).toMatchInlineSnapshot(`
      "
      bad.yaml:1:4  no anchor "nowhere" before this
          1 | a: *nowhere
            |    ^^^^^^^^
      "
    `)
  })

  test('a key with brackets that stands bare in braces', () => {
    expect(refusal('v: { workload[0].rate: 1/s }')).toMatchInlineSnapshot(`
      "
      bad.yaml:1:14  a key with brackets needs quotes inside { }
          1 | v: { workload[0].rate: 1/s }
            |              ^
      "
    `)
  })

  test('what is not a map', () => {
    expect(complaintAbout('')).toMatchInlineSnapshot(`
      "
      bad.yaml:1:1  nothing is not a scenario
          1 | 
            | ^ expected a map
      "
    `)
    expect(complaintAbout('[1]')).toContain('a list is not a scenario')
    expect(complaintAbout('hello')).toContain('"hello" is not a scenario')
  })
})

describe('hostile YAML is refused before it does harm', () => {
  test.each([
    ['brackets', '['.repeat(100_000), 'nested too deeply'],
    ['braces', '{a: '.repeat(100_000), 'nested too deeply'],
    ['dashes', '- '.repeat(200_000), 'nested too deeply'],
    ['question marks', '? '.repeat(200_000), 'nested too deeply'],
    ['indentation', nest(100), 'nested too deeply'],
    ['many keys in braces', `{${keys(2001).join(', ')}}`, 'a map of 2001 keys'],
    ['many keys in lines', keys(5000).join('\n'), 'a map of 5000 keys'],
    ['far more keys', keys(40_000).join('\n'), 'too many words and signs'],
    ['many keys deep inside', `a: [{b: {${keys(2001).join(', ')}}}]`, 'a map of 2001 keys'],
    ['size', `a: "${'x'.repeat(1_048_576)}"`, '1048581 characters'],
    ['words', `a: [${'x,'.repeat(50_000)}]`, 'too many words and signs'],
    ['aliases that multiply', bomb(), 'this makes too many values'],
  ])('%s', (_, text, message) => {
    const complaint = refusal(text)
    expect(complaint).toContain(message)
    expect(complaint.length).toBeLessThan(400)
  })

  test('up to the bounds all is well', () => {
    expect(read(nest(63))).toBeTypeOf('object')
    expect(read('['.repeat(64) + ']'.repeat(64))).toBeTypeOf('object')
    expect(Object.keys(read(keys(2000).join('\n')) as object)).toHaveLength(2000)
  })

  test('a chain of aliases is no way around the depth', () => {
    const lines = Array.from({ length: 70 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}]`)
    expect(refusal(`a0: &a0 x\n${lines.join('\n')}`)).toContain('nested too deeply')
  })
})

describe('an unquoted distribution in a flow map', () => {
  test('is named, with what to write instead, and leaves no rubble', () => {
    expect(
      complaintAbout(`${LEAST}faults:
  - { at: uniform(27 s, 29 s), kind: cluster-loss }
  - { at: empirical([1 s, 2 s]), kind: cluster-loss }
  - { at: lognormal(4 s, 0.4) + 0.1 * lognormal(9 s, 0.8), kind: cluster-los }
`),
    ).toMatchInlineSnapshot(`
      "
      bad.yaml:6:11  an unquoted distribution inside { } ends at its comma
          6 |   - { at: uniform(27 s, 29 s), kind: cluster-loss }
            |           ^^^^^^^^^^^^^^^^^^^ expected quotes: "uniform(27 s, 29 s)"
      bad.yaml:7:11  an unquoted distribution inside { } ends at its comma
          7 |   - { at: empirical([1 s, 2 s]), kind: cluster-loss }
            |           ^^^^^^^^^^^^^^^^^^^^^ expected quotes: "empirical([1 s, 2 s])"
      bad.yaml:8:11  an unquoted distribution inside { } ends at its comma
          8 |   - { at: lognormal(4 s, 0.4) + 0.1 * lognormal(9 s, 0.8), kind: cluster-los }
            |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ expected quotes: "lognormal(4 s, 0.4) + 0.1 * lognormal(9 s, 0.8)"
      bad.yaml:8:66  "cluster-los" is not a value of faults[2].kind
          8 |   - { at: lognormal(4 s, 0.4) + 0.1 * lognormal(9 s, 0.8), kind: cluster-los }
            |                                                                  ^^^^^^^^^^^ did you mean "cluster-loss"?
      "
    `)
  })

  test('needs no quotes in a block map', () => {
    const { variants } = load(`${LEAST}faults:
  - kind: cluster-loss
    at: uniform(27 s, 29 s)
`)
    expect(variants[0].scenario.faults).toEqual([
      { kind: 'cluster-loss', at: { kind: 'uniform', low: 27_000_000, high: 29_000_000 } },
    ])
  })
})

function nest(depth: number): string {
  return Array.from({ length: depth }, (_, i) => `${' '.repeat(i)}a:`).join('\n')
}

function keys(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `k${i}: 1`)
}

function bomb(): string {
  const ten = (item: string) => `[${Array.from({ length: 10 }, () => item).join()}]`
  const lines = Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} ${ten(`*a${i}`)}`)
  return `a0: &a0 x\n${lines.join('\n')}\n`
}
