import { describe, expect, test } from 'vitest'
import { Memstores } from '../../../src/hbase/regionserver/memstores.js'

const NEVER = Number.POSITIVE_INFINITY
const FLUSH_SIZE = 1000

/** Two regions with two families, the second of which takes three quarters of a put. */
function twoFamilies(cellOverhead = 0): Memstores {
  return new Memstores(2, FLUSH_SIZE, cellOverhead, () => [1, 3])
}

test('each region counts its sequence ids from 1', () => {
  const memstores = new Memstores(2, FLUSH_SIZE)
  expect([0, 1, 0, 0].map((region) => memstores.beginSequenceId(region))).toEqual([1, 1, 2, 3])
  expect([memstores.lastSequenceId(0), memstores.lastSequenceId(1)]).toEqual([3, 1])
})

describe('an edit', () => {
  test('is a cell in each family, which share its bytes and lose none', () => {
    const memstores = twoFamilies()
    memstores.apply(0, 1, 101, 10)
    expect([memstores.activeBytes(0, 0), memstores.activeBytes(0, 1)]).toEqual([25, 76])
    expect(memstores.heapBytes(0)).toBe(101)
    expect(memstores.heapBytes(1)).toBe(0)
  })

  test('takes heap for each of its cells beyond its data', () => {
    const memstores = twoFamilies(50)
    memstores.apply(0, 1, 100, 10)
    expect(memstores.heapOf(0, 100)).toBe(200)
    expect(memstores.heapBytes(0)).toBe(200)
    expect(memstores.activeBytes(0, 0)).toBe(75)
  })

  test('that makes the memstore outgrow the flush size stays: nothing is flushed by itself', () => {
    const memstores = new Memstores(1, FLUSH_SIZE)
    memstores.apply(0, 1, 5000, 10)
    expect(memstores.heapBytes(0)).toBe(5000)
    expect(memstores.flushedSequenceId(0)).toBe(0)
  })
})

describe('a flush', () => {
  test('takes what is active; its memory is free when it is committed', () => {
    const memstores = new Memstores(1, FLUSH_SIZE, 10)
    memstores.apply(0, 1, 100, 10)
    memstores.apply(0, 2, 200, 20)
    memstores.snapshot(0, [0])
    expect(memstores.snapshots(0)).toEqual([{ family: 0, bytes: 300, cells: 2 }])
    expect(memstores.activeBytes(0, 0)).toBe(0)
    memstores.apply(0, 5, 40, 30)
    expect(memstores.heapBytes(0)).toBe(370)
    expect(memstores.flushedSequenceId(0)).toBe(0)
    expect(memstores.commit(0, 3)).toBe(320)
    expect(memstores.heapBytes(0)).toBe(50)
    expect(memstores.snapshots(0)).toEqual([])
    expect(memstores.flushedSequenceId(0)).toBe(3)
  })

  test('of one family leaves the other, and the region flushed as far as that', () => {
    const memstores = twoFamilies()
    memstores.apply(0, 1, 100, 10)
    memstores.snapshot(0, [1])
    expect(memstores.oldestUsOf(0, 0)).toBe(10)
    expect(memstores.commit(0, 2)).toBe(75)
    expect([memstores.flushedSequenceIdOf(0, 0), memstores.flushedSequenceIdOf(0, 1)]).toEqual([
      0, 2,
    ])
    expect(memstores.flushedSequenceId(0)).toBe(0)
    expect(memstores.heapBytes(0)).toBe(25)
  })

  test('is requested once until one has ended', () => {
    const memstores = new Memstores(1, FLUSH_SIZE)
    expect([memstores.requestFlush(0), memstores.requestFlush(0)]).toEqual([true, false])
    memstores.snapshot(0, [0])
    expect(memstores.requestFlush(0)).toBe(false)
    memstores.commit(0, 1)
    expect(memstores.requestFlush(0)).toBe(true)
  })

  test('has one snapshot of a family at a time', () => {
    const memstores = new Memstores(1, FLUSH_SIZE)
    memstores.snapshot(0, [0])
    expect(() => memstores.snapshot(0, [0])).toThrow('one snapshot at a time')
  })
})

describe('age', () => {
  test('is that of the oldest active edit of any family', () => {
    const memstores = twoFamilies()
    expect(memstores.oldestUs(0)).toBe(NEVER)
    memstores.apply(0, 1, 100, 50)
    memstores.apply(0, 2, 100, 60)
    memstores.snapshot(0, [0])
    expect(memstores.oldestUs(0)).toBe(50)
    memstores.snapshot(0, [1])
    expect(memstores.oldestUs(0)).toBe(NEVER)
  })

  test('of a prefilled memstore lies before the run', () => {
    const memstores = twoFamilies(50)
    memstores.prefill(0, 900, -300, 4)
    expect(memstores.oldestUs(0)).toBe(-300)
    expect(memstores.heapBytes(0)).toBe(900 + 2 * 4 * 50)
    expect(memstores.activeBytes(0, 0)).toBe(225 + 200)
  })
})

test('a memstore that is gone with its server frees what it had, snapshots too', () => {
  const memstores = twoFamilies()
  memstores.apply(0, 1, 100, 10)
  memstores.snapshot(0, [0])
  memstores.apply(0, 2, 100, 20)
  expect(memstores.clear(0)).toBe(200)
  expect(memstores.heapBytes(0)).toBe(0)
  expect(memstores.snapshots(0)).toEqual([])
  expect(memstores.oldestUs(0)).toBe(NEVER)
})
