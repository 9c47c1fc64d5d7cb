import { expect, test } from 'vitest'
import type { ChartDefinition } from '../../src/report/chart.js'
import { chartOf, distributed, drawn, even } from './chart-fixture.js'
import { run } from './fixture.js'

const SECOND = 1_000_000
const PEER = { peer: 'backup' }
const LOSS = { ...PEER, class: 'cluster-loss' }

/** What line `index` says at the place nearest to `x`. */
function at({ lines }: ChartDefinition, index: number, x: number): number | null {
  const { points } = lines[index]
  const distance = (point: { x: number }) => Math.abs(Math.log(point.x / x))
  return points.reduce((best, point) => (distance(point) < distance(best) ? point : best)).y
}

test('where nothing was distributed there is nothing to draw', () => {
  for (const id of ['rpo-distribution', 'confirm-latency', 'object-sizes']) {
    expect(chartOf(id, [run('direct', 1)])).toBe(undefined)
  }
})

test('a design that never risks anything has no curve to be drawn on a logarithmic axis', () => {
  const never = { ...even('rpoUs', 0, 0, LOSS), shares: [0, 1] }
  expect(chartOf('rpo-distribution', [distributed('direct', 1, never)])).toBe(undefined)
})

test('the RPO rises from none to all of the time, a line for each variant', () => {
  const chart = drawn('rpo-distribution', [
    distributed('direct', 1, even('rpoUs', 0, 2 * SECOND, LOSS)),
    distributed('option-1', 1, even('rpoUs', 0, 600 * SECOND, LOSS)),
  ])
  expect(chart.lines.map(({ label }) => label)).toEqual(['direct', 'option-1'])
  expect(chart.panels.map(({ title, unit }) => [title, unit])).toEqual([
    ['Share of time\ncluster-loss', 'share'],
  ])
  expect(chart.x).toMatchObject({ unit: 'us', scale: 'logarithmic' })
  expect(chart.x.title).toContain('log scale')
  expect(at(chart, 0, SECOND)).toBeCloseTo(0.5, 1)
  expect(at(chart, 0, 10 * SECOND)).toBe(1)
  expect(at(chart, 1, 60 * SECOND)).toBeCloseTo(0.1, 1)
})

test('time without any risk is there at the left end already', () => {
  const half = { ...even('rpoUs', 0, 10 * SECOND, LOSS), values: [0, 0, 1e7], shares: [0, 0.5, 1] }
  const chart = drawn('rpo-distribution', [distributed('direct', 1, half)])
  expect(chart.lines[0].points[0].y).toBeGreaterThanOrEqual(0.5)
  expect(chart.lines[0].points[0].y).toBeLessThan(0.52)
})

test('over several seeds the first is a line in a band from the lowest to the highest', () => {
  const chart = drawn(
    'rpo-distribution',
    [4, 2, 8].map((seconds, i) =>
      distributed('direct', i + 1, even('rpoUs', 0, seconds * SECOND, LOSS)),
    ),
  )
  expect(chart.lines).toHaveLength(1)
  expect(at(chart, 0, 2 * SECOND)).toBeCloseTo(0.5, 1)
  const nearest = chart.lines[0].band?.find(({ x }) => x >= 2 * SECOND)
  expect(nearest?.low).toBeCloseTo(0.25, 1)
  expect(nearest?.high).toBe(1)
  expect(chart.subtitle).toContain('seed 1 as line, the range of 3 seeds as band')
})

test('latencies are percentiles up to the 99.99th, of what is confirmed, stored and answered', () => {
  const chart = drawn('confirm-latency', [
    distributed(
      'direct',
      1,
      even('writeLatencyUs', 500, 1_000),
      even('storeLatencyUs', 0, 100 * SECOND, PEER),
      even('confirmLatencyUs', 0, SECOND, PEER),
    ),
  ])
  expect(chart.panels.map(({ title, unit }) => [title, unit])).toEqual([
    ['Confirmed\n(percentile)', 'above'],
    ['Stored\n(percentile)', 'above'],
    ['Write answered\n(percentile)', 'above'],
  ])
  expect(chart.panels[0].ticks.map(({ label }) => label)).toContain('99.99 %')
  expect(at(chart, 0, 900_000)).toBeCloseTo(0.1, 1)
  expect(at(chart, 1, 50 * SECOND)).toBeCloseTo(0.5, 1)
})

test('a curve of latencies goes up to the edge where it ends, and not on along it', () => {
  const chart = drawn('confirm-latency', [
    distributed('direct', 1, even('confirmLatencyUs', 0, SECOND, PEER)),
    distributed('option-1', 1, even('confirmLatencyUs', 0, 60 * SECOND, PEER)),
  ])
  const { points } = chart.lines[0]
  const last = points.findLast(({ y }) => y !== null)
  expect(last?.y).toBe(chart.panels[0].min)
  expect(last?.x).toBeGreaterThanOrEqual(SECOND)
  expect(last?.x).toBeLessThan(1.3 * SECOND)
  expect(at(chart, 0, 50 * SECOND)).toBe(null)
})

test('without a peer there are only writes, and the title speaks of nothing else', () => {
  const alone = run('none', 1, { peers: {}, distributions: [even('writeLatencyUs', 500, 9_000)] })
  const chart = drawn('confirm-latency', [alone])
  expect(chart.title).toBe('Latency of writes')
  expect(chart.panels).toHaveLength(1)
})

test('sizes of objects count objects above and their bytes below, in binary units', () => {
  const chart = drawn('object-sizes', [
    distributed(
      'direct',
      1,
      even('objectBytes', 1 << 10, 1 << 20, { ...PEER, by: 'objects' }),
      even('objectBytes', 1 << 19, 1 << 20, { ...PEER, by: 'bytes' }),
    ),
  ])
  expect(chart.panels.map(({ title }) => title)).toEqual(['Share of objects', 'Share of bytes'])
  expect(chart.x.unit).toBe('bytes')
  expect(chart.x.ticks.map(({ label }) => label)).toEqual([
    '4 KiB',
    '16 KiB',
    '64 KiB',
    '256 KiB',
    '1 MiB',
  ])
  expect(at(chart, 0, 1 << 19)).toBeCloseTo(0.5, 1)
  expect(at(chart, 1, 1 << 19)).toBeLessThan(0.05)
})

test('however many points a distribution has, a line has few', () => {
  const many = even('objectBytes', 1, 5_000, { ...PEER, by: 'objects' })
  many.values = Array.from({ length: 5_000 }, (_, i) => i + 1)
  many.shares = many.values.map((value) => value / 5_000)
  const [{ points }] = drawn('object-sizes', [distributed('direct', 1, many)]).lines
  expect(points.length).toBeLessThanOrEqual(240)
})
