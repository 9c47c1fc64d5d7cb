import { describe, expect, test } from 'vitest'
import { SECOND, ServerWorld } from '../regionserver/region-server-fixture.js'

/** What the splitter finds in a WAL, by region. */
function entriesOf(world: ServerWorld) {
  return [...world.group.wal.regionEntries()]
}

function run(world: ServerWorld, us: number): void {
  world.run(world.scheduler.now + us)
  world.server.advance()
}

describe('the edits of a WAL by region', () => {
  test('do not count markers, nor the ids of those at either end', () => {
    const world = new ServerWorld({ scenario: { regions: 2 } })
    world.put(0, 0)
    world.putTo(1, 0, 700)
    run(world, SECOND)
    world.flush()
    run(world, SECOND)
    expect(world.group.wal.highestSequenceId(0)).toBe(5)
    expect(entriesOf(world)).toEqual([
      { region: 0, minSequenceId: 1, maxSequenceId: 2, bytes: 2000 },
      { region: 1, minSequenceId: 1, maxSequenceId: 1, bytes: 700 },
    ])
    world.put(world.scheduler.now)
    run(world, SECOND)
    expect(entriesOf(world)[0]).toEqual({
      region: 0,
      minSequenceId: 1,
      maxSequenceId: 6,
      bytes: 3000,
    })
  })

  test('are none where a WAL has markers only', () => {
    const world = new ServerWorld()
    world.closeRegion(0)
    run(world, SECOND)
    expect(world.group.wal.regions).toEqual([0])
    expect(entriesOf(world)).toEqual([])
  })

  test('are those since the last roll', () => {
    const world = new ServerWorld()
    world.put(0, 0)
    run(world, SECOND)
    world.server.requestRoll()
    run(world, SECOND)
    expect(entriesOf(world)).toEqual([])
    world.put(world.scheduler.now)
    run(world, SECOND)
    expect(entriesOf(world)).toEqual([
      { region: 0, minSequenceId: 3, maxSequenceId: 3, bytes: 1000 },
    ])
  })

  test('are none once it is archived', () => {
    const world = new ServerWorld()
    world.put(0)
    run(world, SECOND)
    const { wal } = world.group
    world.server.kill()
    world.world.run(world.hdfs.recoverLease(wal.file))
    expect([...wal.regionEntries()]).toHaveLength(1)
    world.server.splitDone()
    expect([...wal.regionEntries()]).toEqual([])
  })
})

describe('of a WAL whose writer has died', () => {
  /** A put takes a millisecond to the DataNodes. */
  const SLOW = { walBytesPerSecond: 1e6, regions: 2 }

  test('what had not reached the DataNodes is left out, before and after lease recovery', () => {
    const world = new ServerWorld({ scenario: SLOW })
    // Region 0 is there at 1125 and 2125, region 1 at 3125.
    world.put(0, 50)
    world.putTo(1, 100)
    world.run(2500)
    world.server.kill()
    const { wal } = world.group
    expect(wal.entries).toBe(3)
    const found = [{ region: 0, minSequenceId: 1, maxSequenceId: 2, bytes: 2000 }]
    expect([...wal.regionEntries()]).toEqual(found)
    world.world.run(world.hdfs.recoverLease(wal.file))
    wal.recovered(world.scheduler.now)
    expect([...wal.regionEntries()]).toEqual(found)
  })

  test('of a region, the ids end with the last edit that had', () => {
    const world = new ServerWorld({ scenario: SLOW })
    world.put(0, 50, 100)
    world.run(1500)
    world.server.kill()
    expect(entriesOf(world)).toEqual([
      { region: 0, minSequenceId: 1, maxSequenceId: 1, bytes: 1000 },
    ])
  })

  test('a marker that had not takes nothing from the edits before it', () => {
    const world = new ServerWorld({ scenario: SLOW })
    world.put(0)
    run(world, 2000)
    world.flush()
    run(world, 10)
    world.server.kill()
    const { wal } = world.group
    // The put, and START_FLUSH, which is on its way.
    expect([wal.entries, wal.recoverableEntries]).toEqual([2, 1])
    expect(entriesOf(world)).toEqual([
      { region: 0, minSequenceId: 1, maxSequenceId: 1, bytes: 1000 },
    ])
  })
})

describe('of a WAL whose machines have lost power', () => {
  test('what is on no disk is left out', () => {
    const world = new ServerWorld()
    world.put(0, 50)
    run(world, SECOND)
    const { wal } = world.group
    const { file } = wal
    // The first put has reached the disks.
    file.change(() => file.acknowledge(2000, 1000))
    world.hdfs.powerOff(null)
    world.server.kill()
    world.hdfs.powerOn(null)
    const found = [{ region: 0, minSequenceId: 1, maxSequenceId: 1, bytes: 1000 }]
    expect([...wal.regionEntries()]).toEqual(found)
    world.world.run(world.hdfs.recoverLease(file))
    wal.recovered(world.scheduler.now)
    expect([...wal.regionEntries()]).toEqual(found)
  })

  test('nothing is found where nothing was', () => {
    const world = new ServerWorld()
    world.put(0, 50)
    run(world, SECOND)
    world.hdfs.powerOff(null)
    world.server.kill()
    expect(entriesOf(world)).toEqual([])
  })
})
