import { formatBytes, formatCount, formatDuration, formatShare } from '../experiment/quantities.js'

/** A mark on an axis: its place in the axis' own unit, and its text. */
export interface Tick {
  value: number
  label: string
}

/** An axis as plain data: its ends and its marks, the same for PNG and browser. */
export interface Axis {
  title: string
  unit: 'us' | 'bytes' | 'count' | 'share'
  scale: 'linear' | 'logarithmic'
  min: number
  max: number
  ticks: Tick[]
  /** Height of its panel beside the others; 1 if absent. */
  weight?: number
}

const SECOND = 1_000_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const STEPS_US: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000],
  ...[200_000, 500_000, SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 15 * SECOND, 30 * SECOND],
  ...[MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR],
  ...[4 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 28 * DAY],
]

const STEPS: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000],
]

const DECADES_US: readonly number[] = [
  ...[1, 10, 100, 1_000, 10_000, 100_000, SECOND, 10 * SECOND, MINUTE, 10 * MINUTE],
  ...[HOUR, 10 * HOUR, 4 * DAY, 40 * DAY],
]

/** Simulated time from 0 to exactly `endUs`, with at most `most` intervals between marks. */
export function timeAxis(title: string, endUs: number, most: number): Axis {
  const step = STEPS_US.find((each) => endUs / each <= most) ?? endUs
  return {
    title,
    unit: 'us',
    scale: 'linear',
    min: 0,
    max: endUs,
    ticks: steps(endUs, step, formatDuration),
  }
}

/** Durations from 0 to at least `maxUs`. */
export function durationAxis(title: string, maxUs: number): Axis {
  const step = STEPS_US.find((each) => maxUs / each <= 5) ?? Math.max(1, maxUs)
  const max = roundUp(maxUs, step)
  return {
    title,
    unit: 'us',
    scale: 'linear',
    min: 0,
    max,
    ticks: steps(max, step, formatDuration),
  }
}

/** Durations on a logarithmic scale that contains `minUs` and `maxUs`. */
export function logDurationAxis(title: string, minUs: number, maxUs: number): Axis {
  const min = DECADES_US.findLast((each) => each <= minUs) ?? 1
  const max = DECADES_US.find((each) => each >= maxUs) ?? maxUs
  const values = DECADES_US.filter((each) => each >= min && each <= max)
  const ticks = values.map((value) => ({ value, label: formatDuration(value) }))
  return { title, unit: 'us', scale: 'logarithmic', min, max, ticks }
}

/** Bytes from 0 to at least `maxBytes`, marked in binary units. */
export function bytesAxis(title: string, maxBytes: number): Axis {
  let step = 1
  while (maxBytes / step > 5) step *= 2
  const max = roundUp(maxBytes, step)
  const ticks = steps(max, step, formatBytes)
  return { title, unit: 'bytes', scale: 'linear', min: 0, max, ticks }
}

/** Whole things from 0 to at least `most`. */
export function countAxis(title: string, most: number): Axis {
  const step = STEPS.find((each) => most / each <= 5) ?? most
  // A line at the very top would be half hidden.
  const max = roundUp(1.02 * most, step)
  const ticks = steps(max, step, formatCount)
  return { title, unit: 'count', scale: 'linear', min: 0, max, ticks }
}

/** Parts of one from 0 to all of it. */
export function shareAxis(title: string): Axis {
  const ticks = steps(1, 0.25, formatShare)
  // A line at the very top would be half hidden.
  return { title, unit: 'share', scale: 'linear', min: 0, max: 1.03, ticks }
}

/** Rows from top to bottom, each with its own title, for bars. */
export function rowsAxis(title: string, rows: readonly string[]): Axis {
  const max = Math.max(1, rows.length)
  const ticks = rows.map((label, index) => ({ value: rows.length - index - 0.5, label }))
  return { title, unit: 'count', scale: 'linear', min: 0, max, ticks: ticks.reverse() }
}

function steps(max: number, step: number, format: (value: number) => string): Tick[] {
  const ticks: Tick[] = []
  for (let value = 0; value <= max; value += step) {
    ticks.push({ value, label: value === 0 ? '0' : format(value) })
  }
  return ticks
}

function roundUp(value: number, step: number): number {
  return Math.max(1, Math.ceil(value / step)) * step
}
