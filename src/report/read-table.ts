import type { Metric } from '../experiment/metric.js'
import { CONSISTENCIES, readFigure } from '../experiment/read-metric.js'
import type { Summary } from '../experiment/summary.js'
import type {
  ConsistencyResult,
  ReadKindResult,
  ReadsWhileDownResult,
} from '../simulation/read-results.js'
import { metricTable, type Table } from './table.js'

/**
 * What clients read, by consistency and kind, and what they had of it while a primary was down; a
 * column for each variant. What never occurred has no row.
 */
export function readTable({ runs }: Summary): Table {
  const metrics = CONSISTENCIES.flatMap((consistency) =>
    [...KINDS.flatMap(kindFigures), ...WHILE_DOWN].flatMap((each) => {
      const { title, unit, center, figure, always } = each
      const of = readFigure(consistency, figure)
      if (!always && runs.every((run) => (of(run) ?? 0) === 0)) return []
      const name = `${consistency} ${title}`
      return { name: `reads ${name}`, title: name, unit, center, verdict: false, of }
    }),
  )
  return metricTable(runs, metrics)
}

/** What the figures of a table of reads are, to be read below it. */
export const READ_NOTE =
  'Operations sent between warm-up and the end of the workload; flagged stale: answered by a ' +
  'secondary, whether or not the data was old. Answered: within hbase.client.operation.timeout.'

interface ReadFigure extends Pick<Metric, 'title' | 'unit' | 'center'> {
  figure: (reads: ConsistencyResult) => number | null | undefined
  /** Its row is there even if it is zero throughout. */
  always: boolean
}

const KINDS = ['get', 'multiget', 'scan'] as const

function kindFigures(kind: (typeof KINDS)[number]): ReadFigure[] {
  const one = (
    title: string,
    unit: Metric['unit'],
    center: Metric['center'],
    of: (reads: ReadKindResult) => number | null,
  ): ReadFigure => ({
    ...{ title: `${kind}${title}`, unit, center, always: false },
    figure: (reads) => {
      const its = reads[kind]
      return its && of(its)
    },
  })
  return [
    one('s', 'objects', 'mean', ({ count }) => count),
    one('s that failed', 'objects', 'mean', ({ failed }) => failed),
    one(' latency, median', 'us', 'mean', ({ latencyUs }) => latencyUs.p50),
    one(' latency, p99', 'us', 'mean', ({ latencyUs }) => latencyUs.p99),
    one(' latency, p99.9', 'us', 'mean', ({ latencyUs }) => latencyUs.p999),
    one('s flagged stale', 'share', 'mean', ({ stale, latencyUs }) => shareOf(stale, latencyUs)),
    one('s hedged', 'share', 'mean', ({ hedged, count }) => shareOf(hedged, { count })),
    one(' calls to other replicas', 'objects', 'mean', ({ extraRpcs }) => extraRpcs),
  ]
}

const WHILE_DOWN: readonly ReadFigure[] = [
  whileDown('sent', 'objects', ({ sent }) => sent),
  whileDown('answered', 'share', ({ availability }) => availability),
  whileDown('latency, median', 'us', ({ latencyUs }) => latencyUs.p50),
  whileDown('latency, p99', 'us', ({ latencyUs }) => latencyUs.p99),
]

/** Also where none was answered. */
function whileDown(
  title: string,
  unit: Metric['unit'],
  of: (reads: ReadsWhileDownResult) => number | null,
): ReadFigure {
  return {
    ...{ title: `reads while the primary is down: ${title}`, unit, center: 'mean', always: true },
    figure: ({ whilePrimaryDown }) => whilePrimaryDown && of(whilePrimaryDown),
  }
}

function shareOf(part: number, { count }: { count: number }): number | null {
  return count === 0 ? null : part / count
}
