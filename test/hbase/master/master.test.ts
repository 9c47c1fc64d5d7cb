import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ServerExit } from '../../../src/hbase/master/server-state-node.js'
import type { Protocol } from '../../../src/kernel/process.js'
import type { HdfsFile } from '../../../src/storage/hdfs/hdfs-file.js'
import { IOException } from '../../../src/storage/io-exception.js'
import { MasterWorld, SECOND } from './master-world.js'

const MB = 1_000_000

/** A recovery's times in seconds. */
function timesOf(world: MasterWorld, server: string) {
  const found = world.master.recoveries.find((recovery) => recovery.server === server)
  if (found === undefined) throw new Error('not recovered')
  const seconds = (us: number | null) => (us === null ? null : us / SECOND)
  return {
    died: seconds(found.diedUs),
    detected: seconds(found.detectedUs),
    split: seconds(found.splitUs),
    assigned: seconds(found.assignedUs),
    finished: seconds(found.finishedUs),
  }
}

describe('a killed region server', () => {
  test('is detected, split, assigned and its queues claimed, each step after the one before', () => {
    const world = new MasterWorld(3, 6)
    const [rs1] = world.servers
    rs1.write([60 * MB, 60 * MB], 30 * MB)
    world.unflushed[0] = 50 * MB
    world.unflushed[3] = 10 * MB
    world.claimUs = 45 * SECOND
    world.at(10 * SECOND, () => world.end(rs1, 'killed'))

    world.run(104 * SECOND)
    expect(world.layout()).toBe('- rs2 rs3 - rs2 rs3')
    world.run()

    // 90 s of session, 4 s of lease recovery and 1 s for the open WAL's 30 MB; then 0.3 s to open a
    // region and 1 s to replay 50 MB.
    expect(timesOf(world, 'rs1')).toEqual({
      died: 10,
      detected: 100,
      split: 105,
      assigned: 106.3,
      finished: 151.3,
    })
    expect(world.master.recoveries[0]).toMatchObject({
      exit: 'killed',
      regions: 2,
      wals: 3,
      splitBytes: 150 * MB,
      replayedBytes: 60 * MB,
    })
    expect(rs1.splitDoneUs).toBe(105 * SECOND)
    expect(world.claims).toEqual(['rs1 at 106.3'])
    expect(world.unflushed).toEqual([0, 0, 0, 0, 0, 0])
    expect(world.layout()).toBe('rs3 rs2 rs3 rs2 rs2 rs3')
    expect(world.opened).toEqual(['3 on rs2', '0 on rs3'])
  })

  test('is detected when its new incarnation reports for duty', () => {
    const world = new MasterWorld(2, 2)
    const [rs1] = world.servers
    world.at(10 * SECOND, () => world.end(rs1, 'killed'))
    world.at(25 * SECOND, () => world.start('rs1,2'))
    world.run()
    expect(timesOf(world, 'rs1')).toMatchObject({ died: 10, detected: 25, assigned: 25.3 })
    expect(world.master.recoveries).toHaveLength(1)
  })

  test.each(['aborted', 'stopped'] as const)('is detected at once if it %s instead', (how) => {
    const world = new MasterWorld(2, 2)
    world.at(10 * SECOND, () => world.end(world.servers[0], how))
    world.run()
    expect(timesOf(world, 'rs1')).toMatchObject({ died: 10, detected: 10, assigned: 10.3 })
    expect(world.layout()).toBe('rs2 rs2')
  })

  test('a WAL that is in oldWALs already is not split', () => {
    const world = new MasterWorld(2, 2)
    const [rs1] = world.servers
    rs1.write([60 * MB, 30 * MB])
    rs1.files[0].archivedUs = 0
    world.at(0, () => world.end(rs1, 'aborted'))
    world.run()
    expect(timesOf(world, 'rs1').split).toBe(1)
    expect(world.master.recoveries[0]).toMatchObject({ wals: 1, splitBytes: 30 * MB })
  })

  test('is not fully dead before its queues are claimed', () => {
    const world = new MasterWorld(2, 2)
    world.claimUs = 45 * SECOND
    world.at(0, () => world.end(world.servers[0], 'aborted'))
    world.run(45 * SECOND)
    expect(world.master.onlineServers()).toEqual([world.servers[1]])
    expect(world.master.notFullyDeadServers()).toEqual(new Set(['rs1', 'rs2']))
    expect(world.master.recovering).toBe(true)
    world.run()
    expect(world.master.notFullyDeadServers()).toEqual(new Set(['rs2']))
    expect(world.master.recovering).toBe(false)
  })
})

