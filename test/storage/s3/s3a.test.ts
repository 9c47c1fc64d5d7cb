import { describe, expect, test } from 'vitest'
import type { Protocol } from '../../../src/kernel/process.js'
import { Configuration } from '../../../src/storage/configuration.js'
import { IOException } from '../../../src/storage/io-exception.js'
import { noRequests } from '../../../src/storage/s3/s3-operations.js'
import { requireSyncable } from '../../../src/storage/stream-capabilities.js'
import { bytesOf, MIB, outcome, timed, World } from '../world.js'
import {
  at,
  counts,
  FAST_CREATE,
  NO_RETRIES,
  open,
  PART,
  PART_US,
  upload,
  writeParts,
} from './uploads.js'

describe('requests per object', () => {
  test.each([
    [0, { PUT: 1 }],
    [1, { PUT: 1 }],
    [PART - 1, { PUT: 1 }],
    [PART, { Initiate: 1, UploadPart: 1, Complete: 1 }],
    [PART + 1, { Initiate: 1, UploadPart: 2, Complete: 1 }],
    [200 * MIB, { Initiate: 1, UploadPart: 4, Complete: 1 }],
  ])('%d bytes', (bytes, expected) => {
    const world = new World()
    const store = world.store()
    const object = world.run(upload(world.s3a(store), bytes))
    expect(object.bytes).toBe(bytes)
    expect(store.requests).toEqual(counts({ LIST: 1, ...expected }))
    expect(store.billed).toEqual(store.requests)
    expect([store.objects, store.storedBytes, store.pendingMultipartBytes]).toEqual([1, bytes, 0])
  })

  test('create.performance saves the LIST', () => {
    const world = new World()
    const store = world.store()
    world.run(upload(world.s3a(store, FAST_CREATE), 1))
    expect(store.requests).toEqual(counts({ PUT: 1 }))
  })

  test('getFileStatus is a HEAD', () => {
    const world = new World()
    const store = world.store()
    const fileSystem = world.s3a(store, FAST_CREATE)
    const object = world.run(upload(fileSystem, 123))
    expect(world.timed(fileSystem.getFileStatus(object, 0))).toBe(10_000)
    expect(world.run(fileSystem.getFileStatus(object, 0))).toBe(123)
    expect(store.requests).toEqual(counts({ PUT: 1, HEAD: 2 }))
  })
})

describe('what an upload takes', () => {
  test('a small object: LIST, the body, PUT', () => {
    const world = new World()
    expect(world.timed(upload(world.s3a(world.store()), 100_000))).toBe(24_000 + 1000 + 45_000)
  })

  test('a large one: Initiate, the parts side by side, Complete', () => {
    const world = new World()
    const us = world.timed(upload(world.s3a(world.store(), FAST_CREATE), 200 * MIB))
    expect(us).toBe(30_000 + PART_US + 45_000 + 95_000)
  })

  test('write() waits while as many blocks as allowed are queued and uploading', () => {
    const world = new World()
    const stream = open(world, world.store())
    expect(world.timed(writeParts(stream, 4))).toBe(30_000)
    const uploading = open(world, world.store())
    // The fifth block waits for the first upload.
    expect(world.timed(writeParts(uploading, 5))).toBe(30_000 + PART_US + 45_000)
  })

  test('parts share the network card', () => {
    const world = new World(undefined, 100e6)
    const us = world.timed(upload(world.s3a(world.store(), FAST_CREATE), 2 * PART))
    expect(us).toBe(30_000 + 1_342_178 + 45_000 + 95_000)
  })

  test('streams of one file system share its upload threads', () => {
    const world = new World()
    const fileSystem = world.s3a(world.store(), { ...FAST_CREATE, 'fs.s3a.threads.max': '1' })
    const times: number[] = []
    for (const ordinal of [0, 1]) world.host.spawn('writer', measure(ordinal))
    world.scheduler.run()
    expect(times).toEqual([46_000, 92_000])

    function* measure(ordinal: number): Protocol {
      times.push(yield* timed(world.scheduler, upload(fileSystem, 100_000, ordinal)))
    }
  })
})

