import { expect, test } from 'vitest'
import { BadInput, formatProblems, problemAt } from '../../src/scenario/bad-input.js'

const source = { name: 'outage.yaml', text: 'name: x\nfaults:\n  - kind: store-outtage\n' }

test('a problem names file, line, column and the nearest valid name under a caret', () => {
  const from = source.text.indexOf('store-outtage')
  const problem = problemAt(
    { source, from, to: from + 13 },
    { code: 'unknown-name', message: 'no such fault', expected: 'a, b', nearest: 'store-outage' },
  )
  expect(problem).toMatchObject({ file: 'outage.yaml', line: 3, column: 11 })
  expect(`\n${formatProblems([problem])}\n`).toMatchInlineSnapshot(`
    "
    outage.yaml:3:11  no such fault
        3 |   - kind: store-outtage
          |           ^^^^^^^^^^^^^ did you mean "store-outage"?
    "
  `)
})

test('without a near name the caret says what was expected', () => {
  const problem = problemAt(
    { source, from: 6, to: 7 },
    { code: 'wrong-type', message: 'x is odd', expected: 'a map' },
  )
  expect(`\n${formatProblems([problem])}\n`).toMatchInlineSnapshot(`
    "
    outage.yaml:1:7  x is odd
        1 | name: x
          |       ^ expected a map
    "
  `)
})

test('a problem in a very long line shows only the part around the caret', () => {
  const long = { name: 'long.json', text: `{"a":"${'x'.repeat(500_000)}","b":0}` }
  const from = long.text.indexOf('0}')
  const complaint = { code: 'bad-quantity', message: '0 has no unit', expected: '' } as const
  const error = new BadInput([problemAt({ source: long, from, to: from + 1 }, complaint)])
  expect(error.message.length).toBeLessThan(300)
  expect(`\n${error.message}\n`).toMatchInlineSnapshot(`
    "
    long.json:1:500013  0 has no unit
        1 | xxxxxxxxxxxxxxxxxxxxxxxx","b":0}
          |                               ^
    "
  `)
})

test('control characters of the input never reach the terminal', () => {
  const evil = { name: 'evil.yaml', text: 'a: \u001b[2Jboo\u202e\u0007' }
  const complaint = { code: 'wrong-type', message: 'odd', expected: '' } as const
  const { message } = new BadInput([problemAt({ source: evil, from: 3, to: 8 }, complaint)])
  for (const evilCharacter of ['\u001b', '\u0007', '\u202e']) {
    expect(message).not.toContain(evilCharacter)
  }
  expect(message).toContain('boo')
})

test('a span beyond the end of the text points at its end', () => {
  const empty = { name: 'empty.yaml', text: '' }
  const complaint = { code: 'wrong-type', message: 'empty', expected: '' } as const
  const problem = problemAt({ source: empty, from: 10, to: 20 }, complaint)
  expect(problem).toMatchObject({ line: 1, column: 1, excerpt: { text: '', from: 0, width: 1 } })
})
