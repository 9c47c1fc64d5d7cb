import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InternalError } from '../../src/kernel/errors.js'
import { Scheduler } from '../../src/kernel/scheduler.js'

/** A scheduler whose events of kind `note` write "argument@time" down. */
function recorder() {
  const scheduler = new Scheduler()
  const log: string[] = []
  const note = scheduler.handler((argument) => log.push(`${argument}@${scheduler.now}`))
  return { scheduler, log, note }
}

describe('order', () => {
  test('events fire by time, those of the same instant in scheduling order', () => {
    const { scheduler, log, note } = recorder()
    scheduler.schedule(20, note, 1)
    scheduler.schedule(10, note, 2)
    scheduler.schedule(20, note, 3)
    scheduler.schedule(10, note, 4)
    scheduler.run()
    expect(log).toEqual(['2@10', '4@10', '1@20', '3@20'])
    expect(scheduler.executed).toBe(4)
  })

  test('an event scheduled for the present instant fires after those already due at it', () => {
    const { scheduler, log, note } = recorder()
    const early = scheduler.handler(() => scheduler.schedule(10, note, 9))
    scheduler.schedule(10, early)
    scheduler.schedule(10, note, 1)
    scheduler.schedule(10, note, 2)
    scheduler.run()
    expect(log).toEqual(['1@10', '2@10', '9@10'])
  })

  test('the hash tells runs apart by the time, the order and the kind of their events', () => {
    const hashOf = (...events: [time: number, kind: number][]) => {
      const scheduler = new Scheduler()
      const kinds = [scheduler.handler(() => {}), scheduler.handler(() => {})]
      for (const [time, kind] of events) scheduler.schedule(time, kinds[kind])
      scheduler.run()
      return scheduler.hash
    }
    const plain = hashOf([10, 0], [20, 1])
    expect(hashOf([10, 0], [20, 1])).toBe(plain)
    const others = [
      hashOf([11, 0], [20, 1]),
      hashOf([10, 1], [20, 0]),
      hashOf([20, 1], [10, 0]),
      hashOf([10, 0]),
      hashOf(),
    ]
    expect(new Set([plain, ...others]).size).toBe(6)
  })

  test('agrees with a sorted list under any mix of scheduling and cancelling', () => {
    const operation = fc.record({ delay: fc.nat(8), cancel: fc.option(fc.nat(200)) })
    const property = fc.property(fc.array(operation, { maxLength: 300 }), (operations) => {
      const { scheduler, log, note } = recorder()
      let model: { time: number; name: number }[] = []
      const handles: number[] = []
      let name = 0
      for (const { delay, cancel } of operations) {
        const time = scheduler.now + delay
        handles.push(scheduler.schedule(time, note, name))
        model.push({ time, name })
        name++
        if (cancel !== null && cancel < handles.length) {
          const pending = model.some((event) => event.name === cancel)
          expect(scheduler.cancel(handles[cancel])).toBe(pending)
          model = model.filter((event) => event.name !== cancel)
        }
        if (name % 7 === 0) {
          scheduler.run(scheduler.now + 2)
          const due = model.filter((event) => event.time <= scheduler.now)
          due.sort((a, b) => a.time - b.time || a.name - b.name)
          expect(log.splice(0)).toEqual(due.map((event) => `${event.name}@${event.time}`))
          model = model.filter((event) => event.time > scheduler.now)
        }
      }
    })
    fc.assert(property, { seed: 1, numRuns: 200 })
  })

  test('thousands of pending events still come in order', () => {
    const scheduler = new Scheduler()
    let last = -1
    let fired = 0
    const due = scheduler.handler((time) => {
      expect(time >= last && time === scheduler.now).toBe(true)
      last = time
      fired++
    })
    for (let i = 0; i < 10_000; i++) {
      const time = (i * 7919) % 10_007
      scheduler.schedule(time, due, time)
    }
    scheduler.run()
    expect(fired).toBe(10_000)
  })
})

