import { describe, expect, it } from 'vitest'
import {
  DroppedSnapshotException,
  type FlushResult,
} from '../../../src/hbase/regionserver/region-flush.js'
import type { Protocol } from '../../../src/kernel/process.js'
import { addedStoreFile, FlushWorld, SECOND, SYNC_US } from './flush-world.js'

/** An HFile of 3.5 MB: create, set-up, 10 ms of transfer, close. */
const HFILE_US = 2500 + 2500 + 2000 + 10_000 + 800 + 1000 + 2500
const RENAME_US = 2500

describe('the flush of a region', () => {
  it('START_FLUSH follows the flush’s sequence id, COMMIT_FLUSH every write accepted meanwhile', () => {
    const world = new FlushWorld()
    world.put(0, 1000)
    world.put(0, 1000)
    world.putEvery(3000, 1000)
    const results: FlushResult[] = []
    world.start(world.request('all'), results)
    world.scheduler.run(SECOND)

    expect(results).toEqual([{ result: 'FLUSHED_NO_COMPACTION_NEEDED', sequenceId: 3 }])
    const [start, commit] = world.writePath.markers
    expect(start).toBe(4)
    const flushedFor = (world.records[0]?.committedUs ?? 0) - (world.records[0]?.lockedUs ?? 0)
    const accepted = Math.floor((flushedFor - SYNC_US) / 3000)
    expect(commit).toBe(4 + accepted + 1)
    expect(accepted).toBeGreaterThan(3)
    expect(world.writePath.descriptors).toEqual([
      { kind: 'START_FLUSH', flushSequenceNumber: 3, families: [0], isFull: true },
      {
        kind: 'COMMIT_FLUSH',
        flushSequenceNumber: 3,
        families: [0],
        files: [expect.objectContaining({ region: 0, family: 0, maxSequenceId: 3, bytes: 2000 })],
      },
    ])
  })

  it('writes what was in the memstore and leaves what came after the snapshot', () => {
    const world = new FlushWorld()
    world.put(0, 3000)
    const results: FlushResult[] = []
    world.start(world.request('all'), results)
    world.scheduler.run(world.scheduler.now + 2 * SYNC_US)
    world.put(0, 100)
    world.scheduler.run()

    const { file, ...stored } = world.files[0] ?? { file: null }
    expect(stored).toEqual({ region: 0, family: 0, bytes: 3000, cells: 1, flushOpSeqId: 2 })
    expect(file).toMatchObject({ path: 'data/usertable/0/cf0/flush-0', bytesFlushed: 3000 })
    expect(world.memstores.heapBytes(0)).toBe(100)
    expect(world.writePath.memstoreBytes).toBe(100)
    expect(world.memstores.flushedSequenceId(0)).toBe(2)
  })

  it('stops the region’s writes from lock to unlock only: for the writes under way', () => {
    const world = new FlushWorld()
    world.put(0, 3_500_000)
    const lockedUs = world.scheduler.now
    world.writePath.offer(0, 10)
    world.scheduler.run(lockedUs + 100)
    const results: FlushResult[] = []
    world.start(world.request('all'), results)
    world.scheduler.run(lockedUs + 200)
    world.writePath.offer(0, 20)
    world.scheduler.run(lockedUs + 5000)
    world.writePath.offer(0, 30)
    world.scheduler.run()

    expect(world.writePath.lockWaitsUs).toEqual([0, 0, SYNC_US - 200, 0])
    expect(world.records).toMatchObject([
      {
        bytes: 3_500_010,
        lockedUs: lockedUs + 100,
        unlockedUs: lockedUs + SYNC_US,
      },
    ])
  })

  it('takes a sync, the HFile, its rename and another sync', () => {
    const world = new FlushWorld()
    world.put(0, 3_500_000)
    const sinceUs = world.scheduler.now
    world.flush()
    const takes = SYNC_US + HFILE_US + RENAME_US + SYNC_US
    expect(world.records[0]).toMatchObject({ unlockedUs: sinceUs, committedUs: sinceUs + takes })
  })

  it('R22: what is being flushed holds a WAL until COMMIT_FLUSH is durable', () => {
    const world = new FlushWorld()
    world.put(0, 1000)
    const wal: [number, number][] = [[0, 1]]
    const archivable: boolean[] = []
    function* looking(): Protocol {
      while (world.records.length === 0) {
        archivable.push(world.accounting.areAllLower(wal))
        yield 100
      }
    }
    world.world.host.spawn('look', looking())
    world.flush()
    expect(new Set(archivable)).toEqual(new Set([false]))
    expect(world.accounting.areAllLower(wal)).toBe(true)
  })

  it('is refused while another flush of the region runs, and not of another region', () => {
    const world = new FlushWorld({ regions: 2 })
    world.put(0, 1000)
    world.put(1, 1000)
    const results: FlushResult[] = []
    world.start(world.request('all'), results, 0)
    world.start(world.request('all'), results, 0)
    world.start(world.request('all'), results, 1)
    world.scheduler.run()
    expect(results[0]).toEqual({ result: 'CANNOT_FLUSH', reason: 'already flushing' })
    expect(world.records.map(({ region }) => region).sort()).toEqual([0, 1])
  })

  it('of an empty memstore consumes a sequence id and writes nothing', () => {
    const world = new FlushWorld()
    expect(world.flush()).toEqual({ result: 'CANNOT_FLUSH_MEMSTORE_EMPTY', sequenceId: 1 })
    expect(world.memstores.lastSequenceId(0)).toBe(1)
    expect(world.writePath.entries).toEqual([])
    expect(world.files).toEqual([])
  })

  it('of an empty memstore says so in the WAL if a replica asked, durably', () => {
    const world = new FlushWorld()
    const request = { ...world.request('all'), writeFlushRequestMarker: true }
    expect(world.world.timed(world.regionFlush.flush(0, request))).toBe(SYNC_US)
    expect(world.writePath.markers).toEqual([2])
    expect(world.writePath.descriptors).toEqual([{ kind: 'CANNOT_FLUSH' }])
  })

  it('of a memstore whose first write is under way flushes that', () => {
    const world = new FlushWorld()
    world.writePath.offer(0, 500)
    world.scheduler.run(100)
    expect(world.flush()).toMatchObject({ result: 'FLUSHED_NO_COMPACTION_NEEDED', sequenceId: 2 })
    expect(world.files[0]?.bytes).toBe(500)
  })

  it('tells that a store wants a compaction', () => {
    const world = new FlushWorld({}, { addStoreFile: (file) => addedStoreFile(file, true) })
    world.put(0, 1000)
    expect(world.flush().result).toBe('FLUSHED_COMPACTION_NEEDED')
  })

  it('that the server’s end cuts off leaves no lock behind for others to find', () => {
    const world = new FlushWorld()
    world.put(0, 1000)
    world.start(world.request('all'), [])
    world.scheduler.run(world.scheduler.now + 2000)
    world.world.host.kill()
    expect(world.regionFlush.isFlushing(0)).toBe(false)
    expect(world.accounting.lowestUnflushed(0)).toBe(1)
  })
})

