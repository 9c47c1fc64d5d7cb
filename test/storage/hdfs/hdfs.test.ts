import { describe, expect, test } from 'vitest'
import { constant } from '../../../src/kernel/distribution.js'
import { Luck } from '../../../src/kernel/draws.js'
import type { Protocol } from '../../../src/kernel/process.js'
import type { Hdfs } from '../../../src/storage/hdfs/hdfs.js'
import type { HdfsFile } from '../../../src/storage/hdfs/hdfs-file.js'
import type { HdfsOutputStream } from '../../../src/storage/hdfs/hdfs-output-stream.js'
import type { Node } from '../../../src/storage/node.js'
import { bytesOf, MIB, outcome, timed, World } from '../world.js'

/** The times of the given calls on one new file, in microseconds. */
function timesOf(world: World, calls: (stream: HdfsOutputStream) => Protocol[], site = {}) {
  const hdfs = world.hdfs({}, site)
  return world.run(measure(world, hdfs.create('/wal', world.writer()), calls))
}

function* measure(
  world: World,
  create: Protocol<HdfsOutputStream>,
  calls: (stream: HdfsOutputStream) => Protocol[],
): Protocol<number[]> {
  const times: number[] = []
  const stream = yield* create
  for (const call of calls(stream)) times.push(yield* timed(world.scheduler, call))
  return times
}

function* writing(stream: HdfsOutputStream, from: number, bytes: number, then: Protocol): Protocol {
  stream.write(bytesOf(from, bytes))
  yield* then
}

describe('what operations cost', () => {
  test('create: two NameNode RPCs and the pipeline set-up', () => {
    const world = new World()
    expect(world.timed(world.hdfs().create('/wal', world.writer()))).toBe(2500 + 2500 + 2000)
  })

  test('hflush: bytes at the stream rate, the round trip, and one RPC the first time', () => {
    const times = timesOf(new World(), (stream) => [
      writing(stream, 0, 700, stream.hflush()),
      writing(stream, 700, 700, stream.hflush()),
      writing(stream, 1400, 350_000, stream.hflush()),
      stream.hflush(),
    ])
    // 700 bytes at 350 MB/s are 2 us; more than 1 KiB pays for whole packets; nothing new is free.
    expect(times).toEqual([2 + 500 + 2500, 2 + 500, 1000 + 800, 0])
  })

  test('hsync: as hflush with the time of the disks', () => {
    const times = timesOf(new World(), (stream) => [
      writing(stream, 0, 350_000, stream.hsync()),
      writing(stream, 350_000, 350_000, stream.hsync()),
      stream.hsync(),
    ])
    expect(times).toEqual([1000 + 1300 + 2500, 1000 + 1300, 1300])
  })

  test('close: hflush, finalize and the complete RPC; closing again is free', () => {
    const times = timesOf(new World(), (stream) => [
      writing(stream, 0, 350_000, stream.close()),
      stream.close(),
    ])
    expect(times).toEqual([1000 + 800 + 1000 + 2500, 0])
  })

  test('each further block: addBlock, the set-up, and an RPC at its first hflush', () => {
    const times = timesOf(
      new World(),
      (stream) => [
        writing(stream, 0, MIB, stream.hflush()),
        writing(stream, MIB, 1, stream.hflush()),
        writing(stream, MIB + 1, 1, stream.hflush()),
      ],
      { 'dfs.blocksize': '1m' },
    )
    // 1 MiB at 350 MB/s is 2995.93 us.
    expect(times).toEqual([2996 + 800 + 2500, 2500 + 2000 + 1 + 500 + 2500, 1 + 500])
  })

  test('two writers of one machine share its network card', () => {
    const world = new World(undefined, 350e6)
    const hdfs = world.hdfs()
    const times: number[] = []
    for (const ordinal of [0, 1]) {
      world.host.spawn('writer', write(ordinal))
    }
    world.scheduler.run()
    expect(times).toEqual([2000 + 800 + 2500, 2000 + 800 + 2500])

    function* write(ordinal: number): Protocol {
      const stream = yield* hdfs.create(`/wal-${ordinal}`, world.writer(ordinal))
      const flush = writing(stream, 0, 350_000, stream.hflush())
      times.push(yield* timed(world.scheduler, flush))
    }
  })

  test('the disks of all DataNodes bound what a fast card could send', () => {
    const world = new World()
    const slowDisks = { nodeAggregateWrite: constant(35e6) }
    const hdfs = world.hdfs(slowDisks, {}, 3)
    const times = world.run(
      measure(world, hdfs.create('/wal', world.writer()), (stream) => [
        writing(stream, 0, 350_000, stream.hflush()),
      ]),
    )
    // Three disks of 35 MB/s, three replicas: 35 MB/s for the file.
    expect(times).toEqual([10_000 + 800 + 2500])
  })

  test('read: the first byte, then the stream', () => {
    const world = new World()
    const hdfs = world.hdfs()
    const file = hdfs.register('/wal')
    expect(world.timed(read(hdfs, file, 600_000, world.node))).toBe(1200 + 1000)
  })
})

