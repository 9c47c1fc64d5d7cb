import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SlotHeap } from '../../../src/hbase/regionserver/slot-heap.js'

function drained(heap: SlotHeap): number[] {
  const slots: number[] = []
  while (heap.length > 0) slots.push(heap.pop())
  return slots
}

test('slots come by time, at one time in order of arrival', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20), { maxLength: 60 }), (times) => {
      const heap = new SlotHeap()
      times.forEach((timeUs, slot) => {
        heap.push(slot, timeUs)
      })
      expect(heap.firstUs).toBe(Math.min(Number.POSITIVE_INFINITY, ...times))
      const slots = times.map((_, slot) => slot)
      expect(drained(heap)).toEqual(slots.sort((a, b) => times[a] - times[b] || a - b))
    }),
    { seed: 28987 },
  )
})

test('what was due before a time is due then, still in its order', () => {
  const times = Float64Array.of(5, 30, 10, 20)
  const heap = new SlotHeap()
  for (const slot of [3, 2, 1, 0]) heap.push(slot, times[slot])
  heap.raiseAllTo(20, times)
  expect([...times]).toEqual([20, 30, 20, 20])
  expect(drained(heap)).toEqual([0, 2, 3, 1])
})