describe('the families of a flush', () => {
  const shares = [6, 3, 1]

  it('are those above their share of the flush size, and the others keep their edits', () => {
    const world = new FlushWorld({ flushSize: 900_000, shares })
    world.put(0, 900_000)
    world.flush(world.request('policy'))
    expect(world.records[0]?.families).toEqual([0])
    expect(world.memstores.heapBytes(0)).toBe(360_000)
    expect(world.memstores.flushedSequenceIdOf(0, 0)).toBe(2)
    expect(world.memstores.flushedSequenceId(0)).toBe(0)
    expect(world.accounting.lowestUnflushed(0)).toBe(1)
  })

  it('are all, if none is above', () => {
    const world = new FlushWorld({ flushSize: 900_000, shares })
    world.put(0, 400_000)
    world.flush(world.request('policy'))
    expect(world.records[0]?.families).toEqual([0, 1, 2])
  })

  it('are all, if none is above the least bound that is set', () => {
    const world = new FlushWorld(
      { flushSize: 900_000, shares },
      { flushSizeLowerBoundMin: 16_777_216 },
    )
    world.put(0, 900_000)
    world.flush(world.request('policy'))
    expect(world.records[0]?.families).toEqual([0, 1, 2])
  })

  it('are those with an old edit', () => {
    const world = new FlushWorld({ flushSize: 900_000, shares }, { flushIntervalUs: 60 * SECOND })
    world.put(0, 900_000)
    world.flush(world.request([0]))
    world.scheduler.run(61 * SECOND)
    world.put(0, 100_000)
    world.flush(world.request('policy'))
    expect(world.records.map(({ families }) => families)).toEqual([[0], [1, 2]])
    expect(world.memstores.heapBytes(0)).toBe(60_000)
  })

  it('are those with many changes since their last flush', () => {
    const world = new FlushWorld({ flushSize: 900_000, shares }, { flushPerChanges: 4 })
    world.put(0, 100)
    world.flush()
    world.put(0, 100)
    world.flush(world.request([0]))
    world.put(0, 100)
    // Ids: 1, flush 2, 3 and 4; 5, flush 6, 7 and 8; 9. Families 1 and 2 have flushed up to 4.
    world.flush(world.request('policy'))
    expect(world.records.map(({ families }) => families)).toEqual([[0, 1, 2], [0], [1, 2]])
  })

  it('are those that are named', () => {
    const world = new FlushWorld({ shares })
    world.put(0, 1000)
    world.flush(world.request([2], 'max-logs'))
    expect(world.records).toMatchObject([{ families: [2], bytes: 100, reason: 'max-logs' }])
    expect(world.writePath.descriptors[0]).toMatchObject({ families: [2], isFull: false })
  })
})

