import { describe, expect, test } from 'vitest'
import type { ReadOutcome } from '../../src/hbase/client/read-observer.js'
import { ReadOutcomes } from '../../src/measure/read-outcomes.js'

const SECOND = 1_000_000

function outcomes(): ReadOutcomes {
  return new ReadOutcomes({
    fromUs: 10 * SECOND,
    untilUs: 100 * SECOND,
    operationTimeoutUs: 30 * SECOND,
  })
}

function get(sentUs: number, latencyUs: number, changes: Partial<ReadOutcome> = {}): ReadOutcome {
  return {
    operation: 1,
    consistency: 'timeline',
    kind: 'get',
    region: 0,
    sentUs,
    endedUs: sentUs + latencyUs,
    failed: false,
    rows: 1,
    staleRows: 0,
    extraRpcs: 0,
    ...changes,
  }
}

const NO_ROWS = { failed: true, rows: 0 }

test('nothing was read: there are no figures', () => {
  expect(outcomes().figures('strong', 'get')).toBeUndefined()
  expect(outcomes().whileDown('strong')).toBeUndefined()
})

test('only what was sent while measured counts, whenever it was answered', () => {
  const reads = outcomes()
  reads.ended(get(10 * SECOND - 1, 500))
  reads.ended(get(100 * SECOND - 1, 500))
  reads.ended(get(100 * SECOND, 500))
  expect(reads.figures('timeline', 'get')).toMatchObject({ count: 1 })
})

test('what was stale, hedged and failed is counted for each kind and consistency apart', () => {
  const reads = outcomes()
  reads.ended(get(20 * SECOND, 100))
  reads.ended(get(20 * SECOND, 300, { staleRows: 1, extraRpcs: 2 }))
  reads.ended(get(20 * SECOND, 900, { ...NO_ROWS, extraRpcs: 2 }))
  reads.ended(get(20 * SECOND, 700, { kind: 'scan', rows: 50, staleRows: 20 }))
  reads.ended(get(20 * SECOND, 700, { consistency: 'strong' }))
  const figures = reads.figures('timeline', 'get')
  expect(figures).toMatchObject({ count: 3, failed: 1, stale: 1, rows: 2, staleRows: 1 })
  expect(figures).toMatchObject({ hedged: 2, extraRpcs: 4 })
  expect([figures?.latency.count, figures?.latency.max]).toEqual([2, 300])
  expect(reads.figures('timeline', 'scan')).toMatchObject({ count: 1, rows: 50, staleRows: 20 })
  expect(reads.figures('strong', 'get')).toMatchObject({ count: 1, stale: 0 })
})

test('rows are counted by the replica that answered', () => {
  const reads = outcomes()
  const read = { operation: 1, consistency: 'timeline', kind: 'scan', region: 0, key: 0 } as const
  const times = { sentUs: 20 * SECOND, answeredUs: 21 * SECOND, readUs: 21 * SECOND, version: 0 }
  for (const replicaId of [0, 2, 0]) reads.rowsRead({ ...read, ...times, replicaId, rows: 20 })
  expect(reads.figures('timeline', 'scan')?.answeredBy).toEqual([40, 0, 20])
})

describe('while a primary is down', () => {
  const reads = outcomes()
  reads.primaryDown(0, 40 * SECOND)
  reads.primaryDown(0, 41 * SECOND)
  reads.primaryUp(0, 50 * SECOND)
  reads.ended(get(40 * SECOND - 1, 20 * SECOND))
  reads.ended(get(40 * SECOND, 10_000))
  reads.ended(get(45 * SECOND, 31 * SECOND))
  reads.ended(get(46 * SECOND, 1000, NO_ROWS))
  reads.ended(get(47 * SECOND, 1000, { region: 1 }))
  reads.ended(get(50 * SECOND, 1000))
  const down = reads.whileDown('timeline')

  test('what was sent to it is answered only before the operation timeout', () => {
    expect(down).toMatchObject({ sent: 3, answered: 1 })
    expect(down?.latency.max).toBe(10_000)
  })

  test('what others were sent does not count', () => {
    expect(reads.whileDown('strong')).toBeUndefined()
  })
})
