import { describe, expect, test } from 'vitest'
import type { Protocol } from '../../../src/kernel/process.js'
import type { DisasterClass } from '../../../src/storage/disaster.js'
import type { Hdfs } from '../../../src/storage/hdfs/hdfs.js'
import type { HdfsFile } from '../../../src/storage/hdfs/hdfs-file.js'
import { bytesOf, outcome, World } from '../world.js'

const S = 1_000_000

const DISASTERS: DisasterClass[] = [
  'region-server-crash',
  'data-node-crash',
  'rack-power-loss',
  'cluster-power-loss',
  'hdfs-loss',
  'store-loss',
]

/** An open file: 1000 bytes hsynced, 500 hflushed, 200 in the writer's buffer. */
function fileOf(hdfs: Hdfs, world: World): HdfsFile {
  const { file } = hdfs.openFanOut('/wal', world.writer())
  file.append(bytesOf(0, 1000))
  file.acknowledge(1000, 1000)
  file.append(bytesOf(1000, 500))
  file.acknowledge(1500, 1000)
  file.append(bytesOf(1500, 200))
  return file
}

function left(file: HdfsFile): number[] {
  return DISASTERS.map((disaster) => file.survivingBytes(disaster))
}

describe('what survives (storage reference, 3.1)', () => {
  test('of an open file', () => {
    const world = new World()
    const file = fileOf(world.hdfsWith(), world)
    expect(left(file)).toEqual([1500, 1500, 1500, 1000, 0, 1500])
  })

  test('of an open file after its DataNodes died as processes: the replicas wait', () => {
    const world = new World()
    const hdfs = world.hdfsWith({ dataNodes: 3 })
    const file = fileOf(hdfs, world)
    hdfs.killDataNode(1)
    hdfs.killDataNode(2)
    expect(left(file)).toEqual([1500, 1500, 1000, 1000, 0, 1500])
    hdfs.killDataNode(3)
    // Any rack's replica would come back with 1000 bytes, and the shortest counts.
    expect(left(file)).toEqual([1500, 1500, 1000, 1000, 0, 1500])
  })

  test('of a file whose replicas are all on one rack', () => {
    const world = new World()
    const file = fileOf(world.hdfsWith({ racks: 1 }), world)
    expect(left(file)).toEqual([1500, 1500, 1000, 1000, 0, 1500])
  })

  test('of a file with a single replica', () => {
    const world = new World()
    const file = fileOf(world.hdfsWith({ dataNodes: 1 }), world)
    expect(left(file)).toEqual([1500, 0, 1000, 1000, 0, 1500])
  })

  test('of a closed file: whole, or nothing where no replica was written back to its end', () => {
    const world = new World()
    const file = fileOf(world.hdfsWith(), world)
    file.markClosed()
    expect(left(file)).toEqual([1700, 1700, 1700, 0, 0, 1700])
    world.scheduler.run(35 * S)
    expect(left(file)).toEqual([1700, 1700, 1700, 1700, 0, 1700])
  })
})