describe('R4: nothing exists before close() returns', () => {
  test('the object becomes visible, and the listener hears of it, at the end of Complete', () => {
    const world = new World()
    const store = world.store()
    const seen: [string, number][] = []
    store.onObject((object) => seen.push([object.key, world.scheduler.now]))
    const stream = open(world, store)
    world.run(writeParts(stream, 2))
    world.run(outcome(idle(60_000_000)))
    expect([store.objects, store.pendingMultipartBytes, seen]).toEqual([0, 2 * PART, []])
    const closedAtUs = world.scheduler.now
    const object = world.run(stream.close())
    expect(seen).toEqual([['wal', closedAtUs + 95_000]])
    expect(object.createdAtUs).toBe(closedAtUs + 95_000)
    expect(object.extents).toEqual([bytesOf(0, 2 * PART)])
    expect(store.pendingMultipartBytes).toBe(0)
  })

  test('an aborted stream leaves no object and no parts', () => {
    const world = new World()
    const store = world.store()
    const fileSystem = world.s3a(store, FAST_CREATE)
    const stream = world.run(fileSystem.create('wal', 0))
    world.run(writeParts(stream, 1))
    world.run(stream.abort())
    expect(store.requests).toEqual(counts({ Initiate: 1, UploadPart: 1, DELETE: 1 }))
    expect([store.objects, store.pendingMultipartBytes, store.discardedBytes]).toEqual([0, 0, PART])
    expect(fileSystem.bytes).toEqual({ written: PART, open: 0, stored: 0, dropped: PART })
    expect(world.run(outcome(stream.close()))).toBe('closed')
  })

  test('an abort during close() ends the close', () => {
    const world = new World()
    const store = world.store()
    const stream = open(world, store)
    world.run(stream.write(bytesOf(0, MIB)))
    const kinds: string[] = []
    world.host.spawn('closer', record(kinds, stream.close()))
    world.scheduler.run(world.scheduler.now + 1000)
    world.run(stream.abort())
    expect(kinds).toEqual(['closed'])
    expect(store.objects).toBe(0)
  })
})

describe('R5, R6, R7: hflush and hsync', () => {
  test('R5: they succeed at once and persist nothing', () => {
    const world = new World()
    const store = world.store()
    const stream = open(world, store)
    world.run(stream.write(bytesOf(0, 1000)))
    stream.hflush()
    stream.hsync()
    expect([store.objects, store.requests]).toEqual([0, noRequests()])
  })

  test('R5: without the downgrade they fail', () => {
    const world = new World()
    const stream = open(world, world.store(), { 'fs.s3a.downgrade.syncable.exceptions': 'false' })
    expect(() => stream.hsync()).toThrow('unsupported')
  })

  test('R6: asked, the stream says that it has neither; an HDFS stream has both', () => {
    const world = new World()
    const stream = open(world, world.store())
    expect(stream.hasCapability('hflush')).toBe(false)
    expect(stream.hasCapability('hsync')).toBe(false)
    const wal = world.run(world.hdfs().create('/wal', world.writer()))
    expect(wal.hasCapability('hflush')).toBe(true)
    expect(wal.hasCapability('hsync')).toBe(true)
  })

  test('R7: a WAL writer refuses such a stream unless the check is off', () => {
    const world = new World()
    const stream = open(world, world.store())
    const off = new Configuration({ 'hbase.unsafe.stream.capability.enforce': 'false' })
    expect(() => requireSyncable(stream, new Configuration())).toThrow(IOException)
    expect(() => requireSyncable(stream, off)).not.toThrow()
    const wal = world.run(world.hdfs().create('/wal', world.writer()))
    expect(() => requireSyncable(wal, new Configuration())).not.toThrow()
  })
})

describe('a failed part', () => {
  const site = { ...NO_RETRIES, 'fs.s3a.fast.upload.active.blocks': '2' }

  test('is remembered; close() throws and all parts of the file are discarded', () => {
    const world = new World()
    const store = world.store()
    const fileSystem = world.s3a(store, site)
    const stream = world.run(fileSystem.create('wal', 0))
    world.run(writeParts(stream, 1))
    store.weather.outage = '500'
    world.run(stream.write(bytesOf(PART, PART)))
    store.weather.outage = null
    expect(store.pendingMultipartBytes).toBe(PART)
    expect(world.run(outcome(stream.write(bytesOf(2 * PART, 5))))).toBe('done')
    expect(world.run(outcome(stream.close()))).toBe('part-failed')
    expect([store.objects, store.pendingMultipartBytes, store.discardedBytes]).toEqual([0, 0, PART])
    expect(fileSystem.bytes.dropped).toBe(2 * PART + 5)
  })

  test('is thrown by the write() that fills the next block', () => {
    const world = new World()
    const store = world.store()
    const stream = world.run(world.s3a(store, site).create('wal', 0))
    at(world, 40_000, () => {
      store.weather.outage = '503'
    })
    expect(world.run(outcome(writeParts(stream, 3)))).toBe('part-failed')
    expect(world.run(outcome(stream.write(bytesOf(0, 1))))).toBe('closed')
  })

  test('that an outage keeps from being aborted stays, billed and invisible', () => {
    const world = new World()
    const store = world.store()
    const stream = world.run(world.s3a(store, site).create('wal', 0))
    world.run(writeParts(stream, 1))
    store.weather.outage = '500'
    expect(world.run(outcome(stream.close()))).toBe('500')
    expect([store.objects, store.pendingMultipartBytes]).toEqual([0, PART])
  })
})

function* idle(us: number): Protocol {
  yield us
}

function* record(kinds: string[], protocol: Protocol<unknown>): Protocol {
  kinds.push(yield* outcome(protocol))
}
