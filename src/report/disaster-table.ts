import {
  type Loss,
  lossesOf,
  type MeasuredRun,
  type Metric,
  peersOf,
} from '../experiment/metric.js'
import { overSeedsOf, variantsOf } from '../experiment/over-seeds.js'
import { formatDuration, formatQuantity } from '../experiment/quantities.js'
import type { Summary, SummaryRun } from '../experiment/summary.js'
import { list, span, spread } from '../experiment/wording.js'
import { NOTHING, type Table } from './table.js'

/** What each injected disaster really took: a row for each, a column for each variant. */
export function disasterTable({ runs }: Summary): Table {
  const variants = variantsOf(runs)
  const peers = peersOf(runs)
  const copies = peers.flatMap((peer) =>
    rowsOf(runs, (run) => lossesOf(run, peer), peers.length > 1 ? `${peer}: ` : ''),
  )
  const cluster = rowsOf(runs, (run) => run.clusterLoss, 'no copy left in the cluster: ')
  return { head: ['struck', ...variants], rows: [...copies, ...cluster.filter(isCostly)] }
}

/** The same with the number of edits alone. */
export function shortDisasterTable(summary: Summary): Table {
  const { head, rows } = disasterTable(summary)
  const firstLine = (cell: string) => cell.split('\n', 1)[0]
  return { head, rows: rows.map(([title, ...cells]) => [title, ...cells.map(firstLine)]) }
}

function isCostly([, ...cells]: string[]): boolean {
  return cells.some((cell) => cell !== 'nothing' && cell !== NOTHING)
}

/** Twins are struck by the same disasters in the same order, so the n-th of a kind is one row. */
function rowsOf(
  runs: readonly SummaryRun[],
  losses: (run: MeasuredRun) => readonly Loss[],
  prefix: string,
): string[][] {
  const kinds = [...new Set(runs.flatMap((run) => losses(run).map(({ kind }) => kind)))]
  return kinds.flatMap((kind) => {
    const ofKind = (run: MeasuredRun) => losses(run).filter((loss) => loss.kind === kind)
    const most = Math.max(...runs.map((run) => ofKind(run).length))
    return Array.from({ length: most }, (_, nth) => {
      const loss = (run: MeasuredRun) => ofKind(run).at(nth)
      return [
        prefix + title(runs.flatMap((run) => loss(run) ?? [])),
        ...variantsOf(runs).map((variant) => cell(runs, variant, loss)),
      ]
    })
  })
}

function title(struck: readonly Loss[]): string {
  const targets = [...new Set(struck.flatMap(({ target }) => target ?? []))]
  const times = struck.map(({ atUs }) => atUs)
  const after = span(formatDuration(Math.min(...times)), formatDuration(Math.max(...times)))
  const what = [struck[0].kind, ...(targets.length === 0 ? [] : [list(targets)])].join(' ')
  return `${what}\nafter ${after}`
}

function cell(
  runs: readonly SummaryRun[],
  variant: string,
  loss: (run: MeasuredRun) => Loss | undefined,
): string {
  const figure = (unit: Metric['unit'], of: (from: Loss) => number | null | undefined) => {
    const metric: Metric = {
      name: 'loss',
      title: 'loss',
      unit,
      center: 'median',
      verdict: false,
      of: (run) => {
        const its = loss(run)
        return its === undefined ? null : (of(its) ?? null)
      },
    }
    return overSeedsOf(runs, variant, metric)
  }
  const edits = figure('edits', ({ lostEdits }) => lostEdits)
  if (edits === null) return NOTHING
  if (edits.range[1] === 0) return 'nothing'
  const bytes = figure('bytes', ({ lostBytes }) => lostBytes)
  const oldest = figure('us', ({ oldestLostAgeUs }) => oldestLostAgeUs)
  return [
    `${formatQuantity(edits.center, 'edits')} edits${spread(edits)}`,
    ...(bytes === null ? [] : [formatQuantity(bytes.center, 'bytes')]),
    ...(oldest === null ? [] : [`oldest ${formatDuration(oldest.center)} old`]),
  ].join('\n')
}
