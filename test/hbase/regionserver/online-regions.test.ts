import { describe, expect, test } from 'vitest'
import { FlushedSequenceIds } from '../../../src/hbase/master/flushed-sequence-ids.js'
import { HdfsRecoveryStorage } from '../../../src/hbase/master/hdfs-recovery-storage.js'
import { splitWal } from '../../../src/hbase/master/wal-splitter.js'
import type { EditLog } from '../../../src/hbase/wal/edit-log.js'
import type { MarkerDescriptor } from '../../../src/hbase/wal/marker-descriptor.js'
import type { Protocol } from '../../../src/kernel/process.js'
import { SECOND, type ServerChanges, ServerWorld } from './region-server-fixture.js'

/** Far longer than a flush, a closing or an opening of these regions takes. */
const PAUSE_US = SECOND

/** Regions are flushed when they hold more than three puts. */
const SMALL: ServerChanges = { scenario: { flushSize: 3500 } }

/** So many puts to a region, with a pause after each. */
function putSlowly(world: ServerWorld, puts: number, region = 0): void {
  for (let n = 0; n < puts; n++) {
    world.putTo(region, world.scheduler.now)
    world.run(world.scheduler.now + PAUSE_US)
  }
}

/** So many puts at once, and a pause. */
function putAtOnce(world: ServerWorld, puts: number, region = 0): void {
  for (let n = 0; n < puts; n++) world.putTo(region, world.scheduler.now)
  pause(world)
}

function pause(world: ServerWorld): void {
  world.run(world.scheduler.now + PAUSE_US)
  world.server.advance()
}

/** Sequence ids of the markers of a log, and what they say. */
function markersOf(log: EditLog): [number, MarkerDescriptor | null][] {
  const edits = Array.from({ length: log.length }, (_, edit) => edit)
  return edits
    .filter((edit) => log.markers.has(edit))
    .map((edit) => [log.sequenceId(edit), log.markers.descriptor(edit)])
}

/** The WAL of a dead server is split, without what the master has heard of flushes. */
function splitWals(world: ServerWorld): void {
  const { hdfs, recoveredEdits, server } = world
  const { host, node } = world.world
  for (const wal of server.wals()) {
    const task = {
      file: wal.file,
      *entries() {
        wal.recovered(world.scheduler.now)
        yield* wal.regionEntries()
      },
      name: wal.name,
      host,
      node,
      bytesPerSecond: 1e8,
    }
    const options = {
      storage: new HdfsRecoveryStorage(hdfs),
      recoveredEdits,
      flushed: new FlushedSequenceIds(),
      familyShares: () => [1],
      writerThreads: 3,
      splitToHFile: false,
    }
    host.spawn('split', dropResult(splitWal(task, options)))
  }
  world.run(world.scheduler.now + 300 * SECOND)
  server.splitDone()
}

function* dropResult(protocol: Protocol<unknown>): Protocol {
  yield* protocol
}

