import { describe, expect, test } from 'vitest'
import type { WalListener } from '../../../src/hbase/regionserver/region-server.js'
import {
  ACKNOWLEDGED_US,
  CLOSE_US,
  CREATE_US,
  SECOND,
  ServerWorld,
} from './region-server-fixture.js'

/** Rolls every minute: the LogRoller looks every 10 s, and a WAL must be older than the period. */
const EVERY_MINUTE = { logRollPeriodUs: 55 * SECOND }

describe('log roll by size', () => {
  test('a WAL of just the roll size goes on, one byte more is rolled', () => {
    const full = new ServerWorld({ scenario: { walRollSize: 3000 } })
    full.put(0, 50, 100)
    full.run(SECOND)
    full.server.advance()
    full.run(2 * SECOND)
    expect(full.group.wal.bytes).toBe(3000)
    expect(full.server.rolledWals).toEqual([])

    const over = new ServerWorld({ scenario: { walRollSize: 2999 } })
    over.put(0, 50, 100)
    over.run(SECOND)
    expect(over.server.rolledWals.map(({ bytes }) => bytes)).toEqual([3000])
    // The third edit is written at 225; the sync that returns next, the first one, tells.
    expect(over.group.wal.createdUs).toBe(626 + CREATE_US)
    expect(over.group.wal.from).toBe(3)
  })

  test('edits appended while a roll waits for the safe point are in the new WAL', () => {
    const world = new ServerWorld({ scenario: { walRollSize: 2999 } })
    const safePointUs = 626 + CREATE_US
    // One is being synced when the safe point is wanted, one is appended 30 us later.
    world.put(0, 50, 100, safePointUs - 300, safePointUs - 90)
    world.run(SECOND)
    world.server.advance()
    const [old] = world.server.rolledWals
    expect([old.from, old.entries]).toEqual([0, 4])
    expect([world.group.wal.from, world.group.wal.entries]).toEqual([4, 1])
    const { log } = world.group
    const syncedUs = safePointUs - 300 + 626
    expect(log.acknowledgedUs(3)).toBe(syncedUs + 110)
    expect(log.acknowledgedUs(4)).toBe(syncedUs + 5 + 501 + 110)
  })

  test('rolls follow one another while WALs fill', () => {
    const world = new ServerWorld({ scenario: { walRollSize: 1500 } })
    world.put(...Array.from({ length: 10 }, (_, i) => 10_000 * i))
    world.run(SECOND)
    const wals = [...world.server.rolledWals, world.group.wal]
    expect(wals.map(({ entries }) => entries)).toEqual([2, 2, 2, 2, 2, 0])
    expect(wals.map(({ from }) => from)).toEqual([0, 2, 4, 6, 8, 10])
  })
})

describe('log roll by period', () => {
  test('a WAL is rolled when the period is over', () => {
    const world = new ServerWorld({ options: EVERY_MINUTE })
    world.put(0)
    world.run(60 * SECOND + CREATE_US - 1)
    expect(world.server.rolledWals).toHaveLength(0)
    world.run(60 * SECOND + CREATE_US)
    expect(world.server.rolledWals).toHaveLength(1)
    expect(world.group.wal.name).toBe('WALs/rs1/rs1.60000')
  })

  test('a WAL of just that age is not', () => {
    const world = new ServerWorld({ options: { logRollPeriodUs: 60 * SECOND } })
    world.put(0)
    world.run(69 * SECOND)
    expect(world.server.rolledWals).toEqual([])
    world.run(71 * SECOND)
    expect(world.group.wal.createdUs).toBe(70 * SECOND + CREATE_US)
  })

  test('a WAL without entries is rolled, too, and archived at once', () => {
    const world = new ServerWorld({ options: EVERY_MINUTE })
    world.run(61 * SECOND)
    expect(world.group.wal.createdUs).toBe(60 * SECOND + CREATE_US)
    expect(world.server.oldWals.map(({ entries }) => entries)).toEqual([0])
  })

  test('the first period has begun before the run, by the age of the first WAL', () => {
    const world = new ServerWorld({
      options: EVERY_MINUTE,
      group: { firstWalAgeUs: 40 * SECOND },
    })
    world.put(0)
    world.run(30 * SECOND)
    expect(world.group.wal.createdUs).toBe(20 * SECOND + CREATE_US)
  })

  test('the roller looks at its own phase', () => {
    const world = new ServerWorld({ options: { ...EVERY_MINUTE, phaseUs: 3 * SECOND } })
    world.put(0)
    world.run(70 * SECOND)
    expect(world.group.wal.createdUs).toBe(63 * SECOND + CREATE_US)
  })
})

