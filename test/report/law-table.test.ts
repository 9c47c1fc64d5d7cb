import { expect, test } from 'vitest'
import { conservationTable, invariantTable } from '../../src/report/law-table.js'
import { summaryOf } from './experiment.js'
import { run } from './fixture.js'

test('an invariant has its meaning, and in how many runs of each variant it held', () => {
  const name = 'every duplicate of backup has a cause'
  const results = [1, 2].flatMap((seed) => ['a', 'b'].map((variant) => run(variant, seed)))
  for (const { variant, seed, invariants } of results) {
    invariants[name] = variant === 'b' && seed === 2 ? 'violated' : 'held'
  }
  const { head, rows } = invariantTable(summaryOf(results))
  expect(head).toEqual(['invariant', 'guards against', 'a', 'b'])
  expect(rows.at(-1)).toEqual([
    name,
    'an edit stored twice that nothing explains',
    'held 2 of 2',
    'VIOLATED 1 of 2\nheld 1 of 2',
  ])
})

test('one that is violated as expected says so', () => {
  const summary = summaryOf([run('a', 1, { invariants: { 'a promise': 'violated' } })])
  const that = 'invariants["a promise"] == violated'
  summary.runs[0].expectations.push({ that, verdict: 'held', value: null })
  expect(invariantTable(summary).rows).toEqual([['a promise', '-', 'broken 1 of 1, as expected']])
})

test('the conservation laws of all servers are counted together', () => {
  const law = { expected: 5, actual: 5, verdict: 'held' } as const
  const results = [
    run('a', 1, { conservation: { 'callQueue rs1': law, 'callQueue rs2': law, operations: law } }),
  ]
  const rows = conservationTable(summaryOf(results)).rows
  expect(rows.map(([name, , cell]) => [name, cell])).toEqual([
    ['callQueue <server>', 'held 2 of 2'],
    ['operations', 'held 1 of 1'],
  ])
})