describe('a region that outgrows its flush size', () => {
  test('is flushed: markers in the log around it, an HFile in the store, memory free', () => {
    const world = new ServerWorld(SMALL)
    putSlowly(world, 8)
    expect(world.flushes).toMatchObject([
      { reason: 'size', region: 0, bytes: 4000, flushOpSeqId: 5 },
      { reason: 'size', region: 0, bytes: 4000, flushOpSeqId: 12 },
    ])
    // START_FLUSH and COMMIT_FLUSH have ids of their own behind that of the flush.
    expect(markersOf(world.group.log).map(([id]) => id)).toEqual([6, 7, 13, 14])
    expect(world.filesOf(0)).toMatchObject([
      { bytes: 4000, entries: 4, minSequenceId: 1, maxSequenceId: 5 },
      { bytes: 4000, entries: 4, minSequenceId: 8, maxSequenceId: 12 },
    ])
    expect(world.filesOf(0).map(({ file }) => file?.path)).toEqual([
      'data/usertable/0/cf0/flush-0',
      'data/usertable/0/cf0/flush-1',
    ])
    expect(world.filesOf(0).map(({ file }) => file?.visibleBytes())).toEqual([4000, 4000])
    expect(world.memstores.heapBytes(0)).toBe(0)
    expect(world.server.writePath.memstoreBytes).toBe(0)
    expect(world.answeredUs).toHaveLength(8)
  })

  test('takes its WAL to oldWALs by no flush, but at the roll after it', () => {
    const world = new ServerWorld(SMALL)
    putSlowly(world, 3)
    world.server.requestRoll()
    pause(world)
    putSlowly(world, 1)
    expect(world.flushes).toHaveLength(1)
    expect(world.server.oldWals).toEqual([])
    world.server.requestRoll()
    pause(world)
    expect(world.server.oldWals.map(({ from }) => from)).toEqual([0, 3])
  })

  test('after three flushes is compacted; the old files are archived two minutes later', () => {
    const world = new ServerWorld(SMALL)
    putSlowly(world, 12)
    expect(world.flushes).toHaveLength(3)
    expect(world.compactions.map(({ inputs, bytes }) => [inputs.length, bytes])).toEqual([
      [3, 12_000],
    ])
    expect(world.filesOf(0)).toMatchObject([{ bytes: 12_000, entries: 12, maxSequenceId: 19 }])
    // Two of each flush, and that of the compaction.
    const markers = markersOf(world.group.log)
    expect(markers).toHaveLength(7)
    const flushed = expect.objectContaining({ bytes: 4000 })
    expect(markers.slice(0, 2)).toEqual([
      [6, { kind: 'START_FLUSH', flushSequenceNumber: 5, families: [0], isFull: true }],
      [7, { kind: 'COMMIT_FLUSH', flushSequenceNumber: 5, families: [0], files: [flushed] }],
    ])
    expect(markers.map(([, said]) => said)).toContainEqual({
      kind: 'COMPACTION',
      family: 0,
      inputs: [flushed, flushed, flushed],
      outputs: world.filesOf(0),
    })
    expect(world.archive.files).toEqual([])
    world.run(121 * SECOND)
    expect(world.archive.files.map(({ file }) => file.file?.path)).toEqual([
      'archive/data/usertable/0/cf0/flush-0',
      'archive/data/usertable/0/cf0/flush-1',
      'archive/data/usertable/0/cf0/flush-2',
    ])
  })
})

test('too many rolled WALs get the region flushed that holds the oldest, and then it goes', () => {
  const world = new ServerWorld({ scenario: { regions: 2 }, group: { maxLogs: 1 } })
  putAtOnce(world, 1, 0)
  world.server.requestRoll()
  pause(world)
  putAtOnce(world, 1, 1)
  world.server.requestRoll()
  pause(world)
  expect(world.flushes).toMatchObject([{ region: 0, reason: 'max-logs' }])
  expect(world.server.rolledWals.map(({ from }) => from)).toEqual([0, 1])
  expect(world.memstores.heapBytes(1)).toBe(1000)
  world.server.requestRoll()
  pause(world)
  expect(world.server.oldWals.map(({ from }) => from)).toContain(0)
})

test('memstores at the lower limit get the largest region flushed', () => {
  const world = new ServerWorld({
    scenario: { regions: 2, lowerLimit: 5000, upperLimit: 6000 },
    regions: { memstoreLowerLimit: 5000 },
  })
  putAtOnce(world, 1, 0)
  putAtOnce(world, 4, 1)
  expect(world.flushes).toMatchObject([{ region: 1, reason: 'pressure', bytes: 4000 }])
  expect(world.server.writePath.memstoreBytes).toBe(1000)
})

