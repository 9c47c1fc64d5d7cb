import type { MeasuredRun, Metric } from '../experiment/metric.js'
import {
  ofSecondaries,
  ofWorstSecondaries,
  replicatedTables,
  secondariesOf,
} from '../experiment/replica-metric.js'
import type { Summary } from '../experiment/summary.js'
import type { ReplicaResult } from '../measure/replica-result.js'
import { metricTable, type Table } from './table.js'

/**
 * How stale secondaries are and what they cost, by table and replica id; a column for each variant.
 * Apart from staleness, what never occurred has no row.
 */
export function replicaTable({ runs }: Summary): Table {
  const several = replicatedTables(runs).length > 1
  const metrics = secondariesOf(runs).flatMap((secondaries) => {
    const { table, replicaId } = secondaries
    const whose = `${several ? `${table}, ` : ''}replica ${replicaId}: `
    return metricsOf(runs, FIGURES, whose, (figure) => ofSecondaries(secondaries, figure))
  })
  return metricTable(runs, metrics)
}

/** Beside the p99 of the table of variants: of each table the worst replica id, in few rows. */
export function shortReplicaTable({ runs }: Summary): Table {
  const tables = replicatedTables(runs)
  const metrics = tables.flatMap((table) => {
    const whose = tables.length > 1 ? `${table}: ` : ''
    return metricsOf(runs, SHORT, whose, (figure) => ofWorstSecondaries(table, figure))
  })
  return metricTable(runs, metrics)
}

/** What the figures of a replica table are, to be read below it. */
export const REPLICA_NOTE =
  'Staleness is the age of the oldest acknowledged edit that the secondary cannot return, over time ' +
  'and all regions alike, without the time in which it could not be read. In a gap it returns an ' +
  'edit and lacks an older one. Stale reads return a version older than the newest acknowledged; ' +
  'probes read keys of the workload at uniform instants and take no time.'

type Figure = (secondaries: ReplicaResult) => number | null | undefined

interface ReplicaFigure extends Pick<Metric, 'title' | 'unit' | 'center'> {
  figure: Figure
  /** Its row is there even if it is zero throughout. */
  always: boolean
}

const STALENESS: readonly ReplicaFigure[] = [
  always('staleness, maximum', 'us', 'median', (of) => of.stalenessUs.max),
  figure('time stale', 'share', 'mean', (of) => of.stalenessUs.timeShareAboveZero),
]

const NOT_READABLE = figure('time not readable', 'share', 'mean', (of) => of.unavailableTimeShare)

const STALE_PROBES = figure('stale probes', 'share', 'mean', (of) => {
  return of.staleReadProbability?.probability
})

const SHORT: readonly ReplicaFigure[] = [...STALENESS, NOT_READABLE, STALE_PROBES]

const FIGURES: readonly ReplicaFigure[] = [
  always('staleness, median', 'us', 'mean', (of) => of.stalenessUs.p50),
  always('staleness, p99', 'us', 'mean', (of) => of.stalenessUs.p99),
  ...STALENESS,
  figure('most edits behind', 'edits', 'median', (of) => of.stalenessEdits.max),
  NOT_READABLE,
  figure('time in gaps', 'share', 'mean', (of) => of.gapUs.timeShare),
  figure('longest gap', 'us', 'median', (of) => of.gapUs.longest),
  figure('memstores, mean', 'bytes', 'mean', (of) => of.memstoreBytes.mean),
  figure('memstores, maximum', 'bytes', 'median', (of) => of.memstoreBytes.max),
  figure('sent to it', 'bytes', 'mean', (of) => of.traffic?.bytes),
  figure('calls to it', 'objects', 'mean', (of) => of.traffic?.rpcs),
  figure('edits sent twice', 'edits', 'mean', (of) => of.traffic?.duplicateEdits),
  STALE_PROBES,
  figure('reads that it answered', 'objects', 'mean', (of) => of.reads?.reads),
  figure('of them stale', 'objects', 'mean', (of) => of.reads?.stale),
  figure('age of stale reads, p99', 'us', 'mean', (of) => of.reads?.staleAgeUs.p99),
  figure('reads back in time', 'objects', 'mean', (of) => of.reads?.backInTime),
]

function always(
  title: string,
  unit: Metric['unit'],
  center: Metric['center'],
  of: Figure,
): ReplicaFigure {
  return { ...figure(title, unit, center, of), always: true }
}

function figure(
  title: string,
  unit: Metric['unit'],
  center: Metric['center'],
  of: Figure,
): ReplicaFigure {
  return { title, unit, center, figure: of, always: false }
}

function metricsOf(
  runs: readonly MeasuredRun[],
  figures: readonly ReplicaFigure[],
  whose: string,
  over: (figure: Figure) => Metric['of'],
): Metric[] {
  return figures.flatMap(({ title: what, unit, center, figure: each, always: kept }) => {
    const of = over(each)
    if (!kept && runs.every((run) => (of(run) ?? 0) === 0)) return []
    const title = `${whose}${what}`
    return { name: `replicas ${title}`, title, unit, center, verdict: false, of }
  })
}
