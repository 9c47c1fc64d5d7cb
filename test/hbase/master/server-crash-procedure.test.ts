import { describe, expect, test } from 'vitest'
import type { Protocol } from '../../../src/kernel/process.js'
import { MasterWorld, SECOND } from './master-world.js'

const MB = 1_000_000

const entries = (region: number, bytes: number) => ({
  region,
  minSequenceId: 1,
  maxSequenceId: 10,
  bytes,
})

/** Regions 1 to 3 of users and hbase:meta as region 0, on rs1 together with region 3. */
function metaWorld(): MasterWorld {
  const world = new MasterWorld(3, 4, {}, 0)
  world.servers[0].log([entries(0, 30 * MB)], true)
  world.servers[0].log([entries(3, 60 * MB)])
  return world
}

describe('a server that carried hbase:meta', () => {
  test('meta’s WAL is split and meta assigned before the other WALs are touched', () => {
    const world = metaWorld()
    world.at(0, () => world.end(world.servers[0], 'killed'))
    world.run()
    const [recovery] = world.master.recoveries
    expect(recovery).toMatchObject({
      detectedUs: 90 * SECOND,
      metaSplitUs: 91 * SECOND,
      metaAvailableUs: 91.3 * SECOND,
      splitUs: 93.3 * SECOND,
      assignedUs: 93.6 * SECOND,
      wals: 2,
      splitBytes: 90 * MB,
    })
    expect(recovery.splits.map(({ wal }) => wal)).toEqual(['rs1-wal-0', 'rs1-wal-1'])
    expect(recovery.assignments.map(({ region }) => region)).toEqual([0, 3])
  })

  test('others’ recoveries wait for it, and so do lookups; cached locations go on', () => {
    const world = metaWorld()
    const [rs1, rs2, rs3] = world.servers
    world.at(0, () => world.end(rs1, 'killed'))
    world.at(80 * SECOND, () => world.end(rs2, 'aborted'))
    world.at(85 * SECOND, () => {
      expect(world.locations.lookUp(2)).toBe(null)
      expect(world.locations.serverOf(2)).toBe(rs3)
    })
    world.run()
    const ofRs2 = world.master.recoveries.find(({ server }) => server === 'rs2')
    expect(ofRs2).toMatchObject({ detectedUs: 80 * SECOND, metaAvailableUs: 91.3 * SECOND })
    expect(world.locations.lookUp(2)).toBe(rs3)
  })

  test('if the one that opens meta dies, a third opens it, though no recovery is over', () => {
    const world = metaWorld()
    const [rs1, rs2, rs3] = world.servers
    const opener = () => (world.opened.length === 0 ? rs3 : rs2)
    world.at(0, () => world.end(rs1, 'aborted'))
    // Meta's WAL is split after 1 s, and rs3 opens it then.
    world.at(1.1 * SECOND, () => world.end(opener(), 'aborted'))
    world.run()
    expect(world.layout()).toBe('rs2 rs2 rs2 rs2')
    expect(world.master.recovering).toBe(false)
    expect(world.opened[0]).toBe('0 on rs2')
  })

  test('a meta WAL of a server that carries meta no more is not split', () => {
    const world = new MasterWorld(3, 4, {}, 0)
    world.servers[1].log([entries(0, 30 * MB)], true)
    world.at(0, () => world.end(world.servers[1], 'aborted'))
    world.run()
    expect(world.master.recoveries[0]).toMatchObject({ wals: 0, metaSplitUs: null, splitUs: 0 })
    expect(world.servers[1].splitDoneUs).toBe(0)
  })

  test('meta does not queue behind other regions that are opened', () => {
    const world = new MasterWorld(3, 20, {}, 0)
    world.beforeOpen = function* (_server, region): Protocol {
      yield region === 0 ? 0 : 20 * SECOND
    }
    const [rs1, rs2] = world.servers
    world.at(0, () => world.end(rs2, 'aborted'))
    world.at(SECOND, () => world.end(rs1, 'aborted'))
    world.run()
    const ofRs1 = world.master.recoveries.find(({ server }) => server === 'rs1')
    expect(ofRs1?.metaAvailableUs).toBe(1.3 * SECOND)
  })
})

