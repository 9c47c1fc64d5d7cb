import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SlotRing } from '../../../src/hbase/regionserver/slot-ring.js'

const SEED = 28987

function contentOf(ring: SlotRing): number[] {
  return Array.from({ length: ring.length }, (_, i) => ring.at(i))
}

/** Take the first, or put a slot with this key. */
const operation = fc.oneof(
  fc.constant({ kind: 'shift' as const, key: 0 }),
  fc.record({ kind: fc.constant('put' as const), key: fc.integer({ min: 0, max: 9 }) }),
  fc.record({ kind: fc.constant('put' as const), key: fc.integer({ min: 0, max: 9 }) }),
)

const operations = fc.array(operation, { maxLength: 200, size: 'max' })

describe('a ring of slots', () => {
  test('is a first-in-first-out queue, whatever it has to grow', () => {
    fc.assert(
      fc.property(operations, fc.constantFrom(1, 4, 64), (operations, capacity) => {
        const ring = new SlotRing(capacity)
        const model: number[] = []
        const taken: number[] = []
        const expected: number[] = []
        operations.forEach(({ kind }, slot) => {
          if (kind === 'put') {
            ring.push(slot)
            model.push(slot)
          } else if (ring.length > 0) {
            taken.push(ring.first(), ring.shift())
            expected.push(model[0], ...model.splice(0, 1))
          }
        })
        expect(taken).toEqual(expected)
        expect(contentOf(ring)).toEqual(model)
      }),
      { seed: SEED },
    )
  })

  test('filled by insertion it is sorted by key, equal keys in order of arrival', () => {
    fc.assert(
      fc.property(operations, fc.constantFrom(1, 4, 64), (operations, capacity) => {
        const ring = new SlotRing(capacity)
        const keys = Float64Array.from(operations, ({ key }) => key)
        const model: number[] = []
        const taken: number[] = []
        const expected: number[] = []
        operations.forEach(({ kind }, slot) => {
          if (kind === 'put') {
            ring.insert(slot, keys)
            model.push(slot)
            model.sort((a, b) => keys[a] - keys[b])
          } else if (ring.length > 0) {
            taken.push(ring.shift())
            expected.push(...model.splice(0, 1))
          }
        })
        expect(taken).toEqual(expected)
        expect(contentOf(ring)).toEqual(model)
      }),
      { seed: SEED },
    )
  })

  test('keys are moved together, and the order stays', () => {
    const keys = Float64Array.of(5, 20, 10, 30)
    const ring = new SlotRing(2)
    for (const slot of [3, 0, 2, 1]) ring.insert(slot, keys)
    ring.addToAll(2, keys)
    expect([...keys]).toEqual([7, 22, 12, 32])
    ring.raiseAllTo(20, keys)
    expect([...keys]).toEqual([20, 22, 20, 32])
    expect(contentOf(ring)).toEqual([0, 2, 1, 3])
  })
})
