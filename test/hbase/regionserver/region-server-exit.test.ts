import { describe, expect, test } from 'vitest'
import type { UnansweredCall } from '../../../src/hbase/regionserver/write-path-options.js'
import type { Protocol } from '../../../src/kernel/process.js'
import { IOException } from '../../../src/storage/io-exception.js'
import {
  ACKNOWLEDGED_US,
  CLOSE_US,
  CREATE_US,
  SECOND,
  ServerWorld,
} from './region-server-fixture.js'

/** Writing a marker to the WAL, and its sync. */
const MARKER_US = 5 + 500

interface Exit {
  readonly how: string
  readonly atUs: number
  readonly operations: readonly number[]
}

/** What the server says when it is gone. */
function exitsOf({ server, scheduler }: ServerWorld): Exit[] {
  const exits: Exit[] = []
  server.onExit = (how, calls: readonly UnansweredCall[]) => {
    expect(server.alive).toBe(false)
    exits.push({ how, atUs: scheduler.now, operations: calls.map(({ operation }) => operation) })
  }
  return exits
}

function* refuse(): Protocol<never> {
  yield 0
  throw new IOException('no-space', 'HDFS is full')
}

describe('a server that is killed', () => {
  test('hands back what it has not answered; what it has answered is on its way', () => {
    const world = new ServerWorld()
    const exits = exitsOf(world)
    world.put(0, 50, 5000)
    world.run(640)
    world.server.kill()
    world.run(SECOND)
    expect(exits).toEqual([{ how: 'killed', atUs: 640, operations: [1, 2] }])
    expect(world.group.log.acknowledgedUs(0)).toBe(ACKNOWLEDGED_US)
    expect(world.group.log.acknowledgedUs(1)).toBe(Number.POSITIVE_INFINITY)
    expect(world.server.writePath.unanswered).toBe(0)
  })

  test('leaves a WAL that ends, after lease recovery, with what the DataNodes had received', () => {
    const world = new ServerWorld()
    world.put(0, 50, 600)
    world.run(640)
    world.server.kill()
    const { wal } = world.group
    // The second put was written at 175 and is not acknowledged; the third is not written.
    expect([wal.entries, wal.syncedEntries, wal.recoverableEntries]).toEqual([2, 1, 2])
    expect(wal.beingWritten).toBe(true)
    world.world.run(world.hdfs.recoverLease(wal.file))
    world.server.splitDone()
    expect([wal.entries, wal.syncedEntries, wal.bytes, wal.tornBytes]).toEqual([2, 2, 2000, 0])
    expect(wal.file.extents).toEqual([{ log: 0, from: 0, to: 2, bytes: 2000 }])
    expect([wal.beingWritten, wal.hasTrailer]).toEqual([false, false])
    expect(world.server.oldWals).toEqual([wal])
  })

  test('what had not left it is in no WAL', () => {
    const world = new ServerWorld({ scenario: { walBytesPerSecond: 1000 } })
    world.put(0)
    world.run(1000)
    world.server.kill()
    const { wal } = world.group
    expect([wal.entries, wal.recoverableEntries]).toEqual([1, 0])
    world.world.run(world.hdfs.recoverLease(wal.file))
    world.server.splitDone()
    expect([wal.entries, wal.file.visibleBytes()]).toEqual([0, 0])
  })

  test('while it rolls leaves the file that nobody has written to', () => {
    const world = new ServerWorld({ scenario: { walRollSize: 500 } })
    world.server.listeners.push({
      *preLogRoll() {
        yield SECOND
      },
      postLogRoll() {},
    })
    world.put(0)
    world.run(SECOND / 2)
    world.server.kill()
    expect(world.server.wals().map(({ entries }) => entries)).toEqual([1, 0])
    world.server.splitDone()
    expect(world.server.oldWals.map(({ createdUs }) => createdUs)).toEqual([0, 626 + CREATE_US])
    expect(world.server.wals()).toHaveLength(2)
  })
})

