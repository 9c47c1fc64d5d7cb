import { expect, test } from 'vitest'
import type { ChartDefinition } from '../../src/report/chart.js'
import { chartDefinitions } from '../../src/report/chart-definitions.js'
import type { RunResult } from '../../src/simulation/result.js'
import { run } from './fixture.js'

const VARIANTS = ['option-1', 'direct']

function charts(results: RunResult[] = VARIANTS.map((variant) => run(variant, 1))) {
  const drawn = chartDefinitions('backup-options', results, {})
  const [rpo, backlog, lag] = ['rpo', 'backlog', 'lag'].map((id) => {
    const chart = drawn.find((each) => each.id === id)
    if (chart === undefined) throw new Error(`no chart ${id}`)
    return chart
  })
  return { rpo, backlog, lag }
}

function labels(chart: ChartDefinition, panel: number): string[] {
  return chart.lines.filter((line) => line.panel === panel).map(({ label }) => label)
}

test('what waits to be stored has a panel for each place where it waits', () => {
  const { backlog } = charts()
  expect(backlog.panels.map(({ title, unit }) => [title, unit])).toEqual([
    ['Staging backlog', 'bytes'],
    ['oldWALs', 'bytes'],
  ])
  expect(labels(backlog, 0)).toEqual(['option-1'])
  expect(labels(backlog, 1)).toEqual(VARIANTS)
})

test('a place where nothing ever waits gets no panel', () => {
  const direct = charts([run('direct', 1)]).backlog
  expect(direct.panels.map(({ title }) => title)).toEqual(['oldWALs'])
})

