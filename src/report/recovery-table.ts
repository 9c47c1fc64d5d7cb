import { type MeasuredRun, type Metric, peersOf } from '../experiment/metric.js'
import { variantsOf } from '../experiment/over-seeds.js'
import { formatDuration, formatQuantity } from '../experiment/quantities.js'
import type { Summary, SummaryRun } from '../experiment/summary.js'
import { count, span } from '../experiment/wording.js'
import type { PeerResult, RecoveryPhase, RecoveryResult } from '../simulation/result.js'
import { NOTHING, overSeedsText, type Table } from './table.js'

/** How long each peer took to catch up after each fault: a column for each variant. */
export function drainTable({ runs }: Summary): Table {
  const peers = peersOf(runs)
  const rows = peers.flatMap((peer) => {
    const drains = (run: MeasuredRun) =>
      Object.hasOwn(run.peers, peer) ? run.peers[peer].drainUs : []
    const faults = new Set(runs.flatMap((run) => drains(run).map(({ fault }) => fault)))
    return [...faults].map((fault) => [
      peers.length > 1 ? `${peer}: ${fault}` : fault,
      ...variantsOf(runs).map((variant) => drainCell(runs, variant, fault, drains)),
    ])
  })
  return { head: ['caught up after', ...variantsOf(runs)], rows }
}

function drainCell(
  runs: readonly SummaryRun[],
  variant: string,
  fault: string,
  drains: (run: MeasuredRun) => PeerResult['drainUs'],
): string {
  const found = runs
    .filter((run) => run.variant === variant)
    .flatMap((run) => drains(run).filter((drain) => drain.fault === fault))
  const never = found.filter(({ us }) => us === null).length
  if (found.length > 0 && never === found.length) return 'never'
  const time = duration(runs, variant, (run) => {
    const all = drains(run).filter((drain) => drain.fault === fault)
    return all.length === 0 || all.some(({ us }) => us === null)
      ? null
      : Math.max(...all.map(({ us }) => us ?? 0))
  })
  return never === 0 ? time : `${time}\nnever in ${count(never, 'run')}`
}

export const RECOVERY_NOTE =
  'If the server carried hbase:meta, the WAL of that is split first and hbase:meta is opened on ' +
  'another server. Until then no other WAL of it is split, no region of any server is assigned, and ' +
  'clients that have to look a region up wait; those that know where it is go on.'

/** What became of each server that died, phase by phase: a column for each variant. */
export function recoveryTable({ runs }: Summary): Table {
  const most = Math.max(0, ...runs.map((run) => run.recoveries.length))
  const rows = Array.from({ length: most }, (_, nth) => recoveryRows(runs, nth)).flat()
  return { head: ['', ...variantsOf(runs)], rows }
}

/** The n-th death of a run is that of its twins too, as long as faults alone kill servers. */
function recoveryRows(runs: readonly SummaryRun[], nth: number): string[][] {
  const variants = variantsOf(runs)
  const recovery = (run: MeasuredRun) => run.recoveries.at(nth)
  const all = runs.flatMap((run) => recovery(run) ?? [])
  const names = [...new Set(all.flatMap(({ phases }) => phases.map(({ name }) => name)))]
  return [
    [
      title(all),
      ...variants.map((variant) => {
        const its = runs.filter((run) => run.variant === variant)
        return extent(its.flatMap((run) => recovery(run) ?? []))
      }),
    ],
    ...names.map((name) => [
      name,
      ...variants.map((variant) => {
        const phase = (run: MeasuredRun) => recovery(run)?.phases.find((each) => each.name === name)
        const open = runs.some((run) => run.variant === variant && phase(run)?.untilUs === null)
        const time = duration(runs, variant, (run) => lengthOf(phase(run)))
        return open && time === NOTHING ? 'not finished' : time
      }),
    ]),
  ]
}

function title(deaths: readonly RecoveryResult[]): string {
  const [{ server, how }] = deaths
  const times = deaths.map(({ diedUs }) => diedUs)
  const when = span(formatDuration(Math.min(...times)), formatDuration(Math.max(...times)))
  return `${server} ${how}\nafter ${when}`
}

function extent(recoveries: readonly RecoveryResult[]): string {
  if (recoveries.length === 0) return NOTHING
  const regions = recoveries.map((each) => each.regions)
  const bytes = recoveries.map(({ splitBytes }) => splitBytes)
  const replayed = recoveries.map(({ replayedBytes }) => replayedBytes)
  const range = (values: readonly number[], unit: Metric['unit']) =>
    span(formatQuantity(Math.min(...values), unit), formatQuantity(Math.max(...values), unit))
  const unavailable = recoveries.map((each) =>
    Math.round(each.unavailableRegionUs / Math.max(1, each.regions)),
  )
  const meta = recoveries.some(({ carriesMeta }) => carriesMeta) ? ' with hbase:meta' : ''
  return [
    `${range(regions, 'objects')} regions${meta}, ${range(bytes, 'bytes')} split`,
    `${range(replayed, 'bytes')} replayed`,
    `each unavailable for ${range(unavailable, 'us')} on average`,
  ].join('\n')
}

function lengthOf(phase: RecoveryPhase | undefined): number | null {
  if (phase === undefined || phase.untilUs === null) return null
  return phase.untilUs - phase.fromUs
}

function duration(
  runs: readonly SummaryRun[],
  variant: string,
  of: (run: MeasuredRun) => number | null,
): string {
  const metric: Metric = {
    name: 'duration',
    title: 'duration',
    unit: 'us',
    center: 'median',
    verdict: false,
    of,
  }
  return overSeedsText(runs, variant, metric)
}
