import type { RunResult } from '../simulation/result.js'
import type { Point } from './decimate.js'
import { type FaultMark, LABEL_ROWS } from './fault-marks.js'
import type { LineStyle } from './line-style.js'
import type { Axis } from './ticks.js'

/** Width of every chart in CSS pixels; one layout for PNG, page and print. */
export const CHART_WIDTH = 1200

/** Of `CHART_WIDTH`, what the time axis has at least. */
const PLOT_WIDTH = 1060

/** A chart as plain data; `chartConfiguration` makes Chart.js' configuration of it. */
export interface ChartDefinition {
  /** Also the name of its PNG file. */
  id: string
  title: string
  subtitle: string
  /** In CSS pixels. */
  height: number
  /** Simulated time, or time since something. */
  time: Axis
  /** From top to bottom, all over the same time axis. */
  panels: Axis[]
  lines: ChartLine[]
  bars: ChartBar[]
  /** What each label looks like in all panels. */
  legend: LegendEntry[]
  faults: FaultMark[]
  /** Rows of fault labels to leave room for. */
  labelRows: number
}

/** One metric of one variant. */
export interface ChartLine {
  /** The legend's text: the variant, with the peer where there is more than one; or the metric. */
  label: string
  panel: number
  style: LineStyle
  /** Unconnected points: what has a value at some instants only. */
  scattered: boolean
  points: Point[]
}

/** Something that lasted, in one row of a panel of rows. */
export interface ChartBar {
  panel: number
  /** From the bottom of the panel, where the axis has its value. */
  row: number
  fromUs: number
  toUs: number
  colour: string
  /** Written into the bar if there is room. */
  text: string
  textColour: string
}

export interface LegendEntry {
  label: string
  style: LineStyle
  shape: 'line' | 'points' | 'bar'
}

/** The entry of a line or bar of this look. */
export function legendEntry(
  label: string,
  style: LineStyle,
  shape: LegendEntry['shape'] = 'line',
): LegendEntry {
  return { label, style, shape }
}

/** Estimates the width of a fault's label as time on an axis that shows `lengthUs`. */
export function labelWidth(lengthUs: number): (label: string) => number {
  return (label) => ((label.length * 7 + 16) / PLOT_WIDTH) * lengthUs
}

/** Rows of labels that `marks` need. */
export function labelRows(marks: readonly FaultMark[]): number {
  return Math.min(LABEL_ROWS, 1 + Math.max(-1, ...marks.map((mark) => mark.row ?? -1)))
}

/** Which runs a chart shows: of each variant one. */
export function seedsOf(runs: readonly RunResult[]): string {
  const seeds = [...new Set(runs.map((run) => run.seed))]
  const which = seeds.length === 1 ? `seed ${seeds[0]}` : `seeds ${seeds.join(', ')}`
  return `${which}: one run of each variant`
}

/** What the shading of a chart means. */
export function markNote(marks: readonly FaultMark[]): string {
  if (marks.length === 0) return 'no faults'
  const recoveries = marks.some(({ recovery }) => recovery)
  return recoveries ? 'faults are grey, recoveries of servers blue' : 'faults are shaded'
}

/** The series of one metric whose labels contain `labels`, as points; empty if there is none. */
export function pointsOf(
  run: RunResult,
  metric: string,
  labels: Readonly<Record<string, string>> = {},
): Point[] {
  const series = run.series.find(
    (each) =>
      each.metric === metric &&
      Object.entries(labels).every(([name, value]) => each.labels[name] === value),
  )
  return series?.timesUs.map((x, index) => ({ x, y: series.values[index] })) ?? []
}

export function largestOf(points: readonly Point[]): number {
  return points.reduce((max, { y }) => Math.max(max, y ?? 0), 0)
}