describe('the record of a recovery', () => {
  test('regions are unavailable from the death on, and come back one by one', () => {
    const world = new MasterWorld(2, 10)
    world.at(0, () => world.end(world.servers[0], 'killed'))
    world.run()
    expect(world.master.recoveries[0].unavailable.steps).toEqual([
      { atUs: 0, regions: 5 },
      { atUs: 90.3 * SECOND, regions: 2 },
      { atUs: 90.6 * SECOND, regions: 0 },
    ])
  })

  test('detection outweighs all else', () => {
    const world = new MasterWorld(10, 100)
    const [rs1] = world.servers
    for (let wal = 0; wal < 10; wal++) rs1.log([entries(0, 128 * MB)])
    for (let region = 0; region < 100; region += 10) world.unflushed[region] = 64 * MB
    world.at(0, () => world.end(rs1, 'killed'))
    world.run()
    const [{ diedUs, detectedUs, assignedUs }] = world.master.recoveries
    expect(detectedUs - diedUs).toBeGreaterThan(0.8 * ((assignedUs ?? 0) - diedUs))
  })

  test('says what was split and what of it was in no HFile', () => {
    const world = new MasterWorld(2, 4)
    const [rs1] = world.servers
    rs1.log([entries(0, 10 * MB), entries(2, 20 * MB)])
    world.master.servers.report(rs1, new Map([[2, [5]]]))
    world.at(0, () => world.end(rs1, 'aborted'))
    world.run()
    expect(world.master.recoveries[0]).toMatchObject({
      splitBytes: 30 * MB,
      recoveredBytes: 20 * MB,
      splits: [{ wal: 'rs1-wal-0', worker: 'rs2', recoveredFiles: 2 }],
    })
  })
})

describe('a region that is moved', () => {
  test('is closed here and then opened there', () => {
    const world = new MasterWorld(3, 3)
    world.master.host.spawn('move', world.master.move(0, 'rs2'))
    world.at(100_000, () => expect(world.layout()).toBe('rs1 rs2 rs3'))
    world.at(300_000, () => expect(world.layout()).toBe('- rs2 rs3'))
    world.run()
    expect(world.layout()).toBe('rs2 rs2 rs3')
    expect(world.closed).toEqual(['0 on rs1'])
    expect(world.scheduler.now).toBe(500_000)
  })

  test('goes to any other server if none is named', () => {
    const world = new MasterWorld(3, 3)
    world.master.host.spawn('move', world.master.move(0, null))
    world.run()
    expect(world.layout()).toBe('rs3 rs2 rs3')
  })

  test('stays where it is if it is there, or in transition', () => {
    const world = new MasterWorld(3, 3)
    const results: unknown[] = []
    function* move(target: string): Protocol {
      results.push(yield* world.master.move(0, target))
    }
    world.master.host.spawn('move', move('rs1'))
    world.master.host.spawn('move', move('rs2'))
    world.master.host.spawn('move', move('rs3'))
    world.run()
    expect(results).toEqual([null, null, expect.objectContaining({ server: 'rs2' })])
  })

  test('from a server that dies while it closes it: opened when the WALs are split', () => {
    const world = new MasterWorld(3, 3)
    const [rs1] = world.servers
    rs1.log([entries(0, 60 * MB)])
    world.master.host.spawn('move', world.master.move(0, 'rs2'))
    world.at(100_000, () => world.end(rs1, 'killed'))
    world.run()
    expect(world.layout()).toBe('rs2 rs2 rs3')
    expect(world.opened).toEqual(['0 on rs2'])
    expect(world.scheduler.now).toBe(92.4 * SECOND)
    expect(world.master.recoveries[0]).toMatchObject({ regions: 0 })
  })

  test('to a server that dies while it opens it: another one opens it', () => {
    const world = new MasterWorld(3, 3)
    const [, rs2] = world.servers
    world.master.host.spawn('move', world.master.move(0, 'rs2'))
    world.at(300_000, () => world.end(rs2, 'aborted'))
    world.run()
    expect(world.layout().split(' ')).toEqual(['rs3', expect.stringMatching(/rs[13]/), 'rs3'])
  })

  test('three at a time are closed by one server', () => {
    const world = new MasterWorld(2, 12)
    for (let region = 0; region < 12; region += 2) {
      world.master.host.spawn('move', world.master.move(region, 'rs2'))
    }
    world.run(250_000)
    expect(world.closed).toHaveLength(3)
    world.run()
    expect(world.layout()).not.toContain('rs1')
    expect(world.scheduler.now).toBe(800_000)
  })

  test('waits for hbase:meta, which may be moved too', () => {
    const world = new MasterWorld(3, 3, {}, 0)
    world.master.host.spawn('move', world.master.move(0, 'rs2'))
    world.at(300_000, () => {
      expect(world.locations.metaAvailable).toBe(false)
      world.master.host.spawn('move', world.master.move(1, 'rs3'))
    })
    world.run()
    expect(world.layout()).toBe('rs2 rs3 rs3')
    expect(world.scheduler.now).toBe(1_000_000)
  })
})

test('a region whose opening fails is tried again after a pause', () => {
  const world = new MasterWorld(2, 2)
  let failures = 0
  world.beforeOpen = function* (): Protocol {
    yield 0
    if (failures++ < 2) world.fail('the NameNode is restarting')
  }
  world.at(0, () => world.end(world.servers[0], 'aborted'))
  world.run()
  expect(world.master.recoveries[0].assignedUs).toBe(3.3 * SECOND)
})
