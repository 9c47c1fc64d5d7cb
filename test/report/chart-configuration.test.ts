import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { chartConfiguration, humanise } from '../../src/report/chart-configuration.js'
import { type ChartDefinition, chartDefinitions } from '../../src/report/chart-definitions.js'
import { drawingScript } from '../../src/report/html.js'
import { run } from './fixture.js'

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

test('tooltips speak in units that people use', () => {
  expect(humanise(90_000_000, 'us')).toBe('1.5 min')
  expect(humanise(0, 'us')).toBe('0 µs')
  expect(humanise(134_217_728, 'bytes')).toBe('128 MiB')
})

function click(chart: ChartDefinition, text: string, drawn: object): void {
  const legend: object = chartConfiguration(chart).options?.plugins?.legend ?? {}
  const datasetIndex = chart.lines.findIndex(({ label }) => label === text)
  Reflect.get(legend, 'onClick')(null, { text, datasetIndex }, { chart: drawn })
}
