import { expect, test } from 'vitest'
import { comparisonTables, outcomeTable } from '../../src/report/comparison-table.js'
import { summaryOf } from './experiment.js'
import { run } from './fixture.js'

test("the verdict's metrics are compared twin by twin, with the luck they shared", () => {
  const results = ['option-1', 'direct'].flatMap((variant) =>
    [1, 2, 3].map((seed) => run(variant, seed)),
  )
  for (const { seed, variant, peers } of results) {
    const exposure = peers.backup.rpo['cluster-loss']
    exposure.p99Us = seed * seed * 1_000_000 + (variant === 'direct' ? 250_000 : 0)
  }
  const { differences, chance } = comparisonTables(summaryOf(results))
  const { head } = differences
  const rows = [...differences.rows, ...chance.rows]
  expect(head[head.length - 2]).toBe('luck shared')
  expect(rows.map((row) => row.slice(0, 3))).toEqual([
    ['direct - option-1', 'cluster-loss RPO p99', '+250 ms'],
    ['direct - option-1', 'cost per month', '+$4.18'],
    ['direct - option-1', 'lost edits', '-48,790'],
  ])
  expect(rows.map((row) => row[5])).toEqual(['1.00', '-', '-'])
  // Three seeds tell nothing of medians, whatever the difference.
  expect(chance.rows.map(([, metric]) => metric)).toEqual(['lost edits'])
})

test('twins are set against each other edit by edit', () => {
  const { rows } = outcomeTable(summaryOf([run('option-1', 1), run('direct', 1)]))
  expect(rows).toEqual([
    ['option-1 (first) and direct (second)', '490,999', '210', '0', '48,790', '1'],
  ])
})

test('a single run is compared with nothing', () => {
  const summary = summaryOf([run('direct', 1)])
  expect(Object.values(comparisonTables(summary)).map(({ rows }) => rows)).toEqual([[], []])
  expect(outcomeTable(summary).rows).toEqual([])
})
