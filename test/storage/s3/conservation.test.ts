import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Luck } from '../../../src/kernel/draws.js'
import type { Protocol } from '../../../src/kernel/process.js'
import type { S3AFileSystem } from '../../../src/storage/s3/s3a-file-system.js'
import type { Outage } from '../../../src/storage/s3/store-weather.js'
import { bytesOf, MIB, outcome, World } from '../world.js'

const SITE = {
  'fs.s3a.multipart.size': '5m',
  'fs.s3a.fast.upload.active.blocks': '2',
  'fs.s3a.threads.max': '3',
  'fs.s3a.retry.limit': '2',
  'fs.s3a.retry.throttle.limit': '2',
}

test('bytes written are open, stored or dropped at every instant, through any outage', () => {
  const outage = fc.constantFrom<Outage | null>(null, null, 'refuse', '500', '503', 'timeout')
  const weather = fc.array(fc.tuple(fc.integer({ min: 0, max: 20_000_000 }), outage))
  const sizes = fc.array(fc.integer({ min: 0, max: 20 * MIB }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(fc.integer(), sizes, weather, fc.nat(20_000_000), (seed, objects, changes, end) => {
      const world = new World(new Luck(seed))
      const store = world.store({ errorRate: 0.05 })
      const fileSystem = world.s3a(store, SITE)
      const at = (us: number, change: () => void) =>
        world.scheduler.schedule(us, world.scheduler.handler(change))
      for (const [us, next] of changes) {
        at(us, () => {
          store.weather.outage = next
        })
      }
      objects.forEach((bytes, i) => {
        world.host.spawn('writer', outcome(upload(fileSystem, bytes, i)))
      })
      for (let us = 0; us < 30_000_000; us += 1_000_000) at(us, check)
      at(end, () => world.host.kill())
      world.scheduler.run()
      check()

      function check(): void {
        const { written, open, stored, dropped } = fileSystem.bytes
        expect(open + stored + dropped).toBe(written)
        expect(store.storedBytes).toBe(stored)
        expect(store.pendingMultipartBytes).toBeLessThanOrEqual(open + dropped)
        for (const [operation, billed] of Object.entries(store.billed)) {
          expect(billed).toBeLessThanOrEqual(store.requests[operation as 'PUT'])
        }
      }
    }),
    { seed: 11, numRuns: 60 },
  )
})

function* upload(fileSystem: S3AFileSystem, bytes: number, ordinal: number): Protocol {
  const stream = yield* fileSystem.create(`wal-${ordinal}`, ordinal)
  for (let i = 0; i < 4; i++) yield* stream.write(bytesOf(i * bytes, Math.floor(bytes / 4)))
  yield* stream.close()
}
