import { describe, expect, test } from 'vitest'
import { BoundedQueue } from '../../src/kernel/bounded-queue.js'
import { InternalError } from '../../src/kernel/errors.js'
import { FairShareLink } from '../../src/kernel/fair-share-link.js'
import { Host, type Protocol, TIMED_OUT, within } from '../../src/kernel/process.js'
import { Scheduler } from '../../src/kernel/scheduler.js'
import { Signal } from '../../src/kernel/signal.js'

function at(scheduler: Scheduler, time: number, script: () => void) {
  scheduler.schedule(time, scheduler.handler(script))
}

function world() {
  const scheduler = new Scheduler()
  const log: string[] = []
  const note = (text: string) => log.push(`${scheduler.now} ${text}`)
  return { scheduler, log, note, host: new Host(scheduler, 'rs1') }
}

describe('a suspended host', () => {
  test('delivers at resume, in the order they fell due, the wake-ups it slept through', () => {
    const { scheduler, log, note, host } = world()
    const signal = new Signal()
    const link = new FairShareLink(scheduler, 1_000_000)
    const waits: [string, () => Protocol<unknown>][] = [
      ['sleep 40', () => sleep(40)],
      ['sleep 20', () => sleep(20)],
      ['signal', () => on(signal)],
      ['transfer', () => link.transfer(25)],
      ['timeout', () => timeout(35)],
      ['sleep 200', () => sleep(200)],
    ]
    function* sleep(us: number): Protocol<unknown> {
      return yield us
    }
    function* on(condition: Signal): Protocol<unknown> {
      return yield condition
    }
    function* timeout(us: number): Protocol<unknown> {
      return (yield* within(us, new Signal())) === TIMED_OUT ? 'timed out' : ''
    }
    const waiter = function* (name: string, wait: Protocol<unknown>): Protocol {
      note(`${name} ${(yield* wait) ?? ''}`.trim())
    }
    for (const [name, wait] of waits) host.spawn(name, waiter(name, wait()))
    at(scheduler, 10, () => host.suspend())
    at(scheduler, 30, () => signal.notifyAll('news'))
    at(scheduler, 100, () => {
      expect(log).toEqual([])
      host.resume()
    })
    scheduler.run()
    expect(log).toEqual([
      '100 sleep 20',
      '100 transfer',
      '100 signal news',
      '100 timeout timed out',
      '100 sleep 40',
      '200 sleep 200',
    ])
    expect([link.active, link.deliveredBytes]).toEqual([0, 25])
  })

  test('suspended again at the instant of its resume goes on holding them', () => {
    const { scheduler, log, note, host } = world()
    const sleeper = function* (): Protocol {
      yield 20
      note('awake')
    }
    host.spawn('sleeper', sleeper())
    at(scheduler, 10, () => host.suspend())
    at(scheduler, 30, () => {
      host.resume()
      host.suspend()
    })
    at(scheduler, 50, () => host.resume())
    scheduler.run()
    expect(log).toEqual(['50 awake'])
  })

  test('holds back interrupts and new processes too', () => {
    const { scheduler, log, note, host } = world()
    const sleeper = function* (): Protocol {
      try {
        yield 100
      } catch (error) {
        note((error as Error).message)
      }
    }
    const process = host.spawn('sleeper', sleeper())
    at(scheduler, 10, () => host.suspend())
    at(scheduler, 20, () => {
      process.interrupt('hurry')
      host.spawn('late', sleeper()).interrupt('born late')
    })
    at(scheduler, 40, () => host.resume())
    scheduler.run()
    expect(log).toEqual(['40 interrupted: hurry', '40 interrupted: born late'])
  })

  test('can be killed: what was held back is never delivered', () => {
    const { scheduler, log, note, host } = world()
    const queue = new BoundedQueue<string>(scheduler, 5)
    const taker = function* (name: string): Protocol {
      note(`${name} got ${yield* queue.take()}`)
    }
    host.spawn('taker', taker('rs1'))
    at(scheduler, 10, () => host.suspend())
    at(scheduler, 20, () => queue.tryPut('batch'))
    at(scheduler, 30, () => {
      expect(queue.length).toBe(0)
      host.kill()
      expect(queue.length).toBe(1)
      host.resume()
      new Host(scheduler, 'rs2').spawn('taker', taker('rs2'))
    })
    scheduler.run()
    expect(log).toEqual(['30 rs2 got batch'])
    expect(queue.sojourn).toBe(10)
  })
})

describe('a killed host', () => {
  test('takes its processes along and accepts no new ones', () => {
    const { scheduler, log, note, host } = world()
    const worker = function* (): Protocol {
      yield 100
      note('never')
    }
    const processes = ['a', 'b'].map((name) => host.spawn(name, worker()))
    at(scheduler, 10, () => {
      host.kill()
      expect(host.alive).toBe(false)
      expect(processes.map((process) => process.alive)).toEqual([false, false])
      expect(() => host.spawn('c', worker())).toThrow(InternalError)
    })
    scheduler.run()
    expect(log).toEqual([])
  })

  test('by one of its own processes leaves links and queues to the other hosts', () => {
    const { scheduler, log, note, host } = world()
    const link = new FairShareLink(scheduler, 1_000_000)
    const abort = function* (): Protocol {
      yield 10
      host.kill()
    }
    const send = function* (name: string): Protocol {
      yield* link.transfer(100)
      note(name)
    }
    host.spawn('abort', abort())
    host.spawn('send', send('rs1'))
    new Host(scheduler, 'rs2').spawn('send', send('rs2'))
    scheduler.run()
    // Half the link until 10, then all of it for the remaining 95 bytes.
    expect(log).toEqual(['105 rs2'])
  })

  test('does not stop the work it had asked another host for', () => {
    const { scheduler, log, note } = world()
    const [client, server] = [new Host(scheduler, 'client'), new Host(scheduler, 'server')]
    const serve = function* (): Protocol<string> {
      yield 50
      note('written')
      return 'ok'
    }
    const request = function* (): Protocol {
      note(String(yield server.spawn('handler', serve())))
    }
    client.spawn('caller', request())
    at(scheduler, 10, () => client.kill())
    scheduler.run()
    expect(log).toEqual(['50 written'])
  })
})
