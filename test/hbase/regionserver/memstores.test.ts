import { describe, expect, test } from 'vitest'
import { Memstores } from '../../../src/hbase/regionserver/memstores.js'

const NEVER = Number.POSITIVE_INFINITY

describe('sequence ids', () => {
  test('each region counts its own from 1', () => {
    const memstores = new Memstores(2, 1000)
    expect([0, 1, 0, 0].map((region) => memstores.beginSequenceId(region))).toEqual([1, 1, 2, 3])
  })
})

describe('flush by size', () => {
  test('a memstore of just the flush size stays, one byte more is flushed', () => {
    const memstores = new Memstores(1, 1000)
    memstores.apply(0, 1, 600, 10)
    memstores.apply(0, 2, 400, 20)
    expect(memstores.bytes(0)).toBe(1000)
    expect(memstores.flushedSequenceId(0)).toBe(0)
    memstores.apply(0, 3, 1, 30)
    expect(memstores.bytes(0)).toBe(0)
    expect(memstores.flushedSequenceId(0)).toBe(3)
  })

  test('regions are flushed one by one', () => {
    const memstores = new Memstores(2, 1000)
    memstores.apply(0, 1, 900, 10)
    memstores.apply(1, 1, 1001, 10)
    expect([memstores.bytes(0), memstores.bytes(1)]).toEqual([900, 0])
    expect([memstores.flushedSequenceId(0), memstores.flushedSequenceId(1)]).toEqual([0, 1])
  })

  test('edits begun and not yet applied are not in the file', () => {
    const memstores = new Memstores(1, 1000)
    for (let i = 0; i < 5; i++) memstores.beginSequenceId(0)
    memstores.apply(0, 1, 500, 10)
    memstores.apply(0, 2, 500, 20)
    memstores.flush(0)
    expect(memstores.flushedSequenceId(0)).toBe(2)
    memstores.apply(0, 3, 500, 30)
    expect(memstores.flushedSequenceId(0)).toBe(2)
    expect(memstores.bytes(0)).toBe(500)
  })
})

describe('age', () => {
  test('is that of the oldest unflushed edit', () => {
    const memstores = new Memstores(1, 1000)
    expect(memstores.oldestUs(0)).toBe(NEVER)
    memstores.apply(0, 1, 100, 50)
    memstores.apply(0, 2, 100, 60)
    expect(memstores.oldestUs(0)).toBe(50)
    memstores.flush(0)
    expect(memstores.oldestUs(0)).toBe(NEVER)
    memstores.apply(0, 3, 100, 70)
    expect(memstores.oldestUs(0)).toBe(70)
  })

  test('a memstore that is full with its first edit has none', () => {
    const memstores = new Memstores(1, 1000)
    memstores.apply(0, 1, 2000, 50)
    expect(memstores.oldestUs(0)).toBe(NEVER)
  })

  test('a prefilled memstore counts its bytes and its age, and no edit of the run', () => {
    const memstores = new Memstores(1, 1000)
    memstores.prefill(0, 950, -300)
    expect(memstores.oldestUs(0)).toBe(-300)
    memstores.apply(0, 1, 40, 10)
    expect(memstores.oldestUs(0)).toBe(-300)
    memstores.apply(0, 2, 20, 20)
    expect(memstores.bytes(0)).toBe(0)
    expect(memstores.flushedSequenceId(0)).toBe(2)
  })
})
