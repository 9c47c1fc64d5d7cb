import { expect, test } from 'vitest'
import { cleanLogs } from '../../../src/hbase/master/log-cleaner.js'
import { Host } from '../../../src/kernel/process.js'
import { Scheduler } from '../../../src/kernel/scheduler.js'
import { CLOSE_US, CREATE_US, SECOND, ServerWorld } from '../regionserver/region-server-fixture.js'

const INTERVAL_US = 60 * SECOND
const TTL_US = 600 * SECOND
/** The LogRoller looks every 10 s: it rolls the first WAL after an hour. */
const ROLL_PERIOD_US = 3595 * SECOND
/** Its only edit was flushed long before: it is archived when it is closed. */
const ARCHIVED_US = 3600 * SECOND + CREATE_US + CLOSE_US

/** A server whose WAL goes to oldWALs at `ARCHIVED_US`, and the master's cleaner. */
function archivedWal(mayDelete: () => boolean, phaseUs = 0): ServerWorld {
  const world = new ServerWorld({
    scenario: { flushSize: 500 },
    options: { logRollPeriodUs: ROLL_PERIOD_US },
  })
  const { scheduler, server } = world
  world.put(0)
  new Host(scheduler, 'master').spawn(
    'LogCleaner',
    cleanLogs({
      scheduler,
      owners: () => [server],
      intervalUs: INTERVAL_US,
      phaseUs,
      ttlUs: TTL_US,
      preClean: () => mayDelete,
    }),
  )
  world.run(ARCHIVED_US)
  expect(server.oldWals).toHaveLength(1)
  return world
}

test('an archived WAL is deleted at the first run of the chore after its TTL', () => {
  const world = archivedWal(() => true)
  const [wal] = world.server.oldWals
  // The chore runs every minute; at 4200 s the file is younger than its TTL by 11 ms.
  world.run(4259 * SECOND)
  expect(world.server.oldWals).toEqual([wal])
  expect(wal.file.visibleBytes()).toBeGreaterThan(1000)
  world.run(4260 * SECOND)
  expect(world.server.oldWals).toEqual([])
  expect(wal.deletedUs).toBe(4260 * SECOND)
  expect(wal.file.deleted).toBe(true)
  expect(world.server.oldWalBytes).toBe(0)
})

test('a WAL exactly as old as its TTL stays', () => {
  const world = archivedWal(() => true, CREATE_US + CLOSE_US)
  world.run(ARCHIVED_US + TTL_US)
  expect(world.server.oldWals).toHaveLength(1)
  world.run(ARCHIVED_US + TTL_US + INTERVAL_US)
  expect(world.server.oldWals).toHaveLength(0)
})

test('a WAL that a peer has not passed is kept, however old, and deleted once it has', () => {
  let passed = false
  const world = archivedWal(() => passed)
  world.run(7000 * SECOND)
  expect(world.server.oldWals).toHaveLength(1)
  passed = true
  world.run(7030 * SECOND)
  expect(world.server.oldWals).toHaveLength(0)
})

test('a WAL that is still in use is none of its business', () => {
  const world = archivedWal(() => true)
  world.put(ARCHIVED_US + SECOND)
  world.run(7000 * SECOND)
  expect(world.server.groups[0].wal.deletedUs).toBe(null)
  expect(world.server.groups[0].wal.file.deleted).toBe(false)
})

test('WALs of all incarnations are looked at, with what the delegates knew before the run', () => {
  const scheduler = new Scheduler()
  const old = { closedUs: 0 }
  const [rs1, rs2] = [ownerOf(old, old), ownerOf(old)]
  const owners = [rs1]
  let runs = 0
  const cleaner = cleanLogs({
    scheduler,
    owners: () => owners,
    intervalUs: INTERVAL_US,
    phaseUs: SECOND,
    ttlUs: 0,
    preClean: () => {
      const run = ++runs
      return () => run > 1
    },
  })
  new Host(scheduler, 'master').spawn('LogCleaner', cleaner)
  scheduler.run(SECOND)
  expect(rs1.oldWals).toHaveLength(2)
  owners.push(rs2)
  scheduler.run(SECOND + INTERVAL_US)
  expect([rs1.oldWals, rs2.oldWals]).toEqual([[], []])
  expect(runs).toBe(2)
})

function ownerOf(...wals: { closedUs: number }[]) {
  return {
    oldWals: wals,
    deleteOldWal: (wal: { closedUs: number }) => wals.splice(wals.indexOf(wal), 1),
  }
}
