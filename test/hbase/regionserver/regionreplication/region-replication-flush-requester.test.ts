import { describe, expect, it } from 'vitest'
import { HashedWheelTimer } from '../../../../src/hbase/regionserver/regionreplication/hashed-wheel-timer.js'
import {
  FLUSH_REQUEST_TICK_US,
  RegionReplicationFlushRequester,
} from '../../../../src/hbase/regionserver/regionreplication/region-replication-flush-requester.js'
import { Scheduler } from '../../../../src/kernel/scheduler.js'

const SECOND = 1_000_000

function fixture(minIntervalSeconds = 1) {
  const scheduler = new Scheduler()
  const timer = new HashedWheelTimer(scheduler, FLUSH_REQUEST_TICK_US)
  const flushes: number[] = []
  const flush = () => flushes.push(scheduler.now)
  const options = { scheduler, timer, minIntervalSeconds, flush }
  return { scheduler, flushes, requester: new RegionReplicationFlushRequester(options) }
}

describe('requests for flushes of a region', () => {
  it('R51: one that was put off is dropped when a later flush begins', () => {
    const { scheduler, flushes, requester } = fixture()
    requester.requestFlush(100)
    requester.requestFlush(200)
    requester.recordFlush(300)
    scheduler.run(2 * SECOND)
    expect(flushes).toHaveLength(1)
  })

  it('come at once, then after the interval and up to a tick of the timer', () => {
    const { scheduler, flushes, requester } = fixture()
    requester.requestFlush(100)
    requester.requestFlush(200)
    expect(flushes).toEqual([0])
    scheduler.run(2 * SECOND)
    expect(flushes).toEqual([0, 1.5 * SECOND])
    scheduler.run(4 * SECOND)
    requester.requestFlush(300)
    expect(flushes).toEqual([0, 1.5 * SECOND, 4 * SECOND])
  })

  it('count the interval in whole seconds', () => {
    const { scheduler, flushes, requester } = fixture(3)
    requester.requestFlush(100)
    scheduler.run(1.9 * SECOND)
    requester.requestFlush(200)
    scheduler.run(10 * SECOND)
    // 2 s after 1.9 s, on a timer that started at 1.9 s.
    expect(flushes).toEqual([0, 4.4 * SECOND])
  })

  it('several within the interval make one flush', () => {
    const { scheduler, flushes, requester } = fixture(30)
    for (let id = 1; id < 10; id++) {
      requester.requestFlush(id)
      scheduler.run(id * SECOND)
    }
    scheduler.run(60 * SECOND)
    expect(flushes).toHaveLength(2)
  })

  it('stand when the flush that began does not cover what was missed', () => {
    const { scheduler, flushes, requester } = fixture()
    requester.requestFlush(100)
    requester.requestFlush(200)
    requester.requestFlush(400)
    requester.recordFlush(300)
    scheduler.run(2 * SECOND)
    expect(flushes).toHaveLength(2)
  })
})
