import type { RunResult, Series } from '../simulation/result.js'
import {
  type ChartDefinition,
  type ChartLine,
  firstOfEachVariant,
  labelRows,
  labelWidth,
  largestOf,
  legendEntry,
  markNote,
  onAxis,
  seedsOf,
} from './chart.js'
import { bandOf, eachBandOnce } from './chart-bands.js'
import { decimate, type Point } from './decimate.js'
import { faultMarks } from './fault-marks.js'
import { labelOf, labelsOf } from './line-labels.js'
import { lineStyle } from './line-style.js'
import { also, distinctClasses } from './rpo-classes.js'
import {
  type Axis,
  bytesAxis,
  countAxis,
  durationAxis,
  logDurationAxis,
  timeAxis,
} from './ticks.js'

/** Height of a chart of one or two panels; more of them make it taller. */
const CHART_HEIGHT = 600

/** How many tenfolds a logarithmic axis has at most: what is below is said to be. */
const MOST_FOLD = 1_000_000

/** RPO over simulated time, a panel for each disaster class that costs anything of its own. */
export const rpoChart = drawing((runs) => RPO(runs))

export const backlogChart = drawing(() => BACKLOG)

export const lagChart = drawing((runs) => LAG(runs))

/** Staleness and cost of region replicas. */
export const replicasChart = drawing(() => REPLICAS)

const RPO = (runs: readonly RunResult[]): ChartPlan => ({
  id: 'rpo',
  title: 'Recovery point objective: age of the oldest acknowledged edit a disaster would lose',
  description:
    'Had a disaster of the class struck at an instant, all that was acknowledged within so much time ' +
    'before could have been lost. Lower is better; 0 means that nothing was at risk.',
  panels: distinctClasses(runs).map(([first, ...alike]) => ({
    metric: 'rpoUs',
    class: first,
    axis: (lines) => durationsAxis([`RPO, ${first}`, ...also(alike)].join('\n'), lines.map(maxOf)),
  })),
})

const BACKLOG: ChartPlan = {
  id: 'backlog',
  title: 'Backlog: what waits to be stored, and the room it takes',
  description:
    'Bytes that wait at each place on the way to the store, and what HDFS holds because of it. A ' +
    'line that goes on rising never catches up.',
  panels: [
    bytesPanel('stagingBacklogBytes', 'Staging backlog'),
    bytesPanel('oldWALsBytes', 'oldWALs'),
    bytesPanel('pendingUploadBytes', 'Pending uploads'),
    bytesPanel('hdfsUsedBytes', 'HDFS used'),
  ],
}

/** Both on one scale: a metric that stays low while edits wait is the point of the chart. */
const LAG = (runs: readonly RunResult[]): ChartPlan => {
  const peaks = ['lagUs', 'replicationLagUs'].flatMap((metric) => peaksOf(runs, metric))
  const panel = (metric: string, title: string): Panel => ({
    metric,
    axis: () => durationsAxis(title, peaks),
  })
  return {
    id: 'lag',
    title: "Replication lag, and what HBase's own metric says of it",
    description:
      'How long ago the oldest unconfirmed edit was written, above what the metric of HBase shows at ' +
      'that instant, on one scale: where the lower line is below the upper one, the metric lies.',
    panels: [
      panel('lagUs', 'Age of the oldest\nunconfirmed edit'),
      panel('replicationLagUs', "HBase's metric\nreplicationLag"),
    ],
  }
}

const REPLICAS: ChartPlan = {
  id: 'replicas',
  title: 'Region replicas: how stale the most stale secondary is, and what secondaries cost',
  description:
    'How long ago the oldest write was acknowledged that a read of the most stale secondary does not ' +
    'return, how many secondaries refuse reads, and the memory that all of them take.',
  panels: [
    {
      metric: 'stalenessUs',
      axis: (lines) => durationsAxis('Staleness', lines.map(maxOf)),
    },
    {
      metric: 'unavailableReplicas',
      optional: true,
      axis: (lines) => countAxis('Secondaries that\ncannot be read', Math.max(...lines.map(maxOf))),
    },
    bytesPanel('replicaMemstoreBytes', "Secondaries' memstores"),
  ],
}

interface ChartPlan {
  id: string
  title: string
  description: string
  panels: readonly Panel[]
}

interface Panel {
  metric: string
  class?: string
  /** Left out if it is zero throughout. */
  optional?: boolean
  axis: (lines: readonly ChartLine[]) => Axis
}

