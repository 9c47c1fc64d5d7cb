import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import type { ChartDefinition, ChartLine } from '../../src/report/chart.js'
import * as functions from '../../src/report/chart-configuration.js'
import { chartDefinitions } from '../../src/report/chart-definitions.js'
import { type Theme, themes } from '../../src/report/chart-theme.js'
import { chartScript } from '../../src/report/html.js'
import { even } from './chart-fixture.js'
import { run } from './fixture.js'
import { busyRun } from './region-server-fixture.js'

const { chartConfiguration, humanise } = functions

const THEMES: readonly Theme[] = ['light', 'dark', 'print']

const results = ['option-1', 'direct'].flatMap((variant) =>
  [1, 2].map((seed) => ({
    ...run(variant, seed),
    distributions: [
      even('rpoUs', 0, seed * 1e8, { peer: 'backup', class: 'cluster-loss' }),
      even('storeLatencyUs', 0, seed * 1e6, { peer: 'backup' }),
      even('objectBytes', 1_000, 1_000_000, { peer: 'backup', by: 'objects' }),
    ],
  })),
)
const definitions = chartDefinitions('backup-options', results, {})
const [RPO, BACKLOG, DISTRIBUTION, DURABILITY, COST_RPO] = [
  ...['rpo', 'backlog', 'rpo-distribution', 'durability', 'cost-rpo'],
].map(find)

function find(id: string): ChartDefinition {
  const chart = definitions.find((each) => each.id === id)
  if (chart === undefined) throw new Error(`no chart ${id}`)
  return chart
}

test('every chart says what it shows, how to read it and of which runs it is', () => {
  expect(definitions.map(({ id }) => id)).toEqual([
    ...['rpo', 'durability', 'rpo-distribution', 'backlog', 'lag', 'confirm-latency'],
    ...['object-sizes', 'cost', 'cost-rpo'],
  ])
  for (const { title, subtitle, description, x, panels, legend } of definitions) {
    expect(title).not.toBe('')
    expect(subtitle).toMatch(/^backup-options/)
    expect(description).toMatch(/^[A-Z].*\.$/s)
    expect(legend.length).toBeGreaterThan(0)
    for (const axis of [x, ...panels]) {
      if (axis.unit !== 'category') expect(axis.title).not.toBe('')
      if (axis.scale === 'logarithmic' && axis.unit !== 'above') expect(axis.title).toContain('log')
    }
  }
})

test('a chart is plain data: what the page reads back is what was written', () => {
  expect(JSON.parse(JSON.stringify(definitions))).toEqual(definitions)
})

test.each(THEMES)('its text alone draws the same charts in a page, theme %s', (theme) => {
  const page = { charts: JSON.stringify(definitions), colours: themes[theme] }
  const drawn = runInNewContext(
    `${chartScript()}
    JSON.stringify(JSON.parse(charts).map((chart) => chartConfiguration(chart, colours)))`,
    page,
  )
  expect(drawn).toBe(
    JSON.stringify(definitions.map((chart) => chartConfiguration(chart, themes[theme]))),
  )
})

test('each theme has its paper, and colours of its own that all differ', () => {
  const palettes = THEMES.map((theme) => themes[theme])
  expect(palettes.map(({ paper }) => paper)).toEqual(['#ffffff', '#16181b', '#ffffff'])
  const brightness = functions.luminance
  for (const { named, paper, text, heat } of palettes) {
    const colours = Object.values(named)
    expect(new Set(colours).size).toBe(colours.length)
    for (const colour of colours) {
      expect(Math.abs(brightness(colour) - brightness(paper))).toBeGreaterThan(0.2)
    }
    expect(Math.abs(brightness(text) - brightness(paper))).toBeGreaterThan(0.7)
    const steps = heat.map(brightness)
    const sorted = [...steps].sort((a, b) => a - b)
    // Always brighter or always darker: the scale is read in grey as well.
    expect([sorted, [...sorted].reverse()]).toContainEqual(steps)
  }
})

test('a line lies in its band, whose edges are drawn without a line of their own', () => {
  const { datasets } = chartConfiguration(DISTRIBUTION, themes.light).data
  const [line, , low, high] = datasets
  expect([line, low, high].map(({ label }) => label)).toEqual(['option-1', 'option-1', 'option-1'])
  expect([low, high].map(({ borderWidth, fill }) => [borderWidth, fill])).toEqual([
    [0, false],
    [0, '-1'],
  ])
  expect(low.data.map((point) => Reflect.get(Object(point), 'y'))).toEqual(
    DISTRIBUTION.lines[0].band?.map((each) => each.low),
  )
})

test('a band goes with its line when that is hidden', () => {
  const owners = chartConfiguration(DISTRIBUTION, themes.light).data.datasets
  const visible = owners.map(() => true)
  click(DISTRIBUTION, 'option-1', {
    isDatasetVisible: (index: number) => visible[index],
    setDatasetVisibility: (index: number, shown: boolean) => {
      visible[index] = shown
    },
    update: () => {},
  })
  expect(visible.filter((shown) => !shown)).toHaveLength(3)
  expect(owners.filter((_, index) => visible[index]).map(({ label }) => label)).not.toContain(
    'option-1',
  )
})