describe('listeners', () => {
  test('hear of a new WAL before it is written and after the switch; the roll waits', () => {
    const world = new ServerWorld({ options: EVERY_MINUTE })
    const { server, scheduler } = world
    const heard: string[] = []
    const listener = (name: string): WalListener => ({
      *preLogRoll(next) {
        heard.push(`${name} pre ${scheduler.now} ${world.group.wal === next}`)
        yield 3000
      },
      postLogRoll(next) {
        heard.push(`${name} post ${scheduler.now} ${world.group.wal === next}`)
      },
    })
    server.listeners.push(listener('a'), listener('b'))
    const createdUs = 60 * SECOND + CREATE_US
    // Written while the listeners are told: still to the old WAL.
    world.put(0, createdUs + 1000)
    world.run(61 * SECOND)
    expect(heard).toEqual([
      `a pre ${createdUs} false`,
      `b pre ${createdUs + 3000} false`,
      `a post ${createdUs + 6000} true`,
      `b post ${createdUs + 6000} true`,
    ])
    expect(server.rolledWals.map(({ entries }) => entries)).toEqual([2])
  })
})

describe('the WAL’s file', () => {
  test('shows a reader what is acknowledged by the DataNodes', () => {
    const world = new ServerWorld()
    const { file } = world.group.wal
    world.put(0, 50)
    world.run(625)
    world.server.advance()
    expect([file.bytesWritten, file.visibleBytes()]).toEqual([2000, 0])
    world.run(626)
    world.server.advance()
    expect(file.visibleBytes()).toBe(1000)
    world.run(SECOND)
    world.server.advance()
    expect(file.visibleBytes()).toBe(2000)
    expect(file.extents).toEqual([{ log: 0, from: 0, to: 2, bytes: 2000 }])
    expect(file.bytesSynced).toBe(0)
  })

  test('with hbase.wal.hsync is on disk as soon as it is acknowledged', () => {
    const world = new ServerWorld({ options: { walHsync: true } })
    world.put(0)
    world.run(SECOND)
    world.server.advance()
    expect(world.group.wal.file.bytesSynced).toBe(1000)
  })

  test('is closed in the background after a roll, and then has a trailer', () => {
    const world = new ServerWorld({ options: EVERY_MINUTE })
    world.put(0)
    world.run(60 * SECOND + CREATE_US + CLOSE_US - 1)
    const [wal] = world.server.rolledWals
    expect([wal.beingWritten, wal.hasTrailer, wal.file.closed]).toEqual([true, false, false])
    world.run(60 * SECOND + CREATE_US + CLOSE_US)
    expect([wal.beingWritten, wal.hasTrailer, wal.file.closed]).toEqual([false, true, true])
  })
})

test('a WAL that HDFS does not complete is left to lease recovery, and archived', () => {
  const world = new ServerWorld({ options: EVERY_MINUTE, hdfs: { closeRetryProbability: 1 } })
  world.run(119 * SECOND)
  const [wal] = world.server.oldWals
  // All of it was flushed, the trailer too, before the NameNode refused.
  expect([wal.beingWritten, wal.hasTrailer, wal.file.closed]).toEqual([false, true, true])
})

