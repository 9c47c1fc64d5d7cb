import { expect, test } from 'vitest'
import type { Sensitivity, VariedParameter } from '../../src/experiment/sensitivity.js'
import type { ChartDefinition } from '../../src/report/chart.js'
import { chartDefinitions } from '../../src/report/chart-definitions.js'
import { run } from './fixture.js'

const P99 = 'peers.backup.rpo["cluster-loss"].p99Us'
const COST = 'peers.backup.costUsdPerMonth.total'

function varied(parameter: string, changes: Partial<VariedParameter>): VariedParameter {
  return {
    parameter,
    ...{ grade: 'D', source: 'estimate', base: '10 ms', low: '5 ms', high: '20 ms' },
    ...{ traced: true, rows: [], largestMove: 0, changed: [] },
    ...changes,
  }
}

function move(metric: string, base: number | null, low: number | null, high: number | null) {
  return {
    variant: 'direct',
    metric,
    unit: metric === P99 ? 'us' : 'usd',
    base,
    low,
    high,
  } as const
}

function tornado(...parameters: VariedParameter[]): ChartDefinition | undefined {
  const sensitivity: Sensitivity = {
    ...{ factors: [0.5, 2], seed: 7, runs: 4, given: [], unfinished: 0 },
    parameters,
  }
  const charts = chartDefinitions('backup-options', [run('direct', 1)], { sensitivity })
  return charts.find(({ id }) => id === 'sensitivity')
}

function drawn(...parameters: VariedParameter[]): ChartDefinition {
  const chart = tornado(...parameters)
  if (chart === undefined) throw new Error('no chart')
  return chart
}

test('without a run of twins, or if nothing moves, there is no tornado', () => {
  const charts = chartDefinitions('x', [run('direct', 1)], {})
  expect(charts.map(({ id }) => id)).not.toContain('sensitivity')
  expect(tornado(varied('put', {}))).toBe(undefined)
})

test('bars go left where the figure falls and right where it rises, as share of the larger', () => {
  const { boxes, x } = drawn(varied('put', { rows: [move(P99, 100, 50, 400)] }))
  expect(boxes.map(({ from, to }) => [from, to])).toEqual([
    [-0.5, 0],
    [0, 0.75],
  ])
  expect([x.min, x.max]).toEqual([-1, 1])
  expect(boxes.map(({ text }) => text)).toEqual([['50 µs'], ['400 µs']])
  const [low, high] = boxes
  expect(low.low).toBeGreaterThanOrEqual(high.high)
})

test('the parameter that moves a figure most stands at the top', () => {
  const { panels } = drawn(
    varied('little', { rows: [move(P99, 100, 99, 101)] }),
    varied('much', { rows: [move(P99, 100, 20, 100)] }),
  )
  expect([...panels[0].ticks].reverse().map(({ label }) => label)).toEqual(['much', 'little'])
})

test('each verdict figure has a panel; others, and figures that are not there, have none', () => {
  const { panels } = drawn(
    varied('put', { rows: [move(P99, 100, 50, 200), move(COST, 5, 5, 6)] }),
    varied('list', { rows: [move('writeLatencyUs.p99', 1, 2, 3), move(COST, null, null, 6)] }),
  )
  expect(panels.map(({ title }) => title)).toEqual([
    'cluster-loss RPO p99\ndirect',
    'cost per month\ndirect',
  ])
})

test('a parameter that changes a verdict is marked, and its bar says how', () => {
  const change = { kind: 'loss', what: 'lost edits', at: 'high', from: '0', to: '78' } as const
  const { boxes, panels } = drawn(
    varied('put', {
      rows: [move(P99, 100, 50, 200)],
      changed: [{ ...change, variant: 'direct' }],
    }),
  )
  expect(panels[0].ticks.map(({ label }) => label)).toEqual(['! put'])
  expect(boxes.map(({ framed }) => framed)).toEqual([false, true])
  expect(boxes[1].note).toContain('put: 20 ms for 10 ms')
  expect(boxes[1].note).toContain('direct: lost edits: 0 becomes 78')
})

test('small changes are shown on a narrow axis', () => {
  const { x } = drawn(varied('put', { rows: [move(P99, 100, 99, 102)] }))
  expect(x.max).toBe(0.04)
  expect(x.ticks.map(({ label }) => label)).toContain('+4 %')
})

test('the subtitle names the factors and the one seed', () => {
  const { subtitle } = drawn(varied('put', { rows: [move(P99, 100, 50, 200)] }))
  expect(subtitle).toContain('seed 7')
  expect(subtitle).toContain('× 0.5 and × 2')
})
