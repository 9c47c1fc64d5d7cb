import { expect, test } from 'vitest'
import { SlowSyncs } from '../../../src/hbase/wal/slow-syncs.js'

const settings = { slowUs: 100, rollOnSyncUs: 10_000, rollThreshold: 3, rollIntervalUs: 60_000 }

/** So many slow syncs, then a check at `nowUs`. */
function exceeded(syncs: SlowSyncs, slow: number, nowUs: number): boolean {
  for (let n = 0; n < slow; n++) syncs.note(101)
  return syncs.exceeded(nowUs)
}

test('only a sync beyond the limit is slow, only one far beyond has the WAL rolled', () => {
  const syncs = new SlowSyncs(settings, 0)
  expect([100, 101, 10_000, 10_001].map((us) => syncs.note(us))).toEqual([
    false,
    false,
    false,
    true,
  ])
  expect(syncs.total).toBe(3)
})

test('as many slow syncs as the threshold have it rolled, once the interval is over', () => {
  const syncs = new SlowSyncs(settings, 0)
  expect(exceeded(syncs, 3, 59_999)).toBe(false)
  expect(exceeded(syncs, 0, 60_000)).toBe(true)
})

test('the count begins anew with every interval and every file', () => {
  const syncs = new SlowSyncs(settings, 0)
  expect(exceeded(syncs, 2, 60_000)).toBe(false)
  expect(exceeded(syncs, 2, 120_000)).toBe(false)
  syncs.note(101)
  syncs.restart(130_000)
  expect(exceeded(syncs, 2, 190_000)).toBe(false)
})

test('a count that a second interval was needed for is forgiven', () => {
  const syncs = new SlowSyncs(settings, 0)
  expect(exceeded(syncs, 3, 120_000)).toBe(false)
})

test('it tells when a look is due', () => {
  const syncs = new SlowSyncs(settings, 1000)
  expect(syncs.notBeforeUs(2)).toBe(Number.POSITIVE_INFINITY)
  expect(syncs.notBeforeUs(3)).toBe(61_000)
})
