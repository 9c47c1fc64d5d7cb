import type { MeasuredRun, Metric } from './metric.js'
import { ofEachVariant, variantsOf } from './over-seeds.js'
import { formatDuration, formatQuantity } from './quantities.js'
import { list, pedigree, spread, withVariants } from './wording.js'

/** What clients had of deaths and flushes, forced flushes, and calls that were sent back. */
export function regionServerSentences(runs: readonly MeasuredRun[]): string[] {
  return [
    ...outageSentence(runs),
    ...stallSentence(runs),
    ...forcedFlushSentence(runs, 'pressure', 'Flushes forced by the global memstore'),
    ...forcedFlushSentence(runs, 'max-logs', 'Flushes forced by too many WALs'),
    ...refusalSentence(runs),
  ]
}

/** How long regions were gone with their servers, detection and all. */
function outageSentence(runs: readonly MeasuredRun[]): string[] {
  const rows = ofEachVariant(runs, REGION_OUTAGE)
  if (rows.length === 0) return []
  const figures = withVariants(rows, (row) => {
    const its = runs.filter(({ variant }) => variant === row.variant)
    return formatQuantity(row.center, 'us') + spread(row) + detectionShare(its)
  })
  return [
    `A region whose server died was unavailable on average for ${list(figures)}; ` +
      `${pedigree(rows)}.`,
  ]
}

const REGION_OUTAGE: Metric = {
  name: 'recoveries.unavailableRegionUs',
  title: 'unavailability of a region whose server died',
  unit: 'us',
  center: 'mean',
  verdict: false,
  of: ({ recoveries }) => {
    const regions = recoveries.reduce((sum, each) => sum + each.regions, 0)
    const regionUs = recoveries.reduce((sum, each) => sum + each.unavailableRegionUs, 0)
    return regions === 0 ? null : Math.round(regionUs / regions)
  },
}

/** Of the time of all its regions, what passed before the master knew of the death. */
function detectionShare(runs: readonly MeasuredRun[]): string {
  let detectionUs = 0
  let regionUs = 0
  for (const { recoveries } of runs) {
    for (const { phaseUs, regions, unavailableRegionUs } of recoveries) {
      detectionUs += (phaseUs.detection ?? 0) * regions
      regionUs += unavailableRegionUs
    }
  }
  const share = Math.round((100 * detectionUs) / Math.max(1, regionUs))
  return share > 0 && share <= 100 ? ` (${share} % of it until its death was noticed)` : ''
}

/** Flushes of regions whose memstores were not full. */
function forcedFlushSentence(
  runs: readonly MeasuredRun[],
  reason: string,
  title: string,
): string[] {
  const rows = ofEachVariant(runs, {
    name: `regionServers.flushes.byReason.${reason}`,
    title,
    unit: 'objects',
    center: 'mean',
    verdict: false,
    of: (run) => run.regionServers.flushes.byReason[reason] ?? 0,
  }).filter(({ range }) => range[1] > 0)
  if (rows.length === 0) return []
  const figures = withVariants(rows, (row) => formatQuantity(row.center, row.unit) + spread(row))
  return [`${title}: ${list(figures)}; ${pedigree(rows)}.`]
}

/** Silent about variants none of whose stalls was longer than 99 % of writes take anyway. */
function stallSentence(runs: readonly MeasuredRun[]): string[] {
  const stalled = variantsOf(runs).filter((variant) =>
    runs.some((run) => run.variant === variant && isFelt(run)),
  )
  const rows = ofEachVariant(
    runs.filter(({ variant }) => stalled.includes(variant)),
    LONGEST_STALL,
  )
  if (rows.length === 0) return []
  const figures = withVariants(
    rows,
    (row) =>
      formatQuantity(row.center, 'us') +
      spread(row) +
      effect(runs.filter(({ variant }) => variant === row.variant)),
  )
  return [`The longest that a flush made writes wait is ${list(figures)}; ${pedigree(rows)}.`]
}

const LONGEST_STALL: Metric = {
  name: 'regionServers.flushes.stallUs.max',
  title: 'longest flush stall',
  unit: 'us',
  center: 'median',
  verdict: false,
  of: (run) => run.regionServers.flushes.stallUs.max,
}

function isFelt({ regionServers: { flushes }, writeLatencyUs }: MeasuredRun): boolean {
  return (flushes.stallUs.max ?? 0) > (writeLatencyUs.p99 ?? 0)
}

/** Write latency with and without a stall, where there were both: means over the runs. */
function effect(runs: readonly MeasuredRun[]): string {
  const both = runs.flatMap(({ regionServers: { flushes } }) => {
    const { stalled, calm } = flushes.writeP999Us
    return stalled === null || calm === null ? [] : [{ stalled, calm }]
  })
  if (both.length === 0) return ''
  const worse = both.reduce((sum, { stalled, calm }) => sum + stalled - calm, 0)
  // Something else made writes slow: to compare would tell nothing of flushes.
  if (worse <= 0) return ''
  const mean = (of: (each: { stalled: number; calm: number }) => number) =>
    formatDuration(Math.round(both.reduce((sum, each) => sum + of(each), 0) / both.length))
  return (
    ` (write p99.9: ${mean(({ stalled }) => stalled)} in spans of time with such a stall, ` +
    `${mean(({ calm }) => calm)} in those without)`
  )
}

function refusalSentence(runs: readonly MeasuredRun[]): string[] {
  const kinds = [...new Set(runs.flatMap((run) => Object.keys(run.regionServers.refused)))]
  return kinds.flatMap((kind) => {
    const rows = ofEachVariant(runs, {
      name: `regionServers.refused.${kind}`,
      title: kind,
      unit: 'objects',
      center: 'mean',
      verdict: false,
      of: (run) => run.regionServers.refused[kind] ?? 0,
    }).filter(({ range }) => range[1] > 0)
    if (rows.length === 0) return []
    const figures = withVariants(rows, (row) => formatQuantity(row.center, row.unit) + spread(row))
    const exception = EXCEPTIONS[kind] ?? kind
    return [`Calls sent back by ${exception}: ${list(figures)}; ${pedigree(rows)}.`]
  })
}

/** HBase's name of each kind of refusal that says that a server has too much to do. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'region too busy': '`RegionTooBusyException`',
  'call queue too big': '`CallQueueTooBigException`',
  'row lock': 'a time-out of a row lock',
  'not serving': '`NotServingRegionException`',
}
