import { describe, expect, test } from 'vitest'
import { Host, type Protocol } from '../../../src/kernel/process.js'
import { IOException } from '../../../src/storage/io-exception.js'
import { MB, OpeningRegion } from './opening-region.js'

test('a region opens its HFiles, says so in the WAL, and is online when that is durable', () => {
  const world = new OpeningRegion()
  world.hFiles = 4
  expect(world.open()).toMatchObject({ hFiles: 4, replayedBytes: 0, flushes: 0 })
  expect(world.history).toEqual([
    '340 REGION_OPEN of 416 bytes',
    '345 synced',
    '345 compaction check',
    '345 online',
  ])
  expect(world.descriptor).toMatchObject({ kind: 'REGION_OPEN', sequence: 1000 })
  expect(world.descriptor).toHaveProperty('files.length', 4)
})

describe('recovered edits', () => {
  test('are replayed, flushed once, deleted, and only then is the region opened', () => {
    const world = new OpeningRegion()
    world.edits(1, 100, 50 * MB)
    expect(world.open()).toMatchObject({ replayedBytes: 50 * MB, flushes: 1 })
    expect(world.history.slice(0, 2)).toEqual([
      '1400 flush 25000000+25000000 up to 100',
      '1400 REGION_OPEN of 336 bytes',
    ])
    expect(world.storage.done).toEqual(['read recovered/100', 'delete recovered/100'])
    expect(world.recoveredEdits.filesOf(0)).toEqual([])
  })

  test('are skipped family by family where HFiles have them', () => {
    const world = new OpeningRegion()
    world.inHFiles[0] = 60
    world.inHFiles[1] = 99
    world.edits(1, 100, 2000)
    expect(world.open()).toMatchObject({ replayedBytes: 410 })
    expect(world.history[0]).toContain('flush 400+10 up to 100')
  })

  test('of a file that every family has are not even read', () => {
    const world = new OpeningRegion()
    world.inHFiles[0] = 100
    world.inHFiles[1] = 120
    world.edits(1, 100, 2000)
    expect(world.open()).toMatchObject({ replayedBytes: 0, flushes: 0 })
    expect(world.storage.done).toEqual(['delete recovered/100'])
  })

  test('of a family whose HFiles end behind them leave its highest id alone', () => {
    const world = new OpeningRegion()
    world.inHFiles[0] = 10
    world.inHFiles[1] = 500
    world.edits(1, 100, 2000)
    world.open()
    expect(world.inHFiles).toEqual([100, 500])
  })

  test('are read in the order of their highest ids', () => {
    const world = new OpeningRegion()
    world.edits(101, 200, 2000)
    world.edits(1, 100, 2000)
    world.open()
    expect(world.storage.done.slice(0, 2)).toEqual(['read recovered/100', 'read recovered/200'])
  })

  test('that outgrow the flush size are flushed on the way', () => {
    const world = new OpeningRegion()
    world.flushSize = 1000
    world.edits(1, 100, 2500)
    expect(world.open()).toMatchObject({ replayedBytes: 2500, flushes: 3 })
    // 25 bytes an id, rounded per family: with the 41st the memstore has more than 1000.
    expect(world.history.slice(0, 3).map((line) => line.split(' ').slice(1).join(' '))).toEqual([
      'flush 513+513 up to 41',
      'flush 512+512 up to 82',
      'flush 225+225 up to 100',
    ])
  })

  test('take as long as HDFS where that is slower than their decoding', () => {
    const world = new OpeningRegion()
    world.storage.readBytesPerSecond = 10 * MB
    world.edits(1, 100, 20 * MB)
    world.open()
    expect(world.history[0]).toMatch('2400 flush')
  })
})

test('recovered HFiles enter their stores without a replay', () => {
  const world = new OpeningRegion()
  const range = { minSequenceId: 1, maxSequenceId: 100, bytes: 50 * MB }
  world.recovered([{ ...range, family: 1 }], 'hfile')
  expect(world.open()).toMatchObject({ hFiles: 1, replayedBytes: 0, flushes: 0 })
  expect(world.inHFiles).toEqual([0, 100])
  expect(world.recoveredEdits.filesOf(0)).toEqual([])
  expect(world.storage.done).toEqual(['commit recovered/100'])
})

describe('an opener that crashes', () => {
  test('during the replay takes nothing with it', () => {
    const world = new OpeningRegion()
    world.edits(1, 100, 50 * MB)
    world.start()
    world.scheduler.run(1_350_000)
    expect(world.memstore).toEqual([25 * MB, 25 * MB])
    world.host.kill()
    world.host = new Host(world.scheduler, 'rs2')
    expect(world.open()).toMatchObject({ replayedBytes: 50 * MB })
    expect(world.inHFiles).toEqual([100, 100])
  })

  test('after a flush on the way: the next one replays the rest', () => {
    const world = new OpeningRegion()
    world.flushSize = 1000
    world.edits(1, 100, 2500)
    world.start()
    world.scheduler.run(450_000)
    expect(world.inHFiles).toEqual([41, 41])
    world.host.kill()
    world.host = new Host(world.scheduler, 'rs2')
    expect(world.open()).toMatchObject({ replayedBytes: 2500 - 2 * 513, flushes: 2 })
  })
})

test('a flush that fails fails the opening, and the next one does all of it', () => {
  const world = new OpeningRegion()
  world.edits(1, 100, 2000)
  world.flush = function* (): Protocol {
    yield 0
    throw new IOException('no-space', 'full')
  }
  expect(() => world.open()).toThrow('full')
  expect(world.recoveredEdits.filesOf(0)).toHaveLength(1)
  world.flush = (sequenceId) => world.flushMemstore(sequenceId)
  expect(world.open()).toMatchObject({ replayedBytes: 2000 })
})