describe('a server that stops', () => {
  test('answers what is under way, flushes, archives its WALs, ends replication and is gone', () => {
    const world = new ServerWorld()
    const { server, scheduler } = world
    const exits = exitsOf(world)
    let terminatedUs = 0
    server.onTerminate = function* () {
      yield 3000
      terminatedUs = scheduler.now
    }
    world.put(0)
    world.run(160)
    server.stop()
    world.run(SECOND)
    expect(world.answeredUs).toEqual([ACKNOWLEDGED_US])
    // Calls do not wait for their answers to travel.
    const closedUs = ACKNOWLEDGED_US - 100
    expect(world.flushes).toMatchObject([{ reason: 'close', requestedUs: closedUs, bytes: 1000 }])
    const [{ committedUs }] = world.flushes
    expect(terminatedUs).toBe(committedUs + MARKER_US + CLOSE_US + 3000)
    expect(exits).toEqual([{ how: 'stopped', atUs: terminatedUs, operations: [] }])
    const [wal] = server.oldWals
    // The put, START_FLUSH, COMMIT_FLUSH and REGION_CLOSE.
    expect([wal.entries, wal.hasTrailer]).toEqual([4, true])
    expect(wal.archivedUs).toBe(committedUs + MARKER_US + CLOSE_US)
    expect(world.memstores.heapBytes(0)).toBe(0)
    expect(server.wals()).toEqual([wal])
  })

  test('sends calls elsewhere from the instant at which it stops', () => {
    const world = new ServerWorld()
    const exits = exitsOf(world)
    // At 160 the first is appended, the second computed for, the third under way.
    world.put(0, 50, 150)
    world.run(160)
    world.server.stop()
    world.put(1000)
    world.run(SECOND)
    expect(world.group.log.acknowledgedUs(0)).toBe(ACKNOWLEDGED_US)
    expect(world.notServing.map(({ operation, attempt }) => [operation, attempt])).toEqual([
      [1, 0],
      [2, 0],
      [3, 0],
    ])
    expect(exits).toMatchObject([{ how: 'stopped', operations: [] }])
  })

  test('closes as many regions at once as it has threads for it', () => {
    const ends = [1, 3].map((closeRegionThreads) => {
      const world = new ServerWorld({ scenario: { regions: 3 }, options: { closeRegionThreads } })
      for (const region of [0, 1, 2]) world.putTo(region, 0)
      world.run(1000)
      world.server.stop()
      world.run(SECOND)
      expect(world.flushes.map(({ reason }) => reason)).toEqual(['close', 'close', 'close'])
      expect(world.server.wals().map(({ archivedUs }) => archivedUs === null)).toEqual([false])
      return world.flushes.map(({ requestedUs }) => requestedUs)
    })
    expect(new Set(ends[0]).size).toBe(3)
    expect(ends[1]).toEqual([1000, 1000, 1000])
  })

  test('waits for a roll under way before it closes its WAL', () => {
    const world = new ServerWorld({ scenario: { walRollSize: 500 } })
    world.put(0)
    world.run(1000)
    // The roll has asked for its file at 626.
    world.server.stop()
    world.run(SECOND)
    expect(world.server.alive).toBe(false)
    const wals = world.server.wals()
    expect(wals.length).toBeGreaterThan(1)
    expect(wals.map(({ hasTrailer }) => hasTrailer)).not.toContain(false)
    expect(wals.map(({ archivedUs }) => archivedUs)).not.toContain(null)
    expect(wals[1].createdUs).toBe(626 + CREATE_US)
  })

  test('having to do with nothing is gone as soon as its WAL is closed', () => {
    const world = new ServerWorld()
    const exits = exitsOf(world)
    world.server.stop()
    world.run(SECOND)
    expect(exits).toEqual([{ how: 'stopped', atUs: MARKER_US + CLOSE_US, operations: [] }])
  })
})

