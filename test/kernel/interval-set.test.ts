import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InternalError } from '../../src/kernel/errors.js'
import { IntervalSet } from '../../src/kernel/interval-set.js'

function setOf(...ranges: [number, number][]): IntervalSet {
  const set = new IntervalSet()
  for (const [from, to] of ranges) set.add(from, to)
  return set
}

function runsOf(set: IntervalSet, from = 0, to = 1000): [number, number][] {
  const runs: [number, number][] = []
  set.forEachIn(from, to, (a, b) => runs.push([a, b]))
  return runs
}

function gapsOf(set: IntervalSet, from: number, to: number): [number, number][] {
  const gaps: [number, number][] = []
  set.forEachGapIn(from, to, (a, b) => gaps.push([a, b]))
  return gaps
}

describe('adding', () => {
  test('extends the last interval or appends one', () => {
    const set = setOf([0, 10], [10, 20], [30, 40])
    expect(runsOf(set)).toEqual([
      [0, 20],
      [30, 40],
    ])
    expect(set.size).toBe(30)
    expect(set.intervals).toBe(2)
  })

  test('joins intervals that it touches on either side', () => {
    const set = setOf([0, 10], [20, 30])
    expect(set.add(10, 20)).toBe(10)
    expect(runsOf(set)).toEqual([[0, 30]])
  })

  test('counts only integers that are new', () => {
    const set = setOf([5, 10], [20, 30], [40, 50])
    expect(set.add(8, 45)).toBe(20)
    expect(set.add(0, 100)).toBe(55)
    expect(set.add(1, 99)).toBe(0)
    expect(set.size).toBe(100)
  })

  test('nothing leaves the set as it is', () => {
    const set = setOf([3, 3])
    expect(set.intervals).toBe(0)
    expect(set.size).toBe(0)
  })
})

describe('removing', () => {
  test('splits an interval', () => {
    const set = setOf([0, 100])
    expect(set.remove(40, 60)).toBe(20)
    expect(runsOf(set)).toEqual([
      [0, 40],
      [60, 100],
    ])
  })

  test('trims the ends and drops what lies between', () => {
    const set = setOf([0, 10], [20, 30], [40, 50])
    expect(set.remove(5, 45)).toBe(20)
    expect(runsOf(set)).toEqual([
      [0, 5],
      [45, 50],
    ])
  })

  test('what is absent changes nothing', () => {
    const set = setOf([0, 10], [20, 30])
    expect(set.remove(10, 20)).toBe(0)
    expect(set.remove(30, 40)).toBe(0)
    expect(set.size).toBe(20)
  })
})

test('gaps are the absent runs, cut to the range asked for', () => {
  const set = setOf([10, 20], [30, 40])
  expect(gapsOf(set, 0, 50)).toEqual([
    [0, 10],
    [20, 30],
    [40, 50],
  ])
  expect(gapsOf(set, 12, 35)).toEqual([[20, 30]])
  expect(gapsOf(set, 10, 20)).toEqual([])
})

test('the first gap is where a prefix ends', () => {
  const set = setOf([0, 20], [30, 40])
  expect([0, 19, 20, 25, 30, 40, 50].map((i) => set.firstGapAt(i))).toEqual([
    20, 20, 20, 25, 40, 40, 50,
  ])
})

test('an empty range is covered by any set', () => {
  expect(setOf().covers(5, 5)).toBe(true)
})

test('a range that ends before it begins is an internal error', () => {
  const set = setOf([0, 10])
  const visit = () => {}
  expect(() => set.add(2, 1)).toThrow(InternalError)
  expect(() => set.remove(2, 1)).toThrow(InternalError)
  expect(() => set.covers(2, 1)).toThrow(InternalError)
  expect(() => set.countIn(2, 1)).toThrow(InternalError)
  expect(() => set.forEachIn(2, 1, visit)).toThrow(InternalError)
  expect(() => set.forEachGapIn(2, 1, visit)).toThrow(InternalError)
})

describe('against a plain set of integers', () => {
  const limit = 60
  const range = fc
    .tuple(fc.integer({ min: 0, max: limit }), fc.integer({ min: 0, max: 12 }))
    .map(([from, length]): [number, number] => [from, Math.min(limit, from + length)])
  const step = fc.record({ adds: fc.boolean(), range })
  const integersIn = ([from, to]: [number, number]) =>
    Array.from({ length: to - from }, (_, i) => from + i)

  function apply(steps: { adds: boolean; range: [number, number] }[]) {
    const set = new IntervalSet()
    const model = new Set<number>()
    for (const { adds, range } of steps) {
      const hit = integersIn(range).filter((i) => model.has(i) !== adds)
      const count = adds ? set.add(...range) : set.remove(...range)
      for (const i of hit) adds ? model.add(i) : model.delete(i)
      expect(count).toBe(hit.length)
    }
    return { set, model }
  }

  test('it holds the same integers in the fewest intervals', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { set, model } = apply(steps)
        const all = integersIn([0, limit])
        expect(all.filter((i) => set.has(i))).toEqual(all.filter((i) => model.has(i)))
        expect(set.size).toBe(model.size)
        expect(set.intervals).toBe(all.filter((i) => model.has(i) && !model.has(i - 1)).length)
      }),
      { seed: 1, numRuns: 500 },
    )
  })

  test('it answers every question about a range alike', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), range, (steps, asked) => {
        const { set, model } = apply(steps)
        const asks = integersIn(asked)
        const held = asks.filter((i) => model.has(i))
        const missing = asks.filter((i) => !model.has(i))
        expect(set.covers(...asked)).toBe(missing.length === 0)
        expect(set.countIn(...asked)).toBe(held.length)
        const runs = runsOf(set, ...asked)
        expect(runs.flatMap(integersIn)).toEqual(held)
        const apart = runs.every(([from], i) => i === 0 || from > runs[i - 1][1])
        expect(apart).toBe(true)
        expect(gapsOf(set, ...asked).flatMap(integersIn)).toEqual(missing)
        let gap = asked[0]
        while (model.has(gap)) gap++
        expect(set.firstGapAt(asked[0])).toBe(gap)
        const next = [...model].filter((i) => i >= asked[0])
        expect(set.firstAt(asked[0])).toBe(Math.min(Infinity, ...next))
      }),
      { seed: 2, numRuns: 500 },
    )
  })
})
