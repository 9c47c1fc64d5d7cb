import { expect, test } from 'vitest'
import { type ChartDefinition, chartDefinitions } from '../../src/report/chart-definitions.js'
import type { RunResult } from '../../src/simulation/result.js'
import { run } from './fixture.js'

const VARIANTS = ['option-1', 'direct']

function charts(results: RunResult[] = VARIANTS.map((variant) => run(variant, 1))) {
  const [backlog, rpo] = chartDefinitions('backup-options', results)
  return { backlog, rpo }
}

function labels(chart: ChartDefinition, panel: number): string[] {
  return chart.lines.filter((line) => line.panel === panel).map(({ label }) => label)
}

test('backlog and lag share one time axis in two panels with units of their own', () => {
  const { backlog } = charts()
  expect(backlog.title).toBe('Staging backlog and replication lag')
  expect(backlog.panels.map(({ unit }) => unit)).toEqual(['bytes', 'us'])
  expect(backlog.panels.map(({ title }) => title)).toEqual([
    'Staging backlog',
    'Replication lag (log scale)',
  ])
  expect(labels(backlog, 0)).toEqual(['option-1'])
  expect(labels(backlog, 1)).toEqual(VARIANTS)
})

test('the RPO chart has one line for each variant', () => {
  const { rpo } = charts()
  expect(rpo.panels.map(({ title }) => title)).toEqual(['RPO, cluster-loss'])
  expect(labels(rpo, 0)).toEqual(VARIANTS)
  expect(rpo.legend.map(({ label }) => label)).toEqual(VARIANTS)
})

test('a class of disaster that never costs anything gets no panel', () => {
  const { rpo } = charts()
  expect(rpo.panels.map(({ title }) => title)).not.toContain('RPO, region-server-crash')
})

test('a class that costs something gets a panel below the loss of the cluster', () => {
  const results = [run('option-1', 1)]
  for (const series of results[0].series) {
    if (series.labels.class === 'region-server-crash') series.values[100] = 5_000_000
  }
  const { rpo } = charts(results)
  expect(rpo.panels.map(({ title }) => title)).toEqual([
    'RPO, cluster-loss',
    'RPO, region-server-crash',
  ])
})

test('of several seeds the first of each variant is drawn, and the subtitle says so', () => {
  const results = [1, 2, 3].flatMap((seed) => VARIANTS.map((variant) => run(variant, seed)))
  const { rpo } = charts(results)
  expect(rpo.lines).toHaveLength(2)
  expect(rpo.subtitle).toBe('backup-options, seed 1: one run of each variant; faults are shaded')
})

test('a variant looks the same in all panels, and no two variants look alike', () => {
  const { backlog, rpo } = charts()
  const styles = new Map<string, string>()
  for (const line of [...backlog.lines, ...rpo.lines]) {
    const style = JSON.stringify(line.style)
    expect(styles.get(line.label) ?? style).toBe(style)
    styles.set(line.label, style)
  }
  expect(new Set(styles.values()).size).toBe(styles.size)
})

test('dashes alone tell seven variants apart', () => {
  const results = Array.from({ length: 7 }, (_, i) => run(`variant-${i}`, 1))
  const dashes = charts(results).rpo.legend.map(({ style }) => JSON.stringify(style.dash))
  expect(new Set(dashes).size).toBe(7)
})

test('lines are named by peer as well where a cluster has several peers', () => {
  const one = run('option-1', 1)
  one.peers.other = one.peers.backup
  const { rpo } = charts([one])
  expect(rpo.legend.map(({ label }) => label)).toEqual(['option-1: backup'])
})

test('where one design lags thousands of times as much as another, both can be read', () => {
  const lag = charts().backlog.panels[1]
  expect(lag.scale).toBe('logarithmic')
  const lines = charts().backlog.lines.filter(({ panel }) => panel === 1)
  for (const { y } of lines.flatMap(({ points }) => points)) {
    expect(y).toBeGreaterThanOrEqual(lag.min)
    expect(y).toBeLessThanOrEqual(lag.max)
  }
})

test('without replication there is nothing to draw', () => {
  expect(chartDefinitions('none', [run('none', 1, { series: [] })])).toEqual([])
})