describe('a region whose server has crashed', () => {
  test('is opened with what was not flushed, and no more', () => {
    const world = new ServerWorld({ scenario: { flushSize: 35_500 } })
    putAtOnce(world, 40)
    putAtOnce(world, 20)
    expect(world.flushes).toMatchObject([{ bytes: 40_000, flushOpSeqId: 41 }])
    world.server.kill()
    splitWals(world)
    const rs2 = world.buildServer('rs2', [])
    world.openRegion(0, rs2)
    pause(world)
    // Ids of the flush's markers lie between, so bytes are not exact.
    const [{ replayedBytes, flushes }] = world.openings
    expect(Math.abs(replayedBytes - 20_000)).toBeLessThan(1500)
    expect(flushes).toBe(1)
    // The last put has id 63.
    expect(world.filesOf(0)).toMatchObject([
      { bytes: 40_000, maxSequenceId: 41 },
      { bytes: replayedBytes, maxSequenceId: 63 },
    ])
    expect(world.recoveredEdits.filesOf(0)).toEqual([])
    expect(world.memstores.heapBytes(0)).toBe(0)
    world.putTo(0, world.scheduler.now, 1000, rs2)
    pause(world)
    rs2.advance()
    expect(world.answeredUs).toHaveLength(61)
    const [{ log }] = rs2.groups
    // REGION_OPEN, then the put.
    expect([log.markers.has(0), log.sequenceId(0), log.sequenceId(1)]).toEqual([true, 64, 65])
  })

  test('in the middle of a flush is opened with all of it', () => {
    const world = new ServerWorld()
    putAtOnce(world, 40)
    world.flush()
    // START_FLUSH is durable, the HFile is being created.
    world.run(world.scheduler.now + 2000)
    world.server.kill()
    expect(world.flushes).toEqual([])
    expect(world.filesOf(0)).toEqual([])
    splitWals(world)
    world.openRegion(0, world.buildServer('rs2', []))
    pause(world)
    expect(world.openings).toMatchObject([{ replayedBytes: 40_000, flushes: 1 }])
    expect(world.filesOf(0)).toMatchObject([{ bytes: 40_000, maxSequenceId: 40 }])
  })
})

describe('a region that moves', () => {
  test('is flushed, its calls go elsewhere, and its next server replays nothing', () => {
    const world = new ServerWorld({ scenario: { regions: 2 } })
    const rs2 = world.buildServer('rs2', [])
    putAtOnce(world, 3)
    world.closeRegion(0)
    world.putTo(0, world.scheduler.now)
    world.putTo(1, world.scheduler.now)
    pause(world)
    expect(world.flushes).toMatchObject([{ region: 0, reason: 'close', bytes: 3000 }])
    expect(world.notServing.map(({ region }) => region)).toEqual([0])
    expect(world.answeredUs).toHaveLength(4)
    expect(markersOf(world.group.log)).toMatchObject([
      [5, { kind: 'START_FLUSH' }],
      [6, { kind: 'COMMIT_FLUSH' }],
      [7, { kind: 'REGION_CLOSE', sequence: 6 }],
    ])
    world.openRegion(0, rs2)
    pause(world)
    expect(world.openings).toMatchObject([{ replayedBytes: 0, flushes: 0, hFiles: 1 }])
    world.putTo(0, world.scheduler.now, 1000, rs2)
    pause(world)
    rs2.advance()
    expect(rs2.groups[0].log.sequenceId(1)).toBe(9)
    expect(world.memstores.heapBytes(0)).toBe(1000)
    expect(rs2.writePath.memstoreBytes).toBe(1000)
  })

  test('holds back no WAL of the server that it has left', () => {
    const world = new ServerWorld()
    putAtOnce(world, 3)
    world.closeRegion(0)
    pause(world)
    world.server.requestRoll()
    pause(world)
    expect(world.server.oldWals.map(({ from }) => from)).toEqual([0])
  })
})

test('a server whose HDFS is gone while it stops aborts and ends', () => {
  const world = new ServerWorld({ scenario: { regions: 3 } })
  const exits: string[] = []
  world.server.onExit = (how) => exits.push(how)
  for (const region of [0, 1, 2]) putAtOnce(world, 2, region)
  world.server.stop()
  world.run(world.scheduler.now + 1000)
  world.hdfs.lose()
  world.run(world.scheduler.now + 3600 * SECOND)
  expect(exits).toEqual(['aborted'])
  expect(world.server.oldWals).toEqual([])
})
