import type { RunResult, Series } from '../simulation/result.js'
import {
  type ChartDefinition,
  type ChartLine,
  labelRows,
  labelWidth,
  largestOf,
  legendEntry,
  markNote,
  seedsOf,
} from './chart.js'
import { decimate, type Point } from './decimate.js'
import { faultMarks } from './fault-marks.js'
import { labelOf, labelsOf } from './line-labels.js'
import { lineStyle } from './line-style.js'
import { recoveryChart } from './recovery-chart.js'
import { regionServerChart } from './region-server-chart.js'
import { replicaVisibilityChart } from './replica-visibility-chart.js'
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

/**
 * The charts of an experiment: RPO, backlog, lag, region replicas; one region server, recoveries. Of
 * each variant the first run is drawn. A chart for which nothing was recorded is left out.
 */
export function chartDefinitions(
  scenarioName: string,
  results: readonly RunResult[],
): ChartDefinition[] {
  const runs = firstRunOfEachVariant(results)
  return [
    ...[RPO, BACKLOG, LAG, REPLICAS]
      .map((plan) => chart(scenarioName, runs, plan(runs)))
      .filter((drawn) => drawn.panels.length > 0),
    ...[replicaVisibilityChart, regionServerChart, recoveryChart].flatMap(
      (draw) => draw(scenarioName, runs) ?? [],
    ),
  ]
}

type Plan = (runs: readonly RunResult[]) => ChartPlan

const RPO: Plan = (runs) => ({
  id: 'rpo',
  title: 'Recovery point objective: age of the oldest acknowledged edit a disaster would lose',
  panels: distinctClasses(runs).map(([first, ...alike]) => ({
    metric: 'rpoUs',
    class: first,
    axis: (lines) => durationsAxis([`RPO, ${first}`, ...also(alike)].join('\n'), lines.map(maxOf)),
  })),
})

const BACKLOG: Plan = () => ({
  id: 'backlog',
  title: 'Backlog: what waits to be stored, and the room it takes',
  panels: [
    bytesPanel('stagingBacklogBytes', 'Staging backlog'),
    bytesPanel('oldWALsBytes', 'oldWALs'),
    bytesPanel('pendingUploadBytes', 'Pending uploads'),
    bytesPanel('hdfsUsedBytes', 'HDFS used'),
  ],
})

/** Both on one scale: a metric that stays low while edits wait is the point of the chart. */
const LAG: Plan = (runs) => {
  const peaks = ['lagUs', 'replicationLagUs'].flatMap((metric) => peaksOf(runs, metric))
  const panel = (metric: string, title: string): Panel => ({
    metric,
    axis: () => durationsAxis(title, peaks),
  })
  return {
    id: 'lag',
    title: "Replication lag, and what HBase's own metric says of it",
    panels: [
      panel('lagUs', 'Age of the oldest\nunconfirmed edit'),
      panel('replicationLagUs', "HBase's metric\nreplicationLag"),
    ],
  }
}

const REPLICAS: Plan = () => ({
  id: 'replicas',
  title: 'Region replicas: how stale the most stale secondary is, and what secondaries cost',
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
})

interface ChartPlan {
  id: string
  title: string
  panels: readonly Panel[]
}

interface Panel {
  metric: string
  class?: string
  /** Left out if it is zero throughout. */
  optional?: boolean
  axis: (lines: readonly ChartLine[]) => Axis
}

function chart(
  scenarioName: string,
  runs: readonly RunResult[],
  { id, title, panels }: ChartPlan,
): ChartDefinition {
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
    lines.push(...its.map((line) => onAxis(line, axis)))
  }
  const faults = faultMarks(runs, endUs, labelWidth(endUs))
  return {
    id,
    title,
    subtitle: `${scenarioName}, ${seedsOf(runs)}; ${markNote(faults)}`,
    height: Math.max(CHART_HEIGHT, 160 + 220 * axes.length),
    time: timeAxis('Simulated time', endUs, 12),
    panels: axes,
    lines,
    bars: [],
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
        .map((series) => {
          const label = labelOf(run, series, runs)
          const style = lineStyle(labels.indexOf(label))
          const points = measuredPoints(series, endUs)
          return { label, panel: index, style, scattered: false, points }
        }),
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

/** On a logarithmic scale zero has no place: it is drawn at the bottom. */
function onAxis(line: ChartLine, axis: Axis): ChartLine {
  if (axis.scale === 'linear') return line
  const points = line.points.map(({ x, y }) => ({ x, y: y === null ? y : Math.max(y, axis.min) }))
  return { ...line, points }
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
  return logDurationAxis(`${title}\n(log scale)`, smallest / 10, largest)
}

function peaksOf(runs: readonly RunResult[], metric: string): number[] {
  return runs
    .flatMap((run) => run.series.filter((each) => each.metric === metric))
    .map(({ values }) => values.reduce<number>((peak, value) => Math.max(peak, value ?? 0), 0))
}

function maxOf(line: ChartLine): number {
  return largestOf(line.points)
}

function firstRunOfEachVariant(results: readonly RunResult[]): RunResult[] {
  const first = new Map<string, RunResult>()
  for (const run of results) if (!first.has(run.variant)) first.set(run.variant, run)
  return [...first.values()]
}