describe("HBase's own WAL stream", () => {
  test('costs as much to create; its close sends no bytes again', () => {
    const world = new World()
    const hdfs = world.hdfs()
    expect(world.timed(hdfs.createFanOut('/wal', world.writer()))).toBe(2500 + 2500 + 2000)
    const output = hdfs.openFanOut('/wal', world.writer(1))
    output.file.append(bytesOf(0, 350_000_000))
    output.file.acknowledge(349_999_999, 0)
    expect(world.timed(output.close())).toBe(500 + 1000 + 2500)
    expect(output.file.visibleBytes()).toBe(350_000_000)
    expect(output.file.closed).toBe(true)
  })

  test('has one block of twice the size, so an hsync covers all of it', () => {
    const { file } = new World().hdfs().openFanOut('/wal', new World().writer())
    file.append(bytesOf(0, 200 * MIB))
    file.acknowledge(200 * MIB, 200 * MIB)
    expect(file.survivingBytes('cluster-power-loss')).toBe(200 * MIB)
  })
})

describe('close is bimodal', () => {
  test('refused once or more it waits 400 ms, 800 ms, …; after five repetitions it fails', () => {
    const world = new World()
    const hdfs = world.hdfs({ closeRetryProbability: 1 })
    const stream = world.run(hdfs.create('/wal', world.writer()))
    const since = world.scheduler.now
    expect(world.run(outcome(stream.close()))).toBe('incomplete')
    const waitsUs = 400_000 * (1 + 2 + 4 + 8 + 16)
    expect(world.scheduler.now - since).toBe(500 + 1000 + 6 * 2500 + waitsUs)
    expect(stream.file.closed).toBe(false)
  })

  test('about one close in a hundred takes 400 ms longer', () => {
    const world = new World(new Luck(3))
    const hdfs = world.hdfs({ closeRetryProbability: 0.01 })
    let slow = 0
    for (let ordinal = 0; ordinal < 3000; ordinal++) {
      const stream = world.run(hdfs.create('/wal', world.writer(ordinal)))
      const us = world.timed(stream.close())
      expect(us === 4000 || us >= 400_000).toBe(true)
      if (us > 4000) slow++
    }
    // Binomial(3000, 0.01): 30 expected, standard deviation 5.4.
    expect(slow).toBeGreaterThan(12)
    expect(slow).toBeLessThan(50)
  })
})

