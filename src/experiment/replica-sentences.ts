import type { ReplicaResult } from '../measure/replica-result.js'
import type { MeasuredRun, Metric } from './metric.js'
import { ofEachVariant, overSeedsOf } from './over-seeds.js'
import { formatDuration, formatQuantity, type Unit } from './quantities.js'
import { CONSISTENCIES, readFigure } from './read-metric.js'
import { ofWorstSecondaries, replicatedTables } from './replica-metric.js'
import { list, pedigree, sentenceOf, spread, withVariants } from './wording.js'

/** How far secondaries are behind, what they cost, and what clients have of them. */
export function replicaSentences(runs: readonly MeasuredRun[]): string[] {
  return [
    ...replicatedTables(runs).flatMap((table) => [
      ...stalenessSentences(runs, table),
      ...defectSentences(runs, table),
    ]),
    ...heapSentence(runs),
    ...CONSISTENCIES.flatMap((consistency) => outageSentence(runs, consistency)),
  ]
}

function stalenessSentences(runs: readonly MeasuredRun[], table: string): string[] {
  const of = (
    title: string,
    center: Metric['center'],
    figure: (figures: ReplicaResult) => number | null | undefined,
    unit: Unit = 'us',
  ) => ofEachVariant(runs, worst(table, title, unit, center, figure))
  return [
    ...sentenceOf(
      of('staleness p99', 'mean', ({ stalenessUs }) => stalenessUs.p99),
      `At 99 % of instants, secondaries of \`${table}\` are behind by at most`,
    ),
    ...sentenceOf(
      of('longest staleness', 'median', ({ stalenessUs }) => stalenessUs.max),
      `The most that a secondary of \`${table}\` was behind:`,
    ),
    ...sentenceOf(
      of('stale reads', 'mean', (each) => each.staleReadProbability?.probability, 'share'),
      `Probability that a read of a secondary of \`${table}\` returns old data, over keys of the workload:`,
    ),
  ]
}

/** What must not be taken for staleness: refused reads, and newer data beside older. */
function defectSentences(runs: readonly MeasuredRun[], table: string): string[] {
  const of = (title: string, figure: (figures: ReplicaResult) => number | null) =>
    ofEachVariant(runs, worst(table, title, 'share', 'mean', figure)).filter(
      ({ range }) => range[1] > 0,
    )
  return [
    ...sentenceOf(
      of('unavailable', ({ unavailableTimeShare }) => unavailableTimeShare),
      `Share of the time in which secondaries of \`${table}\` could not be read:`,
    ),
    ...sentenceOf(
      of('gaps', ({ gapUs }) => gapUs.timeShare),
      `Share of the time in which secondaries of \`${table}\` had an edit and lacked an older one:`,
    ),
  ]
}

/** Of the replica ids of a table, the one with the largest value. */
function worst(
  table: string,
  title: string,
  unit: Unit,
  center: Metric['center'],
  figure: (figures: ReplicaResult) => number | null | undefined,
): Metric {
  const of = ofWorstSecondaries(table, figure)
  return { name: `replicas.${table} ${title}`, title, unit, center, verdict: false, of }
}

function heapSentence(runs: readonly MeasuredRun[]): string[] {
  const rows = ofEachVariant(runs, {
    name: 'replicas.memstoreBytes.mean',
    title: 'memstores of secondaries',
    unit: 'bytes',
    center: 'mean',
    verdict: false,
    of: ({ replicas }) => {
      if (replicas === undefined) return null
      const means = Object.values(replicas).flatMap((each) =>
        each.map(({ memstoreBytes }) => memstoreBytes.mean ?? 0),
      )
      return means.reduce((sum, bytes) => sum + bytes, 0)
    },
  })
  return sentenceOf(
    rows.filter(({ range }) => range[1] > 0),
    'Heap that memstores of secondaries take in the cluster, on average:',
  )
}

/** What readers had while nobody served the primary. */
function outageSentence(
  runs: readonly MeasuredRun[],
  consistency: (typeof CONSISTENCIES)[number],
): string[] {
  const metric = (title: string, unit: Unit, of: Metric['of']): Metric => {
    const name = `reads.${consistency} ${title}`
    return { name, title, unit, center: 'mean', verdict: false, of }
  }
  const rows = ofEachVariant(
    runs,
    metric(
      'answered',
      'share',
      readFigure(consistency, ({ whilePrimaryDown }) => whilePrimaryDown?.availability),
    ),
  )
  if (rows.length === 0) return []
  const latency = metric(
    'latency',
    'us',
    readFigure(consistency, ({ whilePrimaryDown }) => whilePrimaryDown?.latencyUs.p50),
  )
  const figures = withVariants(rows, (row) => {
    const median = overSeedsOf(runs, row.variant, latency)
    const within = median === null ? '' : `, half of them within ${formatDuration(median.center)}`
    return formatQuantity(row.center, 'share') + spread(row) + within
  })
  return [
    `Of ${consistency} reads sent while their primary was down, answered in time: ` +
      `${list(figures)}; ${pedigree(rows)}.`,
  ]
}