test('a tooltip says of a line where other runs lie, and nothing of the edges of a band', () => {
  const { plugins } = chartConfiguration(DISTRIBUTION, themes.light).options ?? {}
  const { filter, callbacks } = Object(plugins?.tooltip)
  const { x, y } = DISTRIBUTION.lines[0].points[200]
  const item = { datasetIndex: 0, parsed: { x, y }, chart: { data: { datasets: [] } } }
  expect(callbacks.label(item)).toMatch(/^option-1: [\d.]+ % \([\d.]+ % to [\d.]+ %\)$/)
  expect([0, 1, 2, 3].map((datasetIndex) => filter({ datasetIndex }))).toEqual([
    ...[true, true, false, false],
  ])
})

test('a tooltip of a box says its note, line by line', () => {
  const { data, options } = chartConfiguration(DURABILITY, themes.light)
  expect(data.datasets).toHaveLength(DURABILITY.boxes.length)
  const { callbacks } = Object(options?.plugins?.tooltip)
  const item = { datasetIndex: 3, parsed: { x: 1.5, y: 0.5 }, chart: { data } }
  expect(callbacks.label(item)).toEqual(DURABILITY.boxes[3].note.split('\n'))
})

test('the box under the pointer is pointed at, and none beside them', () => {
  const active: unknown[] = []
  const axis = { getValueForPixel: (pixel: number) => pixel / 100 }
  const drawn = {
    getActiveElements: () => [],
    scales: { x: axis, y0: axis },
    data: chartConfiguration(DURABILITY, themes.light).data,
    tooltip: { setActiveElements: (elements: unknown) => active.push(elements) },
  }
  const [plugin] = chartConfiguration(DURABILITY, themes.light).plugins ?? []
  const point = (x: number, y: number) => {
    const args = { event: { type: 'mousemove', x, y }, changed: false }
    Object(plugin).afterEvent(drawn, args)
    return args.changed
  }
  expect(point(150, 50)).toBe(true)
  expect(point(950, 50)).toBe(true)
  expect(active).toEqual([[{ datasetIndex: 3, index: 0 }], []])
})

test('points have markers of their variant, intervals a bar across each end', () => {
  const chart = find('cost-rpo')
  const whisker: ChartLine = {
    ...COST_RPO.lines[0],
    shape: 'whisker',
    points: [
      { x: 1, y: 5 },
      { x: 2, y: 5 },
    ],
  }
  const { datasets } = chartConfiguration(
    { ...chart, lines: [...chart.lines, whisker] },
    themes.light,
  ).data
  const looks = datasets.map((each) => [
    Reflect.get(each, 'pointStyle'),
    Reflect.get(each, 'rotation'),
  ])
  expect(looks).toEqual([
    ['circle', undefined],
    ['triangle', undefined],
    ['line', 90],
  ])
})

test('percentiles rise upwards though what is above them falls', () => {
  const scales = chartConfiguration(find('confirm-latency'), themes.light).options?.scales ?? {}
  expect(Reflect.get(scales.y0 ?? {}, 'reverse')).toBe(true)
  expect(Reflect.get(scales.x ?? {}, 'reverse')).toBe(false)
})

test('each line has a data set on the axis of its panel', () => {
  const { data, options } = chartConfiguration(BACKLOG, themes.light)
  expect(data.datasets.map(({ label, yAxisID }) => [label, yAxisID])).toEqual([
    ['option-1', 'y0'],
    ['option-1', 'y1'],
    ['direct', 'y1'],
  ])
  expect(Object.keys(options?.scales ?? {})).toEqual(expect.arrayContaining(['x', 'y0', 'y1']))
})

test('title, subtitle and legend are shown', () => {
  const { title, subtitle, legend } = chartConfiguration(RPO, themes.light).options?.plugins ?? {}
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

test('a click on a box in the legend hides nothing', () => {
  const chart = chartDefinitions('storm', [busyRun('a')], {}).find(
    ({ id }) => id === 'region-server',
  )
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
  const chart = chartDefinitions('storm', [busyRun('a')], {}).find(
    ({ id }) => id === 'region-server',
  )
  if (chart === undefined) throw new Error('no chart')
  const { datasets } = chartConfiguration(chart, themes.light).data
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
  expect(humanise(0.001, 'above')).toBe('99.9 %')
  expect(humanise(4.2, 'usd')).toBe('$4.20')
})

function click(chart: ChartDefinition, text: string, drawn: object): void {
  const legend: object = chartConfiguration(chart, themes.light).options?.plugins?.legend ?? {}
  const datasetIndex = chart.lines.findIndex(({ label }) => label === text)
  Reflect.get(legend, 'onClick')(null, { text, datasetIndex }, { chart: drawn })
}
