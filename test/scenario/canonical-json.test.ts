import fc from 'fast-check'
import { expect, test } from 'vitest'
import { InternalError } from '../../src/kernel/errors.js'
import { canonicalJson } from '../../src/scenario/canonical-json.js'

test('keys are sorted at every depth and undefined members left out', () => {
  const value = { b: [{ z: 1, a: undefined, y: null }], a: 'x', B: -0 }
  expect(canonicalJson(value)).toBe('{"B":0,"a":"x","b":[{"y":null,"z":1}]}')
})

test('with an indent it reads like ordinary JSON', () => {
  const value = { b: [], a: { d: 1, c: [true, 'é"'] }, e: {} }
  expect(`\n${canonicalJson(value, 2)}\n`).toMatchInlineSnapshot(`
    "
    {
      "a": {
        "c": [
          true,
          "é\\""
        ],
        "d": 1
      },
      "b": [],
      "e": {}
    }
    "
  `)
})

test('any JSON value survives, and the order of its keys does not matter', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
      const text = canonicalJson(value, indent)
      expect(canonicalJson(JSON.parse(text), indent)).toBe(text)
      expect(canonicalJson(reversed(value), indent)).toBe(text)
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
    }),
    { seed: 3 },
  )
})

test.each([Number.NaN, Infinity, undefined, () => 1, 1n])('%s is no JSON', (value) => {
  expect(() => canonicalJson([value])).toThrow(InternalError)
})

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).reverse()
  return Object.fromEntries(entries.map(([key, member]) => [key, reversed(member)]))
}
