import { expect, test } from 'vitest'
import type { ChartDefinition } from '../../src/report/chart.js'
import { chartDefinitions } from '../../src/report/chart-definitions.js'
import type { RunResult } from '../../src/simulation/result.js'
import { secondaries } from '../experiment/replica-results.js'
import { OUTAGE, run } from './fixture.js'

/** Probabilities after 100 µs, 1 ms, 10 ms, 100 ms and 1 s. */
const AT_ONCE = [0, 0.6, 1, 1, 1]
const LATE = [0, 0, 0.1, 0.5, 0.5]

function replicated(variant: string, ...visible: (readonly number[])[]): RunResult {
  const usertable = visible.map((each, i) => secondaries({ replicaId: i + 1, visible: each }))
  return run(variant, 1, { faults: [OUTAGE], replicas: { usertable } })
}

function chartOf(...runs: RunResult[]): ChartDefinition | undefined {
  return chartDefinitions('replicas', runs, {}).find(({ id }) => id === 'replica-visibility')
}

function drawn(...runs: RunResult[]): ChartDefinition {
  const chart = chartOf(...runs)
  if (chart === undefined) throw new Error('no chart')
  return chart
}

test('without replicas, or without a write, there is nothing to draw', () => {
  expect(chartOf(run('direct', 1))).toBe(undefined)
  expect(chartOf(run('read-only', 1, { replicas: { usertable: [secondaries()] } }))).toBe(undefined)
})

test('each replica id has a panel with a line for each variant that has it', () => {
  const chart = drawn(replicated('wal', AT_ONCE, AT_ONCE), replicated('refresher', LATE))
  expect(chart.panels.map(({ title }) => title)).toEqual(['replica 1', 'replica 2'])
  expect(chart.lines.map(({ label, panel }) => [label, panel])).toEqual([
    ['wal', 0],
    ['refresher', 0],
    ['wal', 1],
  ])
  expect(chart.legend.map(({ label }) => label)).toEqual(['wal', 'refresher'])
})

test('panels are named by table where several have replicas', () => {
  const of = [secondaries({ visible: LATE })]
  const chart = drawn(run('a', 1, { replicas: { usertable: of, 'hbase:meta': of } }))
  expect(chart.panels.map(({ title }) => title)).toEqual([
    'hbase:meta\nreplica 1',
    'usertable\nreplica 1',
  ])
})

test('the axis is the time since the write, logarithmic, as far as something changes', () => {
  const { x, lines } = drawn(replicated('wal', AT_ONCE), replicated('refresher', LATE))
  expect(x.scale).toBe('logarithmic')
  expect([x.min, x.max]).toEqual([100, 100_000])
  expect(lines[1].points).toEqual([
    { x: 100, y: 0 },
    { x: 1_000, y: 0 },
    { x: 10_000, y: 0.1 },
    { x: 100_000, y: 0.5 },
  ])
})

test('curves that never change are still on an axis of some length', () => {
  const { x } = drawn(replicated('none', [0, 0, 0, 0, 0]))
  expect(x.max).toBeGreaterThan(x.min)
})

test('a line at all or nothing is in the plot, and no fault is', () => {
  const { panels, faults } = drawn(replicated('wal', AT_ONCE))
  expect(panels[0].min).toBe(0)
  expect(panels[0].max).toBeGreaterThan(1)
  expect(panels[0].ticks.map(({ label }) => label)).toEqual(['0', '25 %', '50 %', '75 %', '100 %'])
  expect(faults).toEqual([])
})

test('a variant looks as it does in the other charts', () => {
  const runs = [run('direct', 1), replicated('wal', AT_ONCE)]
  const [rpo] = chartDefinitions('replicas', runs, {})
  const style = rpo.legend.find(({ label }) => label === 'wal')?.style
  expect(drawn(...runs).lines[0].style).toEqual(style)
})
