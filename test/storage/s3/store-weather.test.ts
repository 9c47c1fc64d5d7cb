import { expect, test } from 'vitest'
import { constant } from '../../../src/kernel/distribution.js'
import { Host, type Protocol } from '../../../src/kernel/process.js'
import { RequestLimit } from '../../../src/storage/s3/request-limit.js'
import { bytesOf, outcome, World } from '../world.js'
import { FAST_CREATE, NO_RETRIES, open, PART, upload, writeParts } from './uploads.js'

const SECOND = 1_000_000
const NEVER = () => Number.POSITIVE_INFINITY

test('a limit admits a second’s worth at once and refuses the excess', () => {
  const limit = new RequestLimit(5, NEVER)
  const admitted = (nowUs: number, asked: number) =>
    Array.from({ length: asked }, () => limit.admit(nowUs)).filter(Boolean).length
  expect(admitted(0, 8)).toBe(5)
  expect(admitted(SECOND / 2, 8)).toBe(2)
  expect(admitted(10 * SECOND, 8)).toBe(5)
})

test('a limit below one a second admits one at a time', () => {
  const limit = new RequestLimit(0.5, NEVER)
  const seconds = [0, 1, 2, 3, 4, 10, 10].map((s) => limit.admit(s * SECOND))
  expect(seconds).toEqual([true, false, true, false, true, true, false])
})

test('a limit doubles when requests have been refused for the time of a repartition', () => {
  const limit = new RequestLimit(1, () => 60 * SECOND)
  expect([limit.admit(0), limit.admit(0)]).toEqual([true, false])
  expect([limit.admit(59 * SECOND), limit.admit(59 * SECOND)]).toEqual([true, false])
  const later = Array.from({ length: 3 }, () => limit.admit(62 * SECOND))
  expect(later).toEqual([true, true, false])
})

test('a store refuses with 503 what is beyond its profile’s limit', () => {
  const world = new World()
  const store = world.store({ putLimit: 2 })
  const fileSystem = world.s3a(store, NO_RETRIES)
  const results: string[] = []
  for (let i = 0; i < 3; i++) {
    world.host.spawn('writer', report(outcome(upload(fileSystem, 0, i)), results))
  }
  world.scheduler.run()
  expect(results.sort()).toEqual(['503', 'done', 'done'])
})

test('a slow store takes its factor longer for latency and body', () => {
  const world = new World()
  const store = world.store()
  const stream = open(world, store, NO_RETRIES)
  world.run(stream.write(bytesOf(0, 1_000_000)))
  store.weather.slowness = 3
  expect(world.timed(stream.close())).toBe(3 * (10_000 + 45_000))
})

test('errors strike the requests they are for', () => {
  const world = new World()
  const store = world.store()
  store.weather.errors = [{ rate: 1, operation: 'UploadPart' }]
  const single = open(world, store, NO_RETRIES)
  expect(world.run(outcome(single.close()))).toBe('done')
  const parts = world.run(world.s3a(store, NO_RETRIES).create('big', 1))
  world.run(outcome(writeParts(parts, 1)))
  expect(world.run(outcome(parts.close()))).toBe('part-failed')
  expect(store.objects).toBe(1)
})

test('error rates of several bursts combine', () => {
  const store = new World().store()
  store.weather.errors = [
    { rate: 0.5, operation: null },
    { rate: 0.5, operation: 'PUT' },
  ]
  expect(store.weather.errorRate('PUT', 0)).toBe(0.75)
  expect(store.weather.errorRate('LIST', 0)).toBe(0.5)
})

test('a request that timed out may have been carried out (R12)', () => {
  const tried = (timeoutApplied: number) => {
    const world = new World()
    const store = world.store({ timeoutApplied })
    store.weather.outage = 'timeout'
    const stream = open(world, store, NO_RETRIES)
    return [world.run(outcome(stream.close())), store.objects]
  }
  expect(tried(1)).toEqual(['timeout', 1])
  expect(tried(0)).toEqual(['timeout', 0])
})

test('of two writers of one key the last to close wins, whole (R13)', () => {
  const world = new World()
  const store = world.store()
  const seen: [number, number | null][] = []
  store.onObject((object, replaced) => seen.push([object.bytes, replaced?.bytes ?? null]))
  const fileSystem = world.s3a(store, FAST_CREATE)
  const first = world.run(fileSystem.create('wal', 0))
  const second = world.run(fileSystem.create('wal', 1))
  world.run(second.write(bytesOf(0, 20)))
  world.run(second.close())
  world.run(first.write(bytesOf(0, 10)))
  world.run(first.close())
  expect(seen).toEqual([
    [20, null],
    [10, 20],
  ])
  expect([store.objects, store.storedBytes]).toEqual([1, 10])
})

