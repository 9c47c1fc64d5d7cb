import { describe, expect, test } from 'vitest'
import { constant } from '../../../src/kernel/distribution.js'
import { Host, type Protocol } from '../../../src/kernel/process.js'
import { noRequests } from '../../../src/storage/s3/s3-operations.js'
import type { Outage } from '../../../src/storage/s3/store-weather.js'
import { bytesOf, outcome, World } from '../world.js'
import { at, counts, FAST_CREATE, NO_RETRIES, open, PART, PART_US, upload } from './uploads.js'

describe('outages', () => {
  test.each([
    ['refuse', 'refused', 1000],
    ['500', '500', 1000 + 45_000],
    ['503', '503', 1000 + 45_000],
    ['timeout', 'timeout', 60_000_000],
  ] as const)('%s: the PUT ends with %s after %d us', (outage, kind, us) => {
    const world = new World()
    const store = world.store()
    store.weather.outage = outage
    const stream = open(world, store, NO_RETRIES)
    world.run(stream.write(bytesOf(0, 100_000)))
    const since = world.scheduler.now
    expect(world.run(outcome(stream.close()))).toBe(kind)
    expect(world.scheduler.now - since).toBe(us)
    expect(store.requests).toEqual(counts({ PUT: 1 }))
    expect(store.billed).toEqual(noRequests())
    expect(store.objects).toBe(0)
  })

  test('is judged when the store has the request, not when it was sent', () => {
    const world = new World()
    const store = world.store()
    const stream = open(world, store, NO_RETRIES)
    world.run(stream.write(bytesOf(0, 100_000)))
    const since = world.scheduler.now
    at(world, since + 500, () => {
      store.weather.outage = '500'
    })
    expect(world.run(outcome(stream.close()))).toBe('500')
  })

  test('leaves alone what the store has received before', () => {
    const world = new World()
    const store = world.store()
    const stream = open(world, store, NO_RETRIES)
    world.run(stream.write(bytesOf(0, 100_000)))
    at(world, world.scheduler.now + 2000, () => {
      store.weather.outage = 'refuse'
    })
    expect(world.run(outcome(stream.close()))).toBe('done')
  })

  test('without one, a request fails with the error rate', () => {
    const world = new World()
    const store = world.store({ errorRate: 1 })
    const stream = open(world, store, NO_RETRIES)
    expect(world.run(outcome(stream.close()))).toBe('500')
  })
})

describe('retries', () => {
  // Every uniform is a half: 51, 101, 201, 401 and 801 ms between six attempts of one call.
  const SDK_BACKOFF_US = 1_555_000
  const SDK_THROTTLED_BACKOFF_US = 15_505_000

  function failing(outage: Outage, site: Record<string, string> = {}) {
    const world = new World()
    const store = world.store()
    store.weather.outage = outage
    const stream = open(world, store, site)
    const kind = world.run(outcome(stream.close()))
    return { kind, us: world.scheduler.now, attempts: store.requests.PUT }
  }

  test("S3A's own: seven, 127 s of waits", () => {
    const { kind, us, attempts } = failing('refuse', { 'fs.s3a.attempts.maximum': '0' })
    expect({ kind, us, attempts }).toEqual({ kind: 'refused', us: 127_008_000, attempts: 8 })
  })

  test("around the SDK's six attempts", () => {
    const us = 127_000_000 + 8 * (6 * 1000 + SDK_BACKOFF_US)
    expect(failing('refuse')).toEqual({ kind: 'refused', us, attempts: 48 })
  })

  test('a throttled call has a ladder of its own', () => {
    const us = 200_000 + 400_000 + 3 * (6 * 45_000 + SDK_THROTTLED_BACKOFF_US)
    const site = { 'fs.s3a.retry.throttle.limit': '2' }
    expect(failing('503', site)).toEqual({ kind: '503', us, attempts: 18 })
  })

  test('the timeout covers a whole call: eight of a minute each', () => {
    const us = 127_000_000 + 8 * 60_000_000
    expect(failing('timeout')).toEqual({ kind: 'timeout', us, attempts: 8 })
  })

  test('an outage shorter than the ladder only delays', () => {
    const world = new World()
    const store = world.store()
    store.weather.outage = 'refuse'
    const stream = open(world, store, { 'fs.s3a.attempts.maximum': '0' })
    at(world, 20_000_000, () => {
      store.weather.outage = null
    })
    // Attempts end at 0.001, 1.002, 3.003, 7.004 and 15.005 s; the next starts at 31.005 s.
    expect(world.timed(stream.close())).toBe(31_005_000 + 45_000)
    expect(store.requests.PUT).toBe(6)
  })

  test('a PUT that timed out may have happened: it is stored and accounted for once', () => {
    const world = new World()
    const store = world.store({ put: constant(61_000_000) })
    const fileSystem = world.s3a(store, { ...NO_RETRIES, 'fs.s3a.retry.limit': '1' })
    const stream = world.run(fileSystem.create('wal', 0))
    world.run(stream.write(bytesOf(0, 100)))
    expect(world.run(outcome(stream.close()))).toBe('timeout')
    expect([store.objects, store.storedBytes]).toEqual([1, 100])
    expect(fileSystem.bytes).toEqual({ written: 100, open: 0, stored: 100, dropped: 0 })
  })

  test('a body too slow for the timeout never arrives', () => {
    const world = new World(undefined, 1e6)
    const store = world.store()
    const stream = open(world, store, NO_RETRIES)
    world.run(stream.write(bytesOf(0, PART - 1)))
    expect(world.run(outcome(stream.close()))).toBe('timeout')
    expect(store.objects).toBe(0)
    expect(world.node.nic.active).toBe(0)
  })
})

describe('the sender dies', () => {
  function killedAfter(us: number) {
    const world = new World()
    const store = world.store()
    const host = new Host(world.scheduler, 'rs2')
    const fileSystem = world.s3a(store, FAST_CREATE, host)
    host.spawn('writer', upload(fileSystem, 100_000) as Protocol<unknown>)
    world.scheduler.run(us)
    host.kill()
    world.scheduler.run()
    return { objects: store.objects, ended: world.scheduler.now, bytes: { ...fileSystem.bytes } }
  }

  test('while the body is under way: no effect', () => {
    expect(killedAfter(999)).toMatchObject({ objects: 0, bytes: { open: 100_000, stored: 0 } })
  })

  test('once the store has the body: the object appears all the same', () => {
    const { objects, ended, bytes } = killedAfter(1001)
    expect({ objects, ended }).toEqual({ objects: 1, ended: 46_000 })
    expect(bytes).toEqual({ written: 100_000, open: 0, stored: 100_000, dropped: 0 })
  })

  test('in the middle of a multipart upload: pending parts are left, no object', () => {
    const world = new World()
    const store = world.store()
    const host = new Host(world.scheduler, 'rs2')
    const fileSystem = world.s3a(store, FAST_CREATE, host)
    host.spawn('writer', upload(fileSystem, 6 * PART) as Protocol<unknown>)
    // Four parts are there, the fifth and sixth are being sent.
    world.scheduler.run(30_000 + PART_US + 45_000 + 10)
    host.kill()
    world.scheduler.run()
    expect([store.objects, store.pendingMultipartBytes]).toEqual([0, 4 * PART])
    expect(world.node.nic.active).toBe(0)
  })
})