describe('how much is done at once', () => {
  test('a server splits two WALs at a time', () => {
    const world = new MasterWorld(2, 2)
    world.servers[0].write([60 * MB, 60 * MB, 60 * MB, 60 * MB, 60 * MB])
    world.at(0, () => world.end(world.servers[0], 'aborted'))
    world.run()
    expect(timesOf(world, 'rs1').split).toBe(6)
  })

  test('more servers split more at a time', () => {
    const world = new MasterWorld(4, 4)
    world.servers[0].write([60 * MB, 60 * MB, 60 * MB, 60 * MB, 60 * MB])
    world.at(0, () => world.end(world.servers[0], 'aborted'))
    world.run()
    expect(timesOf(world, 'rs1').split).toBe(2)
  })

  test('as many as hbase.regionserver.wal.max.splitters says', () => {
    const world = new MasterWorld(2, 2, { 'hbase.regionserver.wal.max.splitters': '1' })
    world.servers[0].write([60 * MB, 60 * MB, 60 * MB])
    world.at(0, () => world.end(world.servers[0], 'aborted'))
    world.run()
    expect(timesOf(world, 'rs1').split).toBe(6)
  })

  test('a server opens three regions at a time', () => {
    const world = new MasterWorld(2, 14)
    world.at(0, () => world.end(world.servers[0], 'aborted'))
    world.run(300_000)
    // Seven regions of rs1 go to rs2: three of them are open by now.
    expect(
      world
        .layout()
        .split(' ')
        .filter((name) => name === '-'),
    ).toHaveLength(4)
    world.run()
    expect(timesOf(world, 'rs1').assigned).toBe(0.9)
  })
})

describe('while there is no server', () => {
  test('the recovery waits, and goes on when one reports', () => {
    const world = new MasterWorld(1, 3)
    world.servers[0].write([30 * MB])
    world.at(10 * SECOND, () => world.end(world.servers[0], 'killed'))
    world.at(200 * SECOND, () => world.start('rs1,2'))
    world.run()
    expect(timesOf(world, 'rs1')).toMatchObject({ detected: 100, split: 201, assigned: 201.3 })
    expect(world.layout()).toBe('rs1,2 rs1,2 rs1,2')
  })

  test('and nothing happens until then', () => {
    const world = new MasterWorld(2, 2)
    for (const server of world.servers) world.at(0, () => world.end(server, 'aborted'))
    world.run()
    expect(world.scheduler.now).toBe(0)
    expect(world.master.recoveries.map(({ finishedUs }) => finishedUs)).toEqual([null, null])
    world.start('rs3')
    world.run()
    expect(world.layout()).toBe('rs3 rs3')
    expect(world.master.recovering).toBe(false)
  })
})

