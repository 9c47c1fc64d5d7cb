import { DISASTER_CLASSES } from './disaster-classes.js'
import { type Metric, metricsOf } from './metric.js'
import { valuesBySeed } from './over-seeds.js'
import { formatQuantity } from './quantities.js'
import type { Change, Move } from './sensitivity.js'
import type { Side } from './sensitivity-twins.js'
import type { SummaryRun } from './summary.js'
import { list } from './wording.js'

/** What verdicts rest on; all figures of a scenario that has no peers and no replicas. */
export function comparedMetrics(runs: readonly SummaryRun[]): Metric[] {
  const all = metricsOf(runs)
  const ofVerdicts = all.filter(({ verdict }) => verdict)
  return ofVerdicts.length > 0 ? ofVerdicts : all
}

/** Smallest and largest figure of a variant over the seeds that were run. */
function seedRange(
  metric: Metric,
  variant: string,
  runs: readonly SummaryRun[],
): [number, number] | null {
  const figures = [...valuesBySeed(runs, variant, metric).values()]
  return figures.length < 2 ? null : [Math.min(...figures), Math.max(...figures)]
}

/**
 * The figures that move, of runs and their twins in the same order.
 *
 * @param runs of all seeds
 */
export function movesOf(
  metrics: readonly Metric[],
  runs: readonly SummaryRun[],
  bases: readonly SummaryRun[],
  lows: readonly SummaryRun[],
  highs: readonly SummaryRun[],
): Move[] {
  return bases.flatMap((run, i) =>
    metrics.flatMap((metric) => {
      const [base, low, high] = [run, lows[i], highs[i]].map((each) => metric.of(each))
      if (base === low && base === high) return []
      const { variant } = run
      const { name, unit } = metric
      const seeds = seedRange(metric, variant, runs)
      const range = seeds === null ? {} : { seeds }
      return [{ variant, metric: name, unit, base, low, high, ...range }]
    }),
  )
}

/**
 * How far a figure moved, as a share of the larger of both: halving and doubling are alike 0.5,
 * something out of nothing is 1.
 */
export function shareOf(from: number | null, to: number | null): number {
  if (from === null || to === null || from === to) return 0
  return Math.abs(to - from) / Math.max(Math.abs(from), Math.abs(to))
}

/**
 * The verdicts that come out differently, of runs and their twins in the same order.
 *
 * @param runs of all seeds
 */
export function changesOf(
  metrics: readonly Metric[],
  runs: readonly SummaryRun[],
  bases: readonly SummaryRun[],
  twins: readonly SummaryRun[],
  at: Side,
): Change[] {
  return [
    ...bases.flatMap((base, i) => [
      ...verdictChanges(base, twins[i], at),
      ...claimChanges(base, twins[i], at),
      ...lossChanges(metrics, base, twins[i], at),
    ]),
    ...orderChanges(metrics, runs, bases, twins, at),
  ]
}

function verdictChanges(base: SummaryRun, twin: SummaryRun, at: Side): Change[] {
  const { variant } = base
  const changes: Change[] = []
  for (const { that, verdict } of base.expectations) {
    // A path may lead nowhere in the twin, e.g. to a disaster that found nothing to strike.
    const to = twin.expectations.find((each) => each.that === that)?.verdict ?? 'undecided'
    if (to === verdict) continue
    changes.push({ kind: 'expectation', variant, what: that, at, from: verdict, to })
  }
  for (const name of Object.keys(base.invariants).sort()) {
    const from = base.invariants[name]
    const to = twin.invariants[name] ?? 'undecided'
    if (to !== from) changes.push({ kind: 'invariant', variant, what: name, at, from, to })
  }
  return changes
}

function claimChanges(base: SummaryRun, twin: SummaryRun, at: Side): Change[] {
  return Object.keys(base.peers).flatMap((id) =>
    DISASTER_CLASSES.flatMap((name): Change[] => {
      const [from, to] = [base, twin].map(({ peers }) =>
        peers[id]?.brokenClaims[name] === undefined ? 'kept' : 'broken',
      )
      if (from === to) return []
      return [{ kind: 'claim', variant: base.variant, what: `${id}: ${name}`, at, from, to }]
    }),
  )
}

/** Whether anything is lost; how much, `movesOf` says. */
function lossChanges(
  metrics: readonly Metric[],
  base: SummaryRun,
  twin: SummaryRun,
  at: Side,
): Change[] {
  return metrics.flatMap((metric): Change[] => {
    const [from, to] = [metric.of(base), metric.of(twin)]
    if (metric.unit !== 'edits' || from === null || to === null) return []
    if ((from === 0) === (to === 0)) return []
    const [was, is] = [from, to].map((edits) => formatQuantity(edits, 'edits'))
    return [{ kind: 'loss', variant: base.variant, what: metric.name, at, from: was, to: is }]
  })
}

/**
 * Pairs of variants that change places. Figures that read the same are in no order, and an order
 * that another seed turns round is no verdict.
 */
function orderChanges(
  metrics: readonly Metric[],
  runs: readonly SummaryRun[],
  bases: readonly SummaryRun[],
  twins: readonly SummaryRun[],
  at: Side,
): Change[] {
  return metrics.flatMap((metric) =>
    bases.flatMap((_, i) =>
      bases.slice(i + 1).flatMap((_, offset): Change[] => {
        const j = i + 1 + offset
        const from = inOrder(metric, bases[i], bases[j])
        const to = inOrder(metric, twins[i], twins[j])
        if (from === null || to === null || from.variant === to.variant) return []
        if (!isOrderOfAll(metric, runs, from.variant, to.variant)) return []
        const { variant, text } = from
        return [{ kind: 'order', variant, what: metric.name, at, from: text, to: to.text }]
      }),
    ),
  )
}

/** Whether `less` has no more of a metric than `more` under any seed. */
function isOrderOfAll(
  metric: Metric,
  runs: readonly SummaryRun[],
  less: string,
  more: string,
): boolean {
  const ofMore = valuesBySeed(runs, more, metric)
  return [...valuesBySeed(runs, less, metric)].every(([seed, x]) => {
    const y = ofMore.get(seed)
    return y === undefined || x <= y
  })
}

/** Which of two runs has less of a metric, and how that reads. */
function inOrder(
  { of, unit }: Metric,
  a: SummaryRun,
  b: SummaryRun,
): { variant: string; text: string } | null {
  const [x, y] = [of(a), of(b)]
  if (x === null || y === null) return null
  const figures = [
    { variant: a.variant, value: x, text: formatQuantity(x, unit) },
    { variant: b.variant, value: y, text: formatQuantity(y, unit) },
  ].sort((one, other) => one.value - other.value)
  if (figures[0].text === figures[1].text) return null
  const text = list(figures.map((each) => `${each.text} with ${each.variant}`))
  return { variant: figures[0].variant, text }
}
