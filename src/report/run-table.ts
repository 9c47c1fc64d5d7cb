import { metricsOf } from '../experiment/metric.js'
import { overSeedsOf, variantsOf } from '../experiment/over-seeds.js'
import { formatQuantity } from '../experiment/quantities.js'
import type { Summary, SummaryRun } from '../experiment/summary.js'
import { span } from '../experiment/wording.js'
import { checksOf, VERDICT_WORDS } from './score.js'
import { NOTHING, type Table } from './table.js'

export interface SeedTable {
  title: string
  /** The verdict rests on it. */
  verdict: boolean
  table: Table
}

/** For each metric of the comparison a table: a row for each seed, a column for each variant. */
export function seedTables({ runs }: Summary): SeedTable[] {
  const variants = variantsOf(runs)
  const seeds = [...new Set(runs.map(({ seed }) => seed))]
  const head = ['seed', ...variants]
  return metricsOf(runs).map((metric) => {
    const { title, unit, verdict } = metric
    const rows = seeds.map((seed) => [
      String(seed),
      ...variants.map((variant) => {
        const run = runs.find((each) => each.seed === seed && each.variant === variant)
        const value = run === undefined ? null : metric.of(run)
        return value === null ? NOTHING : formatQuantity(value, unit)
      }),
    ])
    const figures = variants.map((variant) => overSeedsOf(runs, variant, metric))
    const center = figures.map((of) => (of === null ? NOTHING : formatQuantity(of.center, unit)))
    const interval = figures.map((of) => {
      if (of?.interval95 == null) return NOTHING
      const [low, high] = of.interval95
      return span(formatQuantity(low, unit), formatQuantity(high, unit))
    })
    const below = [
      [metric.center, ...center],
      ['95 % interval', ...interval],
    ].filter(([, ...cells]) => seeds.length > 1 && cells.some((cell) => cell !== NOTHING))
    return { title, verdict, table: { head, rows: [...rows, ...below] } }
  })
}

/** What each run was, for whoever repeats it: one row for each. */
export function runTable({ runs }: Summary): Table {
  const head = ['variant', 'seed', 'acknowledged', 'failed', 'ended after', 'events', 'checks']
  return { head: [...head, 'trace hash'], rows: runs.map(row) }
}

function row(run: SummaryRun): string[] {
  const { edits, endedUs, events } = run
  const failed = checksOf([run]).filter(({ verdict }) => verdict === 'violated')
  return [
    run.variant,
    String(run.seed),
    formatQuantity(edits.acknowledged, 'edits'),
    formatQuantity(edits.failed, 'edits'),
    formatQuantity(endedUs, 'us'),
    formatQuantity(events, 'objects'),
    failed.length === 0 ? 'none violated' : `${VERDICT_WORDS.violated}: ${failed.length}`,
    run.traceHash.slice(0, 16),
  ]
}