describe('cancel', () => {
  test('answers true once, for an event that was pending, and it never fires', () => {
    const { scheduler, log, note } = recorder()
    const handle = scheduler.schedule(5, note, 1)
    scheduler.schedule(6, note, 2)
    expect(scheduler.cancel(handle)).toBe(true)
    expect(scheduler.cancel(handle)).toBe(false)
    scheduler.run()
    expect(log).toEqual(['2@6'])
  })

  test('a stale handle answers false and leaves alone the event that took its slot', () => {
    const { scheduler, log, note } = recorder()
    const stale = scheduler.schedule(5, note, 1)
    scheduler.run()
    const handles = [1, 2, 3].map((i) => scheduler.schedule(6, note, i))
    expect(handles).not.toContain(stale)
    expect(scheduler.cancel(stale)).toBe(false)
    scheduler.run()
    expect(log).toEqual(['1@5', '1@6', '2@6', '3@6'])
  })

  test('an event is no longer pending while it fires', () => {
    const scheduler = new Scheduler()
    let answer: boolean | undefined
    const handle = scheduler.schedule(
      5,
      scheduler.handler(() => {
        answer = scheduler.cancel(handle)
      }),
    )
    scheduler.run()
    expect(answer).toBe(false)
  })

  test.each([0, -1, 0.5, 1, 2 ** 24 + 7, 2 ** 25, 2 ** 24 + 0.5, Number.NaN, Infinity])(
    'a handle that was never issued (%s) is an internal error',
    (handle) => {
      const { scheduler, note } = recorder()
      const issued = scheduler.schedule(5, note)
      expect(handle).not.toBe(issued)
      expect(() => scheduler.cancel(handle)).toThrow(InternalError)
    },
  )

  test('timeouts set and cancelled again and again do not pile up', () => {
    const { scheduler, note } = recorder()
    let most = 0
    let left = 100_000
    const rearm = scheduler.handler((timeout) => {
      if (timeout !== 0) scheduler.cancel(timeout)
      most = Math.max(most, scheduler.held)
      const next = scheduler.schedule(scheduler.now + 1_000_000_000, note)
      if (left-- > 0) scheduler.schedule(scheduler.now + 1, rearm, next)
      else scheduler.cancel(next)
    })
    scheduler.schedule(0, rearm)
    scheduler.run()
    expect(most).toBeLessThan(200)
    expect(scheduler.executed).toBe(100_001)
  })

  test('dropping cancelled events in the middle of an event keeps the order of the rest', () => {
    const { scheduler, log, note } = recorder()
    const doomed: number[] = []
    for (let i = 0; i < 300; i++) {
      const handle = scheduler.schedule(1000 - i, note, i)
      if (i % 3 !== 0) doomed.push(handle)
    }
    const sweep = scheduler.handler(() => {
      for (const handle of doomed) scheduler.cancel(handle)
      scheduler.schedule(700, note, -1)
    })
    scheduler.schedule(1, sweep)
    scheduler.run()
    const times = log.map((entry) => Number(entry.split('@')[1]))
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(log.length).toBe(101)
  })
})

describe('causes', () => {
  test('an event knows its number and the number of the event that scheduled it', () => {
    const scheduler = new Scheduler()
    const chain: [number, number][] = []
    const link = scheduler.handler((depth) => {
      chain.push([scheduler.cause, scheduler.parent])
      if (depth < 3) scheduler.schedule(scheduler.now + 10, link, depth + 1)
    })
    scheduler.schedule(0, link, 0)
    scheduler.schedule(5, link, 3)
    scheduler.run()
    expect(chain).toEqual([
      [1, 0],
      [2, 0],
      [3, 1],
      [4, 3],
      [5, 4],
    ])
    expect([scheduler.cause, scheduler.parent]).toEqual([0, 0])
  })
})