describe('a server that helps and crashes', () => {
  test('while it splits: another splits the WAL again, when the crash is known', () => {
    const world = new MasterWorld(3, 3)
    const [rs1, , rs3] = world.servers
    rs1.write([], 30 * MB)
    world.at(0, () => world.end(rs1, 'aborted'))
    // rs3, the second of two, recovers the lease.
    world.at(2 * SECOND, () => world.end(rs3, 'killed'))
    world.run()
    expect(timesOf(world, 'rs1').split).toBe(92 + 5)
    expect(rs1.files[0].file.closed).toBe(true)
  })

  test('while it opens regions: another opens them, when the WALs of both are split', () => {
    const world = new MasterWorld(3, 3)
    const [rs1, , rs3] = world.servers
    rs3.write([300 * MB])
    world.at(0, () => world.end(rs1, 'aborted'))
    world.at(100_000, () => world.end(rs3, 'aborted'))
    world.run()
    // rs3's WAL takes 10 s from 0.1 s on; region 0 is then opened by rs2, and so is region 2.
    expect(timesOf(world, 'rs3')).toMatchObject({ split: 10.1, assigned: 10.4 })
    expect(timesOf(world, 'rs1')).toMatchObject({ split: 0, assigned: 10.4 })
    expect(world.layout()).toBe('rs2 rs2 rs2')
    expect(world.claims.sort()).toEqual(['rs1 at 10.4', 'rs3 at 10.4'])
  })

  test('and is not known to be dead yet: the region waits for its session to end', () => {
    const world = new MasterWorld(3, 3)
    const [rs1, , rs3] = world.servers
    world.at(0, () => world.end(rs3, 'killed'))
    world.at(SECOND, () => world.end(rs1, 'aborted'))
    world.run()
    expect(timesOf(world, 'rs1')).toMatchObject({ split: 1, assigned: 90.3 })
    expect(world.layout()).toBe('rs2 rs2 rs2')
  })

  test('what it had opened already is recovered with it', () => {
    const world = new MasterWorld(3, 3)
    const [rs1, , rs3] = world.servers
    world.at(0, () => world.end(rs1, 'aborted'))
    world.at(300_000, () => world.end(rs3, 'aborted'))
    world.run()
    expect(world.layout()).toBe('rs2 rs2 rs2')
    expect(world.master.recovering).toBe(false)
  })

  test('a splitter that fails is asked again, after a pause that doubles', () => {
    const world = new MasterWorld(2, 2)
    world.servers[0].write([], 30 * MB)
    let failures = 0
    world.recoverLease = function* (file: HdfsFile): Protocol {
      yield 0
      if (failures++ < 3) throw new IOException('refused', 'the NameNode is restarting')
      file.recover()
    }
    world.at(0, () => world.end(world.servers[0], 'aborted'))
    world.run()
    expect(timesOf(world, 'rs1').split).toBe(1 + 2 + 4 + 1)
  })
})

test('a WAL without a replica is split when a DataNode is back', () => {
  const world = new MasterWorld(2, 2)
  const { dataNodes } = world.namesystem
  world.servers[0].write([30 * MB])
  for (const dataNode of dataNodes) world.at(0, () => dataNode.crash(0))
  world.at(0, () => world.end(world.servers[0], 'aborted'))
  world.at(5 * SECOND, () => dataNodes[1].start())
  world.run()
  // Tried after 0, 1, 3 and 7 s.
  expect(timesOf(world, 'rs1').split).toBe(8)
})

describe('a server that stands still', () => {
  test('is declared dead when its session has ended, and must not go on', () => {
    const world = new MasterWorld(2, 2)
    const [rs1] = world.servers
    const { servers } = world.master
    world.at(10 * SECOND, () => servers.suspended(rs1))
    world.run(99 * SECOND)
    expect(world.layout()).toBe('rs1 rs2')
    world.run()
    expect(world.master.recoveries[0]).toMatchObject({ exit: 'suspended', diedUs: 10 * SECOND })
    expect(timesOf(world, 'rs1')).toMatchObject({ detected: 100, assigned: 100.3 })
    expect(world.layout()).toBe('rs2 rs2')
    expect(servers.resumed(rs1)).toBe(false)
    world.end(rs1, 'killed')
    world.run()
    expect(world.master.recoveries).toHaveLength(1)
  })

  test('is not if it goes on in time', () => {
    const world = new MasterWorld(2, 2)
    const [rs1] = world.servers
    const { servers } = world.master
    world.at(10 * SECOND, () => servers.suspended(rs1))
    world.at(99 * SECOND, () => expect(servers.resumed(rs1)).toBe(true))
    world.at(120 * SECOND, () => servers.suspended(rs1))
    world.at(150 * SECOND, () => world.end(rs1, 'killed'))
    world.run()
    // Its last heartbeat was before it stood still.
    expect(timesOf(world, 'rs1')).toMatchObject({ died: 120, detected: 210 })
    expect(world.master.recoveries[0].exit).toBe('killed')
  })
})