/** Null if nothing was recorded that it would show. */
type Draw = (scenarioName: string, results: readonly RunResult[]) => ChartDefinition | null

function drawing(plan: (results: readonly RunResult[]) => ChartPlan): Draw {
  return (scenarioName, results) => chart(scenarioName, results, plan(results))
}

function chart(
  scenarioName: string,
  results: readonly RunResult[],
  { id, title, description, panels }: ChartPlan,
): ChartDefinition | null {
  const runs = firstOfEachVariant(results)
  const endUs = Math.max(1, ...runs.map((run) => run.durationUs))
  const labels = labelsOf(runs)
  const axes: Axis[] = []
  const lines: ChartLine[] = []
  for (const panel of panels) {
    const its = linesOf(panel, axes.length)
    const empty = panel.optional === true && its.every((line) => maxOf(line) === 0)
    if (its.length === 0 || empty) continue
    const axis = panel.axis(its)
    axes.push(axis)
    lines.push(...eachBandOnce(its).map((line) => onAxis(line, axis)))
  }
  if (axes.length === 0) return null
  const faults = faultMarks(runs, endUs, labelWidth(endUs))
  return {
    kind: 'curves',
    id,
    title,
    subtitle: `${scenarioName}, ${seedsOf(results, lines)}; ${markNote(faults)}`,
    description,
    height: Math.max(CHART_HEIGHT, 160 + 220 * axes.length),
    x: timeAxis('Simulated time', endUs, 12),
    panels: axes,
    lines,
    boxes: [],
    legend: labels.map((label, index) => legendEntry(label, lineStyle(index))).filter(isDrawn),
    faults,
    labelRows: labelRows(faults),
  }

  function isDrawn({ label }: { label: string }): boolean {
    return lines.some((line) => line.label === label)
  }

  function linesOf(panel: Panel, index: number): ChartLine[] {
    return runs.flatMap((run) =>
      run.series
        .filter((series) => isOf(series, panel.metric, panel.class))
        .map((series): ChartLine => {
          const label = labelOf(run, series, runs)
          const style = lineStyle(labels.indexOf(label))
          const points = measuredPoints(series, endUs)
          const band = bandOf(alike(series, run).map((each) => measuredPoints(each, endUs)))
          return { label, panel: index, style, shape: 'line', points, band }
        }),
    )
  }

  /** The same quantity in all runs of the variant, this one first. */
  function alike(series: Series, { variant }: RunResult): Series[] {
    const key = JSON.stringify(series.labels)
    return results
      .filter((run) => run.variant === variant)
      .flatMap((run) =>
        run.series.filter(
          ({ metric, labels: its }) => metric === series.metric && JSON.stringify(its) === key,
        ),
      )
  }
}

function isOf(series: Series, metric: string, disasterClass?: string): boolean {
  if (series.metric !== metric) return false
  return disasterClass === undefined || series.labels.class === disasterClass
}

function measuredPoints(series: Series, endUs: number): Point[] {
  const points = series.timesUs.map((x, index) => ({ x, y: series.values[index] }))
  const measured = points.filter((point) => point.x <= endUs)
  return decimate(measured, 0, endUs, 600)
}

function bytesPanel(metric: string, title: string): Panel {
  const axis = (lines: readonly ChartLine[]) => bytesAxis(title, Math.max(...lines.map(maxOf)))
  return { metric, optional: true, axis }
}

/** Logarithmic where one line would otherwise lie flat on the floor beside another. */
function durationsAxis(title: string, peaks: readonly number[]): Axis {
  const largest = Math.max(...peaks)
  const smallest = Math.min(...peaks.filter((peak) => peak > 0))
  if (largest <= 30 * smallest) return durationAxis(title, largest)
  const least = Math.max(smallest / 10, largest / MOST_FOLD)
  const axis = logDurationAxis(`${title}\n(log scale)`, least, largest)
  const [bottom, ...ticks] = axis.ticks
  return { ...axis, ticks: [{ ...bottom, label: `≤ ${bottom.label}` }, ...ticks] }
}

function peaksOf(runs: readonly RunResult[], metric: string): number[] {
  return runs
    .flatMap((run) => run.series.filter((each) => each.metric === metric))
    .map(({ values }) => values.reduce<number>((peak, value) => Math.max(peak, value ?? 0), 0))
}

/** Of the line and its band. */
function maxOf({ points, band = [] }: ChartLine): number {
  return band.reduce((most, { high }) => Math.max(most, high ?? 0), largestOf(points))
}
