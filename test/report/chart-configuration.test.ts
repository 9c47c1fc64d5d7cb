import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import type { ChartDefinition } from '../../src/report/chart.js'
import { chartConfiguration, humanise } from '../../src/report/chart-configuration.js'
import { chartDefinitions } from '../../src/report/chart-definitions.js'
import { drawingScript } from '../../src/report/html.js'
import { run } from './fixture.js'
import { busyRun } from './region-server-fixture.js'

const definitions = chartDefinitions('backup-options', [run('option-1', 1), run('direct', 1)])
const [RPO, BACKLOG] = definitions

test('the page draws the very charts of the PNGs, with nothing but its own script', () => {
  const drawn: { id: string; configuration: unknown }[] = []
  const page = {
    document: {
      getElementById: (id: string) => ({ id, textContent: JSON.stringify(definitions) }),
    },
    Chart: class {
      constructor(canvas: { id: string }, configuration: unknown) {
        drawn.push({ id: canvas.id, configuration })
      }
    },
  }
  runInNewContext(drawingScript(), page)
  expect(drawn.map(({ id }) => id)).toEqual(['chart-rpo', 'chart-backlog', 'chart-lag'])
  expect(JSON.stringify(drawn.map(({ configuration }) => configuration))).toBe(
    JSON.stringify(definitions.map(chartConfiguration)),
  )
})

test('each line has a data set on the axis of its panel', () => {
  const { data, options } = chartConfiguration(BACKLOG)
  expect(data.datasets.map(({ label, yAxisID }) => [label, yAxisID])).toEqual([
    ['option-1', 'y0'],
    ['option-1', 'y1'],
    ['direct', 'y1'],
  ])
  expect(Object.keys(options?.scales ?? {})).toEqual(expect.arrayContaining(['x', 'y0', 'y1']))
})

test('title, subtitle and legend are shown', () => {
  const { title, subtitle, legend } = chartConfiguration(RPO).options?.plugins ?? {}
  expect(title?.text).toBe(RPO.title)
  expect(subtitle?.text).toBe(RPO.subtitle)
  expect(legend?.display).not.toBe(false)
})

test('a click in the legend hides a variant in every panel, a second one shows it again', () => {
  const chart = BACKLOG
  const visible = chart.lines.map(() => true)
  const drawn = {
    isDatasetVisible: (index: number) => visible[index],
    setDatasetVisibility: (index: number, shown: boolean) => {
      visible[index] = shown
    },
    update: () => {},
  }
  click(chart, 'option-1', drawn)
  expect(visible).toEqual([false, false, true])
  click(chart, 'option-1', drawn)
  expect(visible).toEqual([true, true, true])
})

test('a click on a bar in the legend hides nothing', () => {
  const chart = chartDefinitions('storm', [busyRun('a')]).find(({ id }) => id === 'region-server')
  if (chart === undefined) throw new Error('no chart')
  let touched = false
  const touch = () => {
    touched = true
    return true
  }
  click(chart, 'compaction', {
    isDatasetVisible: touch,
    setDatasetVisibility: touch,
    update: touch,
  })
  expect(touched).toBe(false)
})

test('points of a scattered line are not joined', () => {
  const chart = chartDefinitions('storm', [busyRun('a')]).find(({ id }) => id === 'region-server')
  if (chart === undefined) throw new Error('no chart')
  const { datasets } = chartConfiguration(chart).data
  const stalls = datasets.find(({ label }) => label === 'flush stall')
  const writes = datasets.find(({ label }) => label === 'write p99')
  expect([stalls?.showLine, writes?.showLine]).toEqual([false, true])
  expect([stalls?.pointRadius, writes?.pointRadius]).toEqual([2.4, 0])
})

test('tooltips speak in units that people use', () => {
  expect(humanise(90_000_000, 'us')).toBe('1.5 min')
  expect(humanise(0, 'us')).toBe('0 µs')
  expect(humanise(134_217_728, 'bytes')).toBe('128 MiB')
  expect(humanise(14, 'count')).toBe('14')
  expect(humanise(0.125, 'share')).toBe('12.5 %')
})

function click(chart: ChartDefinition, text: string, drawn: object): void {
  const legend: object = chartConfiguration(chart).options?.plugins?.legend ?? {}
  const datasetIndex = chart.lines.findIndex(({ label }) => label === text)
  Reflect.get(legend, 'onClick')(null, { text, datasetIndex }, { chart: drawn })
}
