import type { Pair } from '../experiment/compare.js'
import { metricsOf, peersOf } from '../experiment/metric.js'
import { formatQuantity } from '../experiment/quantities.js'
import type { Summary } from '../experiment/summary.js'
import { NOTHING, type Table } from './table.js'

/** Paired differences of the verdict's metrics between every two variants. */
export interface ComparisonTables {
  /** Beyond chance, or of too few seeds to tell. */
  differences: Table
  /** May be chance: p >= 0.05 after Holm's correction. */
  chance: Table
}

export function comparisonTables({ comparison, runs }: Summary): ComparisonTables {
  const metrics = new Map(metricsOf(runs).map((metric) => [metric.name, metric]))
  const several = peersOf(runs).length > 1
  const pairs = (comparison?.pairs ?? []).filter(({ metric }) => metrics.get(metric)?.verdict)
  const table = (some: readonly Pair[]): Table => ({
    head: ['twins', 'metric', 'difference', '95 % interval', "p (Holm's)", 'luck shared', 'seeds'],
    rows: some.map((pair) => [
      `${pair.b} - ${pair.a}`,
      several ? pair.metric : (metrics.get(pair.metric)?.title ?? pair.metric),
      signed(pair.difference, pair),
      intervalText(pair),
      pair.holm === undefined ? NOTHING : probability(pair.holm),
      pair.luckShared === null ? NOTHING : pair.luckShared.toFixed(2),
      String(pair.seeds),
    ]),
  })
  const mayBeChance = ({ holm }: Pair) => holm !== undefined && holm >= 0.05
  return {
    differences: table(pairs.filter((pair) => !mayBeChance(pair))),
    chance: table(pairs.filter(mayBeChance)),
  }
}

/** No probability of chance is nothing at all. */
function probability(p: number): string {
  return p < 0.001 ? '< 0.001' : p.toFixed(3)
}

/** What the columns of the comparison table are, to be read below it. */
export const COMPARISON_NOTE =
  'Differences are taken within each seed: mean of quantiles and costs, median of losses. Luck ' +
  "shared is the correlation of the twins' values over seeds: 1 if all that varies from seed to " +
  'seed is common to both.'

/** What the edits of twins came to, edit by edit. */
export function outcomeTable({ comparison, runs }: Summary): Table {
  const several = peersOf(runs).length > 1
  const rows = (comparison?.edits ?? []).map((matrix) => {
    const { a, b, peer, keptByBoth, lostByBoth, keptOnlyByA, keptOnlyByB, notComparable } = matrix
    const figures = [keptByBoth, lostByBoth, keptOnlyByA, keptOnlyByB, notComparable]
    return [
      `${several ? `${peer}: ` : ''}${a} (first) and ${b} (second)`,
      ...figures.map((edits) => formatQuantity(edits, 'edits')),
    ]
  })
  const head = ['kept by both', 'lost by both', 'only first kept', 'only second kept']
  return { head: ['twins', ...head, 'not comparable'], rows }
}

/** What the columns of the outcome table are, to be read below it. */
export const OUTCOME_NOTE =
  'Client operations that both twins were sent, summed over seeds. Kept: restorable from the ' +
  "peer's copy or still to be shipped. Not comparable: not acknowledged in both."

function signed(value: number, { unit }: Pair): string {
  return value > 0 ? `+${formatQuantity(value, unit)}` : formatQuantity(value, unit)
}

function intervalText(pair: Pair): string {
  if (pair.interval95 === null) return NOTHING
  const [low, high] = pair.interval95
  return `${signed(low, pair)}…${signed(high, pair)}`
}
