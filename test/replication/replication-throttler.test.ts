import { describe, expect, test } from 'vitest'
import { Host, type Protocol } from '../../src/kernel/process.js'
import { Scheduler } from '../../src/kernel/scheduler.js'
import { ReplicationThrottler } from '../../src/replication/replication-throttler.js'

const CYCLE_US = 100_000

/** A throttler of 100 bytes per cycle. */
function throttler() {
  const clock = { now: 0 }
  return { clock, throttler: new ReplicationThrottler(clock, 1000) }
}

describe('RB23: the sleep before a push', () => {
  test('is none for the first of a cycle, however large; the next one pays for it', () => {
    const { throttler: t } = throttler()
    expect(t.nextSleepUs(1000)).toBe(0)
    t.pushed(1000)
    expect(t.nextSleepUs(5)).toBe(10 * CYCLE_US)
  })

  test('lasts to the end of the cycle when its budget would be reached', () => {
    const { throttler: t } = throttler()
    t.resetStart()
    t.pushed(5)
    expect(t.nextSleepUs(45)).toBe(0)
    t.pushed(45)
    expect(t.nextSleepUs(60)).toBe(CYCLE_US)
  })
})

describe('a throttler', () => {
  test('counts the time that has gone by', () => {
    const { clock, throttler: t } = throttler()
    t.pushed(1000)
    clock.now = 250_000
    expect(t.nextSleepUs(5)).toBe(750_000)
  })

  test('begins a new cycle when the debt is paid, or the cycle over', () => {
    const { clock, throttler: t } = throttler()
    t.pushed(150)
    clock.now = 3 * CYCLE_US
    expect(t.nextSleepUs(90)).toBe(0)
    t.pushed(90)
    clock.now += CYCLE_US
    expect(t.nextSleepUs(90)).toBe(0)
    t.pushed(90)
    expect(t.nextSleepUs(10)).toBe(CYCLE_US)
  })

  test('is exact at the edges: the budget itself is too much, a byte less is not', () => {
    const { throttler: t } = throttler()
    t.pushed(50)
    expect(t.nextSleepUs(49)).toBe(0)
    expect(t.nextSleepUs(50)).toBe(CYCLE_US)
  })

  test('without a limit never sleeps', () => {
    const t = new ReplicationThrottler({ now: 0 }, 0)
    t.pushed(1e9)
    expect(t.enabled).toBe(false)
    expect(t.nextSleepUs(1e9)).toBe(0)
  })

  test('takes a new bandwidth at once', () => {
    const { throttler: t } = throttler()
    t.pushed(200)
    t.setBandwidth(20_000)
    expect(t.nextSleepUs(1799)).toBe(0)
    t.setBandwidth(500)
    expect(t.nextSleepUs(1)).toBe(4 * CYCLE_US)
  })

  test('keeps a source to its bandwidth in the long run', () => {
    const scheduler = new Scheduler()
    const t = new ReplicationThrottler(scheduler, 1000)
    const ship = function* (): Protocol {
      for (let batch = 0; batch < 20; batch++) {
        yield* t.throttle(250)
        t.pushed(250)
      }
    }
    new Host(scheduler, 'rs1').spawn('shipper', ship())
    scheduler.run()
    // 250 bytes are paid for with three cycles each; the last batch is still owed.
    expect(scheduler.now).toBe(19 * 3 * CYCLE_US)
  })
})
