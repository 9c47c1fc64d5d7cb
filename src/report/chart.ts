import type { RunResult } from '../simulation/result.js'
import type { Band } from './chart-bands.js'
import type { Point } from './decimate.js'
import { type FaultMark, LABEL_ROWS } from './fault-marks.js'
import type { ColourName, LineStyle } from './line-style.js'
import type { Axis } from './ticks.js'

export type { Theme } from './chart-theme.js'

/** Width of every chart in CSS pixels; one layout for PNG, page and print. */
export const CHART_WIDTH = 1200

/** Of `CHART_WIDTH`, what the x axis has at least. */
const PLOT_WIDTH = 1060

/** A chart as plain data; `chartConfiguration` makes Chart.js' configuration of it. */
export interface ChartDefinition {
  /**
   * What is pointed at: curves at an instant or value, single points, or boxes (the cells of a
   * table, parts of a bar).
   */
  kind: 'curves' | 'points' | 'boxes'
  /** Also the name of its PNG file. */
  id: string
  title: string
  /** Of which runs it is. */
  subtitle: string
  /** How to read it, for who sees it or does not; one or two sentences. */
  description: string
  /** In CSS pixels. */
  height: number
  /** Common to all panels. */
  x: Axis
  /** From top to bottom. */
  panels: Axis[]
  lines: ChartLine[]
  boxes: ChartBox[]
  /** Of the text in boxes, in CSS pixels; 13 if absent. */
  boxTextSize?: number
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
  /** Points joined, alone, or joined with a bar across each end: an interval. */
  shape: 'line' | 'points' | 'whisker'
  points: Point[]
  /** Between which values it lies in other runs; absent where there is but one run. */
  band?: Band[]
}

/** Something that lasted, or a cell or part of a bar: a rectangle in the units of both axes. */
export interface ChartBox {
  panel: number
  from: number
  to: number
  low: number
  high: number
  fill: Fill
  /** Lines written into it if there is room. */
  text: string[]
  /** Framed, to catch the eye. */
  framed?: boolean
  /** What is said of it when pointed at. */
  note: string
}

/** A colour, or a pale one, or a place on the scale of losses from nothing (0) to the worst (1). */
export type Fill = { colour: ColourName; pale?: boolean } | { heat: number }

export interface LegendEntry {
  label: string
  style: LineStyle
  shape: 'line' | 'points' | 'box'
  /** Of a box. */
  fill?: Fill
}

/** The entry of a line or points of this look. */
export function legendEntry(
  label: string,
  style: LineStyle,
  shape: LegendEntry['shape'] = 'line',
): LegendEntry {
  return { label, style, shape }
}

/** The entry of boxes. */
export function boxEntry(label: string, fill: Fill): LegendEntry {
  return { label, style: { colour: 'grey', dash: [], width: 2 }, shape: 'box', fill }
}

/** Where a box lies in this row of a panel of rows, counted from the bottom. */
export function rowOf(row: number): { low: number; high: number } {
  return { low: row + 0.15, high: row + 0.85 }
}

/** Estimates the width of a fault's label as time on an axis that shows `lengthUs`. */
export function labelWidth(lengthUs: number): (label: string) => number {
  return (label) => ((label.length * 7 + 16) / PLOT_WIDTH) * lengthUs
}

/** Rows of labels that `marks` need. */
export function labelRows(marks: readonly FaultMark[]): number {
  return Math.min(LABEL_ROWS, 1 + Math.max(-1, ...marks.map((mark) => mark.row ?? -1)))
}

/** Which runs `lines` show: of each variant the first, of all seeds the range where they differ. */
export function seedsOf(runs: readonly RunResult[], lines: readonly ChartLine[] = []): string {
  const first = firstOfEachVariant(runs)
  const seeds = [...new Set(first.map((run) => run.seed))]
  const which = seeds.length === 1 ? `seed ${seeds[0]}` : `seeds ${seeds.join(', ')}`
  if (!lines.some(({ band = [] }) => band.length > 0)) return `${which}: one run of each variant`
  const all = new Set(runs.map((run) => run.seed)).size
  return `${which} as line, the range of ${all} seeds as band`
}

/** Of each variant the run with the first seed. */
export function firstOfEachVariant(results: readonly RunResult[]): RunResult[] {
  const first = new Map<string, RunResult>()
  for (const run of results) if (!first.has(run.variant)) first.set(run.variant, run)
  return [...first.values()]
}

/** On a logarithmic scale zero has no place: it is drawn at the bottom. */
export function onAxis(line: ChartLine, { scale, min }: Axis): ChartLine {
  if (scale === 'linear') return line
  const clip = (y: number | null) => (y === null ? y : Math.max(y, min))
  const points = line.points.map(({ x, y }) => ({ x, y: clip(y) }))
  const band = line.band?.map(({ x, low, high }) => ({ x, low: clip(low), high: clip(high) }))
  return { ...line, points, ...(band && { band }) }
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