describe('run', () => {
  test('until t includes the events of t, also those scheduled at t, and leaves the clock at t', () => {
    const { scheduler, log, note } = recorder()
    const again = scheduler.handler(() => scheduler.schedule(scheduler.now, note, 2))
    scheduler.schedule(10, again)
    scheduler.schedule(11, note, 3)
    scheduler.run(10)
    expect(log).toEqual(['2@10'])
    expect(scheduler.now).toBe(10)
    expect(scheduler.nextTime()).toBe(11)
    scheduler.run(50)
    expect(log).toEqual(['2@10', '3@11'])
    expect(scheduler.now).toBe(50)
    expect(scheduler.nextTime()).toBe(Infinity)
  })

  test('in slices is the same as in one piece: numbers, causes and count', () => {
    const story = (slices: number[]) => {
      const scheduler = new Scheduler()
      const log: number[][] = []
      const tick = scheduler.handler((n) => {
        log.push([scheduler.now, scheduler.cause, scheduler.parent])
        if (n > 0) scheduler.schedule(scheduler.now + 3, tick, n - 1)
      })
      scheduler.schedule(0, tick, 20)
      for (const until of slices) scheduler.run(until)
      scheduler.run()
      return { log, executed: scheduler.executed }
    }
    expect(story([0, 3, 4, 10, 30])).toEqual(story([]))
  })

  test('stop() ends it after the present event, and the stop event of `until` goes with it', () => {
    const { scheduler, log, note } = recorder()
    const stop = scheduler.handler(() => scheduler.stop())
    scheduler.schedule(1, note, 1)
    scheduler.schedule(2, stop)
    scheduler.schedule(2, note, 2)
    scheduler.run(100)
    expect(log).toEqual(['1@1'])
    expect(scheduler.now).toBe(2)
    scheduler.run()
    expect(log).toEqual(['1@1', '2@2'])
    expect(scheduler.now).toBe(2)
    expect(scheduler.nextTime()).toBe(Infinity)
  })

  test('an exception leaves run(), and the events after it can still be run', () => {
    const { scheduler, log, note } = recorder()
    const broken = scheduler.handler(() => {
      throw new RangeError('broken')
    })
    scheduler.schedule(1, broken)
    scheduler.schedule(2, note, 7)
    expect(() => scheduler.run(10)).toThrow(RangeError)
    expect(scheduler.now).toBe(1)
    scheduler.run()
    expect(log).toEqual(['7@2'])
  })

  test('nextTime skips what was cancelled, in an event too', () => {
    const { scheduler, note } = recorder()
    const first = scheduler.schedule(5, note)
    scheduler.schedule(8, note)
    scheduler.cancel(first)
    expect(scheduler.nextTime()).toBe(8)
    const seen: number[] = []
    const look = scheduler.handler(() => seen.push(scheduler.nextTime()))
    scheduler.schedule(6, look)
    scheduler.run()
    expect(seen).toEqual([8])
  })
})

describe('broken rules are internal errors', () => {
  test.each([9, 10.5, Number.NaN, Infinity, 2 ** 53])('schedule at %s when it is 10', (time) => {
    const { scheduler, note } = recorder()
    scheduler.run(10)
    expect(() => scheduler.schedule(time, note)).toThrow(InternalError)
    expect(scheduler.nextTime()).toBe(Infinity)
  })

  test('schedule for a handler that was never registered', () => {
    const { scheduler, note } = recorder()
    for (const handler of [note + 1, 0, -1]) {
      expect(() => scheduler.schedule(1, handler)).toThrow(InternalError)
    }
  })

  test('run in an event, or until a time that has passed', () => {
    const scheduler = new Scheduler()
    const nested = scheduler.handler(() => scheduler.run())
    scheduler.schedule(3, nested)
    expect(() => scheduler.run()).toThrow(InternalError)
    expect(() => scheduler.run(2)).toThrow(InternalError)
  })
})
