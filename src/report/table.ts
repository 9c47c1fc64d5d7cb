import type { Metric } from '../experiment/metric.js'
import { overSeedsOf, variantsOf } from '../experiment/over-seeds.js'
import { formatQuantity } from '../experiment/quantities.js'
import type { SummaryRun } from '../experiment/summary.js'
import { spread } from '../experiment/wording.js'

/**
 * A table as plain text; terminal, Markdown and HTML each write it in their own way. A cell may have
 * several lines; one that begins with `ALARM` is to be seen.
 */
export interface Table {
  head: string[]
  rows: string[][]
}

/** What stands where a run has no such figure. */
export const NOTHING = '-'

/** How a line of a cell begins that says of a promise that it was not kept. */
export const ALARM = 'CLAIM BROKEN'

/** Each metric over the seeds of each variant; metrics that no variant has are left out. */
export function metricTable(runs: readonly SummaryRun[], metrics: readonly Metric[]): Table {
  const variants = variantsOf(runs)
  const rows = metrics.map((metric) => [
    metric.title,
    ...variants.map((variant) => overSeedsText(runs, variant, metric)),
  ])
  return {
    head: ['', ...variants],
    rows: rows.filter((row) => row.slice(1).some((cell) => cell !== NOTHING)),
  }
}

/** A metric of one variant over its seeds, with its spread; `NOTHING` if it has none. */
export function overSeedsText(
  runs: readonly SummaryRun[],
  variant: string,
  metric: Metric,
): string {
  const row = overSeedsOf(runs, variant, metric)
  return row === null ? NOTHING : formatQuantity(row.center, row.unit) + spread(row)
}
