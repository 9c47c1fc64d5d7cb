import { readOutcome } from './replica-reads.js'
import type { ProbesResult } from './replica-result.js'
import type { VersionHistory } from './version-history.js'

/** What a probe asks of a secondary. */
export interface ProbedReplica {
  /** Whether it answers reads now. */
  readonly isAvailable: boolean
  isReadable(sequenceId: number): boolean
}

/**
 * `staleReadProbability` of one table: the share of reads that return a version older than the
 * newest acknowledged, of reads that take no time, at instants and of keys that the caller draws.
 */
export class ReplicaProbes {
  readonly #versions: VersionHistory
  readonly #counts: { probes: number; stale: number; refused: number }[]

  constructor(versions: VersionHistory, replication: number) {
    this.#versions = versions
    this.#counts = Array.from({ length: replication - 1 }, () => ({
      probes: 0,
      stale: 0,
      refused: 0,
    }))
  }

  /** Reads `key` now from every secondary of its region, by replica id from 1. */
  probe(key: number, nowUs: number, secondaries: readonly ProbedReplica[]): void {
    secondaries.forEach((replica, i) => {
      const counts = this.#counts[i]
      if (!replica.isAvailable) {
        counts.refused++
        return
      }
      const read = { client: -1, key, replicaId: i + 1, sentUs: nowUs }
      const isReadable = (sequenceId: number) => replica.isReadable(sequenceId)
      counts.probes++
      if (readOutcome(this.#versions, read, isReadable).staleAgeUs !== null) counts.stale++
    })
  }

  /** @param replicaId from 1 */
  result(replicaId: number): ProbesResult {
    const counts = this.#counts[replicaId - 1]
    const { probes, stale } = counts
    if (probes === 0) return { ...counts, probability: null, standardError: null }
    const probability = stale / probes
    const standardError = Math.sqrt((probability * (1 - probability)) / probes)
    return { ...counts, probability, standardError }
  }
}
