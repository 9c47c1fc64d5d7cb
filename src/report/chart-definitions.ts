import type { RunResult, Series } from '../simulation/result.js'
import { decimate, type Point } from './decimate.js'
import { type FaultMark, faultMarks, LABEL_ROWS } from './fault-marks.js'
import { type LineStyle, lineStyle } from './line-style.js'
import { type Axis, bytesAxis, durationAxis, logDurationAxis, timeAxis } from './ticks.js'

/** Size of every chart in CSS pixels; one layout for PNG, page and print. */
export const CHART_WIDTH = 1200
export const CHART_HEIGHT = 600

/** A chart as plain data; `chartConfiguration` makes Chart.js' configuration of it. */
export interface ChartDefinition {
  /** Also the name of its PNG file. */
  id: string
  title: string
  subtitle: string
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
 * The charts of an experiment: backlog and lag, RPO. Of each variant the first run is drawn. A
 * chart for which nothing was recorded is left out.
 */
export function chartDefinitions(scenarioName: string, results: readonly RunResult[]) {
  const runs = firstRunOfEachVariant(results)
  return [backlogChart(scenarioName, runs), rpoChart(scenarioName, runs)].filter(
    (chart) => chart.panels.length > 0,
  )
}

function backlogChart(scenarioName: string, runs: readonly RunResult[]): ChartDefinition {
  return chart(scenarioName, runs, {
    id: 'backlog',
    title: 'Staging backlog and replication lag',
    panels: [
      { metric: 'stagingBacklogBytes', axis: backlogAxis },
      { metric: 'lagUs', axis: (lines) => durationsAxis('Replication lag', lines) },
    ],
  })
}

function rpoChart(scenarioName: string, runs: readonly RunResult[]): ChartDefinition {
  const classes = new Set<string>()
  for (const series of runs.flatMap((run) => run.series)) {
    if (series.metric === 'rpoUs') classes.add(series.labels.class)
  }
  // A second panel of zeros would say nothing; the first is the verdict's own class.
  const shown = [...classes].sort(byClass).filter((name, index) => index === 0 || isLost(name))
  return chart(scenarioName, runs, {
    id: 'rpo',
    title: 'Recovery point objective: age of the oldest acknowledged edit a disaster would lose',
    panels: shown.map((name) => ({
      metric: 'rpoUs',
      class: name,
      axis: (lines: readonly ChartLine[]) => durationsAxis(`RPO, ${name}`, lines),
    })),
  })

  function isLost(name: string): boolean {
    const series = runs.flatMap((run) => run.series).filter((each) => isOf(each, 'rpoUs', name))
    return series.some((each) => each.values.some((value) => (value ?? 0) > 0))
  }
}

interface Panel {
  metric: string
  class?: string
  axis: (lines: readonly ChartLine[]) => Axis
}

function chart(
  scenarioName: string,
  runs: readonly RunResult[],
  { id, title, panels }: { id: string; title: string; panels: readonly Panel[] },
): ChartDefinition {
  const endUs = Math.max(1, ...runs.map((run) => run.durationUs))
  const labels = labelsOf(runs)
  const axes: Axis[] = []
  const lines: ChartLine[] = []
  for (const panel of panels) {
    const its = linesOf(panel, axes.length)
    if (its.length === 0) continue
    const axis = panel.axis(its)
    axes.push(axis)
    lines.push(...its.map((line) => onAxis(line, axis)))
  }
  const faults = faultMarks(runs, endUs, (label) => ((label.length * 7 + 16) / 1060) * endUs)
  return {
    id,
    title,
    subtitle: `${scenarioName}, ${seedsOf(runs)}`,
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
  const drawn = runs.flatMap((run) =>
    run.series
      .filter((series) => series.labels.peer !== undefined)
      .map((series) => labelOf(run, series, runs)),
  )
  return [...new Set(drawn)]
}

function labelOf(run: RunResult, series: Series, runs: readonly RunResult[]): string {
  const peers = new Set(runs.flatMap((each) => Object.keys(each.peers)))
  return peers.size > 1 ? `${run.variant}: ${series.labels.peer}` : run.variant
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

function backlogAxis(lines: readonly ChartLine[]): Axis {
  return bytesAxis('Staging backlog', Math.max(...lines.map(maxOf)))
}

/** Logarithmic where one line would otherwise lie flat on the floor beside another. */
function durationsAxis(title: string, lines: readonly ChartLine[]): Axis {
  const maxima = lines.map(maxOf)
  const largest = Math.max(...maxima)
  const smallest = Math.min(...maxima.filter((max) => max > 0))
  if (largest <= 30 * smallest) return durationAxis(title, largest)
  return logDurationAxis(`${title} (log scale)`, smallest / 10, largest)
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
  return `${which}: one run of each variant; faults are shaded`
}

/** The class that every design must answer to comes first. */
function byClass(a: string, b: string): number {
  if (a === b) return 0
  if (a === 'cluster-loss') return -1
  return b === 'cluster-loss' || a > b ? 1 : -1
}
