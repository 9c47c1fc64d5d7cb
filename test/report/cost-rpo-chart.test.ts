import { expect, test } from 'vitest'
import { chartConfiguration } from '../../src/report/chart-configuration.js'
import { themes } from '../../src/report/chart-theme.js'
import type { RunResult } from '../../src/simulation/result.js'
import { chartOf, drawn, runWith } from './chart-fixture.js'
import { run } from './fixture.js'

const SECOND = 1_000_000

function design(variant: string, seed: number, usd: number, rpoUs: number): RunResult {
  const { rpo } = run(variant, seed).peers.backup
  return runWith(variant, seed, {
    costUsdPerMonth: { storage: usd, requests: 0, pendingUploads: 0, total: usd },
    rpo: { ...rpo, 'cluster-loss': { ...rpo['cluster-loss'], p99Us: rpoUs } },
  })
}

test('one design alone is no choice', () => {
  expect(chartOf('cost-rpo', [design('direct', 1, 5, SECOND)])).toBe(undefined)
  const none = run('none', 1, { peers: {} })
  expect(chartOf('cost-rpo', [design('direct', 1, 5, SECOND), none])).toBe(undefined)
})

test('each run is a point at its cost and the 99th percentile of its RPO', () => {
  const chart = drawn('cost-rpo', [
    design('direct', 1, 5, 2 * SECOND),
    design('direct', 2, 6, 3 * SECOND),
    design('option-1', 1, 3, 20 * SECOND),
  ])
  expect(chart.kind).toBe('points')
  expect([chart.x.unit, chart.panels[0].unit]).toEqual(['usd', 'us'])
  const points = chart.lines.filter(({ shape }) => shape === 'points')
  expect(points.map(({ label, points: its }) => [label, its])).toEqual([
    [
      'direct',
      [
        { x: 5, y: 2 * SECOND },
        { x: 6, y: 3 * SECOND },
      ],
    ],
    ['option-1', [{ x: 3, y: 20 * SECOND }]],
  ])
})

test('both intervals cross at the means; one seed has none', () => {
  const chart = drawn('cost-rpo', [
    ...[4, 6].map((usd, i) => design('direct', i + 1, usd, usd * SECOND)),
    design('option-1', 1, 3, 20 * SECOND),
  ])
  const whiskers = chart.lines.filter(({ shape }) => shape === 'whisker')
  expect(whiskers.map(({ label }) => label)).toEqual(['direct', 'direct'])
  const [ofCost, ofRpo] = whiskers.map(({ points }) => points)
  expect(ofCost.map(({ y }) => y)).toEqual([5 * SECOND, 5 * SECOND])
  expect(ofRpo.map(({ x }) => x)).toEqual([5, 5])
})

test('designs far apart lie on logarithmic axes that say so, and inside them', () => {
  const { panels, x, lines } = drawn('cost-rpo', [
    design('direct', 1, 500, 2 * SECOND),
    design('option-1', 1, 3, 600 * SECOND),
  ])
  expect([x.scale, panels[0].scale]).toEqual(['logarithmic', 'logarithmic'])
  expect(panels[0].title).toContain('log scale')
  for (const point of lines.flatMap(({ points }) => points)) {
    expect(point.x).toBeGreaterThanOrEqual(x.min)
    expect(point.x).toBeLessThanOrEqual(x.max)
  }
})

test('markers alone tell seven designs apart', () => {
  const names = Array.from({ length: 7 }, (_, i) => `variant-${i}`)
  const { legend } = drawn(
    'cost-rpo',
    names.map((name, i) => design(name, 1, i + 1, SECOND)),
  )
  expect(new Set(legend.map(({ style }) => style.marker)).size).toBe(7)
})

test('designs at one place are drawn around each other, and it is said that they are', () => {
  const { legend, subtitle } = drawn('cost-rpo', [
    design('direct', 1, 5, 20 * SECOND),
    design('interval-only', 1, 5.01, 20 * SECOND),
    design('one-table', 1, 5, 20.01 * SECOND),
    design('option-1', 1, 3, 40 * SECOND),
  ])
  expect(legend.map(({ style }) => style.ring ?? 0)).toEqual([17, 12, 0, 0])
  expect(subtitle).toContain('marks within marks are at one place')
})

test('of a mark that goes around others only the outline is drawn', () => {
  const marks = [design('direct', 1, 5, SECOND), design('one-table', 1, 5, SECOND)]
  const { datasets } = chartConfiguration(drawn('cost-rpo', marks), themes.light).data
  expect(datasets.map(({ pointRadius }) => pointRadius)).toEqual([12, 6])
  expect(datasets.map(({ pointBackgroundColor }) => pointBackgroundColor)).toEqual([
    '#0000',
    undefined,
  ])
})
