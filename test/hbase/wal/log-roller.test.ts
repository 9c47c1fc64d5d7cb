import { expect, test } from 'vitest'
import { LogRoller, type LogRollerOptions } from '../../../src/hbase/wal/log-roller.js'
import type { WalGroupOptions } from '../../../src/hbase/wal/wal-group.js'
import { A, SECOND, WalGroupWorld } from './wal-group-fixture.js'

/** A WAL group with its roller, whose period is a minute. */
function rollerWorld(
  options: Partial<LogRollerOptions> = {},
  group: Partial<WalGroupOptions> = {},
) {
  const world = new WalGroupWorld(group)
  const flushes: [number, readonly number[]][] = []
  const aborts: string[] = []
  const roller = new LogRoller([world.group], {
    scheduler: world.world.scheduler,
    logRollPeriodUs: 60 * SECOND,
    logRollRetries: 0,
    logRollWaitTimeoutUs: 30 * SECOND,
    lowReplicationCheckUs: 30 * SECOND,
    wakeFrequencyUs: 10 * SECOND,
    phaseUs: 0,
    scheduleFlush: (region, families) => {
      flushes.push([region, families])
    },
    ...options,
  })
  const abort = (reason: string) => {
    aborts.push(reason)
  }
  world.world.host.spawn(
    'LogRoller',
    roller.run(() => world.advance(), abort),
  )
  return { world, roller, flushes, aborts }
}

test('a WAL is rolled when more than the period is over, entries or not', () => {
  const { world } = rollerWorld()
  world.pass(69 * SECOND)
  expect(world.rolls).toEqual([])
  world.pass(2 * SECOND)
  expect(world.rolls).toMatchObject([{ reason: 'period', atUs: 70 * SECOND, entries: 0 }])
})

test('a request is met at once, and the period begins anew', () => {
  const { world, roller } = rollerWorld()
  world.pass(35 * SECOND)
  roller.requestRoll(world.group)
  world.pass(60 * SECOND)
  expect(world.rolls).toMatchObject([{ reason: 'request', atUs: 35 * SECOND }])
  world.pass(20 * SECOND)
  expect(world.rolls).toHaveLength(2)
})

test('what too many WALs want flushed is passed on, at a roll only', () => {
  const { world, roller, flushes } = rollerWorld()
  for (let n = 0; n < 2; n++) {
    world.edits(A, 1)
    expect(flushes).toEqual([])
    roller.requestRoll(world.group)
    world.pass(SECOND)
  }
  expect(flushes).toEqual([[A, [0, 1]]])
  world.pass(30 * SECOND)
  expect(flushes).toHaveLength(1)
})

test('a broken stream that nobody writes to is found at the next check', () => {
  const { world } = rollerWorld({ logRollPeriodUs: 3600 * SECOND })
  world.edits(A, 1)
  world.killDataNode()
  world.pass(40 * SECOND)
  expect(world.rolls).toMatchObject([{ reason: 'low replication', atUs: 30 * SECOND }])
})