test('several servers that crash together are recovered side by side', () => {
  const world = new MasterWorld(4, 8)
  const [rs1, rs2] = world.servers
  rs1.write([60 * MB])
  rs2.write([30 * MB])
  for (const server of [rs1, rs2]) world.at(0, () => world.end(server, 'killed'))
  world.run()
  expect(timesOf(world, 'rs1')).toMatchObject({ detected: 90, split: 92, assigned: 92.3 })
  expect(timesOf(world, 'rs2')).toMatchObject({ detected: 90, split: 91, assigned: 91.3 })
  expect(world.layout()).not.toContain('-')
})

test('without a master nobody recovers anything', () => {
  const world = new MasterWorld(2, 2)
  const [rs1, rs2] = world.servers
  world.at(0, () => world.end(rs1, 'killed'))
  world.at(SECOND, () => world.master.host.kill())
  world.at(2 * SECOND, () => world.end(rs2, 'aborted'))
  world.run()
  expect(world.scheduler.now).toBe(2 * SECOND)
  expect(world.master.recoveries).toEqual([])
})

/** A server ends, with a WAL open, or its host starts another. */
interface Mishap {
  readonly atS: number
  readonly host: number
  readonly how: ServerExit | 'start'
  readonly openMb: number
}

const mishap: fc.Arbitrary<Mishap> = fc.record({
  atS: fc.integer({ min: 0, max: 300 }),
  host: fc.integer({ min: 1, max: 3 }),
  how: fc.constantFrom('killed', 'aborted', 'stopped', 'start'),
  openMb: fc.integer({ min: 0, max: 300 }),
})

/** Lets servers end and start as `mishaps` say, and one start at the end. */
function play(world: MasterWorld, mishaps: readonly Mishap[]) {
  const incarnations = new Map<string, number>()
  for (const { atS, host, how, openMb } of mishaps) {
    world.at(atS * SECOND, () => {
      const name = `rs${host}`
      const running = world.servers.find(({ hostName, alive }) => hostName === name && alive)
      if (how === 'start' && running === undefined) {
        const n = (incarnations.get(name) ?? 1) + 1
        incarnations.set(name, n)
        world.start(`${name},${n}`)
      } else if (how !== 'start' && running !== undefined) {
        running.write([], openMb * MB)
        world.end(running, how)
      }
    })
  }
  world.at(1000 * SECOND, () => world.start('rs4'))
}

test('whatever ends when, every region is open again and every server recovered once', () => {
  fc.assert(
    fc.property(fc.array(mishap, { maxLength: 12 }), (mishaps) => {
      const world = new MasterWorld(3, 7)
      play(world, mishaps)
      world.run()
      const ended = world.servers.filter(({ alive }) => !alive)
      expect(world.master.recovering).toBe(false)
      expect(world.master.recoveries.map(({ server }) => server).sort()).toEqual(
        ended.map(({ name }) => name).sort(),
      )
      expect(world.layout().split(' ')).not.toContain('-')
      for (const server of ended) {
        expect(server.files.every(({ file }) => file.closed)).toBe(true)
        expect(world.claims.filter((claim) => claim.startsWith(`${server.name} `))).toHaveLength(1)
      }
      expect(world.master.onlineServers()).toEqual(world.servers.filter(({ alive }) => alive))
    }),
    { seed: 28987, numRuns: 100 },
  )
})
