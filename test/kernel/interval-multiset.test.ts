import fc from 'fast-check'
import { expect, test } from 'vitest'
import { InternalError } from '../../src/kernel/errors.js'
import { IntervalMultiset } from '../../src/kernel/interval-multiset.js'

function presentIn(set: IntervalMultiset): number[] {
  const present: number[] = []
  set.present.forEachIn(0, 100, (from, to) => {
    for (let i = from; i < to; i++) present.push(i)
  })
  return present
}

test('what is present twice stays when it is removed once', () => {
  const set = new IntervalMultiset()
  set.add(0, 10)
  set.add(5, 15)
  set.remove(0, 10)
  expect(presentIn(set)).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13, 14])
  set.remove(5, 15)
  expect(presentIn(set)).toEqual([])
})

test('what is absent cannot be removed', () => {
  const set = new IntervalMultiset()
  set.add(0, 10)
  expect(() => set.remove(9, 11)).toThrow(InternalError)
})

test('it agrees with counting every integer', () => {
  const range = fc.tuple(fc.nat(30), fc.nat(12)).map(([from, length]) => [from, from + length])
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), range), { maxLength: 40 }), (steps) => {
      const set = new IntervalMultiset()
      const counts = new Array<number>(60).fill(0)
      const added: number[][] = []
      for (const [adds, range] of steps) {
        const [from, to] = adds || added.length === 0 ? range : (added.shift() ?? range)
        const change = adds || added.length === 0 ? 1 : -1
        if (change === 1) set.add(from, to)
        else if (counts.slice(from, to).every((count) => count > 0)) set.remove(from, to)
        else continue
        if (change === 1) added.push([from, to])
        for (let i = from; i < to; i++) counts[i] += change
        expect(presentIn(set)).toEqual([...counts.keys()].filter((i) => counts[i] > 0))
      }
    }),
    { seed: 4, numRuns: 400 },
  )
})
