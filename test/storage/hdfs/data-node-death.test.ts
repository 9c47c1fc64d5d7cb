import { describe, expect, test } from 'vitest'
import type { Protocol } from '../../../src/kernel/process.js'
import { Configuration } from '../../../src/storage/configuration.js'
import type { Hdfs } from '../../../src/storage/hdfs/hdfs.js'
import type { HdfsFile } from '../../../src/storage/hdfs/hdfs-file.js'
import type { HdfsOutputStream } from '../../../src/storage/hdfs/hdfs-output-stream.js'
import { bytesOf, outcome, timed, World } from '../world.js'

const S = 1_000_000

/** An open file with 350,000 flushed bytes, and the numbers of the DataNodes of its block. */
function opened(world: World, hdfs: Hdfs): { stream: HdfsOutputStream; pipeline: number[] } {
  const stream = world.finish(hdfs.create('/wal', world.writer()))
  stream.write(bytesOf(0, 350_000))
  world.finish(stream.hflush())
  return { stream, pipeline: dataNodesOf(stream.file) }
}

function dataNodesOf(file: HdfsFile): number[] {
  return file.blocks[0].dataNodes.map(({ index }) => index + 1)
}

function* flushing(stream: HdfsOutputStream, bytes: number): Protocol {
  stream.write(bytesOf(stream.file.bytesWritten, bytes))
  yield* stream.hflush()
}

// Two NameNode writes and a read, the copy of 350,000 bytes at 100 MB/s, the set-up.
const RECOVERY_US = 2500 + 700 + 3500 + 2000 + 2500

describe('a file being written whose DataNode dies', () => {
  test('gets another, which copies the block first; the next call waits for it', () => {
    const world = new World()
    const hdfs = world.hdfsWith()
    const { stream, pipeline } = opened(world, hdfs)
    hdfs.killDataNode(pipeline[1])
    expect(stream.file.survivingBytes('region-server-crash')).toBe(350_000)
    const us = world.finish(timed(world.scheduler, flushing(stream, 700)))
    expect(us).toBe(RECOVERY_US + 2 + 500)
    expect(dataNodesOf(stream.file)).toHaveLength(3)
    expect(dataNodesOf(stream.file)).not.toContain(pipeline[1])
    expect(stream.file.bytesFlushed).toBe(350_700)
  })

  test('a call under way waits too, and asks for its acknowledgement again', () => {
    const world = new World()
    const hdfs = world.hdfsWith()
    const { stream, pipeline } = opened(world, hdfs)
    const times: number[] = []
    world.host.spawn('writer', record(times, timed(world.scheduler, flushing(stream, 700))))
    world.scheduler.run(world.scheduler.now + 10)
    hdfs.killDataNode(pipeline[0])
    world.scheduler.run(world.scheduler.now + S)
    // 350,700 bytes are 7 us more to copy.
    expect(times).toEqual([2 + 500 + RECOVERY_US + 7 + 500])
  })

  test('a machine without power is noticed after 75 s only', () => {
    const world = new World()
    const hdfs = world.hdfsWith({ dataNodes: 6 })
    const { stream } = opened(world, hdfs)
    const [, second] = stream.file.blocks[0].dataNodes
    hdfs.powerOff(second.rack)
    world.scheduler.run(world.scheduler.now + 5 * S)
    const us = world.finish(timed(world.scheduler, flushing(stream, 700)))
    // Two of three are gone with that rack, and replaced one after the other.
    expect(us).toBe(70 * S + RECOVERY_US + 700 + 3500 + 2 + 500)
    expect(dataNodesOf(stream.file)).toHaveLength(3)
    expect(stream.file.blocks[0].dataNodes.map(({ rack }) => rack)).not.toContain(second.rack)
  })

  test('that no DataNode can replace cannot be written any more', () => {
    const world = new World()
    const hdfs = world.hdfsWith({ dataNodes: 3 })
    const { stream } = opened(world, hdfs)
    hdfs.killDataNode(2)
    expect(world.finish(outcome(flushing(stream, 1)))).toBe('pipeline')
    expect(stream.failed).toBe(true)
    expect(() => stream.write(bytesOf(350_001, 1))).toThrow('pipeline')
    expect(world.finish(outcome(stream.hflush()))).toBe('pipeline')
    expect(world.finish(outcome(stream.close()))).toBe('pipeline')
    expect(stream.file.visibleBytes()).toBe(350_000)
  })

  test.each([
    ['dfs.client.block.write.replace-datanode-on-failure.best-effort', 'true'],
    ['dfs.client.block.write.replace-datanode-on-failure.enable', 'false'],
  ])('unless %s is %s: then the others go on without it', (key, value) => {
    const world = new World()
    const hdfs = world.hdfsWith({
      dataNodes: 3,
      configuration: new Configuration({ [key]: value }),
    })
    const { stream } = opened(world, hdfs)
    hdfs.killDataNode(2)
    expect(world.finish(outcome(flushing(stream, 1)))).toBe('done')
    hdfs.killDataNode(1)
    expect(world.finish(outcome(flushing(stream, 1)))).toBe('done')
    expect(dataNodesOf(stream.file)).toEqual([3])
    hdfs.killDataNode(3)
    expect(world.finish(outcome(flushing(stream, 1)))).toBe('pipeline')
  })

  test('of two replicas is not replaced, by the policy DEFAULT', () => {
    const world = new World()
    const configuration = new Configuration({ 'dfs.replication': '2' })
    const hdfs = world.hdfsWith({ configuration })
    const { stream, pipeline } = opened(world, hdfs)
    hdfs.killDataNode(pipeline[0])
    world.finish(flushing(stream, 1))
    expect(dataNodesOf(stream.file)).toEqual([pipeline[1]])
  })

  test('has what was hsynced on the disks of the DataNodes that were there, not of the new one', () => {
    const world = new World()
    const hdfs = world.hdfsWith()
    const { stream, pipeline } = opened(world, hdfs)
    world.finish(stream.hsync())
    hdfs.killDataNode(pipeline[1])
    world.finish(flushing(stream, 700))
    const durable = stream.file.blocks[0].replicas.map(({ durableBytes }) => durableBytes)
    expect(durable).toEqual([350_000, 350_000, 0])
    world.finish(stream.hsync())
    expect(stream.file.survivingBytes('cluster-power-loss')).toBe(350_700)
  })
})