describe('the loss of power on all racks', () => {
  test('cuts an open file to what was hsynced, for good', () => {
    const world = new World()
    const hdfs = world.hdfsWith()
    const file = fileOf(hdfs, world)
    hdfs.powerOff(null)
    hdfs.powerOn(null)
    expect([file.bytesFlushed, file.bytesWritten, file.bytesSynced]).toEqual([1000, 1000, 1000])
    expect(file.extents).toEqual([bytesOf(0, 1000)])
    expect(hdfs.usedBytes).toBe(3000)
    expect(world.finish(outcome(hdfs.open(file, world.node)))).toBe('missing-block')
    expect(world.finish(hdfs.recoverLease(file))).toBe(true)
    expect(world.finish(outcome(hdfs.open(file, world.node)))).toBe('done')
    expect([file.closed, file.bytesFlushed]).toEqual([true, 1000])
    expect(left(file)[3]).toBe(1000)
  })

  test('takes a closed file that was in page caches, though the NameNode believes in it', () => {
    const world = new World()
    const hdfs = world.hdfsWith()
    const file = fileOf(hdfs, world)
    file.markClosed()
    hdfs.powerOff(null)
    hdfs.powerOn(null)
    expect([file.bytesFlushed, file.missingBytes, file.extents.length]).toEqual([0, 1700, 0])
    expect(world.finish(hdfs.getFileStatus(file))).toBe(1700)
    expect(world.finish(outcome(hdfs.open(file, world.node)))).toBe('missing-block')
    expect(left(file)).toEqual([0, 0, 0, 0, 0, 0])
  })

  test('breaks every open stream, and nothing answers until power is back', () => {
    const world = new World()
    const hdfs = world.hdfsWith()
    const stream = world.finish(hdfs.create('/staged', world.writer(0)))
    const output = hdfs.openFanOut('/wal', world.writer(1))
    stream.write(bytesOf(0, 100))
    world.finish(stream.hsync())
    stream.write(bytesOf(100, 100))
    world.finish(stream.hflush())
    const kinds: string[] = []
    world.host.spawn('cleaner', record(kinds, outcome(hdfs.delete(stream.file))))
    world.scheduler.run(world.scheduler.now + 1)
    hdfs.powerOff(null)
    world.scheduler.run(world.scheduler.now + 1)
    for (const call of [
      hdfs.create('/b', world.writer(2)),
      hdfs.getFileStatus(stream.file),
      hdfs.open(stream.file, world.node),
      hdfs.list('/'),
      hdfs.rename('/staged', '/b'),
    ] as Protocol<unknown>[]) {
      kinds.push(world.finish(outcome(call)))
    }
    hdfs.powerOn(null)
    expect(output.failed).toBe(true)
    kinds.push(world.finish(outcome(stream.hflush())))
    kinds.push(world.finish(outcome(hdfs.create('/b', world.writer(3)))))
    expect(kinds.sort()).toEqual(['done', 'pipeline', ...Array(6).fill('refused')])
    expect([stream.file.deleted, stream.file.bytesFlushed]).toEqual([false, 100])
  })

  test('what is asked while it is off and on again is forgotten', () => {
    const world = new World()
    const hdfs = world.hdfsWith()
    const file = hdfs.register('/wal')
    const kinds: string[] = []
    world.host.spawn('cleaner', record(kinds, outcome(hdfs.delete(file))))
    world.scheduler.run(1)
    hdfs.powerOff(null)
    hdfs.powerOn(null)
    world.scheduler.run()
    expect([kinds, file.deleted]).toEqual([['refused'], false])
  })
})

describe('the loss of power on one rack', () => {
  test('leaves a file whole that has replicas elsewhere, and HDFS running', () => {
    const world = new World()
    const hdfs = world.hdfsWith()
    const file = fileOf(hdfs, world)
    hdfs.powerOff(0)
    expect(file.bytesFlushed).toBe(1500)
    expect(world.finish(hdfs.recoverLease(file))).toBe(true)
    expect(file.bytesFlushed).toBe(1500)
    expect(file.blocks[0].dataNodes.map(({ rack }) => rack)).not.toContain(0)
  })

  test('after another: the first has come back with what its disks had', () => {
    const world = new World()
    const hdfs = world.hdfsWith({ dataNodes: 6 })
    const file = fileOf(hdfs, world)
    const [first, second] = file.blocks[0].dataNodes.map(({ rack }) => rack)
    hdfs.powerOff(first)
    hdfs.powerOn(first)
    expect(file.survivingBytes('rack-power-loss')).toBe(1000)
    hdfs.powerOff(second)
    expect([file.bytesFlushed, file.bytesWritten]).toEqual([1000, 1000])
  })

  test('costs a closed block its replicas there that were not written back; they are made anew', () => {
    const world = new World()
    const hdfs = world.hdfsWith({ dataNodes: 9 })
    const file = fileOf(hdfs, world)
    file.markClosed()
    const [, second] = file.blocks[0].dataNodes
    hdfs.powerOff(second.rack)
    expect(file.blocks[0].replicas).toHaveLength(1)
    hdfs.powerOn(second.rack)
    world.scheduler.run(10 * S)
    expect(file.blocks[0].replicas).toHaveLength(3)
    expect(file.bytesFlushed).toBe(1700)
  })

  test('all racks without power one after the other: no NameNode', () => {
    const world = new World()
    const hdfs = world.hdfsWith()
    for (const rack of [0, 1]) hdfs.powerOff(rack)
    expect(world.finish(outcome(hdfs.list('/')))).toBe('done')
    hdfs.powerOff(2)
    expect(world.finish(outcome(hdfs.list('/')))).toBe('refused')
    hdfs.powerOn(1)
    expect(world.finish(outcome(hdfs.list('/')))).toBe('done')
  })
})

test('lazily written files are brought up to date before any fault', () => {
  const world = new World()
  let looks = 0
  const hdfs = world.hdfsWith({ beforeTick: () => looks++ })
  hdfs.killDataNode(1)
  hdfs.powerOff(1)
  hdfs.lose()
  expect(looks).toBe(3)
})

function* record<T>(results: T[], protocol: Protocol<T>): Protocol {
  results.push(yield* protocol)
}