describe('a flush that fails', () => {
  it('is tried ten times a second apart; then ABORT_FLUSH, and the server aborts', () => {
    const world = new FlushWorld()
    world.put(0, 1000)
    world.hdfs.lose()
    const sinceUs = world.scheduler.now
    expect(() => world.flush()).toThrow(DroppedSnapshotException)
    expect(world.scheduler.now - sinceUs).toBe(SYNC_US + 9 * SECOND)
    expect(world.writePath.markers).toEqual([3, 4])
    expect(world.writePath.descriptors[1]).toEqual({ kind: 'ABORT_FLUSH', flushSequenceNumber: 2 })
    expect(world.aborts).toHaveLength(1)
    // No longer as being flushed, but as what must be.
    expect(world.accounting.findLower([[0, 1]]).get(0)).toEqual([0])
    expect(world.memstores.flushedSequenceId(0)).toBe(0)
    expect(world.regionFlush.isFlushable(0)).toBe(false)
    expect(world.records).toEqual([])
  })

  it('comes to a good end if HDFS is back in time', () => {
    const world = new FlushWorld()
    world.put(0, 1000)
    const results: FlushResult[] = []
    world.hdfs.powerOff(null)
    world.start(world.request('all'), results)
    world.scheduler.run(4 * SECOND)
    expect(world.files).toEqual([])
    world.hdfs.powerOn(null)
    world.scheduler.run(20 * SECOND)
    expect(results).toMatchObject([{ result: 'FLUSHED_NO_COMPACTION_NEEDED' }])
    expect(world.aborts).toEqual([])
  })
})

describe('a region that closes', () => {
  it('waits for the flush that runs, refuses others, and flushes the rest to close', () => {
    const world = new FlushWorld()
    world.put(0, 3_500_000)
    const results: FlushResult[] = []
    world.start(world.request('all'), results)
    world.scheduler.run(world.scheduler.now + 2 * SYNC_US)
    world.put(0, 77)
    function* closing(): Protocol<FlushResult> {
      yield* world.regionFlush.disable(0)
      results.push(yield* world.regionFlush.flush(0, world.request('all')))
      return yield* world.regionFlush.flushToClose(0)
    }
    expect(world.world.run(closing())).toMatchObject({ result: 'FLUSHED_NO_COMPACTION_NEEDED' })
    expect(results.map(({ result }) => result)).toEqual([
      'FLUSHED_NO_COMPACTION_NEEDED',
      'CANNOT_FLUSH',
    ])
    expect(world.files.map(({ bytes }) => bytes)).toEqual([3_500_000, 77])
    expect(world.records[1]?.reason).toBe('close')
  })
})
