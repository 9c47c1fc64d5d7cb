import { formatDuration, formatQuantity, type Unit } from '../experiment/quantities.js'
import type { ChartDefinition, ChartLine } from './chart.js'
import { NOTHING, type Table } from './table.js'
import type { Axis } from './ticks.js'

/** What a chart shows, as a table: for those who do not see it, and to look figures up. */
export function figureTable(chart: ChartDefinition): Table {
  if (chart.kind === 'points') return pointTable(chart)
  const lines = chart.lines.length === 0 ? { head: [], rows: [] } : lineTable(chart)
  return lines.rows.length === 0 ? boxTable(chart) : lines
}

/** The boxes of a chart that has lines as well; otherwise they are in the figure's own table. */
export function besides(chart: ChartDefinition): Table {
  const all = chart.kind !== 'points' && chart.lines.length > 0
  return all ? boxTable(chart) : { head: [], rows: [] }
}

/** The smallest and the largest value of each curve, the place of that, and the last. */
function lineTable(chart: ChartDefinition): Table {
  const { x, panels } = chart
  const rows = chart.lines.map((line) => {
    const values = line.points.flatMap(({ x: at, y }) => (y === null ? [] : [{ at, y }]))
    const { title, unit } = panels[line.panel]
    const name = [oneLine(title), line.label + columnOf(line, x)]
    if (values.length === 0) return [...name, NOTHING, NOTHING, NOTHING, NOTHING]
    const lowest = values.reduce((min, each) => (each.y < min.y ? each : min))
    const highest = values.reduce((max, each) => (each.y > max.y ? each : max))
    // What is above a high percentile is little.
    const [least, most] = unit === 'above' ? [highest, lowest] : [lowest, highest]
    const last = values[values.length - 1]
    const text = ({ y }: { y: number }) => valueText(y, unit)
    const end = line.shape === 'whisker' ? NOTHING : text(last)
    return [...name, text(least), text(most), valueText(most.at, x.unit) || NOTHING, end]
  })
  return { head: ['measured', 'of', 'smallest', 'largest', 'largest at', 'last'], rows }
}

/** Whiskers above columns all have one label: what tells them apart is written below the column. */
function columnOf({ shape, points }: ChartLine, x: Axis): string {
  if (shape !== 'whisker' || x.unit !== 'category' || points.length === 0) return ''
  const tick = x.ticks.find(({ value }) => Math.abs(value - points[0].x) < 0.5)
  return tick === undefined ? '' : `: ${oneLine(tick.label)}`
}

/** Every point with the values of both axes. */
function pointTable({ x, panels, lines }: ChartDefinition): Table {
  const shown = lines.filter(({ shape }) => shape !== 'whisker')
  const rows = shown.flatMap((line) => pointsOf(line, x, panels[line.panel]))
  const above = [...new Set(shown.map(({ panel }) => oneLine(panels[panel].title)))].join(', ')
  return { head: ['', oneLine(x.title) || 'x', above || 'y'], rows }
}

function pointsOf({ label, points }: ChartLine, x: Axis, panel: Axis): string[][] {
  return points.flatMap(({ x: at, y }) =>
    y === null ? [] : [[label, valueText(at, x.unit), valueText(y, panel.unit)]],
  )
}

function boxTable({ boxes }: ChartDefinition): Table {
  const rows = boxes.flatMap(({ note, text }) => {
    const [first, ...rest] = (note === '' ? text.join('\n') : note).split('\n')
    return first === '' ? [] : [[first, rest.join('\n')]]
  })
  return { head: ['', 'shown'], rows }
}

function valueText(value: number, unit: Axis['unit']): string {
  if (unit === 'us') return formatDuration(value)
  if (unit === 'category') return ''
  if (unit === 'above') return `${Number((100 - 100 * value).toFixed(4))} %`
  const quantity: Unit = unit === 'count' ? 'objects' : unit
  return formatQuantity(value, quantity)
}

function oneLine(title: string): string {
  return title.replaceAll('\n', ' ')
}
