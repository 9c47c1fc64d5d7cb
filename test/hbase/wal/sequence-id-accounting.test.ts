import { expect, test } from 'vitest'
import { SequenceIdAccounting } from '../../../src/hbase/wal/sequence-id-accounting.js'

const NOTHING = Number.POSITIVE_INFINITY

function accounting(families = 1): SequenceIdAccounting {
  return new SequenceIdAccounting(4, () => families)
}

test('R23: a flush of the only family leaves nothing unflushed but itself', () => {
  const ids = accounting()
  ids.update(0, 1)
  expect(ids.startCacheFlush(0, [0])).toBe(null)
  expect(ids.lowestUnflushed(0)).toBe(1)
  ids.completeCacheFlush(0)
  expect(ids.lowestUnflushed(0)).toBe(NOTHING)
})

test('R24: a WAL is archivable if its highest id is strictly below the lowest unflushed', () => {
  const ids = accounting()
  for (const id of [1, 1, 2]) ids.update(0, id)
  expect(ids.areAllLower([[0, 3]])).toBe(false)
  expect(ids.areAllLower([[0, 1]])).toBe(false)
  expect(ids.areAllLower([[0, 0]])).toBe(true)
})

test('R25: a region is to be flushed for a WAL that reaches its lowest unflushed id', () => {
  const ids = accounting()
  for (const id of [7, 8, 9]) ids.update(2, id)
  expect([...ids.findLower([[2, 7]])]).toEqual([[2, [0]]])
  expect(ids.findLower([[2, 6]]).size).toBe(0)
})

test('a WAL with one region that is not flushed is not archivable', () => {
  const ids = accounting()
  ids.update(0, 1)
  ids.update(1, 1)
  ids.startCacheFlush(0, [0])
  ids.completeCacheFlush(0)
  expect(ids.areAllLower([[0, 1]])).toBe(true)
  expect(
    ids.areAllLower(
      new Map([
        [0, 1],
        [1, 1],
      ]),
    ),
  ).toBe(false)
})

test('a flush of some families tells the lowest id of the others', () => {
  const ids = accounting(3)
  ids.update(0, 5)
  expect(ids.startCacheFlush(0, [1])).toBe(5)
  ids.completeCacheFlush(0)
  ids.update(0, 9)
  expect([0, 1, 2].map((family) => ids.lowestUnflushedOf(0, family))).toEqual([5, 9, 5])
  expect(ids.startCacheFlush(0, [0, 2])).toBe(9)
  expect([...ids.findLower([[0, 9]])]).toEqual([[0, [1]]])
  expect(ids.lowestUnflushed(0)).toBe(5)
})

test('edits during a flush are the next one’s; those of an aborted one are unflushed again', () => {
  const ids = accounting(2)
  ids.update(0, 5)
  ids.startCacheFlush(0, [0, 1])
  ids.update(0, 8)
  expect(ids.lowestUnflushed(0)).toBe(5)
  ids.abortCacheFlush(0)
  expect(ids.lowestUnflushedOf(0, 1)).toBe(5)
  ids.startCacheFlush(0, [0, 1])
  ids.update(0, 12)
  ids.completeCacheFlush(0)
  expect(ids.lowestUnflushed(0)).toBe(12)
})

test('what the WAL was told of too late for its flush holds nothing back', () => {
  const ids = accounting()
  ids.update(0, 1)
  ids.startCacheFlush(0, [0])
  ids.update(0, 2)
  ids.completeCacheFlush(0, 3)
  expect(ids.areAllLower([[0, 2]])).toBe(true)
})

test('a closed region holds nothing back, and starts anew when it is opened again', () => {
  const ids = accounting()
  ids.update(0, 1)
  ids.startCacheFlush(0, [0])
  ids.update(0, 2)
  ids.closeRegion(0)
  expect(ids.areAllLower([[0, 2]])).toBe(true)
  ids.update(0, 20)
  expect(ids.lowestUnflushed(0)).toBe(20)
})
