import type { Distribution, RunResult } from '../simulation/result.js'
import {
  type ChartDefinition,
  type ChartLine,
  firstOfEachVariant,
  legendEntry,
  onAxis,
  seedsOf,
} from './chart.js'
import { bandOf, eachBandOnce } from './chart-bands.js'
import { placesOf, shareAt, valueAt } from './cumulative-share.js'
import type { Point } from './decimate.js'
import { labelOf, labelsOf } from './line-labels.js'
import { lineStyle } from './line-style.js'
import { also, distinctClasses } from './rpo-classes.js'
import { type Axis, logBytesAxis, logDurationAxis, percentileAxis, shareAxis } from './ticks.js'

/** The part of a distribution that an axis may leave out at its lower end. */
const NEGLIGIBLE = 0.002

/** How many tenfolds an axis has at most: what is below is small. */
const MOST_FOLD = 10_000_000

interface Panel {
  metric: string
  labels?: Record<string, string>
  axis: Axis
}

interface ChartPlan {
  id: string
  title: string
  description: string
  x: (least: number, most: number) => Axis
  /** Up to the 99.99th percentile; else the share of all. */
  tail: boolean
  panels: Panel[]
}

/** Of how much of the time the RPO was at most so long, a panel for each disaster class. */
export function rpoDistributionChart(scenarioName: string, results: readonly RunResult[]) {
  return chart(scenarioName, results, {
    id: 'rpo-distribution',
    title: 'Recovery point objective: share of time in which it was at most so long',
    description:
      'Had a disaster of the class struck at any instant, with this probability no more than the last ' +
      'so many seconds of acknowledged writes would have been lost. The further left and the higher a ' +
      'curve, the safer the design.',
    x: (least, most) => logDurationAxis('RPO (log scale)', least, most),
    tail: false,
    panels: distinctClasses(results).map(([first, ...alike]) => ({
      metric: 'rpoUs',
      labels: { class: first },
      axis: shareAxis(['Share of time', first, ...also(alike)].join('\n')),
    })),
  })
}

/** Quantiles of the latencies of replication and of writes. */
export function latencyChart(scenarioName: string, results: readonly RunResult[]) {
  const replicated = results.some(({ peers }) => Object.keys(peers).length > 0)
  return chart(scenarioName, results, {
    id: 'confirm-latency',
    title: replicated
      ? 'Latency of edits: until confirmed, until stored, and of the write itself'
      : 'Latency of writes',
    description:
      'So many percent of edits took at most so long: from the WAL until HBase held them for ' +
      'replicated, until they were in a readable object of the store; and of writes, until the client ' +
      'had its answer. Where stored lies right of confirmed, HBase lets go of edits too early.',
    x: (least, most) => logDurationAxis('Latency (log scale)', least, most),
    tail: true,
    panels: [
      { metric: 'confirmLatencyUs', axis: percentileAxis('Confirmed\n(percentile)') },
      { metric: 'storeLatencyUs', axis: percentileAxis('Stored\n(percentile)') },
      { metric: 'writeLatencyUs', axis: percentileAxis('Write answered\n(percentile)') },
    ],
  })
}

/** How large the objects in the store are, by their number and by their bytes. */
export function objectSizesChart(scenarioName: string, results: readonly RunResult[]) {
  return chart(scenarioName, results, {
    id: 'object-sizes',
    title: 'Sizes of the objects in the store',
    description:
      'So large a share of all objects, and of all bytes, is in objects of at most so many bytes. ' +
      'Many small objects cost requests to write, and time to list and to restore.',
    x: (least, most) => logBytesAxis('Size of object (log scale)', least, most),
    tail: false,
    panels: [
      { metric: 'objectBytes', labels: { by: 'objects' }, axis: shareAxis('Share of objects') },
      { metric: 'objectBytes', labels: { by: 'bytes' }, axis: shareAxis('Share of bytes') },
    ],
  })
}