describe('archiving', () => {
  const rolledUs = 60 * SECOND + CREATE_US

  test('a WAL goes to oldWALs when it is closed, if all its edits are flushed', () => {
    const world = new ServerWorld({ scenario: { flushSize: 500 }, options: EVERY_MINUTE })
    let archived = 0
    world.server.onArchive = () => archived++
    world.put(0)
    world.run(rolledUs + CLOSE_US - 1)
    expect(world.server.oldWals).toEqual([])
    const [wal] = world.server.rolledWals
    world.run(rolledUs + CLOSE_US)
    expect(world.server.rolledWals).toEqual([])
    expect(world.server.oldWals).toEqual([wal])
    expect(wal.archivedUs).toBe(rolledUs + CLOSE_US)
    expect(world.server.oldWalBytes).toBe(wal.bytes)
    expect(archived).toBe(1)
  })

  test('a WAL with an unflushed edit of one region stays until a later roll finds it flushed', () => {
    const world = new ServerWorld({ scenario: { regions: 2 }, options: EVERY_MINUTE })
    world.putTo(0, 0)
    world.putTo(1, 10)
    world.run(30 * SECOND)
    world.flush(0)
    world.run(70 * SECOND)
    expect(world.server.rolledWals).toHaveLength(1)

    world.flush(1)
    world.put(80 * SECOND)
    world.run(119 * SECOND)
    expect(world.flushes.map(({ region }) => region)).toEqual([0, 1])
    expect(world.server.rolledWals).toHaveLength(1)
    world.run(131 * SECOND)
    // The first is archived; the second has an edit that is not flushed.
    expect(world.server.oldWals.map(({ createdUs }) => createdUs)).toEqual([0])
    expect(world.server.rolledWals.map(({ createdUs }) => createdUs)).toEqual([rolledUs])
  })

  test('flushed means up to the highest sequence id that the WAL has of the region', () => {
    const world = new ServerWorld({ options: EVERY_MINUTE })
    world.put(0, 20 * SECOND)
    world.run(10 * SECOND)
    world.flush()
    world.run(70 * SECOND)
    expect(world.flushes).toHaveLength(1)
    expect(world.server.rolledWals).toHaveLength(1)
  })
})

describe('periodic flush', () => {
  const every = (flushIntervalUs: number) =>
    new ServerWorld({
      regions: {
        flush: { flushIntervalUs },
        periodicFlusher: { flushDelayUs: () => 25 * SECOND },
      },
    })

  test('comes when the oldest edit is older than the interval, after its random delay', () => {
    const world = every(60 * SECOND)
    world.put(0)
    // At 60 s the edit, in the memstore since 636 us, is not old enough: the chore's next look is at
    // 70 s, and it asks for a flush 25 s later.
    world.run(95 * SECOND - 1)
    expect(world.memstores.heapBytes(0)).toBe(1000)
    world.run(96 * SECOND)
    expect(world.memstores.heapBytes(0)).toBe(0)
    expect(world.flushes).toMatchObject([{ reason: 'age', lockedUs: 95 * SECOND }])
  })

  test('is off with an interval of 0', () => {
    const world = every(0)
    world.put(0)
    world.run(8000 * SECOND)
    world.server.advance()
    expect(world.memstores.heapBytes(0)).toBe(1000)
  })
})

describe('a server that stands still or is gone', () => {
  test('suspended, rolls nothing and answers nobody until it resumes', () => {
    const world = new ServerWorld({ options: EVERY_MINUTE })
    world.put(0, 50 * SECOND)
    world.run(40 * SECOND)
    world.server.advance()
    world.server.suspend()
    world.run(200 * SECOND)
    world.server.advance()
    expect(world.server.rolledWals).toEqual([])
    expect(world.server.writePath.unanswered).toBe(1)
    world.server.resume()
    world.run(201 * SECOND)
    world.server.advance()
    expect(world.group.log.acknowledgedUs(1)).toBe(200 * SECOND + ACKNOWLEDGED_US - 100)
    expect(world.group.wal.createdUs).toBe(200 * SECOND + CREATE_US)
  })
})
