import type { RunResult, Series } from '../simulation/result.js'
import { decimate, type Point } from './decimate.js'
import { type FaultMark, faultMarks, LABEL_ROWS } from './fault-marks.js'
import { type LineStyle, lineStyle } from './line-style.js'
import { also, distinctClasses } from './rpo-classes.js'
import { type Axis, bytesAxis, durationAxis, logDurationAxis, timeAxis } from './ticks.js'

/** Width of every chart in CSS pixels; one layout for PNG, page and print. */
export const CHART_WIDTH = 1200
/** Height of a chart of one or two panels; more of them make it taller. */
const CHART_HEIGHT = 600

/** A chart as plain data; `chartConfiguration` makes Chart.js' configuration of it. */
export interface ChartDefinition {
  /** Also the name of its PNG file. */
  id: string
  title: string
  subtitle: string
  /** In CSS pixels. */
  height: number
  time: Axis
  /** From top to bottom, all over the same time axis. */
  panels: Axis[]
  lines: ChartLine[]
  /** Entries of the legend: what each label's lines look like in all panels. */
  legend: { label: string; style: LineStyle }[]
  faults: FaultMark[]
  /** Rows of fault labels to leave room for. */
  labelRows: number
}

/** One metric of one variant. */
export interface ChartLine {
  /** The variant, and the peer where there is more than one: the legend's text. */
  label: string
  panel: number
  style: LineStyle
  points: Point[]
}

/**
 * The charts of an experiment: RPO, backlog, lag. Of each variant the first run is drawn. A chart for
 * which nothing was recorded is left out.
 */
export function chartDefinitions(scenarioName: string, results: readonly RunResult[]) {
  const runs = firstRunOfEachVariant(results)
  return [RPO, BACKLOG, LAG]
    .map((plan) => chart(scenarioName, runs, plan(runs)))
    .filter((drawn) => drawn.panels.length > 0)
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
  const faults = faultMarks(runs, endUs, (label) => ((label.length * 7 + 16) / 1060) * endUs)
  return {
    id,
    title,
    subtitle: `${scenarioName}, ${seedsOf(runs)}; ${markNote(faults)}`,
    height: Math.max(CHART_HEIGHT, 160 + 220 * axes.length),
    time: timeAxis('Simulated time', endUs, 12),
    panels: axes,
    lines,
    legend: labels.map((label, index) => ({ label, style: lineStyle(index) })).filter(isDrawn),
    faults,
    labelRows: Math.min(LABEL_ROWS, 1 + Math.max(-1, ...faults.map((mark) => mark.row ?? -1))),
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
          return { label, panel: index, style, points: pointsOf(series, endUs) }
        }),
    )
  }
}

function isOf(series: Series, metric: string, disasterClass?: string): boolean {
  if (series.metric !== metric) return false
  return disasterClass === undefined || series.labels.class === disasterClass
}

function labelsOf(runs: readonly RunResult[]): string[] {
  const drawn = runs.flatMap((run) => run.series.map((series) => labelOf(run, series, runs)))
  return [...new Set(drawn)]
}

function labelOf(run: RunResult, series: Series, runs: readonly RunResult[]): string {
  const peers = new Set(runs.flatMap((each) => Object.keys(each.peers)))
  return peers.size > 1 && series.labels.peer !== undefined
    ? `${run.variant}: ${series.labels.peer}`
    : run.variant
}

function pointsOf(series: Series, endUs: number): Point[] {
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
  return line.points.reduce((max, { y }) => Math.max(max, y ?? 0), 0)
}

function firstRunOfEachVariant(results: readonly RunResult[]): RunResult[] {
  const first = new Map<string, RunResult>()
  for (const run of results) if (!first.has(run.variant)) first.set(run.variant, run)
  return [...first.values()]
}

function seedsOf(runs: readonly RunResult[]): string {
  const seeds = [...new Set(runs.map((run) => run.seed))]
  const which = seeds.length === 1 ? `seed ${seeds[0]}` : `seeds ${seeds.join(', ')}`
  return `${which}: one run of each variant`
}

function markNote(marks: readonly FaultMark[]): string {
  const recoveries = marks.some(({ recovery }) => recovery)
  return recoveries ? 'faults are grey, recoveries of servers blue' : 'faults are shaded'
}
