import type { Estimate } from './interval.js'
import { meanInterval, medianInterval } from './interval.js'
import type { MeasuredRun, Metric } from './metric.js'
import { metricsOf } from './metric.js'
import type { Unit } from './quantities.js'

/** One metric of one variant over its seeds. */
export interface OverSeeds {
  variant: string
  metric: string
  unit: Unit
  /** Mean or median, as `statistic` says. */
  center: number
  statistic: 'mean' | 'median'
  /** Null if there are too few seeds for 95 %: fewer than 2 for a mean, 6 for a median. */
  interval95: [number, number] | null
  /** Smallest and largest value of a seed. */
  range: [number, number]
  seeds: number
}

/** Every metric of every variant, in order of variants; metrics that no run has are left out. */
export function overSeeds(runs: readonly MeasuredRun[]): OverSeeds[] {
  const metrics = metricsOf(runs)
  return variantsOf(runs).flatMap((variant) =>
    metrics.flatMap((metric) => overSeedsOf(runs, variant, metric) ?? []),
  )
}

/** One metric of every variant that has it. */
export function ofEachVariant(runs: readonly MeasuredRun[], metric: Metric): OverSeeds[] {
  return variantsOf(runs).flatMap((variant) => overSeedsOf(runs, variant, metric) ?? [])
}

/** One metric of one variant; null if none of its runs has it. */
export function overSeedsOf(
  runs: readonly MeasuredRun[],
  variant: string,
  metric: Metric,
): OverSeeds | null {
  const samples = [...valuesBySeed(runs, variant, metric).values()]
  if (samples.length === 0) return null
  const estimate = estimateOf(samples, metric)
  return {
    variant,
    metric: metric.name,
    unit: metric.unit,
    center: estimate.center,
    statistic: metric.center,
    interval95: possible(estimate.interval, metric.unit),
    range: [Math.min(...samples), Math.max(...samples)],
    seeds: samples.length,
  }
}

/** No metric is ever negative and no share above one, whatever Student says of few seeds. */
function possible(interval: Estimate['interval'], unit: Unit): Estimate['interval'] {
  if (interval === null) return null
  const [low, high] = interval
  return [Math.max(0, low), unit === 'share' ? Math.min(1, high) : high]
}

/** Names of the variants in order of appearance. */
export function variantsOf(runs: readonly { variant: string }[]): string[] {
  return [...new Set(runs.map((run) => run.variant))]
}

/** The metric of one variant by seed, without the seeds that do not have it. */
export function valuesBySeed(
  runs: readonly MeasuredRun[],
  variant: string,
  metric: Metric,
): Map<number, number> {
  const values = new Map<number, number>()
  for (const run of runs) {
    const value = run.variant === variant ? metric.of(run) : null
    if (value !== null) values.set(run.seed, value)
  }
  return values
}

/** Confidence of all intervals. */
export const LEVEL = 0.95

/** Centre and 95 % interval as the metric asks; durations in whole microseconds. */
export function estimateOf(samples: readonly number[], metric: Metric): Estimate {
  const estimate = (metric.center === 'mean' ? meanInterval : medianInterval)(samples, LEVEL)
  if (metric.unit !== 'us') return estimate
  const { center, interval, coverage } = estimate
  return {
    center: Math.round(center),
    interval: interval && [Math.round(interval[0]), Math.round(interval[1])],
    coverage,
  }
}
