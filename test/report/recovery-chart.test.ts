import { expect, test } from 'vitest'
import type { ChartDefinition } from '../../src/report/chart.js'
import { chartDefinitions } from '../../src/report/chart-definitions.js'
import type { RunResult } from '../../src/simulation/result.js'
import { LOSS, OUTAGE, RECOVERY, run } from './fixture.js'
import { RECOVERIES, unavailableSeries } from './region-server-fixture.js'

const S = 1_000_000

function chartOf(...runs: RunResult[]): ChartDefinition | undefined {
  return chartDefinitions('crash', runs, {}).find(({ id }) => id === 'recovery')
}

function drawn(changes: Partial<RunResult>): ChartDefinition {
  const chart = chartOf(run('direct', 1, { recoveries: RECOVERIES, faults: [], ...changes }))
  if (chart === undefined) throw new Error('no chart')
  return chart
}

test('where no server died there is nothing to draw', () => {
  expect(chartOf(run('direct', 1))).toBe(undefined)
})

test('each dead server has a row of phases, in time since the first death', () => {
  const { boxes, panels, x } = drawn({})
  const rows = [...panels[0].ticks].reverse().map(({ label }) => label)
  expect(rows).toEqual(['rs1 killed', 'rs2 killed', 'rs3 killed'])
  const first = boxes.filter(({ low, high }) => low > 2 && high < 3)
  expect(first.map(({ from, to, text }) => [from / S, to / S, ...text])).toEqual([
    [0, 32, '32 s'],
    [32, 44, '12 s'],
    [44, 58, '14 s'],
    [58, 61, '3 s'],
  ])
  expect(x.title).toBe('Time since the death of rs1 (after 12 min)')
})

test('a phase that never ended goes on to the edge and says so', () => {
  const { boxes, x } = drawn({})
  const open = boxes.find(({ text }) => text[0].includes('not finished'))
  expect(open).toMatchObject({ from: 70 * S, to: x.max })
  expect(open?.high).toBeLessThan(1)
})

test('the same phase has the same colour for every server and in the legend', () => {
  const { boxes, legend } = drawn({})
  const splitting = legend.find(({ label }) => label === 'WAL splitting')?.fill
  const fills = boxes.filter(({ from }) => from === 32 * S).map(({ fill }) => fill)
  expect(fills).toEqual([splitting, splitting, splitting])
  const looks = legend.map(({ fill }) => JSON.stringify(fill))
  expect(new Set(looks).size).toBe(legend.length)
})

test('unavailable regions stand below, with their number before the first death', () => {
  const { lines, panels, x } = drawn({ series: [unavailableSeries()] })
  const [{ points, panel }] = lines
  expect(panels[panel].title).toBe('Unavailable\nregions')
  expect(points.slice(0, 3)).toEqual([
    { x: x.min, y: 0 },
    { x: 0, y: 0 },
    { x: 0, y: 120 },
  ])
  expect(points.at(-1)).toEqual({ x: x.max, y: 0 })
})

test('only faults of the time that is drawn are marked', () => {
  const crash = { kind: 'x', label: 'crash', atUs: RECOVERY.diedUs, untilUs: null }
  const { faults } = drawn({ recoveries: [RECOVERY], faults: [OUTAGE, crash, LOSS] })
  expect(faults.map(({ label, fromUs, recovery }) => [label, fromUs, recovery])).toEqual([
    ['crash', 0, false],
  ])
})
