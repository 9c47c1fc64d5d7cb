import type { ReplicaResult } from '../measure/replica-result.js'
import { formatPath } from '../scenario/path.js'
import type { MeasuredRun, Metric } from './metric.js'

/** All replicas of one table with one replica id, from 1 on. */
export interface Secondaries {
  table: string
  replicaId: number
}

/** Tables with secondaries that occur in `runs`, sorted. */
export function replicatedTables(runs: readonly Pick<MeasuredRun, 'replicas'>[]): string[] {
  return [...new Set(runs.flatMap(({ replicas }) => Object.keys(replicas ?? {})))].sort()
}

/** The secondaries that occur in `runs`, by table and replica id. */
export function secondariesOf(runs: readonly Pick<MeasuredRun, 'replicas'>[]): Secondaries[] {
  return replicatedTables(runs).flatMap((table) => {
    const ids = new Set(
      runs.flatMap((run) => ofTable(run, table).map(({ replicaId }) => replicaId)),
    )
    return [...ids].sort((a, b) => a - b).map((replicaId) => ({ table, replicaId }))
  })
}

type Figure = (figures: ReplicaResult) => number | null | undefined

/** A figure of some secondaries, over runs not all of which have them. */
export function ofSecondaries({ table, replicaId }: Secondaries, figure: Figure): Metric['of'] {
  return (run) => {
    const figures = figuresOf(run, { table, replicaId })
    return (figures && figure(figures)) ?? null
  }
}

/** Undefined if a run does not have these secondaries. */
export function figuresOf(
  run: Pick<MeasuredRun, 'replicas'>,
  { table, replicaId }: Secondaries,
): ReplicaResult | undefined {
  return ofTable(run, table).find((each) => each.replicaId === replicaId)
}

/** The largest that a figure is for any replica id of a table. */
export function ofWorstSecondaries(table: string, figure: Figure): Metric['of'] {
  return (run) => {
    const values = ofTable(run, table).flatMap((figures) => figure(figures) ?? [])
    return values.length === 0 ? null : Math.max(...values)
  }
}

/** What variants with replicas are compared by. */
export function stalenessMetrics(runs: readonly MeasuredRun[]): Metric[] {
  return secondariesOf(runs).map(({ table, replicaId }) => ({
    name: formatPath(['replicas', table, replicaId - 1, 'stalenessUs', 'p99']),
    title: `staleness p99 of replica ${replicaId} of ${table}`,
    unit: 'us',
    center: 'mean',
    verdict: true,
    of: ofSecondaries({ table, replicaId }, ({ stalenessUs }) => stalenessUs.p99),
  }))
}

function ofTable(
  { replicas }: Pick<MeasuredRun, 'replicas'>,
  table: string,
): readonly ReplicaResult[] {
  return replicas !== undefined && Object.hasOwn(replicas, table) ? replicas[table] : []
}
