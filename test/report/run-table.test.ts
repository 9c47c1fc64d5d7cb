import { expect, test } from 'vitest'
import { runTable, seedTables } from '../../src/report/run-table.js'
import { summaryOf } from './experiment.js'
import { run } from './fixture.js'

test('a metric has a row for each seed, then its centre and interval', () => {
  const results = [1, 2].flatMap((seed) => ['option-1', 'direct'].map((name) => run(name, seed)))
  results[1].peers.backup.costUsdPerMonth = {
    ...{ requests: 1, storage: 1, pendingUploads: 0, total: 5.3 },
  }
  const cost = seedTables(summaryOf(results)).find(({ title }) => title === 'cost per month')
  expect(cost?.verdict).toBe(true)
  expect(cost?.table.head).toEqual(['seed', 'option-1', 'direct'])
  expect(cost?.table.rows.slice(0, 3)).toEqual([
    ['1', '$3.12', '$5.30'],
    ['2', '$3.12', '$7.30'],
    ['mean', '$3.12', '$6.30'],
  ])
  expect(cost?.table.rows[3][0]).toBe('95 % interval')
})

test('one seed has neither centre nor interval', () => {
  const [first] = seedTables(summaryOf([run('direct', 7)]))
  expect(first.table.rows).toEqual([['7', '800 ms']])
})

test('a run is known by its hash, and says whether anything was violated', () => {
  const results = [run('a', 1), run('a', 2, { invariants: { 'a promise': 'violated' } })]
  const rows = runTable(summaryOf(results)).rows
  expect(rows.map((row) => row.slice(-2))).toEqual([
    ['none violated', 'hash-a-1'],
    ['VIOLATED: 1', 'hash-a-2'],
  ])
})
