import type { Metric } from '../experiment/metric.js'
import type { Unit } from '../experiment/quantities.js'
import type { Summary, SummaryRun } from '../experiment/summary.js'
import type { RegionServersResult } from '../simulation/result.js'
import { metricTable, type Table } from './table.js'

/**
 * What the region servers did: flushes, compactions, files, WAL rolls and refused calls, a column
 * for each variant. What never occurred has no row; nothing at all if no server flushed, compacted
 * or refused anything.
 */
export function regionServerTable({ runs }: Summary): Table {
  return table(runs, allMetrics)
}

/** The same in few rows. */
export function shortRegionServerTable({ runs }: Summary): Table {
  return table(runs, shortMetrics)
}

/** What a region server table's counts are of, to be read below it. */
export const REGION_SERVER_NOTE =
  'All servers together, between warm-up and the end of the workload. A flush stall is the time ' +
  "for which writes of the flush's region wait for its snapshot."

function table(
  runs: readonly SummaryRun[],
  metricsOf: (runs: readonly SummaryRun[]) => Metric[],
): Table {
  const metrics = isQuiet(runs) ? [] : metricsOf(runs)
  return metricTable(
    runs,
    metrics.filter(({ of }) => runs.some((run) => (of(run) ?? 0) > 0)),
  )
}

function isQuiet(runs: readonly SummaryRun[]): boolean {
  return runs.every(({ regionServers: { flushes, compactions, refused } }) => {
    return flushes.count + compactions.count + sum(refused) === 0
  })
}

function shortMetrics(): Metric[] {
  return [
    counted('flushes', ({ flushes }) => flushes.count),
    ...stalls(),
    counted('compactions', ({ compactions }) => compactions.count),
    counted('most files of a store', ({ storeFiles }) => storeFiles.max),
    counted('WAL rolls', ({ rolls }) => sum(rolls)),
    counted('refused calls', ({ refused }) => sum(refused)),
  ]
}

function allMetrics(runs: readonly SummaryRun[]): Metric[] {
  return [
    counted('flushes', ({ flushes }) => flushes.count),
    ...each(runs, 'flushes by', ({ flushes }) => flushes.byReason),
    measured('flushed', 'bytes', 'mean', ({ flushes }) => flushes.bytes),
    ...stalls(),
    measured('flush duration, median', 'us', 'mean', ({ flushes }) => flushes.durationUs.p50),
    measured('flush duration, maximum', 'us', 'median', ({ flushes }) => flushes.durationUs.max),
    counted('compactions', ({ compactions }) => compactions.count),
    counted('of them major', ({ compactions }) => compactions.major),
    counted('files compacted', ({ compactions }) => compactions.inputFiles),
    measured('bytes compacted', 'bytes', 'mean', ({ compactions }) => compactions.bytes),
    measured('longest compaction', 'us', 'median', ({ compactions }) => compactions.durationUs.max),
    counted('most files of a store', ({ storeFiles }) => storeFiles.max, 'median'),
    measured('most in memstores of a server', 'bytes', 'median', ({ memstoreBytes }) => {
      return memstoreBytes.max
    }),
    ...each(runs, 'WAL rolls by', ({ rolls }) => rolls),
    counted('most WALs of a server', ({ wals }) => wals.maxFiles, 'median'),
    ...each(runs, 'refused:', ({ refused }) => refused),
    measured('read latency p99', 'us', 'mean', ({ readLatencyUs }) => readLatencyUs?.p99 ?? null),
  ]
}

function stalls(): Metric[] {
  return [
    measured('flush stall p99', 'us', 'mean', ({ flushes }) => flushes.stallUs.p99),
    measured('longest flush stall', 'us', 'median', ({ flushes }) => flushes.stallUs.max),
  ]
}

/** A metric for each reason or kind that a run names. */
function each(
  runs: readonly SummaryRun[],
  title: string,
  counts: (servers: RegionServersResult) => Record<string, number>,
): Metric[] {
  const names = new Set(runs.flatMap(({ regionServers }) => Object.keys(counts(regionServers))))
  return [...names].map((name) =>
    counted(`${title} ${name}`, (servers) => counts(servers)[name] ?? 0),
  )
}

function counted(
  title: string,
  of: (servers: RegionServersResult) => number,
  center: Metric['center'] = 'mean',
): Metric {
  return measured(title, 'objects', center, of)
}

function measured(
  title: string,
  unit: Unit,
  center: Metric['center'],
  of: (servers: RegionServersResult) => number | null,
): Metric {
  const name = `regionServers ${title}`
  return { name, title, unit, center, verdict: false, of: (run) => of(run.regionServers) }
}

function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0)
}
