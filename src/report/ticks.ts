import {
  formatBytes,
  formatCount,
  formatDuration,
  formatShare,
  formatUsd,
} from '../experiment/quantities.js'

/** A mark on an axis: its place in the axis' own unit, and its text. */
export interface Tick {
  value: number
  label: string
}

/** An axis as plain data: its ends and its marks, the same for PNG and browser. */
export interface Axis {
  title: string
  /** `above`: the share that is above, written as percentile; `category`: a row or a column. */
  unit: 'us' | 'bytes' | 'count' | 'share' | 'above' | 'usd' | 'category'
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

/** Bytes on a logarithmic scale that contains `minBytes` and `maxBytes`, marked in binary units. */
export function logBytesAxis(title: string, minBytes: number, maxBytes: number): Axis {
  let min = 1
  while (min * 2 <= minBytes) min *= 2
  let max = min * 2
  while (max < maxBytes) max *= 2
  const ticks: Tick[] = []
  const step = max / min > 4_096 ? 16 : max / min > 256 ? 4 : 2
  for (let value = 1; value <= max; value *= step) {
    if (value >= min) ticks.push({ value, label: formatBytes(value) })
  }
  return { title, unit: 'bytes', scale: 'logarithmic', min, max, ticks }
}

/** Dollars a month on a linear or a logarithmic scale that contains all `values`. */
export function usdAxis(title: string, values: readonly number[], scale: Axis['scale']): Axis {
  const most = Math.max(...values)
  if (scale === 'logarithmic') {
    const positive = values.filter((value) => value > 0)
    const decades = [0.01, 0.1, 1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000]
    const min = decades.findLast((each) => each <= Math.min(...positive)) ?? decades[0]
    const max = decades.find((each) => each >= most) ?? most
    const ticks = decades
      .filter((each) => each >= min && each <= max)
      .map((value) => ({ value, label: formatUsd(value) }))
    return { title, unit: 'usd', scale, min, max, ticks }
  }
  // Values far from zero, and near each other, would else lie in a corner.
  const least = Math.min(...values)
  const from = least > 0.4 * most ? least - 0.3 * Math.max(most - least, 0.1 * most) : 0
  const cents = 100 * (most - from)
  const step = (STEPS.find((each) => cents / each <= 5) ?? cents / 4) / 100
  const first = Math.floor(from / step)
  const last = Math.max(1, Math.ceil((1.02 * most) / step))
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => {
    const value = (first + i) * step
    return { value, label: formatTickUsd(value, step) }
  })
  return { title, unit: 'usd', scale, min: first * step, max: last * step, ticks }
}

function formatTickUsd(dollars: number, step: number): string {
  if (dollars === 0) return '0'
  return step >= 1 ? `$${formatCount(dollars)}` : formatUsd(dollars)
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

/** Percentiles up to the 99.99th, each tenfold less of what is above taking the same room. */
export function percentileAxis(title: string): Axis {
  const ticks = [1, 0.5, 0.1, 0.01, 0.001, 0.0001].map((above) => {
    return { value: above, label: formatShare(1 - above) }
  })
  return { title, unit: 'above', scale: 'logarithmic', min: 0.0001, max: 1, ticks }
}

/** Columns from left to right, each with its own title, for boxes. */
export function columnsAxis(title: string, columns: readonly string[]): Axis {
  const ticks = columns.map((label, index) => ({ value: index + 0.5, label }))
  const max = Math.max(1, columns.length)
  return { title, unit: 'category', scale: 'linear', min: 0, max, ticks }
}

/** Rows from top to bottom, each with its own title, for bars. */
export function rowsAxis(title: string, rows: readonly string[]): Axis {
  const max = Math.max(1, rows.length)
  const ticks = rows.map((label, index) => ({ value: rows.length - index - 0.5, label }))
  return { title, unit: 'category', scale: 'linear', min: 0, max, ticks: ticks.reverse() }
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

/** Changes of at most `largest` down and up, as a share of the larger value. */
export function changeAxis(title: string, largest: number): Axis {
  const step = [0.01, 0.025, 0.05, 0.1].find((each) => largest <= 4 * each) ?? 0.25
  const ticks = [-4, -3, -2, -1, 0, 1, 2, 3, 4].map((steps) => {
    const percent = Number((100 * step * Math.abs(steps)).toFixed(1))
    return { value: step * steps, label: `${steps > 0 ? '+' : steps < 0 ? '-' : ''}${percent} %` }
  })
  return { title, unit: 'share', scale: 'linear', min: -4 * step, max: 4 * step, ticks }
}
