import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import {
  type Subject,
  simplifications,
  simplificationTable,
} from '../../src/experiment/simplifications.js'
import { invariantTable } from '../../src/simulation/invariants.js'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8').split('\n')

/** The rows of the README's table that begins with `head`. */
function tableOf(head: string): string[] {
  const from = readme.indexOf(head)
  const until = readme.findIndex((line, i) => i > from && !line.startsWith('|'))
  return readme.slice(from, until)
}

test.each(Object.keys(simplifications) as Subject[])(
  'the README tells the simplifications of %s as the registry has them',
  (subject) => {
    const table = simplificationTable(subject)
    expect(table.length).toBeGreaterThan(3)
    expect(tableOf(table[0])).toEqual(table)
  },
)

test('the README has no simplification of a subject that the registry lacks', () => {
  const heads = readme.flatMap((line) => /^\| (.*) \| effect \|$/.exec(line)?.[1] ?? [])
  expect(heads).toEqual(Object.keys(simplifications))
})

test('the README tells what each invariant finds', () => {
  expect(tableOf('| invariant | what it finds |')).toEqual(invariantTable('backup'))
})
