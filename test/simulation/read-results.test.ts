import { expect, test } from 'vitest'
import { ReadOutcomes } from '../../src/measure/read-outcomes.js'
import { readsOf } from '../../src/simulation/read-results.js'

const SECOND = 1_000_000

function outcomes(): ReadOutcomes {
  return new ReadOutcomes({ fromUs: 0, untilUs: 60 * SECOND, operationTimeoutUs: 30 * SECOND })
}

test('a run that reads nothing says nothing of reads', () => {
  expect(readsOf(outcomes())).toBeNull()
})

test('a run says what was read, by consistency and kind, and what while a primary was down', () => {
  const reads = outcomes()
  const get = { operation: 1, consistency: 'timeline', kind: 'get', region: 0 } as const
  reads.primaryDown(0, 10 * SECOND)
  reads.rowsRead({
    ...get,
    ...{ replicaId: 2, key: 5, rows: 1 },
    ...{ sentUs: 11 * SECOND, answeredUs: 12 * SECOND, readUs: 12 * SECOND, version: 0 },
  })
  const sent = { sentUs: 11 * SECOND, endedUs: 12 * SECOND }
  reads.ended({ ...get, ...sent, failed: false, rows: 1, staleRows: 1, extraRpcs: 2 })
  reads.ended({ ...get, ...sent, failed: true, rows: 0, staleRows: 0, extraRpcs: 2 })
  const second = { count: 1, p50: SECOND, p99: SECOND, p999: SECOND, max: SECOND }
  expect(readsOf(reads)).toEqual({
    timeline: {
      get: {
        ...{ count: 2, failed: 1, stale: 1, rows: 1, staleRows: 1, hedged: 2, extraRpcs: 4 },
        latencyUs: second,
        answeredBy: { 0: 0, 1: 0, 2: 1 },
      },
      whilePrimaryDown: { sent: 2, answered: 1, availability: 0.5, latencyUs: second },
    },
  })
})
