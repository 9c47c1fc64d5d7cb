import type { EditOutcomes } from '../simulation/result.js'
import { correlation } from './correlation.js'
import { type OutcomeMatrix, outcomeMatrices } from './edit-outcomes.js'
import type { MeasuredRun, Metric } from './metric.js'
import { metricsOf } from './metric.js'
import type { OverSeeds } from './over-seeds.js'
import { estimateOf, overSeeds, valuesBySeed, variantsOf } from './over-seeds.js'
import type { Unit } from './quantities.js'
import { holm, pairedTTest, signTest } from './significance.js'

/** Two variants under one metric: twins of the same seed, subtracted. */
export interface Pair {
  a: string
  b: string
  metric: string
  unit: Unit
  /** What b has more than a: mean or median, over seeds, of b minus a. */
  difference: number
  /** 95 % interval of `difference`; null if there are too few seeds for it. */
  interval95: [number, number] | null
  /** Probability that `interval95`, or the range of differences where that is null, covers. */
  coverage: number | null
  /** Two-sided paired t-test for means, sign test for medians; absent for one seed. */
  pValue?: number
  /** `pValue` corrected over all pairs of the verdict metrics; absent for other metrics. */
  holm?: number
  /** Seeds for which both variants have the metric. */
  seeds: number
  /** Correlation of the twins' values over seeds; null if constant or for fewer than 3 seeds. */
  luckShared: number | null
}

export interface Comparison {
  pairs: Pair[]
  /** Each variant by itself: variant, then metric. */
  outcomes: Record<string, Record<string, Omit<OverSeeds, 'variant' | 'metric'>>>
  /** Edit by edit, between twins. */
  edits: OutcomeMatrix[]
}

/**
 * Paired differences of every two variants (the earlier one is `a`) under every metric that both
 * have. The unit of observation is the seed; nothing within a run counts as independent.
 */
export function compare(runs: readonly (MeasuredRun & { outcomes: EditOutcomes })[]): Comparison {
  const variants = variantsOf(runs)
  const metrics = metricsOf(runs)
  const pairs: Pair[] = []
  const family: Pair[] = []
  variants.forEach((a, index) => {
    for (const b of variants.slice(index + 1)) {
      for (const metric of metrics) {
        const pair = pairOf(runs, a, b, metric)
        if (pair === null) continue
        pairs.push(pair)
        if (metric.verdict) family.push(pair)
      }
    }
  })
  correct(family)
  return { pairs, outcomes: outcomesOf(runs), edits: outcomeMatrices(runs) }
}

function pairOf(runs: readonly MeasuredRun[], a: string, b: string, metric: Metric): Pair | null {
  const ofA = valuesBySeed(runs, a, metric)
  const ofB = valuesBySeed(runs, b, metric)
  const xs: number[] = []
  const ys: number[] = []
  for (const [seed, x] of ofA) {
    const y = ofB.get(seed)
    if (y === undefined) continue
    xs.push(x)
    ys.push(y)
  }
  if (xs.length === 0) return null
  const differences = ys.map((y, index) => y - xs[index])
  const { center, interval, coverage } = estimateOf(differences, metric)
  const pValue = metric.center === 'mean' ? pairedTTest(differences) : signTest(differences)
  return {
    a,
    b,
    metric: metric.name,
    unit: metric.unit,
    difference: center,
    interval95: interval,
    coverage,
    ...(pValue === null ? {} : { pValue }),
    seeds: xs.length,
    luckShared: correlation(xs, ys),
  }
}

function correct(family: readonly Pair[]): void {
  const tested = family.filter((pair) => pair.pValue !== undefined)
  const corrected = holm(tested.map((pair) => pair.pValue ?? 1))
  tested.forEach((pair, index) => {
    pair.holm = corrected[index]
  })
}

function outcomesOf(runs: readonly MeasuredRun[]): Comparison['outcomes'] {
  const outcomes: Comparison['outcomes'] = {}
  for (const { variant, metric, ...rest } of overSeeds(runs)) {
    outcomes[variant] = { ...outcomes[variant], [metric]: rest }
  }
  return outcomes
}
