import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InternalError } from '../../src/kernel/errors.js'
import { FifoServer } from '../../src/kernel/fifo-server.js'
import { Host, type Process, type Protocol, TIMED_OUT, within } from '../../src/kernel/process.js'
import { Scheduler } from '../../src/kernel/scheduler.js'

function world(servers: number) {
  const scheduler = new Scheduler()
  const server = new FifoServer(scheduler, servers)
  const host = new Host(scheduler, 'rs1')
  const log: string[] = []
  const customer = function* (name: string, serviceUs: number): Protocol {
    yield* server.use(serviceUs)
    log.push(`${scheduler.now} ${name}`)
  }
  const at = (time: number, script: () => void) =>
    scheduler.schedule(time, scheduler.handler(script))
  return { scheduler, server, host, log, customer, at }
}

describe('a FIFO server', () => {
  test('serves as many at once as it has servers, the rest in order of arrival', () => {
    const { scheduler, server, host, log, customer, at } = world(2)
    for (const [name, us] of [
      ['a', 10],
      ['b', 30],
      ['c', 10],
      ['d', 10],
    ] as const) {
      host.spawn(name, customer(name, us))
    }
    at(5, () => expect([server.busy, server.waiting]).toEqual([2, 2]))
    scheduler.run()
    expect(log).toEqual(['10 a', '20 c', '30 b', '30 d'])
    expect([server.busy, server.waiting]).toEqual([0, 0])
    // Stays of 10, 30, 20 and 30.
    expect([server.area, server.sojourn]).toEqual([90, 90])
  })

  test('passes the place of a customer killed in service to the next', () => {
    const { scheduler, server, host, log, customer, at } = world(1)
    const victim = host.spawn('a', customer('a', 100))
    host.spawn('b', customer('b', 10))
    at(20, () => victim.kill())
    scheduler.run()
    expect(log).toEqual(['30 b'])
    expect([server.busy, server.area, server.sojourn]).toEqual([0, 50, 50])
  })

  test('takes a server back from a customer killed between being called and coming', () => {
    const { scheduler, server, host, log, customer } = world(1)
    const victims: Process[] = []
    const first = function* (): Protocol {
      yield* server.use(10)
      // The unit has just passed to b, whose resumption is due in this instant.
      victims[0].kill()
      victims[0].kill()
    }
    host.spawn('a', first())
    victims.push(host.spawn('b', customer('b', 10)))
    host.spawn('c', customer('c', 10))
    scheduler.run()
    expect(log).toEqual(['20 c'])
    expect([server.busy, server.area, server.sojourn]).toEqual([0, 40, 40])
  })

  test('as a semaphore it can be tried, and waited for with a timeout', () => {
    const { scheduler, server, host, log, at } = world(1)
    const holder = function* (): Protocol {
      yield* server.acquire()
      try {
        yield 100
      } finally {
        server.release()
      }
    }
    const impatient = function* (us: number): Protocol {
      const got = (yield* within(us, server)) !== TIMED_OUT
      log.push(`${scheduler.now} ${got}`)
      if (got) server.release()
    }
    host.spawn('holder', holder())
    host.spawn('impatient', impatient(30))
    host.spawn('patient', impatient(300))
    at(50, () => expect(server.tryAcquire()).toBe(false))
    at(150, () => {
      expect(server.tryAcquire()).toBe(true)
      server.release()
    })
    scheduler.run()
    expect(log).toEqual(['30 false', '100 true'])
    expect([server.busy, server.area, server.sojourn]).toEqual([0, 230, 230])
  })

  test('does not let a newcomer overtake who was called but has not come yet', () => {
    const { scheduler, server, host, log, customer, at } = world(1)
    at(10, () => host.spawn('c', customer('c', 5)))
    host.spawn('a', customer('a', 10))
    host.spawn('b', customer('b', 10))
    scheduler.run()
    expect(log).toEqual(['10 a', '20 b', '25 c'])
    expect(server.waiting).toBe(0)
  })

  test('a release without a holder is an internal error, as is a server without servers', () => {
    const { scheduler, server } = world(1)
    expect(() => server.release()).toThrow(InternalError)
    expect(() => new FifoServer(scheduler, 0)).toThrow(InternalError)
  })

  test('whoever is killed, interrupted or suspended: nothing leaks and Little holds', () => {
    const disturbance = fc.record({
      at: fc.nat(100),
      who: fc.nat(9),
      kind: fc.constantFrom('kill', 'interrupt', 'suspend', 'resume'),
    })
    const customers = fc.array(fc.nat(30), { minLength: 10, maxLength: 10 })
    const property = fc.property(
      fc.integer({ min: 1, max: 3 }),
      customers,
      fc.array(disturbance, { maxLength: 12 }),
      (servers, services, disturbances) => {
        const { scheduler, server, customer, at } = world(servers)
        const hosts = [new Host(scheduler, 'even'), new Host(scheduler, 'odd')]
        const quietly = function* (i: number): Protocol {
          yield i
          try {
            yield* customer(String(i), services[i])
          } catch {}
        }
        const processes = services.map((_, i) => hosts[i % 2].spawn(`c${i}`, quietly(i)))
        for (const { at: time, who, kind } of disturbances) {
          at(time, () => {
            if (kind === 'kill') processes[who].kill()
            else if (kind === 'interrupt' && time > 10) processes[who].interrupt('chaos')
            else if (kind === 'suspend') hosts[who % 2].suspend()
            else if (kind === 'resume') hosts[who % 2].resume()
          })
        }
        at(200, () => {
          for (const host of hosts) host.resume()
        })
        scheduler.run()
        expect([server.busy, server.waiting]).toEqual([0, 0])
        expect(server.area).toBe(server.sojourn)
        expect(processes.every((process) => !process.alive)).toBe(true)
      },
    )
    fc.assert(property, { seed: 4, numRuns: 300 })
  })
})
