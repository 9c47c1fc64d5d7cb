import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EventHeap } from '../../src/kernel/event-heap.js'
import { EventSlots } from '../../src/kernel/event-slots.js'

test('its top is the earliest entry, after any pushes, removals, replacements and sieves', () => {
  const operation = fc.record({
    kind: fc.constantFrom('push', 'push', 'push', 'remove', 'replace', 'retain'),
    time: fc.nat(40),
  })
  const operations = fc.array(operation, { minLength: 100, maxLength: 400 })
  const property = fc.property(operations, (some) => {
    const slots = new EventSlots()
    const heap = new EventHeap(slots)
    let model: { time: number; slot: number }[] = []
    some.forEach(({ kind, time }, sequence) => {
      const slot = slots.take(sequence, 1, 0, 0)
      if (kind === 'push' || model.length === 0) {
        heap.push(time, slot)
        model.push({ time, slot })
      } else if (kind === 'replace') {
        heap.replaceTop(time, slot)
        model.splice(0, 1, { time, slot })
      } else if (kind === 'remove') {
        heap.removeTop()
        model.shift()
      } else if (time < 4) {
        const keep = (one: number) => one % 4 !== time
        heap.retain(keep)
        model = model.filter((entry) => keep(entry.slot))
      }
      // Slots are numbered in the order of their sequence numbers here.
      model.sort((a, b) => a.time - b.time || a.slot - b.slot)
      expect(heap.size).toBe(model.length)
      if (model.length > 0) expect([heap.topTime, heap.topSlot]).toEqual(Object.values(model[0]))
    })
  })
  fc.assert(property, { seed: 8, numRuns: 100 })
})
