import { expect, test } from 'vitest'
import type { ChartDefinition } from '../../src/report/chart.js'
import { chartDefinitions } from '../../src/report/chart-definitions.js'
import type { RunResult } from '../../src/simulation/result.js'
import { run } from './fixture.js'
import { busyRun, busySeries } from './region-server-fixture.js'

const GIB = 2 ** 30
const INTERVAL = { count: 1, stallUs: 0, stalledAtUs: 0 }

function chartOf(...runs: RunResult[]): ChartDefinition | undefined {
  return chartDefinitions('flush-storm', runs, {}).find(({ id }) => id === 'region-server')
}

function drawn(...runs: RunResult[]): ChartDefinition {
  const chart = chartOf(...runs)
  if (chart === undefined) throw new Error('no chart')
  return chart
}

test('where no server flushed or compacted there is nothing to draw', () => {
  expect(chartOf(run('direct', 1))).toBe(undefined)
})

test('the busiest server of the first variant that has one stands under its name', () => {
  const chart = drawn(run('quiet', 1), busyRun('storm'), busyRun('other'))
  expect(chart.title).toContain('rs1')
  expect(chart.subtitle).toContain('variant storm')
})

test('flushes and compactions are bars in rows of their own, those at one time below each other', () => {
  const flushes = [
    { ...INTERVAL, fromUs: 0, untilUs: 10 },
    { ...INTERVAL, fromUs: 5, untilUs: 8 },
    { ...INTERVAL, fromUs: 10, untilUs: 20 },
  ]
  const compactions = [{ ...INTERVAL, fromUs: 3, untilUs: 9 }]
  const chart = drawn(busyRun('a', { busiestServer: { server: 'rs1', flushes, compactions } }))
  const titles = [...chart.panels[0].ticks].reverse().map(({ label }) => label)
  expect(titles).toEqual(['flushes', '', 'compactions'])
  expect(chart.boxes.map(({ low, from, to }) => [Math.floor(low), from, to])).toEqual([
    [2, 0, 10],
    [2, 10, 20],
    [1, 5, 8],
    [0, 3, 9],
  ])
})

test('memory is drawn against its limits, unless they are far above it', () => {
  const labels = (limitBytes: number) =>
    drawn(busyRun('a', { series: busySeries(limitBytes) }))
      .lines.filter(({ panel }) => panel === 1)
      .map(({ label }) => label)
  expect(labels(2 * GIB)).toEqual([
    'memstores',
    'limit: writes wait',
    'lower limit: forced flushes',
  ])
  expect(labels(64 * GIB)).toEqual(['memstores'])
  const far = drawn(busyRun('a', { series: busySeries(64 * GIB) }))
  expect(far.panels[1].title).toContain('64 GiB')
  expect(far.panels[1].max).toBeLessThan(4 * GIB)
})

test('only the memory and files of the server itself are drawn', () => {
  const chart = drawn(busyRun('a'))
  const memstores = chart.lines.find(({ label }) => label === 'memstores')
  const recorded = busySeries(2 * GIB).find(({ labels }) => labels.server === 'rs1')
  expect(memstores?.points.map(({ y }) => y)).toEqual(recorded?.values)
})

test('each flush stall is a point among the latencies, on their logarithmic scale', () => {
  const chart = drawn(busyRun('a'))
  const stalls = chart.lines.find(({ label }) => label === 'flush stall')
  expect(stalls?.shape).toBe('points')
  expect(stalls?.points).toHaveLength(29)
  expect(stalls?.points[0]).toEqual({ x: 0, y: 4_000 })
  const axis = chart.panels[stalls?.panel ?? 0]
  expect(axis.scale).toBe('logarithmic')
  for (const { y } of stalls?.points ?? []) {
    expect(y).toBeGreaterThanOrEqual(axis.min)
    expect(y).toBeLessThanOrEqual(axis.max)
  }
})

test('of stalls close together the longest is a point', () => {
  const flushes = [4_000, 9_000, 7_000].map((stallUs, i) => {
    return { ...INTERVAL, fromUs: i, untilUs: i + 1, stallUs, stalledAtUs: i }
  })
  const chart = drawn(busyRun('a', { busiestServer: { server: 'rs1', flushes, compactions: [] } }))
  const stalls = chart.lines.find(({ label }) => label === 'flush stall')
  expect(stalls?.points).toEqual([{ x: 1, y: 9_000 }])
})

test('every line and bar has its entry in the legend, and no two look alike', () => {
  const { legend, lines } = drawn(busyRun('a'))
  const labels = legend.map(({ label }) => label)
  expect(labels).toEqual(['flush', 'compaction', ...lines.map(({ label }) => label)])
  const looks = legend.map(({ style, shape, fill }) => JSON.stringify([style, shape, fill]))
  expect(new Set(looks).size).toBe(looks.length)
})

test('what was not recorded has no panel', () => {
  const series = busySeries(2 * GIB).filter(({ metric }) => metric.startsWith('memstore'))
  const busiestServer = {
    server: 'rs1',
    flushes: [],
    compactions: [{ ...INTERVAL, fromUs: 3, untilUs: 9 }],
  }
  const chart = drawn(busyRun('a', { series, busiestServer }))
  expect(chart.panels.map(({ title }) => title)).toEqual(['Activity', 'Memstores'])
})
