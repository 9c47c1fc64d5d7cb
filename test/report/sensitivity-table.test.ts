import { describe, expect, test } from 'vitest'
import type { Move, VariedParameter } from '../../src/experiment/sensitivity.js'
import type { Summary } from '../../src/experiment/summary.js'
import { verdict } from '../../src/experiment/verdict.js'
import {
  sensitivityNote,
  sensitivityTable,
  shortSensitivityTable,
} from '../../src/report/sensitivity-table.js'
import { summaryMarkdown } from '../../src/report/summary-md.js'
import { summaryOf } from './experiment.js'
import { run } from './fixture.js'

const PLAIN = summaryOf([run('option-1', 1), run('option-2', 1)])

function varied(parameter: string, more: Partial<VariedParameter> = {}): VariedParameter {
  return {
    parameter,
    grade: 'D',
    source: 'estimate',
    base: '3 ms',
    low: '1500 us',
    high: '6 ms',
    traced: true,
    rows: [],
    largestMove: 0,
    changed: [],
    ...more,
  }
}

function rpo(variant: string, base: number, low: number, high: number): Move {
  const metric = 'peers.backup.rpo["cluster-loss"].p99Us'
  const SECOND = 1_000_000
  return {
    variant,
    metric,
    unit: 'us',
    base: base * SECOND,
    low: low * SECOND,
    high: high * SECOND,
  }
}

const cost = (variant: string, base: number, low: number | null, high: number): Move => {
  return { variant, metric: 'peers.backup.costUsdPerMonth.total', unit: 'usd', base, low, high }
}

function withSensitivity(...parameters: VariedParameter[]): Summary {
  const factors: [number, number] = [0.5, 2]
  const rest = { factors, seed: 1, runs: 8, given: [], unfinished: 0 }
  return { ...PLAIN, sensitivity: { ...rest, parameters } }
}

const CHANGING = varied('cluster.zookeeperWrite', {
  variants: ['option-2'],
  rows: [rpo('option-2', 340, 340, 700), cost('option-2', 50, 49, 60)],
  largestMove: 0.5,
  changed: [
    {
      kind: 'order',
      variant: 'option-2',
      what: 'peers.backup.rpo["cluster-loss"].p99Us',
      at: 'high',
      from: '5 min 40 s with option-2 and 10 min 40 s with option-1',
      to: '10 min 40 s with option-1 and 11 min 40 s with option-2',
    },
  ],
})

describe('the table of estimates', () => {
  test('is empty, like all that is said of it, where estimates were not varied', () => {
    expect(sensitivityTable(PLAIN).rows).toEqual([])
    expect(shortSensitivityTable(PLAIN).rows).toEqual([])
    expect(sensitivityNote(PLAIN)).toBe('')
    expect(summaryMarkdown(PLAIN, 'x')).not.toContain('Sensitivity')
  })

  test('has a row for each figure, the largest move first, and the verdicts that change', () => {
    const { head, rows } = sensitivityTable(withSensitivity(CHANGING))
    expect(head.slice(2)).toEqual(['figure', 'halved', 'estimated', 'doubled', 'verdicts changed'])
    const name = 'cluster.zookeeperWrite\nof option-2'
    expect(rows).toEqual([
      [
        name,
        '3 ms',
        'cluster-loss RPO p99 of option-2',
        ...['5 min 40 s', '5 min 40 s', '11 min 40 s'],
        'doubled: the order of cluster-loss RPO p99 turns round: 10 min 40 s with option-1 and ' +
          '11 min 40 s with option-2, not 5 min 40 s with option-2 and 10 min 40 s with option-1',
      ],
      [name, '3 ms', 'cost per month of option-2', '$49.00', '$50.00', '$60.00', ''],
    ])
  })

  test('shows no more than three figures of one estimate', () => {
    const costs = [60, 51, 70, 55].map((high, i) => cost(`v${i}`, 50, 50, high))
    const { rows } = sensitivityTable(withSensitivity(varied('cluster.heap', { rows: costs })))
    expect(rows.map(([, , figure]) => figure)).toEqual([
      'cost per month of v2',
      'cost per month of v0',
      'cost per month of v3',
    ])
    expect(rows.map((row) => row[6])).toEqual(['none', '', ''])
  })

  test('leaves out what moves too little to be read, and names it below', () => {
    const unread = varied('cluster.walAppend', { rows: [rpo('option-1', 640, 640.1, 639.9)] })
    const summary = withSensitivity(CHANGING, unread, varied('cluster.heap', { traced: false }))
    const shown = sensitivityTable(summary).rows.map(([name]) => name)
    expect(shown.every((name) => name.startsWith('cluster.zookeeperWrite'))).toBe(true)
    expect(sensitivityNote(summary)).toMatch(
      /Nothing that shows moves with cluster\.walAppend and cluster\.heap\.$/,
    )
  })

  test('says how seeds differ by themselves, where a range ends, and what is gone', () => {
    const move: Move = { ...rpo('option-1', 640, 300, 645), seeds: [600_000_000, 650_000_000] }
    const { rows } = sensitivityTable(
      withSensitivity(
        varied('stores.backup.errorRate', {
          base: '0.8',
          high: '1',
          rows: [move, cost('option-1', 50, null, 50)],
          cut: ['high'],
        }),
      ),
    )
    expect(rows.map((row) => row.slice(1, 6))).toEqual([
      [
        '0.8\ndoubled: 1, the end of its range',
        'cluster-loss RPO p99 of option-1',
        '5 min',
        '10 min 40 s\n(10 min…10 min 50 s over seeds)',
        '10 min 45 s',
      ],
      [
        '0.8\ndoubled: 1, the end of its range',
        ...['cost per month of option-1', 'none', '$50.00', '$50.00'],
      ],
    ])
  })

  test('shows a changed verdict even if no figure moves', () => {
    const changed = [{ ...CHANGING.changed[0], kind: 'claim' as const, what: 'backup: hdfs-loss' }]
    const { rows } = sensitivityTable(withSensitivity(varied('cluster.heap', { changed })))
    expect(rows[0].slice(2, 6)).toEqual(['-', '-', '-', '-'])
    expect(rows[0][6]).toContain('doubled: the claim backup: hdfs-loss of option-2 is')
  })

  test('is short on the terminal, but for what changes a verdict', () => {
    const harmless = varied('cluster.network', { rows: [rpo('option-1', 640, 500, 800)] })
    const few = shortSensitivityTable(withSensitivity(CHANGING, ...Array(20).fill(harmless)))
    expect(few.rows).toHaveLength(6)
    expect(few.rows[0]).toEqual([
      'cluster.zookeeperWrite\nof option-2',
      'cluster-loss RPO p99 of option-2',
      ...['5 min 40 s', '5 min 40 s', '11 min 40 s', '1'],
    ])
    expect(few.rows[1].at(-1)).toBe('-')
    const many = shortSensitivityTable(withSensitivity(...Array(9).fill(CHANGING), harmless))
    expect(many.rows).toHaveLength(9)
  })

  test('stands in summary.md, its sentence in the verdict', () => {
    const summary = withSensitivity(CHANGING)
    expect(summaryMarkdown(summary, 'x')).toMatch(/### Sensitivity[^\n]*\n\n\| estimate \|/)
    expect(verdict(summary).join('\n')).toContain(
      'Of 1 estimate, each halved and doubled (seed 1), 1 changes a verdict: with ' +
        '`cluster.zookeeperWrite` doubled, the order of cluster-loss RPO p99 turns round',
    )
  })
})
