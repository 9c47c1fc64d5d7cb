import { describe, expect, test } from 'vitest'
import { constant } from '../../../src/kernel/distribution.js'
import type { Protocol } from '../../../src/kernel/process.js'
import { variateOf } from './wal-fixture.js'
import { A, B, fsHLog, SECOND, WalGroupWorld } from './wal-group-fixture.js'

describe.each([
  ['asyncfs', {}],
  ['filesystem', { fsHLog }],
])('rolled WALs (%s)', (_provider, options) => {
  test('R19: more than maxlogs lead to a flush of the region in the oldest', () => {
    const world = new WalGroupWorld(options)
    world.edits(A, 2)
    expect(world.roll().size).toBe(0)
    world.edits(A, 2)
    expect([...world.roll().keys()]).toEqual([A])
    expect(world.group.rolledWals).toHaveLength(2)
  })

  test('R20: a flush lets the WALs go that hold only what was flushed, at the next roll', () => {
    const world = new WalGroupWorld(options)
    world.edits(A, 2)
    world.roll()
    world.edits(A, 2)
    world.roll()
    world.edits(B, 2)
    world.flush(A)
    expect(world.group.rolledWals).toHaveLength(2)
    world.roll()
    expect(world.group.rolledWals.map(({ regions }) => regions)).toEqual([[B]])
    expect(world.archived.map(({ regions }) => regions)).toEqual([[], []])
  })

  test('R21: every region in the oldest WAL is asked to flush, with all families in it', () => {
    const world = new WalGroupWorld(options)
    world.edits(A, 2)
    world.edits(B, 2)
    world.roll()
    expect(world.group.rolledWals).toHaveLength(1)
    world.edits(A, 2)
    expect([...world.roll()]).toEqual([
      [A, [0, 1]],
      [B, [0, 1]],
    ])
    expect(world.rolls.map(({ regionsToFlush }) => regionsToFlush)).toEqual([0, 2])
  })

  test('R22: a WAL is not archived by a roll during the flush, nor when the flush completes', () => {
    const world = new WalGroupWorld(options)
    world.edits(A, 2)
    world.group.accounting.startCacheFlush(A, [0, 1])
    world.roll()
    world.group.accounting.completeCacheFlush(A)
    expect(world.group.rolledWals).toHaveLength(1)
    world.roll()
    expect(world.group.rolledWals).toEqual([])
  })
})

describe('a rolled WAL', () => {
  test('without a region’s entries is archived as soon as it is closed', () => {
    const world = new WalGroupWorld()
    world.roll()
    expect(world.archived.map(({ entries }) => entries)).toEqual([0])
  })

  test('is not archived while only one family of a region is flushed', () => {
    const world = new WalGroupWorld()
    world.edits(A, 2)
    world.group.accounting.startCacheFlush(A, [0])
    world.group.accounting.completeCacheFlush(A)
    world.roll()
    world.edits(A, 1)
    expect([...world.roll()]).toEqual([[A, [1]]])
  })

  test('keeps bytes, lowest and highest id of its regions', () => {
    const world = new WalGroupWorld()
    world.edits(A, 3)
    world.roll()
    world.edits(A, 2)
    world.edits(B, 1)
    world.roll()
    expect(world.group.rolledWals.map((wal) => [...wal.regionEntries()])).toEqual([
      [{ region: A, minSequenceId: 1, maxSequenceId: 3, bytes: 3000 }],
      [
        { region: A, minSequenceId: 4, maxSequenceId: 5, bytes: 2000 },
        { region: B, minSequenceId: 1, maxSequenceId: 1, bytes: 1000 },
      ],
    ])
  })
})