interface Curve {
  label: string
  distribution: Distribution
  /** The same quantity in all runs of the variant. */
  alike: Distribution[]
}

function chart(
  scenarioName: string,
  results: readonly RunResult[],
  { id, title, description, x: axisOf, tail, panels }: ChartPlan,
): ChartDefinition | null {
  const runs = firstOfEachVariant(results)
  const drawn = panels
    .map((panel) => ({ panel, curves: curvesOf(runs, results, panel) }))
    .filter(({ curves }) => curves.length > 0)
  const all = drawn.flatMap(({ curves }) => curves.flatMap(({ alike }) => alike))
  const [least, most] = rangeOf(all)
  // No time, or no size, and nothing else has no place on a logarithmic scale.
  if (all.length === 0 || most === 0) return null
  const x = trimmed(axisOf(least, most), least, most)
  const labels = labelsOf(runs)
  const places = placesOf(x.min, x.max)
  const pointsOf = (distribution: Distribution): Point[] => {
    const points = places.map((place) => ({ x: place, y: shareAt(distribution, place) }))
    return tail ? tailOf(points) : points
  }
  const lines = drawn.flatMap(({ panel: { axis }, curves }, panel) =>
    curves.map(({ label, distribution, alike }): ChartLine => {
      const style = lineStyle(labels.indexOf(label))
      const band = bandOf(alike.map(pointsOf))
      const points = pointsOf(distribution)
      return onAxis({ label, panel, style, shape: 'line', points, band }, axis)
    }),
  )
  return {
    kind: 'curves',
    id,
    title,
    subtitle: `${scenarioName}, ${seedsOf(results, lines)}`,
    description,
    height: Math.max(480, 170 + (tail ? 230 : 180) * drawn.length),
    x,
    panels: drawn.map(({ panel }) => panel.axis),
    lines: eachBandOnce(lines),
    boxes: [],
    legend: labels.flatMap((label, index) =>
      lines.some((line) => line.label === label) ? legendEntry(label, lineStyle(index)) : [],
    ),
    faults: [],
    labelRows: 0,
  }
}

/** What is above, to where nothing is. */
function tailOf(shares: readonly { x: number; y: number }[]): Point[] {
  const end = shares.findIndex(({ y }) => y === 1)
  return shares.map(({ x, y }, index) => {
    return { x, y: end >= 0 && index > end ? null : 1 - y }
  })
}

function curvesOf(
  runs: readonly RunResult[],
  results: readonly RunResult[],
  { metric, labels = {} }: Panel,
): Curve[] {
  const isOf = (each: Distribution) =>
    each.metric === metric &&
    Object.entries(labels).every(([name, value]) => each.labels[name] === value)
  return runs.flatMap((run) =>
    run.distributions.filter(isOf).map((distribution) => ({
      label: labelOf(run, distribution, runs),
      distribution,
      alike: results
        .filter(({ variant }) => variant === run.variant)
        .flatMap((twin) => twin.distributions.filter(isOf))
        .filter((each) => each.labels.peer === distribution.labels.peer),
    })),
  )
}

/** From `least` to `most` and not from tenfold to tenfold, if that leaves marks enough. */
function trimmed(axis: Axis, least: number, most: number): Axis {
  const [min, max] = [Math.max(axis.min, least), Math.min(axis.max, 1.1 * most)]
  const ticks = axis.ticks.filter(({ value }) => min <= value && value <= max)
  return ticks.length < 3 ? axis : { ...axis, min, max, ticks }
}

/** From where the first distribution begins, but for a negligible part, to where the last ends. */
function rangeOf(distributions: readonly Distribution[]): [number, number] {
  const most = Math.max(0, ...distributions.map(({ values }) => values[values.length - 1]))
  const starts = distributions.map((each) => {
    return valueAt(each, shareAt(each, 0) + NEGLIGIBLE) ?? most
  })
  return [Math.max(1, most / MOST_FOLD, Math.min(most, ...starts) / 1.2), most]
}
