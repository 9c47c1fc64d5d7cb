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
    const world = new ServerWorld({ walBytesPerSecond: 1000 })
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
    const world = new ServerWorld({ walRollSize: 500 })
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
  test('answers what is appended, flushes, archives its WALs, ends replication and is gone', () => {
    const world = new ServerWorld()
    const { server, scheduler } = world
    const exits = exitsOf(world)
    let terminatedUs = 0
    server.onTerminate = function* () {
      yield 3000
      terminatedUs = scheduler.now
    }
    // At 160 the first is appended, the second computed for, the third under way.
    world.put(0, 50, 150)
    world.run(160)
    server.stop()
    world.put(1000)
    world.run(SECOND)
    const answeredUs = ACKNOWLEDGED_US - 100
    expect(world.group.log.acknowledgedUs(0)).toBe(ACKNOWLEDGED_US)
    expect(terminatedUs).toBe(answeredUs + CLOSE_US + 3000)
    expect(exits).toEqual([{ how: 'stopped', atUs: terminatedUs, operations: [1, 2, 3] }])
    const [wal] = server.oldWals
    expect([wal.entries, wal.hasTrailer, wal.archivedUs]).toEqual([1, true, answeredUs + CLOSE_US])
    expect(world.memstores.bytes(0)).toBe(0)
    expect(server.wals()).toEqual([wal])
  })

  test('waits for a roll under way before it closes its WAL', () => {
    const world = new ServerWorld({ walRollSize: 500 })
    world.put(0)
    world.run(1000)
    world.server.stop()
    world.run(SECOND)
    expect(world.server.alive).toBe(false)
    const wals = world.server.oldWals
    expect(wals.map(({ entries, hasTrailer }) => [entries, hasTrailer])).toEqual([
      [1, true],
      [0, true],
    ])
  })

  test('having to do with nothing is gone as soon as its WAL is closed', () => {
    const world = new ServerWorld()
    const exits = exitsOf(world)
    world.server.stop()
    world.run(SECOND)
    expect(exits).toEqual([{ how: 'stopped', atUs: CLOSE_US, operations: [] }])
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
    expect(world.memstores.bytes(0)).toBe(1000)
    const { wal } = world.group
    expect([wal.hasTrailer, wal.archivedUs]).toEqual([true, null])
    server.splitDone()
    expect(server.oldWals).toEqual([wal])
  })

  test('when it cannot roll its WAL', () => {
    const world = new ServerWorld({ walRollSize: 500 }, {}, {}, { createWalFile: refuse })
    const exits = exitsOf(world)
    world.put(0)
    world.run(SECOND)
    expect(exits.map(({ how }) => how)).toEqual(['aborted'])
  })

  test('not before the retries of the roll are used up', () => {
    const options = { logRollRetries: 2 }
    const world = new ServerWorld({ walRollSize: 500 }, options, {}, { createWalFile: refuse })
    const exits = exitsOf(world)
    world.put(0)
    world.run(10 * SECOND)
    expect(exits).toEqual([{ how: 'aborted', atUs: 626 + 2 * SECOND + CLOSE_US, operations: [] }])
  })

  test('with a broken WAL that cannot be rolled, hands back what was appended', () => {
    const world = new ServerWorld({}, {}, {}, { createWalFile: refuse })
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
})
