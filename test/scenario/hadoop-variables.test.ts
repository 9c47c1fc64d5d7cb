// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Hadoop's variables
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expandVariables, LONGEST_EXPANSION } from '../../src/scenario/hadoop-variables.js'

function expand(text: string, properties: Record<string, string>) {
  return expandVariables(text, (name) =>
    Object.hasOwn(properties, name) ? properties[name] : undefined,
  )
}

const textOf = (text: string, properties: Record<string, string>) => expand(text, properties).text

test('variables are replaced by raw values, from the left, until none is left', () => {
  const properties = { a: '1', b: '${a}2', c: '${b}${a}', 'with.dots': 'x', n: 'a' }
  expect(textOf('no variable', properties)).toBe('no variable')
  expect(textOf('${a}', properties)).toBe('1')
  expect(textOf('-${c}-${with.dots}-', properties)).toBe('-121-x-')
  expect(textOf('${${n}}', properties)).toBe('1')
})

test('what is no variable stays', () => {
  for (const text of ['$a', '${}', '${a b}', '${a', 'a}', '$', '${', '{a}', '']) {
    expect(expand(text, { a: '1', 'a b': '2' })).toEqual({ text, stopped: null })
  }
})

test('an unset variable ends the expansion where it is', () => {
  expect(expand('${a}-${lost}-${a}', { a: '1' })).toEqual({
    text: '1-${lost}-${a}',
    stopped: { variable: 'lost', why: 'unset' },
  })
})

test('a value that contains its own variable gives the text as written', () => {
  expect(expand('${x}${a}', { x: '1', a: 'b${a}' })).toEqual({
    text: '${x}${a}',
    stopped: { variable: 'a', why: 'cycle' },
  })
})

test('nineteen substitutions are done, the twentieth is one too many, as in Hadoop', () => {
  const chain = Object.fromEntries(
    Array.from({ length: 30 }, (_, i) => [`v${i}`, i === 0 ? 'end' : `\${v${i - 1}}`]),
  )
  expect(expand('${v18}', chain)).toEqual({ text: 'end', stopped: null })
  expect(expand('${v19}', chain)).toEqual({
    text: '${v19}',
    stopped: { variable: 'v19', why: 'too-many' },
  })
  const circle = { a: '${b}', b: '${a}' }
  expect(expand('${a}', circle).stopped).toEqual({ variable: 'a', why: 'too-many' })
})

test.each([
  'env.HANDLERS',
  'env.HANDLERS:-30',
  'env.HANDLERS-30',
  'user.name',
  'user.home',
  'java.io.tmpdir',
  'os.name',
  'file.separator',
  'hbase.log.dir',
  'hadoop.home.dir',
])('%s depends on the machine and is not read, set or not', (variable) => {
  const text = `\${${variable}}/\${a}`
  expect(expand(text, { [variable]: 'x', a: '1' })).toEqual({
    text,
    stopped: { variable, why: 'machine' },
  })
})

test('what only resembles such a variable is a property', () => {
  expect(
    textOf('${user.named} ${envX} ${my.java.home}', {
      'user.named': '1',
      envX: '2',
      'my.java.home': '3',
    }),
  ).toBe('1 2 3')
})

test('a text that would be too long is given back as written', () => {
  const big = 'x'.repeat(LONGEST_EXPANSION)
  expect(expand('${a}${a}', { a: big })).toEqual({
    text: '${a}${a}',
    stopped: { variable: 'a', why: 'too-long' },
  })
  const doubling = Object.fromEntries(
    Array.from({ length: 20 }, (_, i) => [`v${i}`, i === 0 ? 'xxxx' : `\${v${i - 1}}`.repeat(2)]),
  )
  expect(expand('${v10}', doubling).stopped?.why).toBe('too-many')
})

test('whatever the properties are, at most 20 values are looked up and the text stays short', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e')
  const piece = fc.oneof(
    fc.constantFrom('x', '$', '{', '}', '${', ' ', '${lost}', '${env.X}'),
    name.map((one) => `\${${one}}`),
    fc.string(),
  )
  const value = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''))
  fc.assert(
    fc.property(fc.dictionary(name, value), value, (properties, text) => {
      let lookups = 0
      const expansion = expandVariables(text, (variable) => {
        lookups++
        return Object.hasOwn(properties, variable) ? properties[variable] : undefined
      })
      expect(lookups).toBeLessThanOrEqual(20)
      expect(expansion.text.length).toBeLessThanOrEqual(2 * LONGEST_EXPANSION)
      if (expansion.stopped === null) {
        expect(expansion.text).not.toMatch(/\$\{[a-e]\}/)
      } else {
        expect(expansion.text).toContain('${')
      }
    }),
  )
})