describe('the reason of a roll', () => {
  test('is the size that was outgrown', () => {
    const world = new WalGroupWorld({}, 1500)
    world.edits(A, 2)
    expect(world.rollsNeeded).toBe(1)
    world.roll()
    expect(world.rolls).toMatchObject([{ reason: 'size', entries: 2, bytes: 2000, rolledWals: 1 }])
  })

  test('is an error when the stream of AsyncFSWAL breaks under a sync', () => {
    const world = new WalGroupWorld()
    world.driver.append(0, A, 1000, 0)
    world.pass(300)
    world.killDataNode()
    expect(world.rollsNeeded).toBe(1)
    world.roll()
    expect(world.rolls.map(({ reason }) => reason)).toEqual(['error'])
  })

  test('is low replication when the roller finds a broken stream', () => {
    const world = new WalGroupWorld()
    world.edits(A, 1)
    expect(world.group.checkLowReplication()).toBe(false)
    world.killDataNode()
    expect(world.group.checkLowReplication()).toBe(true)
    world.roll()
    expect(world.rolls.map(({ reason }) => reason)).toEqual(['low replication'])
  })

  test.each([
    ['asyncfs', {}],
    ['filesystem', { fsHLog }],
  ])('is one sync that was very slow (%s)', (_provider, options) => {
    const sync = variateOf(constant(20_000), 'sync')
    const world = new WalGroupWorld({ ...options, sync })
    world.edits(A, 1)
    expect([world.rollsNeeded, world.group.slowSyncs.total]).toEqual([1, 1])
    world.roll()
    expect(world.rolls.map(({ reason }) => reason)).toEqual(['slow sync'])
  })

  test('is the number of slow syncs with FSHLog only', () => {
    const counts = [{}, { fsHLog }].map((options) => {
      const slowSyncs = {
        slowUs: 1000,
        rollOnSyncUs: 10_000,
        rollThreshold: 2,
        rollIntervalUs: 5000,
      }
      const sync = variateOf(constant(2000), 'sync')
      const world = new WalGroupWorld({ ...options, slowSyncs, sync })
      for (let n = 0; n < 4; n++) {
        world.driver.append(world.nowUs, A, 1000, n)
        world.pass(2200)
      }
      return [world.rollsNeeded, world.group.slowSyncs.total]
    })
    expect(counts).toEqual([
      [0, 4],
      [1, 4],
    ])
  })
})

describe('hbase:meta’s own WAL', () => {
  test('is named so, and no listener of replication hears of it', () => {
    const world = new WalGroupWorld({ meta: true })
    const heard: string[] = []
    world.listeners.push({
      *preLogRoll(wal): Protocol {
        yield 0
        heard.push(wal.name)
      },
      postLogRoll: (wal) => {
        heard.push(wal.name)
      },
    })
    world.roll()
    expect(world.group.wal.name).toMatch(/^WALs\/rs1\/rs1\.\d+\.meta$/)
    expect(heard).toEqual([])
  })
})

describe('FSHLog, when a DataNode of its pipeline dies', () => {
  test('goes on in the same file once HDFS has brought in another', () => {
    const world = new WalGroupWorld({ fsHLog })
    const durable: number[] = []
    world.driver.onDurable = (operation) => {
      durable.push(operation)
    }
    world.driver.append(0, A, 1000, 0)
    world.driver.append(400, A, 1000, 1)
    world.pass(300)
    world.killDataNode()
    world.pass(1000)
    expect(durable).toEqual([])
    world.pass(60 * SECOND)
    expect(durable).toEqual([0, 1])
    const { wal } = world.group
    expect([wal.entries, wal.reappendedEntries, wal.file.lastBlock?.liveReplicas]).toEqual([
      2, 0, 3,
    ])
    expect(world.rollsNeeded).toBe(0)
  })

  test('is rolled for low replication five times, then no more', () => {
    const world = new WalGroupWorld({ fsHLog })
    for (const number of [1, 2, 3]) world.hdfs.killDataNode(number)
    world.pass(60 * SECOND)
    for (let n = 0; n < 8; n++) {
      world.roll()
      world.edits(A, 1)
    }
    const reasons = world.rolls.map(({ reason }) => reason)
    expect(reasons.filter((reason) => reason === 'low replication')).toHaveLength(5)
    expect(world.rollsNeeded).toBe(5)
  })

  test('cannot be rolled with entries that were not synced, if all are gone', () => {
    const world = new WalGroupWorld({ fsHLog })
    world.driver.append(0, A, 1000, 0)
    world.pass(300)
    for (const node of world.group.wal.file.lastBlock?.dataNodes ?? []) {
      world.hdfs.killDataNode(node.index + 1)
    }
    world.pass(60 * SECOND)
    expect(world.rollsNeeded).toBe(1)
    expect(() => world.roll()).toThrow(/could not be synced/)
  })
})
