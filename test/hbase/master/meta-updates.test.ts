import { expect, test } from 'vitest'
import { MasterWorld, SECOND } from './master-world.js'

/** hbase:meta is region 0 on rs1, region 1 on rs2, region 2 on rs3; a put takes 10 ms. */
function world(): { world: MasterWorld; puts: string[] } {
  const built = new MasterWorld(3, 3, {}, 0)
  const puts: string[] = []
  built.putToMeta = function* (server, region) {
    yield 10_000
    puts.push(`${region} to ${server.name} at ${built.scheduler.now / 1000} ms`)
  }
  return { world: built, puts }
}

test('a region that moves is put to hbase:meta when it is closing, closed, opening and open', () => {
  const { world: moving, puts } = world()
  moving.master.host.spawn('move', moving.master.move(1, 'rs3'))
  moving.run()
  // Closing takes 200 ms, opening 300 ms.
  expect(puts).toEqual([
    '1 to rs1 at 10 ms',
    '1 to rs1 at 220 ms',
    '1 to rs1 at 230 ms',
    '1 to rs1 at 540 ms',
  ])
  expect(moving.locations.serverOf(1)?.name).toBe('rs3')
  expect(moving.scheduler.now).toBe(540_000)
})

test('hbase:meta itself is not: its place is in ZooKeeper', () => {
  const { world: moving, puts } = world()
  moving.master.host.spawn('move', moving.master.move(0, 'rs2'))
  moving.run()
  expect(puts).toEqual([])
  expect(moving.locations.serverOf(0)?.name).toBe('rs2')
})

test('a region is served where it was opened only when hbase:meta says so', () => {
  const { world: crashed } = world()
  crashed.at(0, () => crashed.end(crashed.servers[1], 'aborted'))
  crashed.at(319_999, () => expect(crashed.locations.serverOf(1)).toBe(null))
  crashed.at(320_001, () => expect(crashed.locations.serverOf(1)).not.toBe(null))
  crashed.run()
  expect(crashed.opened).toHaveLength(1)
})

test('a put that is refused is tried again after 1 s, then 2 s', () => {
  const { world: crashed } = world()
  let refusals = 0
  crashed.putToMeta = function* () {
    yield 10_000
    if (refusals++ < 2) crashed.fail('hbase:meta is closing')
  }
  crashed.at(0, () => crashed.end(crashed.servers[1], 'aborted'))
  crashed.run()
  expect(crashed.master.recoveries[0].assignedUs).toBe(3 * SECOND + 40_000 + 300_000)
})

test('a put that dies with its server goes to the next one that carries hbase:meta', () => {
  const { world: crashed, puts } = world()
  const [rs1, rs2] = crashed.servers
  crashed.at(0, () => crashed.end(rs2, 'aborted'))
  crashed.at(5000, () => crashed.end(rs1, 'aborted'))
  crashed.run()
  expect(puts.every((put) => put.startsWith('1 to rs3'))).toBe(true)
  expect(puts).toHaveLength(2)
  expect(crashed.layout()).toBe('rs3 rs3 rs3')
})
