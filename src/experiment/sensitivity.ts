import type { Unit } from './quantities.js'
import { changesOf, comparedMetrics, movesOf, shareOf } from './sensitivity-changes.js'
import { FACTORS, SIDES, type Side, type TwinRun, type Variation } from './sensitivity-twins.js'
import type { SummaryRun } from './summary.js'

/** What `--sensitivity` found: each estimated parameter halved and doubled, by itself. */
export interface Sensitivity {
  /** What estimates were multiplied by: `low`, then `high`. */
  factors: [number, number]
  /** The one seed of all twins, and of the runs that they are compared with. */
  seed: number
  /** Simulations that this took, beside those of the experiment itself. */
  runs: number
  /** What changes a verdict first; then what moves a figure most; then by name. */
  parameters: VariedParameter[]
  /** Estimates in whose place the scenario has values of its own: not varied; sorted. */
  given: string[]
  /** Estimates that were still to be varied when the user interrupted. */
  unfinished: number
}

/** An estimated parameter, and what follows if it is half or twice as large. */
export interface VariedParameter {
  /** As in the assumptions, e.g. `stores.backup.completeMultipart`. */
  parameter: string
  grade: 'D'
  source: string
  /** The variants that rest on this estimate; absent if all do. */
  variants?: string[]
  /** The estimate as a scenario would write it, and what it was replaced by. */
  base: string
  low: string
  high: string
  /** Sides on which the parameter's range ends before the factor is reached; absent if none. */
  cut?: Side[]
  /** Whether anything at all happened differently. */
  traced: boolean
  /** The figures that move, by variant, then metric. */
  rows: Move[]
  /** The largest move of `rows`, as a share of the larger of both figures; 0 if none moves. */
  largestMove: number
  changed: Change[]
}

/** A figure with the estimate and with what it was replaced by; null where there is none. */
export interface Move {
  variant: string
  /** Name of the metric, as in `comparison.pairs`. */
  metric: string
  unit: Unit
  base: number | null
  low: number | null
  high: number | null
  /** Smallest and largest over all seeds of the experiment, with the estimate; absent for one. */
  seeds?: [number, number]
}

/** A verdict that comes out differently. */
export interface Change {
  /** Of `loss`: whether any edit is lost; of `order`: which of two variants has less. */
  kind: 'expectation' | 'invariant' | 'claim' | 'loss' | 'order'
  /** Of `order`: which had less with the estimate. */
  variant: string
  /** The expectation, the invariant, the claim (`backup: cluster-loss`), or the metric. */
  what: string
  at: Side
  from: string
  to: string
}

/**
 * What follows from finished twins; a variation some of whose twins are missing is unfinished.
 *
 * @param runs those of the experiment; twins are of the seed of the first
 */
export function sensitivityOf(
  runs: readonly SummaryRun[],
  variations: readonly Variation[],
  given: readonly string[],
  twins: readonly TwinRun[],
): Sensitivity {
  const parameters: VariedParameter[] = []
  let unfinished = 0
  for (const variation of variations) {
    const its = twins.filter((twin) => twin.variation === variation)
    if (its.length < variation.twins.length) unfinished++
    else parameters.push(variedParameter(runs, variation, its))
  }
  parameters.sort(byImportance)
  return {
    factors: [...FACTORS],
    seed: runs[0].seed,
    runs: twins.length,
    parameters,
    given: [...given],
    unfinished,
  }
}

function variedParameter(
  runs: readonly SummaryRun[],
  { estimate, variants, base, low, high, cut }: Variation,
  twins: readonly TwinRun[],
): VariedParameter {
  const metrics = comparedMetrics(runs)
  const bases = runs.filter(({ seed }) => seed === runs[0].seed)
  // A variant that does not rest on the estimate stays as it is.
  const [lows, highs] = SIDES.map((side) =>
    bases.map((run) => {
      const twin = twins.find((of) => of.side === side && of.run.variant === run.variant)
      return twin?.run ?? run
    }),
  )
  const rows = movesOf(metrics, runs, bases, lows, highs)
  const traced = twins.some(({ run }) =>
    bases.some(({ variant, traceHash }) => variant === run.variant && traceHash !== run.traceHash),
  )
  return {
    parameter: estimate.name,
    grade: 'D',
    source: estimate.parameter.source,
    ...(variants.length === bases.length ? {} : { variants: [...variants] }),
    base,
    low,
    high,
    ...(cut.length === 0 ? {} : { cut: [...cut] }),
    traced,
    rows,
    largestMove: Math.max(
      0,
      ...rows.flatMap((row) => [shareOf(row.base, row.low), shareOf(row.base, row.high)]),
    ),
    changed: [
      ...changesOf(metrics, runs, bases, lows, 'low'),
      ...changesOf(metrics, runs, bases, highs, 'high'),
    ],
  }
}

function byImportance(a: VariedParameter, b: VariedParameter): number {
  const changing = Number(b.changed.length > 0) - Number(a.changed.length > 0)
  if (changing !== 0) return changing
  if (a.largestMove !== b.largestMove) return b.largestMove - a.largestMove
  // Variants may have different estimates under one name.
  const [one, other] = [a, b].map(({ parameter, base }) => `${parameter}\n${base}`)
  return one < other ? -1 : 1
}
