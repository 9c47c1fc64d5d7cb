import type { ReplicaResult } from '../../src/measure/replica-result.js'
import type { ReadsResult } from '../../src/simulation/read-results.js'

/** What a test wants to say about secondaries; the rest is at rest. */
export interface SecondaryFigures {
  replicaId?: number
  p99Us?: number
  maxUs?: number
  unavailable?: number
  gaps?: number
  heapBytes?: number
  /** Probability of a read's return of a write after 100 us, 1 ms, 10 ms and so on. */
  visible?: readonly number[]
}

export function secondaries(figures: SecondaryFigures = {}): ReplicaResult {
  const { replicaId = 1, p99Us = 0, maxUs = p99Us, unavailable = 0, gaps = 0 } = figures
  const heapBytes = figures.heapBytes ?? 0
  const share = maxUs > 0 ? 0.25 : 0
  const worst = maxUs > 0 ? { region: 1, atUs: 7 } : null
  const pbs = figures.visible?.map((probability, decade) => {
    return { afterUs: [100, 1_000, 10_000, 100_000, 1_000_000][decade], probability }
  })
  return {
    replicaId,
    stalenessUs: { p50: 0, p99: p99Us, max: maxUs, mean: 1.5, timeShareAboveZero: share, worst },
    stalenessEdits: { p50: 0, p99: 3, max: maxUs > 0 ? 14 : 0, mean: 0.5 },
    gapUs: { total: gaps * 1_000_000, longest: gaps * 900_000, timeShare: gaps },
    unavailableUs: unavailable * 1_000_000,
    unavailableTimeShare: unavailable,
    memstoreBytes: { mean: heapBytes, max: 2 * heapBytes },
    pbs: pbs ?? null,
  }
}

/** Probes and reads of secondaries, one in 250 of which return old data. */
export const STALE_READS = {
  staleReadProbability: {
    ...{ probes: 10_000, stale: 40, refused: 0, probability: 0.004, standardError: 0.0006 },
  },
  reads: {
    ...{ reads: 5_000, isStale: 5_000, stale: 20, backInTime: 2 },
    staleAgeUs: { p50: 900, p99: 4_000, max: 5_000 },
  },
}

/** Timeline gets of which a tenth were hedged, and reads sent while the primary was down. */
export function timelineReads(answered: number, medianUs: number | null): ReadsResult {
  const latencyUs = { count: 990, p50: 700, p99: 12_000, p999: 20_000, max: 30_000 }
  return {
    timeline: {
      get: {
        ...{ count: 1_000, failed: 10, stale: 99, rows: 990, staleRows: 99 },
        ...{ hedged: 100, extraRpcs: 200, latencyUs, answeredBy: { 0: 891, 1: 60, 2: 39 } },
      },
      whilePrimaryDown: {
        ...{ sent: 100, answered, availability: answered / 100 },
        latencyUs: { count: answered, p50: medianUs, p99: medianUs, p999: medianUs, max: medianUs },
      },
    },
  }
}
