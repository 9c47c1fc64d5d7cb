import { expect, test } from 'vitest'
import { besides, figureTable } from '../../src/report/figure-table.js'
import { columnsAxis, percentileAxis } from '../../src/report/ticks.js'
import { lagChart } from './page-fixture.js'

const box = {
  ...{ panel: 0, from: 0, to: 1, low: 0, high: 1, fill: { heat: 0.5 } },
  text: ['10 min'],
  note: 'cluster-loss, direct\nworst 10 min',
}

test('a curve is summed up by its extremes, where the largest is, and its end', () => {
  expect(figureTable(lagChart())).toEqual({
    head: ['measured', 'of', 'smallest', 'largest', 'largest at', 'last'],
    rows: [['Age of the oldest unconfirmed edit', 'direct', '1 s', '50 s', '30 s', '1 s']],
  })
})

test('a curve of percentiles begins at the lowest, however little is above the highest', () => {
  const chart = lagChart()
  const points = [1, 0.5, 0.01].map((y, i) => ({ x: i * 1_000_000, y }))
  const lines = [{ ...chart.lines[0], points }]
  const panels = [percentileAxis('Stored\n(percentile)')]
  const [row] = figureTable(lagChart({ lines, panels })).rows
  expect(row).toEqual(['Stored (percentile)', 'direct', '0 %', '99 %', '2 s', '99 %'])
})

test('a whisker above a column is told by the column, and has no last value', () => {
  const points = [1_000_000, 3_000_000].map((y) => ({ x: 1.68, y }))
  const lines = [{ ...lagChart().lines[0], label: 'sum', shape: 'whisker' as const, points }]
  const x = columnsAxis('', ['staged-copy\n$5', 'direct\n$30'])
  const [row] = figureTable(lagChart({ kind: 'boxes', lines, x })).rows
  expect(row.slice(1)).toEqual(['sum: direct $30', '1 s', '3 s', '-', '-'])
})

test('points have a row each, without those of whiskers', () => {
  const [line] = lagChart().lines
  const points = [{ x: 10_000_000, y: 2_000_000 }]
  const lines = [
    { ...line, shape: 'points' as const, points },
    { ...line, shape: 'whisker' as const },
  ]
  expect(figureTable(lagChart({ kind: 'points', lines })).rows).toEqual([['direct', '10 s', '2 s']])
})

test('boxes are told by their notes; beside curves they have a table of their own', () => {
  const rows = [['cluster-loss, direct', 'worst 10 min']]
  expect(figureTable(lagChart({ kind: 'boxes', lines: [], boxes: [box] })).rows).toEqual(rows)
  expect(besides(lagChart({ boxes: [box] })).rows).toEqual(rows)
  expect(besides(lagChart({ kind: 'boxes', lines: [], boxes: [box] })).rows).toEqual([])
})
