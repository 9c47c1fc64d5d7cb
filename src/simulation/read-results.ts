import type { Consistency, ReadKind } from '../hbase/client/read-observer.js'
import type { ReadFigures, ReadOutcomes } from '../measure/read-outcomes.js'
import { latencyQuantiles } from './region-server-results.js'
import type { LatencyQuantiles } from './result.js'

/** Operations of one kind that were sent while measured. */
export interface ReadKindResult {
  /** All that are over, and those of them that failed for good. */
  count: number
  failed: number
  /** From sending the operation to its last row. */
  latencyUs: LatencyQuantiles
  /** Answered ones of which a row was flagged stale (Result.isStale). */
  stale: number
  rows: number
  staleRows: number
  /** Operations for which other replicas were called, and how many calls that were. */
  hedged: number
  extraRpcs: number
  /** Rows by the id of the replica that answered. */
  answeredBy: Record<string, number>
}

/** Operations that were sent while no server served the primary of their first row. */
export interface ReadsWhileDownResult {
  sent: number
  /** Those of them that had an answer before `hbase.client.operation.timeout`. */
  answered: number
  availability: number
  latencyUs: LatencyQuantiles
}

/** What clients read with one consistency; kinds that there were none of are left out. */
export interface ConsistencyResult extends Partial<Record<ReadKind, ReadKindResult>> {
  whilePrimaryDown?: ReadsWhileDownResult
}

/** What clients read; a consistency that nobody asked for is left out. */
export type ReadsResult = Partial<Record<Consistency, ConsistencyResult>>

const KINDS: readonly ReadKind[] = ['get', 'multiget', 'scan']

/** Null if nothing was read. */
export function readsOf(outcomes: ReadOutcomes): ReadsResult | null {
  const reads: ReadsResult = {}
  for (const consistency of ['strong', 'timeline'] as const) {
    const result: ConsistencyResult = {}
    for (const kind of KINDS) {
      const figures = outcomes.figures(consistency, kind)
      if (figures !== undefined) result[kind] = kindResult(figures)
    }
    const down = outcomes.whileDown(consistency)
    if (down !== undefined) {
      const { sent, answered, latency } = down
      const latencyUs = latencyQuantiles(latency)
      result.whilePrimaryDown = { sent, answered, availability: answered / sent, latencyUs }
    }
    if (Object.keys(result).length > 0) reads[consistency] = result
  }
  return Object.keys(reads).length > 0 ? reads : null
}

function kindResult({ latency, answeredBy, ...counts }: ReadFigures): ReadKindResult {
  return {
    ...counts,
    latencyUs: latencyQuantiles(latency),
    answeredBy: Object.fromEntries(answeredBy.map((rows, replicaId) => [`${replicaId}`, rows])),
  }
}