test('a dead writer’s parts stay pending until somebody aborts uploads of their age', () => {
  const world = new World()
  const store = world.store()
  const dead = new Host(world.scheduler, 'rs2')
  const writer = world.s3a(store, FAST_CREATE, dead)
  dead.spawn('writer', leaveOpen(world, store, dead))
  world.scheduler.run(20 * SECOND)
  dead.kill()
  writer.processDied()
  expect(store.pendingMultipartBytes).toBe(2 * PART)
  const other = world.s3a(store, FAST_CREATE)
  world.run(other.purgePendingUploads('backup/', 60 * SECOND))
  expect(store.pendingMultipartBytes).toBe(2 * PART)
  world.run(other.purgePendingUploads('elsewhere/', 0))
  expect(store.pendingMultipartBytes).toBe(2 * PART)
  world.run(other.purgePendingUploads('backup/', 0))
  expect([store.pendingMultipartBytes, store.uploads.size]).toEqual([0, 0])
  expect(store.requests.DELETE).toBe(1)
})

test('a store that is lost does nothing of what it was asked just before', () => {
  const world = new World()
  const store = world.store()
  const fileSystem = world.s3a(store, NO_RETRIES)
  world.run(upload(fileSystem, 100, 0))
  const parts = open(world, store, NO_RETRIES)
  world.run(writeParts(parts, 2))
  expect([store.objects, store.pendingMultipartBytes]).toEqual([1, 2 * PART])
  const results: string[] = []
  world.host.spawn('writer', report(outcome(upload(fileSystem, 100, 1)), results))
  // The body is sent; the store takes 45 ms to answer.
  world.scheduler.run(world.scheduler.now + 10_000)
  store.lose()
  world.scheduler.run()
  expect(results).toEqual(['refused'])
  expect([store.objects, store.storedBytes, store.pendingMultipartBytes]).toEqual([0, 0, 0])
  expect(world.run(outcome(upload(fileSystem, 100, 2)))).toBe('refused')
})

test('retries share a budget: in a long outage calls are given up at their first failure', () => {
  const world = new World()
  const store = world.store()
  store.weather.outage = 'refuse'
  const site = { ...FAST_CREATE, 'fs.s3a.retry.limit': '0' }
  const fileSystem = world.s3a(store, site)
  const attempts: number[] = []
  for (let i = 0; i < 22; i++) {
    const before = store.requests.PUT
    world.run(outcome(upload(fileSystem, 1, i)))
    attempts.push(store.requests.PUT - before)
  }
  // 500 tokens at 5 for a retry: twenty calls of five retries.
  expect(attempts.slice(0, 20)).toEqual(Array(20).fill(6))
  expect(attempts.slice(20)).toEqual([1, 1])
})

test('whoever watches hears of a stream’s growth and of its end, whatever ends it', () => {
  const world = new World()
  const store = world.store({ put: constant(1000) })
  const fileSystem = world.s3a(store, FAST_CREATE)
  const heard: string[] = []
  fileSystem.watcher = {
    changing: () => heard.push('changing'),
    changed: ({ key }, what) => heard.push(`${key} ${what}`),
  }
  const stored = world.run(fileSystem.create('a', 0))
  world.run(stored.write(bytesOf(0, 10)))
  world.run(stored.close())
  const aborted = world.run(fileSystem.create('b', 1))
  world.run(aborted.abort())
  world.run(fileSystem.create('c', 2))
  fileSystem.processDied()
  expect(heard.filter((what) => what !== 'changing')).toEqual([
    'a written',
    'a gone',
    'b gone',
    'c gone',
  ])
  expect(heard.filter((what) => what === 'changing')).toHaveLength(4)
})

function* report(protocol: Protocol<string>, results: string[]): Protocol {
  results.push(yield* protocol)
}

function* leaveOpen(world: World, store: ReturnType<World['store']>, host: Host): Protocol {
  const stream = yield* world.s3a(store, FAST_CREATE, host).create('backup/wal', 0)
  yield* writeParts(stream, 2)
}
