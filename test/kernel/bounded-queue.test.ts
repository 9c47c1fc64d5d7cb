import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BoundedQueue } from '../../src/kernel/bounded-queue.js'
import { Host, type Process, type Protocol } from '../../src/kernel/process.js'
import { Scheduler } from '../../src/kernel/scheduler.js'

function world(capacity: number) {
  const scheduler = new Scheduler()
  const queue = new BoundedQueue<string>(scheduler, capacity)
  const host = new Host(scheduler, 'rs1')
  const log: string[] = []
  const put = function* (...items: string[]): Protocol {
    for (const item of items) {
      yield* queue.put(item)
      log.push(`${scheduler.now} put ${item}`)
    }
  }
  const take = function* (name: string): Protocol {
    const item = yield* queue.take()
    log.push(`${scheduler.now} ${name} took ${item}`)
  }
  const at = (time: number, script: () => void) =>
    scheduler.schedule(time, scheduler.handler(script))
  return { scheduler, queue, host, log, put, take, at }
}

describe('a bounded queue', () => {
  test('blocks who puts into a full one until somebody takes', () => {
    const { scheduler, queue, host, log, put, take, at } = world(2)
    host.spawn('reader', put('a', 'b', 'c', 'd'))
    at(10, () => {
      expect([queue.length, queue.putting]).toEqual([2, 1])
      host.spawn('t1', take('t1'))
    })
    at(20, () => host.spawn('t2', take('t2')))
    scheduler.run()
    expect(log).toEqual([
      '0 put a',
      '0 put b',
      '10 t1 took a',
      '10 put c',
      '20 t2 took b',
      '20 put d',
    ])
    expect(queue.clear()).toEqual(['c', 'd'])
    // a 10, b 20, c 20 (10 of it waiting for a place), d 10.
    expect([queue.area, queue.sojourn]).toEqual([60, 60])
  })

  test('hands items to waiting takers in order of arrival', () => {
    const { scheduler, queue, host, log, take, at } = world(5)
    for (const name of ['t1', 't2', 't3']) host.spawn(name, take(name))
    at(10, () => {
      for (const item of ['a', 'b']) expect(queue.tryPut(item)).toBe(true)
    })
    scheduler.run()
    expect(log).toEqual(['10 t1 took a', '10 t2 took b'])
    expect(queue.length).toBe(0)
  })

  test('tryPut refuses when it is full and when others wait for a place', () => {
    const { scheduler, queue, host, put, at } = world(1)
    host.spawn('reader', put('a', 'b'))
    at(10, () => {
      expect(queue.tryPut('c')).toBe(false)
      expect(queue.clear()).toEqual(['a'])
      expect(queue.tryPut('c')).toBe(false)
    })
    scheduler.run()
    expect(queue.clear()).toEqual(['b'])
  })

  test('poll gives up after its time, and takes at once what is there', () => {
    const { scheduler, queue, host, log, at } = world(5)
    const poller = function* (): Protocol {
      for (let i = 0; i < 3; i++) {
        const item = yield* queue.poll(20)
        log.push(`${scheduler.now} ${item}`)
      }
    }
    host.spawn('poller', poller())
    at(30, () => {
      queue.tryPut('a')
      queue.tryPut('b')
    })
    scheduler.run()
    expect(log).toEqual(['20 undefined', '30 a', '30 b'])
    expect([queue.area, queue.sojourn]).toEqual([0, 0])
  })

  test('an item handed to a taker that is killed before it runs goes back to the head', () => {
    const { scheduler, queue, host, log, take, at } = world(5)
    const victim = host.spawn('victim', take('victim'))
    at(10, () => {
      queue.tryPut('a')
      queue.tryPut('b')
      victim.kill()
      host.spawn('heir', take('heir'))
    })
    scheduler.run()
    expect(log).toEqual(['10 heir took a'])
    expect(queue.clear()).toEqual(['b'])
  })

  test('a killed putter leaves the line, and its item never enters', () => {
    const { scheduler, queue, host, log, put, take, at } = world(1)
    queue.tryPut('a')
    const victim = host.spawn('p1', put('b'))
    host.spawn('p2', put('c'))
    at(10, () => victim.kill())
    at(20, () => host.spawn('t', take('t')))
    scheduler.run()
    expect(log).toEqual(['20 t took a', '20 put c'])
    expect(queue.clear()).toEqual(['c'])
    expect(queue.area).toBe(queue.sojourn)
  })

  test('conserves items and their order, whoever is killed', () => {
    const step = fc.record({
      at: fc.nat(50),
      kind: fc.constantFrom('put', 'take', 'poll', 'kill', 'tryPut'),
      who: fc.nat(20),
    })
    const property = fc.property(
      fc.integer({ min: 1, max: 3 }),
      fc.array(step, { maxLength: 40 }),
      (capacity, steps) => {
        const { scheduler, queue, host, at } = world(capacity)
        const taken: string[] = []
        const accepted = new Set<string>()
        const processes: Process[] = []
        const put = function* (item: string): Protocol {
          yield* queue.put(item)
          accepted.add(item)
        }
        const take = function* (timeout: number): Protocol {
          const item = timeout > 0 ? yield* queue.poll(timeout) : yield* queue.take()
          if (item !== undefined) taken.push(item)
        }
        steps.forEach(({ at: time, kind, who }, i) => {
          at(time, () => {
            if (kind === 'put') processes.push(host.spawn('put', put(`${i}`)))
            else if (kind === 'take') processes.push(host.spawn('take', take(0)))
            else if (kind === 'poll') processes.push(host.spawn('poll', take(who + 1)))
            else if (kind === 'kill') processes[who]?.kill()
            else if (queue.tryPut(`${i}`)) accepted.add(`${i}`)
            expect(queue.length).toBeLessThanOrEqual(capacity)
          })
        })
        scheduler.run()
        host.kill()
        const out = [...taken, ...queue.clear()]
        expect(new Set(out)).toEqual(accepted)
        expect(out.length).toBe(accepted.size)
        expect(queue.area).toBe(queue.sojourn)
      },
    )
    fc.assert(property, { seed: 5, numRuns: 300 })
  })
})