describe('a server that aborts', () => {
  test('flushes nothing and leaves its closed WAL for the master to split', () => {
    const world = new ServerWorld()
    const { server } = world
    const exits = exitsOf(world)
    const reasons: string[] = []
    server.onAbort = (reason) => reasons.push(reason)
    world.put(0)
    world.run(SECOND)
    server.abort('told so')
    server.abort('told so again')
    world.run(2 * SECOND)
    expect(reasons).toEqual(['told so'])
    expect(exits).toEqual([{ how: 'aborted', atUs: SECOND + CLOSE_US, operations: [] }])
    expect(world.memstores.heapBytes(0)).toBe(1000)
    const { wal } = world.group
    expect([wal.hasTrailer, wal.archivedUs]).toEqual([true, null])
    server.splitDone()
    expect(server.oldWals).toEqual([wal])
  })

  test('when it cannot roll its WAL', () => {
    const world = new ServerWorld({
      scenario: { walRollSize: 500 },
      group: { createWalFile: refuse },
    })
    const exits = exitsOf(world)
    world.put(0)
    world.run(SECOND)
    expect(exits.map(({ how }) => how)).toEqual(['aborted'])
  })

  test('not before the retries of the roll are used up', () => {
    const options = { logRollRetries: 2 }
    const world = new ServerWorld({
      scenario: { walRollSize: 500 },
      options,
      group: { createWalFile: refuse },
    })
    const exits = exitsOf(world)
    world.put(0)
    world.run(10 * SECOND)
    expect(exits).toEqual([{ how: 'aborted', atUs: 626 + 2 * SECOND + CLOSE_US, operations: [] }])
  })

  test('with a broken WAL that cannot be rolled, hands back what was appended', () => {
    const world = new ServerWorld({ group: { createWalFile: refuse } })
    const exits = exitsOf(world)
    world.put(0, 50)
    world.run(300)
    world.breakStream()
    world.run(300 * SECOND)
    expect(exits.map(({ how, operations }) => [how, operations])).toEqual([['aborted', [0, 1]]])
    // Both had reached the DataNodes that live.
    expect(world.group.wal.recoverableEntries).toBe(2)
  })

  test('when HDFS is gone, without a WAL to close', () => {
    const world = new ServerWorld()
    const exits = exitsOf(world)
    world.put(0, 5000)
    world.run(1000)
    world.server.advance()
    world.hdfs.lose()
    world.run(600 * SECOND)
    expect(exits.map(({ how, operations }) => [how, operations])).toEqual([['aborted', [1]]])
  })

  test('while it stops: its WAL is not archived then', () => {
    const world = new ServerWorld()
    const exits = exitsOf(world)
    world.put(0)
    world.run(300)
    world.server.stop()
    world.run(400)
    world.server.abort('told so')
    world.run(SECOND)
    expect(exits.map(({ how }) => how)).toEqual(['aborted'])
    expect(world.group.wal.archivedUs).toBeNull()
  })

  test('while it stops: regions that are not closed yet are not flushed', () => {
    const world = new ServerWorld({
      scenario: { regions: 3 },
      options: { closeRegionThreads: 1 },
    })
    const exits = exitsOf(world)
    for (const region of [0, 1, 2]) world.putTo(region, 0)
    world.run(1000)
    world.server.stop()
    world.run(3000)
    world.server.abort('told so')
    world.run(SECOND)
    expect(exits.map(({ how }) => how)).toEqual(['aborted'])
    expect([1, 2].map((region) => world.memstores.heapBytes(region))).toEqual([1000, 1000])
    expect(world.group.wal.archivedUs).toBeNull()
  })
})

describe('a server that was declared dead while it stood still', () => {
  test('and had begun to stop flushes nothing, and syncs nothing that nobody waited for', () => {
    const world = new ServerWorld({ scenario: { durabilities: ['ASYNC_WAL'] } })
    const exits = exitsOf(world)
    const { server, group } = world
    world.put(0)
    world.run(1000)
    server.stop()
    server.suspend()
    world.run(SECOND)
    expect(server.resumeDead()).toEqual([])
    world.run(2 * SECOND)
    expect(exits).toEqual([{ how: 'aborted', atUs: SECOND, operations: [] }])
    expect(world.flushes).toEqual([])
    const { entries, recoverableEntries, beingWritten } = group.wal
    expect([entries, recoverableEntries, beingWritten]).toEqual([0, 0, true])
  })
})