test("the lag stands above HBase's own metric, both on one scale", () => {
  const { lag } = charts()
  const [real, metric] = lag.panels
  expect(real.title).toContain('unconfirmed edit')
  expect(metric.title).toContain('replicationLag')
  expect([metric.scale, metric.min, metric.max]).toEqual([real.scale, real.min, real.max])
  expect(labels(lag, 0)).toEqual(VARIANTS)
  expect(labels(lag, 1)).toEqual(['direct'])
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

test('classes that cost the same at every instant share a panel that names both', () => {
  const results = VARIANTS.map((variant) => run(variant, 1))
  for (const { series } of results) {
    const loss = series.find(({ labels: { class: name } }) => name === 'cluster-loss')
    if (loss === undefined) throw new Error('no RPO')
    const of = (name: string) => ({ ...loss, labels: { ...loss.labels, class: name } })
    const half = loss.values.map((value) => (value ?? 0) / 2)
    series.push(of('hdfs-loss'), { ...of('cluster-power-loss'), values: half })
  }
  const { rpo } = charts(results)
  expect(rpo.panels.map(({ title }) => title)).toEqual([
    'RPO, cluster-loss\n= hdfs-loss',
    'RPO, cluster-power-loss',
  ])
})

test('more panels make a taller chart', () => {
  const { rpo } = charts()
  const results = [run('option-1', 1)]
  results[0].series.push(
    ...['hdfs-loss', 'data-node-crash', 'store-loss'].map((name, index) => ({
      metric: 'rpoUs',
      unit: 'us',
      labels: { peer: 'backup', class: name },
      timesUs: [0, 1],
      values: [10 ** index, 5 * 10 ** index],
    })),
  )
  expect(charts(results).rpo.height).toBeGreaterThan(rpo.height)
})

test('of several seeds the first of each variant is drawn, and the subtitle says so', () => {
  const results = [1, 2, 3].flatMap((seed) => VARIANTS.map((variant) => run(variant, seed)))
  const { rpo } = charts(results)
  expect(rpo.lines).toHaveLength(2)
  expect(rpo.subtitle).toBe('backup-options, seed 1: one run of each variant; faults are shaded')
})

test('where seeds differ, a band of all of them lies around the line of the first', () => {
  const results = [1, 2, 3].map((seed) => run('option-1', seed))
  for (const [index, { series }] of results.entries()) {
    const rpo = series.find(({ metric }) => metric === 'rpoUs')
    if (rpo === undefined) throw new Error('no RPO')
    rpo.values = rpo.values.map((value) => (value ?? 0) * (index + 1))
  }
  const { rpo, backlog } = charts(results)
  const [{ points, band = [] }] = rpo.lines
  expect(band.map(({ low }) => low)).toEqual(points.map(({ y }) => y))
  expect(band.map(({ high }) => high)).toEqual(points.map(({ y }) => 3 * (y ?? 0)))
  expect(rpo.panels[0].max).toBeGreaterThanOrEqual(Math.max(...band.map(({ high }) => high ?? 0)))
  expect(rpo.subtitle).toBe(
    'backup-options, seed 1 as line, the range of 3 seeds as band; faults are shaded',
  )
  expect(backlog.lines.flatMap((line) => line.band ?? [])).toEqual([])
})

test('what lies below a logarithmic axis is said to', () => {
  const [lag] = charts().lag.panels
  expect(lag.ticks[0].label).toMatch(/^≤ /)
})

test('a variant looks the same in all panels, and no two variants look alike', () => {
  const { backlog, lag, rpo } = charts()
  const styles = new Map<string, string>()
  for (const line of [...backlog.lines, ...lag.lines, ...rpo.lines]) {
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
  const { rpo, backlog } = charts([one])
  expect(rpo.legend.map(({ label }) => label)).toEqual(['option-1: backup'])
  // The cluster's own archive belongs to no peer.
  expect(backlog.legend.map(({ label }) => label)).toEqual(['option-1: backup', 'option-1'])
})

test('where one design lags thousands of times as much as another, both can be read', () => {
  const chart = charts().lag
  const [lag] = chart.panels
  expect(lag.scale).toBe('logarithmic')
  const lines = chart.lines.filter(({ panel }) => panel === 0)
  for (const { y } of lines.flatMap(({ points }) => points)) {
    expect(y).toBeGreaterThanOrEqual(lag.min)
    expect(y).toBeLessThanOrEqual(lag.max)
  }
})

test('without replication there is nothing to draw', () => {
  expect(chartDefinitions('none', [run('none', 1, { series: [], peers: {} })], {})).toEqual([])
})

/** Staleness that rises to `peakUs` in a quarter of an hour, and what secondaries cost meanwhile. */
function replicaSeries(peakUs: number, unavailable: number, heapBytes: number) {
  const of = (metric: string, unit: string, values: number[]) => {
    return { metric, unit, labels: {}, timesUs: [0, 900_000_000], values }
  }
  return [
    of('stalenessUs', 'us', [0, peakUs]),
    of('unavailableReplicas', 'regions', [0, unavailable]),
    of('replicaMemstoreBytes', 'bytes', [0, heapBytes]),
  ]
}

function replicaChart(...runs: RunResult[]): ChartDefinition | undefined {
  return chartDefinitions('replicas', runs, {}).find(({ id }) => id === 'replicas')
}

test('staleness, what cannot be read and memory of secondaries lie over each other', () => {
  const chart = replicaChart(
    run('wal', 1, { series: replicaSeries(300, 4, 1 << 20) }),
    run('refresher', 1, { series: replicaSeries(1_800_000_000, 0, 0) }),
  )
  expect(chart?.panels.map(({ title, unit, scale }) => [title, unit, scale])).toEqual([
    ['Staleness\n(log scale)', 'us', 'logarithmic'],
    ['Secondaries that\ncannot be read', 'count', 'linear'],
    ["Secondaries' memstores", 'bytes', 'linear'],
  ])
  expect(chart?.lines.map(({ label, panel }) => `${panel} ${label}`)).toEqual(
    [0, 1, 2].flatMap((panel) => [`${panel} wal`, `${panel} refresher`]),
  )
  expect(chart?.faults.length).toBeGreaterThan(0)
})

test('secondaries that are fresh, readable and empty still have their staleness drawn', () => {
  const chart = replicaChart(run('read-only', 1, { series: replicaSeries(0, 0, 0) }))
  expect(chart?.panels.map(({ title }) => title)).toEqual(['Staleness'])
})

test('a cluster without replicas has no chart of them', () => {
  expect(replicaChart(run('direct', 1))).toBe(undefined)
})
