import { metricsOf } from '../experiment/metric.js'
import { formatQuantity } from '../experiment/quantities.js'
import type { Move, Sensitivity, VariedParameter } from '../experiment/sensitivity.js'
import type { Side } from '../experiment/sensitivity-twins.js'
import type { RunResult } from '../simulation/result.js'
import { boxEntry, type ChartBox, type ChartDefinition, type Fill } from './chart.js'
import { changeAxis, rowsAxis } from './ticks.js'

const MOST_PANELS = 6
const MOST_ROWS = 6

const FILLS: Record<Side, Fill> = {
  low: { colour: 'sky', pale: true },
  high: { colour: 'blue' },
}

/** One figure of one variant, and what moves it, the most first. */
interface Figure {
  title: string
  moves: { parameter: VariedParameter; move: Move }[]
}

/**
 * A tornado for each figure that the verdict rests on: how far it moves if an estimated parameter is
 * scaled down or up, from the parameter that moves it most. Null if none moves any.
 */
export function sensitivityChart(
  scenarioName: string,
  results: readonly RunResult[],
  { parameters, factors: [low, high], seed }: Sensitivity,
): ChartDefinition | null {
  const figures = figuresOf(results, parameters).slice(0, MOST_PANELS)
  if (figures.length === 0) return null
  const rows = figures.map(({ moves }) => moves.length)
  const largest = Math.max(...figures.flatMap(({ moves }) => moves.map(({ move }) => swing(move))))
  return {
    kind: 'boxes',
    id: 'sensitivity',
    title: 'Estimates that the figures rest on: how far each moves them',
    subtitle:
      `${scenarioName}, seed ${seed}: each estimate by itself × ${low} and × ${high}; ` +
      'framed and marked with !: a verdict changes',
    description:
      'For each figure that the verdict rests on, the estimated parameters that move it, the ' +
      'strongest first: to the left the figure falls, to the right it rises, as a share of the ' +
      'larger of both values.',
    height: 190 + 50 * figures.length + 46 * rows.reduce((sum, count) => sum + count, 0),
    x: changeAxis('Change of the figure (share of the larger value)', largest),
    panels: figures.map(({ title, moves }) => ({
      ...rowsAxis(
        title,
        moves.map(
          ({ parameter }) => `${parameter.changed.length > 0 ? '! ' : ''}${parameter.parameter}`,
        ),
      ),
      weight: 0.3 + moves.length,
    })),
    lines: [],
    boxes: figures.flatMap(({ title, moves }, panel) =>
      moves.flatMap((each, index) => boxesOf(each, panel, title, moves.length - 1 - index)),
    ),
    legend: [
      boxEntry(`parameter × ${low}`, FILLS.low),
      boxEntry(`parameter × ${high}`, FILLS.high),
    ],
    faults: [],
    labelRows: 0,
  }
}

/** Figures that the verdict rests on and that anything moves, by variant, then metric. */
function figuresOf(
  results: readonly RunResult[],
  parameters: readonly VariedParameter[],
): Figure[] {
  const figures = new Map<string, Figure>()
  const metrics = metricsOf(results).filter(({ verdict }) => verdict)
  for (const metric of metrics) {
    for (const parameter of parameters) {
      for (const move of parameter.rows) {
        if (move.metric !== metric.name) continue
        const key = JSON.stringify([move.metric, move.variant])
        const figure = figures.get(key) ?? { title: `${metric.title}\n${move.variant}`, moves: [] }
        figure.moves.push({ parameter, move })
        figures.set(key, figure)
      }
    }
  }
  for (const figure of figures.values()) {
    figure.moves.sort((a, b) => swing(b.move) - swing(a.move))
    figure.moves.splice(MOST_ROWS)
  }
  return [...figures.values()]
}

function boxesOf(
  { parameter, move }: Figure['moves'][number],
  panel: number,
  title: string,
  row: number,
): ChartBox[] {
  return (['low', 'high'] as const).flatMap((side): ChartBox[] => {
    const { base, unit, [side]: value } = move
    if (base === null || value === null || value === base) return []
    const change = changeOf(base, value)
    const text = formatQuantity(value, unit)
    const framed = parameter.changed.some(
      ({ at, variant }) => at === side && variant === move.variant,
    )
    const middle = row + 0.5
    // The upper half of the row is for the parameter scaled down.
    const place =
      side === 'low' ? { low: middle, high: row + 0.94 } : { low: row + 0.06, high: middle }
    const note = [
      `${parameter.parameter}: ${parameter[side]} for ${parameter.base}`,
      `${title.replace('\n', ', ')}: ${text} for ${formatQuantity(base, unit)}`,
      ...parameter.changed
        .filter(({ at }) => at === side)
        .map(({ variant, what, from, to }) => `${variant}: ${what}: ${from} becomes ${to}`),
    ].join('\n')
    const ends = { from: Math.min(0, change), to: Math.max(0, change) }
    return [{ panel, ...ends, ...place, fill: FILLS[side], text: [text], framed, note }]
  })
}

function swing({ base, low, high }: Move): number {
  const changes = [low, high].map((value) => {
    return base === null || value === null ? 0 : Math.abs(changeOf(base, value))
  })
  return Math.max(...changes)
}

function changeOf(base: number, value: number): number {
  return base === value ? 0 : (value - base) / Math.max(Math.abs(base), Math.abs(value))
}
