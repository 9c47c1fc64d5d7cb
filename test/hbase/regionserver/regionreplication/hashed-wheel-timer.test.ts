import { describe, expect, it } from 'vitest'
import { HashedWheelTimer } from '../../../../src/hbase/regionserver/regionreplication/hashed-wheel-timer.js'
import { Scheduler } from '../../../../src/kernel/scheduler.js'

function fixture() {
  const scheduler = new Scheduler()
  const timer = new HashedWheelTimer(scheduler, 10)
  const expired: [string, number][] = []
  const timeout = (name: string, delayUs: number) =>
    timer.newTimeout(delayUs, () => expired.push([name, scheduler.now]))
  return { scheduler, timer, expired, timeout }
}

describe('the hashed wheel timer', () => {
  it('looks once per tick, counted from its first timeout', () => {
    const { scheduler, expired, timeout } = fixture()
    scheduler.run(3)
    timeout('a', 1)
    timeout('b', 19)
    scheduler.run(8)
    timeout('c', 10)
    scheduler.run()
    expect(expired).toEqual([
      ['a', 13],
      ['b', 23],
      ['c', 23],
    ])
  })

  it('is late by a whole tick for what falls due at one', () => {
    const { scheduler, expired, timeout } = fixture()
    timeout('a', 20)
    scheduler.run()
    expect(expired).toEqual([['a', 30]])
  })

  it('forgets what is cancelled, and all when it is stopped', () => {
    const { scheduler, timer, expired, timeout } = fixture()
    timer.cancel(timeout('a', 5))
    timeout('b', 5)
    scheduler.run(10)
    timeout('c', 5)
    timeout('d', 50)
    timer.stop()
    scheduler.run()
    expect(expired).toEqual([['b', 10]])
  })
})
