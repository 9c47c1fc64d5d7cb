import { describe, expect, it } from 'vitest'
import { HFileIo, HFileNames } from '../../../src/hbase/regionserver/hfile-io.js'
import type { Protocol } from '../../../src/kernel/process.js'
import type { HdfsFile } from '../../../src/storage/hdfs/hdfs-file.js'
import { MIB, outcome, timed, World } from '../../storage/world.js'

function hfilesOf(world: World) {
  const hdfs = world.hdfs()
  const io = new HFileIo({
    hdfs,
    node: world.node,
    names: new HFileNames(),
    regionDirectory: (region) => `data/usertable/${region}`,
    familyName: () => 'cf',
  })
  return { hdfs, io }
}

describe('HFiles', () => {
  it('are written aside and enter the store with a rename', () => {
    const world = new World()
    const { io } = hfilesOf(world)
    const paths: string[] = []
    function* writing(): Protocol {
      const file = yield* io.writeTmp(3, 0, 'flush', 10 * MIB)
      paths.push(file.path)
      yield* io.commit(file)
      paths.push(file.path)
      yield* io.archive(file)
      paths.push(file.path)
    }
    world.run(writing())
    expect(paths).toEqual([
      'data/usertable/3/.tmp/cf/flush-0',
      'data/usertable/3/cf/flush-0',
      'archive/data/usertable/3/cf/flush-0',
    ])
  })

  it('hold so many bytes, closed, and no edit of any log', () => {
    const world = new World()
    const { io } = hfilesOf(world)
    const file = world.run(io.write(0, 0, 'flush', 200 * MIB))
    expect(file).toMatchObject({ bytesFlushed: 200 * MIB, closed: true })
    expect(file.extents.every(({ from, to }) => from === to)).toBe(true)
  })

  it('take the pipeline’s set-up, the transfer of their bytes, a close and a rename', () => {
    const world = new World()
    const { io } = hfilesOf(world)
    // Create, addBlock, set-up; 35 MB at 350 MB/s; last packet, finalize, complete; rename.
    const us = 2500 + 2500 + 2000 + 100_000 + 800 + 1000 + 2500 + 2500
    expect(world.timed(io.write(0, 0, 'flush', 35e6))).toBe(us)
  })

  it('are read at the rate of a stream after the first byte', () => {
    const world = new World()
    const { io } = hfilesOf(world)
    function* reading(): Protocol<number> {
      const file = yield* io.write(0, 0, 'flush', 60e6)
      return yield* timed(world.scheduler, io.read(file, 30e6))
    }
    expect(world.run(reading())).toBe(1200 + 50_000)
  })

  it('have names of their own in each store, whoever writes them', () => {
    const names = new HFileNames()
    const ordinals = [
      names.next(0, 0, 'flush'),
      names.next(0, 0, 'compaction'),
      names.next(0, 1, 'flush'),
      names.next(0, 0, 'flush'),
    ].map(({ ordinal }) => ordinal)
    expect(ordinals).toEqual([0, 0, 0, 1])
  })

  it('cannot be written when HDFS is gone, nor read when they are removed', () => {
    const world = new World()
    const { hdfs, io } = hfilesOf(world)
    const outcomes: string[] = []
    function* failing(): Protocol {
      const file: HdfsFile = yield* io.write(0, 0, 'flush', 1000)
      yield* io.remove(file)
      outcomes.push(yield* outcome(io.read(file, 1000)))
      hdfs.lose()
      outcomes.push(yield* outcome(io.write(0, 0, 'flush', 1000)))
    }
    world.run(failing())
    expect(outcomes).toEqual(['not-found', 'lost'])
  })
})
