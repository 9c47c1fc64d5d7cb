import { describe, expect, test } from 'vitest'
import { CREATE_US, SECOND, ServerWorld } from './region-server-fixture.js'

describe('several WAL groups', () => {
  test('have logs, WALs and names of their own; regions are dealt out in turn', () => {
    const world = new ServerWorld({ scenario: { groups: 2, regions: 3 } })
    const { server } = world
    for (let region = 0; region < 3; region++) world.putTo(region, 10 * region)
    world.run(SECOND)
    server.advance()
    expect(server.groups.map(({ wal }) => wal.name)).toEqual([
      'WALs/rs1/rs1.rs1.regiongroup-0.0',
      'WALs/rs1/rs1.rs1.regiongroup-1.0',
    ])
    expect(server.groups.map(({ log }) => log.length)).toEqual([2, 1])
    expect(server.groups.map(({ wal }) => [wal.log.id, wal.group, wal.entries])).toEqual([
      [0, 0, 2],
      [1, 1, 1],
    ])
    expect(server.groups[1].wal.file.extents).toEqual([{ log: 1, from: 0, to: 1, bytes: 1000 }])
  })

  test('are rolled one after the other by one thread, each for itself', () => {
    const world = new ServerWorld({ scenario: { groups: 2, regions: 2, walRollSize: 500 } })
    world.putTo(0, 0)
    world.putTo(1, 0)
    world.run(SECOND)
    const [first, second] = world.server.groups
    expect(first.wal.createdUs).toBe(626 + CREATE_US)
    expect(second.wal.createdUs).toBe(626 + 2 * CREATE_US)
    expect(world.server.rolledWals).toHaveLength(2)
    expect(world.server.wals().map(({ createdUs }) => createdUs)).toEqual([
      0,
      0,
      first.wal.createdUs,
      second.wal.createdUs,
    ])
  })

  test('archive their own WALs', () => {
    const world = new ServerWorld({ scenario: { groups: 2, regions: 2, flushSize: 500 } })
    world.putTo(1, 0)
    world.run(SECOND)
    world.server.requestRoll(1)
    world.run(2 * SECOND)
    expect(world.server.oldWals.map(({ group }) => group)).toEqual([1])
  })
})

describe('a DataNode of the WAL’s block dies', () => {
  test('the server goes on in a new WAL, with what was not acknowledged in both', () => {
    const world = new ServerWorld()
    const { server } = world
    world.put(0, 50, 600)
    world.run(640)
    world.breakStream()
    world.run(SECOND)
    server.advance()
    const [old] = server.rolledWals
    const { wal, log } = world.group
    expect([old.from, old.entries, old.syncedEntries]).toEqual([0, 2, 1])
    expect([wal.from, wal.entries, wal.reappendedEntries]).toEqual([1, 2, 1])
    expect(wal.file.extents).toEqual([
      { log: 0, from: 1, to: 2, bytes: 1000, resend: 'WAL re-append' },
      { log: 0, from: 2, to: 3, bytes: 1000 },
    ])
    expect(log.acknowledgedUs(2)).toBeLessThan(SECOND)
    expect(log.acknowledgedUs(1)).toBe(640 + CREATE_US + 2 * 5 + 502 + 110)
  })

  test('the old WAL is ended by lease recovery and has no trailer', () => {
    const world = new ServerWorld()
    world.put(0, 50)
    world.run(300)
    world.breakStream()
    world.run(2 * SECOND)
    const [old] = world.server.rolledWals
    expect(old.beingWritten).toBe(true)
    // A primary that has died costs block recovery a minute.
    world.run(300 * SECOND)
    expect([old.beingWritten, old.hasTrailer, old.file.closed]).toEqual([false, false, true])
    expect([old.entries, old.file.visibleBytes()]).toEqual([2, 2000])
  })

  test('while nothing is written, the log roller finds out', () => {
    const world = new ServerWorld()
    world.put(0)
    world.run(5 * SECOND)
    world.breakStream()
    world.run(29 * SECOND)
    expect(world.server.rolledWals).toEqual([])
    // Looks every 10 s, at streams every 30 s.
    world.run(31 * SECOND)
    expect(world.server.rolledWals.map(({ entries }) => entries)).toEqual([1])
  })

  test('again, before the roll is done: the newest WAL has what no other acknowledged', () => {
    const world = new ServerWorld()
    const { server } = world
    world.put(0, 50)
    world.run(300)
    world.breakStream()
    // Written to the second WAL from 7300 us on.
    world.run(300 + CREATE_US + 300)
    world.breakStream()
    world.run(SECOND)
    server.advance()
    const entries = server.wals().map(({ from, entries }) => [from, entries])
    expect(entries).toEqual([
      [0, 2],
      [0, 2],
      [0, 2],
    ])
    expect(world.group.wal.reappendedEntries).toBe(2)
  })

  test('while the server stands still it is found out when it resumes', () => {
    const world = new ServerWorld()
    const { server } = world
    world.put(0, 50)
    world.run(640)
    server.suspend()
    world.run(650)
    world.breakStream()
    world.run(5 * SECOND)
    server.resume()
    world.run(6 * SECOND)
    server.advance()
    expect(server.rolledWals.map(({ entries }) => entries)).toEqual([2])
    const { wal, log } = world.group
    expect([wal.from, wal.entries]).toEqual([1, 1])
    expect(log.acknowledgedUs(0)).toBe(736)
    expect(log.acknowledgedUs(1)).toBe(5 * SECOND + CREATE_US + 5 + 501 + 110)
  })
})

test('a server that stood still too long is shut out of its WALs when they are recovered', () => {
  const world = new ServerWorld()
  const { server, hdfs } = world
  world.put(0, 50)
  world.run(300)
  server.suspend()
  const { wal } = world.group
  world.world.run(hdfs.recoverLease(wal.file))
  server.splitDone()
  expect([wal.entries, wal.beingWritten]).toEqual([2, false])
  server.resume()
  server.abort('YouAreDeadException')
  world.run(world.scheduler.now + 60 * SECOND)
  expect(server.alive).toBe(false)
  expect([wal.entries, wal.file.visibleBytes()]).toEqual([2, 2000])
  expect(server.oldWals).toContain(wal)
})

describe('an injected WAL of 0 bytes', () => {
  test('lies between the one that was written and the one that is, without a header', () => {
    const world = new ServerWorld()
    const { server } = world
    const heard: boolean[] = []
    server.listeners.push({
      *preLogRoll() {},
      postLogRoll: (wal) => heard.push(wal.headerReadable),
    })
    world.put(0)
    world.run(SECOND)
    server.injectEmptyWal()
    world.run(2 * SECOND)
    expect(server.wals().map((wal) => [wal.entries, wal.headerReadable])).toEqual([
      [1, true],
      [0, false],
      [0, true],
    ])
    expect(heard).toEqual([false, true])
    expect(server.wals()[1].file.visibleBytes()).toBe(0)
    expect(server.wals()[1].beingWritten).toBe(false)
  })

  test('is archived at once, for it has nothing that is not flushed', () => {
    const world = new ServerWorld()
    world.server.injectEmptyWal()
    world.run(SECOND)
    expect(world.server.oldWals.map(({ headerReadable }) => headerReadable)).toContain(false)
  })
})

test('an operator’s roll does not ask for the size or the age of the WAL', () => {
  const world = new ServerWorld()
  world.put(0)
  world.run(SECOND)
  world.server.requestRoll()
  world.run(2 * SECOND)
  expect(world.group.wal.createdUs).toBe(SECOND + CREATE_US)
})
