import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ClientQueue } from '../../../src/hbase/client/client-queue.js'

test('clients come by time, those of one time in their order', () => {
  const times = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 50 })
  fc.assert(
    fc.property(times, fc.infiniteStream(fc.nat(9)), (first, more) => {
      const queue = new ClientQueue(first.length)
      const expected: [us: number, client: number][] = first.map((us, client) => [us, client])
      first.forEach((us, client) => {
        queue.push(client, us)
      })
      for (let n = 0; expected.length > 0; n++) {
        expected.sort(([a, c], [b, d]) => a - b || c - d)
        const [us, client] = expected.shift() ?? [0, 0]
        expect(queue.firstUs).toBe(us)
        expect(queue.pop()).toBe(client)
        if (n >= 50) continue
        const again = us + (more.next().value ?? 0)
        queue.push(client, again)
        expected.push([again, client])
      }
      expect(queue.firstUs).toBe(Number.POSITIVE_INFINITY)
    }),
    { seed: 28_987 },
  )
})
