import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TransferHeap } from '../../src/kernel/transfer-heap.js'

test('its top is the lowest mark, the earliest of equals, whatever is removed from its middle', () => {
  const operation = fc.record({ mark: fc.nat(30), remove: fc.option(fc.nat(60)) })
  const property = fc.property(fc.array(operation, { maxLength: 120 }), (operations) => {
    const heap = new TransferHeap<{ mark: number; order: number; position: number }>()
    const model: { mark: number; order: number; position: number }[] = []
    operations.forEach(({ mark, remove }, order) => {
      const entry = { mark, order, position: 0 }
      heap.push(entry)
      model.push(entry)
      if (remove !== null && remove < model.length) heap.remove(model.splice(remove, 1)[0])
      expect(heap.size).toBe(model.length)
      expect(heap.top).toBe(model.toSorted((a, b) => a.mark - b.mark || a.order - b.order)[0])
    })
  })
  fc.assert(property, { seed: 7, numRuns: 300 })
})
