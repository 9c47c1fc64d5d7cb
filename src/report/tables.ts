import { metricsOf, peersOf } from '../experiment/metric.js'
import { formatQuantity, type Unit } from '../experiment/quantities.js'
import type { Summary, SummaryRun } from '../experiment/summary.js'
import { list, span } from '../experiment/wording.js'
import { dimensionOf, readComparison } from '../scenario/comparison.js'
import type { FaultWindow } from '../simulation/result.js'
import {
  auditMetrics,
  durabilityMetrics,
  replicationMetrics,
  roomMetrics,
} from './detail-metrics.js'
import { metricTable, NOTHING, type Table } from './table.js'

/** The figures that designs are compared by: a row for each metric, a column for each variant. */
export function variantTable({ runs }: Summary): Table {
  const peers = peersOf(runs)
  const named = metricsOf(runs).map((metric) => {
    const peer = peers.find((each) => metric.name.startsWith(`peers.${each}.`))
    return peers.length > 1 && peer !== undefined
      ? { ...metric, title: `${peer}: ${metric.title}` }
      : metric
  })
  return metricTable(runs, named)
}

/** Quantiles of what each class of disaster would have taken. */
export function detailTable({ runs }: Summary): Table {
  return metricTable(runs, durabilityMetrics(runs))
}

/** Gaps in each copy, and what it holds more than once. */
export function auditTable({ runs }: Summary): Table {
  return metricTable(runs, auditMetrics(runs))
}

/** The room of HDFS and what fills it, and uploads that nobody has ended. */
export function roomTable({ runs }: Summary): Table {
  return metricTable(runs, roomMetrics(runs))
}

/** What replication did and what it cost. */
export function replicationTable({ runs }: Summary): Table {
  return metricTable(runs, replicationMetrics(runs))
}

/** What the figures of a table are, to be read below it. */
export function statisticsNote({ runs }: Summary): string {
  const seeds = [...new Set(runs.map((run) => run.seed))]
  if (seeds.length === 1) return `One run of each variant, seed ${seeds[0]}.`
  return (
    `${seeds.length} runs of each variant: mean of quantiles, counts and costs, median of maxima ` +
    'and losses; in brackets the 95 % interval, or the range where runs are too few for one.'
  )
}

/** Every expectation with each variant it is for. */
export function expectationTable({ runs }: Summary): Table {
  const groups = new Map<string, { that: string; runs: SummaryRun[] }>()
  for (const run of runs) {
    for (const that of new Set(run.expectations.map((each) => each.that))) {
      const key = JSON.stringify([that, run.variant])
      const group = groups.get(key) ?? { that, runs: [] }
      groups.set(key, group)
      group.runs.push(run)
    }
  }
  const rows = [...groups.values()].map(({ that, runs: those }) => {
    const results = those.flatMap((run) => run.expectations.filter((each) => each.that === that))
    const counts = (['violated', 'undecided', 'held'] as const).flatMap((verdict) => {
      const times = results.filter((each) => each.verdict === verdict).length
      if (times === 0) return []
      return times === results.length ? [verdict] : [`${verdict} in ${times} of ${results.length}`]
    })
    return [that, those[0].variant, list(counts), valuesText(that, results)]
  })
  return { head: ['expected', 'variant', 'verdict', 'measured'], rows }
}

/** Every parameter that the figures rest on, with its source. */
export function assumptionTable({ assumptions }: Pick<Summary, 'assumptions'>): Table {
  const rows = assumptions.map(({ parameter, value, source, variants }) => [
    parameter,
    value,
    source,
    variants === undefined ? 'all' : list(variants),
  ])
  return { head: ['parameter', 'value', 'source', 'variants'], rows }
}

/** Faults of every run: which, when, and in which runs if not in all. */
export function faultTable({ runs }: Summary): Table {
  const groups = new Map<string, { fault: FaultWindow; runs: SummaryRun[] }>()
  for (const run of runs) {
    for (const fault of run.faults) {
      const key = JSON.stringify([fault.label, fault.atUs, fault.untilUs])
      const group = groups.get(key) ?? { fault, runs: [] }
      groups.set(key, group)
      group.runs.push(run)
    }
  }
  const rows = [...groups.values()].map(({ fault, runs: those }) => [
    fault.label,
    formatQuantity(fault.atUs, 'us'),
    fault.untilUs === null ? 'for good' : formatQuantity(fault.untilUs, 'us'),
    those.length === runs.length ? 'all runs' : `seed ${seedsText(those)}`,
  ])
  return { head: ['fault', 'at', 'until', 'in'], rows }
}

function valuesText(that: string, results: readonly { value: number | null }[]): string {
  const values = results.flatMap(({ value }) => value ?? [])
  if (values.length === 0) return NOTHING
  const unit = unitOf(that)
  const least = formatQuantity(Math.min(...values), unit)
  return span(least, formatQuantity(Math.max(...values), unit))
}

/** The unit of an expectation's left side, from the name of the figure. */
function unitOf(that: string): Unit {
  const reading = readComparison(that)
  if ('complaint' in reading) return 'edits'
  const { left } = reading.value
  if (/([sS]hare(AboveZero)?|[pP]robability|availability)$/.test(`${left.at(-1)}`)) return 'share'
  const dimension = dimensionOf(left)
  return dimension === 'duration' ? 'us' : dimension === 'size' ? 'bytes' : 'edits'
}

function seedsText(runs: readonly SummaryRun[]): string {
  return list([...new Set(runs.map((run) => String(run.seed)))])
}