describe('room', () => {
  test('used bytes count every replica of what was flushed, until the file is deleted', () => {
    const world = new World()
    const hdfs = world.hdfs()
    const stream = world.run(hdfs.create('/wal', world.writer()))
    stream.write(bytesOf(0, 1000))
    expect(hdfs.usedBytes).toBe(0)
    world.run(stream.hflush())
    expect(hdfs.usedBytes).toBe(3000)
    world.run(hdfs.delete(stream.file))
    expect([hdfs.usedBytes, hdfs.maxUsedBytes, hdfs.files]).toEqual([0, 3000, 0])
    expect(world.run(outcome(read(hdfs, stream.file, 1, world.node)))).toBe('not-found')
    expect(world.run(outcome(hdfs.getFileStatus(stream.file)))).toBe('not-found')
  })

  test('no-space: a block is allocated only where a whole one fits', () => {
    const world = new World()
    const site = { 'dfs.blocksize': '1m' }
    // Three DataNodes of 2 MiB: two blocks of three replicas.
    const hdfs = world.hdfs({ capacity: constant(2 * MIB) }, site, 3)
    const stream = world.run(hdfs.create('/a', world.writer(0)))
    stream.write(bytesOf(0, 2 * MIB))
    world.run(stream.hflush())
    expect(hdfs.usedBytes).toBe(hdfs.capacityBytes)
    stream.write(bytesOf(2 * MIB, 1))
    expect(world.run(outcome(stream.hflush()))).toBe('no-space')
    expect(world.run(outcome(hdfs.create('/b', world.writer(1))))).toBe('no-space')
    expect(stream.file.visibleBytes()).toBe(2 * MIB)
  })

  test('never more replicas than DataNodes', () => {
    const world = new World()
    const hdfs = world.hdfs({}, {}, 2)
    const file = hdfs.register('/wal')
    file.append(bytesOf(0, 10))
    file.acknowledge(10, 0)
    expect(hdfs.usedBytes).toBe(20)
  })
})

describe('loss and death', () => {
  test('once HDFS is lost nothing is left and every call fails, those under way too', () => {
    const world = new World()
    const hdfs = world.hdfs()
    const stream = world.run(hdfs.create('/wal', world.writer()))
    stream.write(bytesOf(0, 1000))
    world.run(stream.hsync())
    stream.write(bytesOf(1000, 1000))
    const kinds: string[] = []
    world.host.spawn('writer', record(kinds, stream.hsync()))
    world.scheduler.run(world.scheduler.now + 1)
    hdfs.lose()
    world.scheduler.run()
    for (const call of [
      hdfs.create('/b', world.writer(1)),
      hdfs.delete(stream.file),
      hdfs.getFileStatus(stream.file),
      read(hdfs, stream.file, 1, world.node),
      stream.close(),
    ] as Protocol<unknown>[]) {
      kinds.push(world.run(outcome(call)))
    }
    expect(kinds).toEqual(['lost', 'lost', 'lost', 'lost', 'lost', 'lost'])
    expect([stream.file.visibleBytes(), hdfs.usedBytes, hdfs.files]).toEqual([0, 0, 0])
  })

  test('an RPC that was sent takes effect although its sender dies', () => {
    const world = new World()
    const hdfs = world.hdfs()
    const file = hdfs.register('/wal')
    world.host.spawn('cleaner', hdfs.delete(file))
    world.scheduler.run(1)
    world.host.kill()
    expect(file.deleted).toBe(false)
    world.scheduler.run()
    expect(file.deleted).toBe(true)
  })

  function* record(kinds: string[], protocol: Protocol): Protocol {
    kinds.push(yield* outcome(protocol))
  }
})

test('the luck of a file does not depend on other files', () => {
  const alone = closeTimes([5])
  const among = closeTimes([1, 5, 2])
  expect(among.get(5)).toBe(alone.get(5))
  expect(among.get(1)).not.toBe(among.get(2))

  function closeTimes(ordinals: number[]): Map<number, number> {
    const world = new World(new Luck(1))
    const hdfs = world.hdfs({ finalize: { kind: 'lognormal', median: 1000, sigma: 0.6 } })
    const times = new Map<number, number>()
    for (const ordinal of ordinals) {
      const stream = world.run(hdfs.create('/wal', world.writer(ordinal)))
      times.set(ordinal, world.timed(stream.close()))
    }
    return times
  }
})

function* read(hdfs: Hdfs, file: HdfsFile, bytes: number, node: Node): Protocol {
  const input = yield* hdfs.open(file, node)
  yield* input.read(bytes)
}
