import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Fifo } from '../../src/kernel/fifo.js'

test('behaves as an array that is pushed, shifted, unshifted and drained', () => {
  const operation = fc.constantFrom('push', 'push', 'push', 'shift', 'unshift', 'drain')
  const property = fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
    const fifo = new Fifo<number>()
    let model: number[] = []
    operations.forEach((kind, i) => {
      if (kind === 'push') {
        fifo.push(i)
        model.push(i)
      } else if (kind === 'unshift') {
        fifo.unshift(i)
        model.unshift(i)
      } else if (kind === 'shift' && model.length > 0) {
        expect(fifo.shift()).toBe(model.shift())
      } else if (kind === 'drain' && i % 10 === 0) {
        expect(fifo.drain()).toEqual(model)
        model = []
      }
      expect(fifo.length).toBe(model.length)
    })
    expect(fifo.drain()).toEqual(model)
  })
  fc.assert(property, { seed: 6, numRuns: 300 })
})