describe("HBase's own WAL stream", () => {
  function wal(world: World, hdfs: Hdfs) {
    const output = hdfs.openFanOut('/wal', world.writer())
    const failures: number[] = []
    output.onFailure = () => failures.push(world.scheduler.now)
    output.file.append(bytesOf(0, 1000))
    output.file.acknowledge(1000, 0)
    return { output, failures }
  }

  test('breaks at once when a DataNode of its block dies, and tells its writer once', () => {
    const world = new World()
    const hdfs = world.hdfsWith()
    const { output, failures } = wal(world, hdfs)
    const pipeline = dataNodesOf(output.file)
    const other = [1, 2, 3, 4, 5].find((n) => !pipeline.includes(n)) ?? 0
    hdfs.killDataNode(other)
    expect(output.failed).toBe(false)
    hdfs.killDataNode(pipeline[2])
    hdfs.killDataNode(pipeline[1])
    expect([output.failed, failures]).toEqual([true, [0]])
    expect(world.finish(outcome(output.close()))).toBe('pipeline')
    expect(output.file.visibleBytes()).toBe(1000)
  })

  test('breaks while it closes; once all is acknowledged nothing more can happen to it', () => {
    for (const [afterUs, expected] of [
      [499, 'pipeline'],
      [501, 'done'],
    ] as [number, string][]) {
      const world = new World()
      const hdfs = world.hdfsWith()
      const { output, failures } = wal(world, hdfs)
      const kinds: string[] = []
      world.host.spawn('roller', record(kinds, outcome(output.close())))
      world.scheduler.run(afterUs)
      hdfs.killDataNode(1)
      world.scheduler.run(S)
      expect(kinds).toEqual([expected])
      expect(failures).toHaveLength(expected === 'done' ? 0 : 1)
    }
  })

  test('is created on other DataNodes when one dies while it is', () => {
    const world = new World()
    const hdfs = world.hdfsWith()
    const created: HdfsFile[] = []
    world.host.spawn('roller', create())
    world.scheduler.run(6000)
    hdfs.killDataNode(1)
    world.scheduler.run(S)
    // A second block and its set-up after those of the first.
    expect(created.map(dataNodesOf)[0]).toHaveLength(3)
    expect(created.map(dataNodesOf)[0]).not.toContain(1)

    function* create(): Protocol {
      const us = yield* timed(
        world.scheduler,
        (function* () {
          created.push((yield* hdfs.createFanOut('/wal', world.writer())).file)
        })(),
      )
      expect(us).toBe(2500 + 2 * (2500 + 2000))
    }
  })
})

describe('closed files', () => {
  function closed(world: World, hdfs: Hdfs): HdfsFile {
    const { stream } = opened(world, hdfs)
    world.finish(stream.close())
    return stream.file
  }

  test('are read from the DataNodes that are left', () => {
    const world = new World()
    const hdfs = world.hdfsWith()
    const file = closed(world, hdfs)
    const [first, second, third] = dataNodesOf(file)
    const open = () => world.finish(outcome(hdfs.open(file, world.node)))
    hdfs.killDataNode(first)
    hdfs.killDataNode(second)
    expect(open()).toBe('done')
    hdfs.killDataNode(third)
    expect(open()).toBe('missing-block')
    hdfs.startDataNode(third)
    expect(open()).toBe('done')
  })

  test('get a replica elsewhere once the DataNode is taken for dead, after 630 s', () => {
    const world = new World()
    const hdfs = world.hdfsWith()
    const file = closed(world, hdfs)
    const [, second] = dataNodesOf(file)
    const sinceUs = world.scheduler.now
    hdfs.killDataNode(second)
    world.scheduler.run(sinceUs + 630 * S + 3499)
    expect(dataNodesOf(file)).toContain(second)
    world.scheduler.run(sinceUs + 630 * S + 3500)
    expect(dataNodesOf(file)).toHaveLength(3)
    expect(dataNodesOf(file)).not.toContain(second)
  })

  test('do not if it comes back before', () => {
    const world = new World()
    const hdfs = world.hdfsWith()
    const file = closed(world, hdfs)
    const before = dataNodesOf(file)
    hdfs.killDataNode(before[1])
    world.scheduler.run(600 * S)
    hdfs.startDataNode(before[1])
    world.scheduler.run()
    expect(dataNodesOf(file)).toEqual(before)
  })
})

function* record<T>(results: T[], protocol: Protocol<T>): Protocol {
  results.push(yield* protocol)
}
