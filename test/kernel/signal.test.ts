import { expect, test } from 'vitest'
import { Host, type Protocol } from '../../src/kernel/process.js'
import { Scheduler } from '../../src/kernel/scheduler.js'
import { Signal } from '../../src/kernel/signal.js'

function world() {
  const scheduler = new Scheduler()
  const signal = new Signal()
  const host = new Host(scheduler, 'rs1')
  const log: string[] = []
  const waiter = function* (name: string): Protocol {
    for (;;) {
      const news = yield signal
      log.push(`${scheduler.now} ${name} ${news}`)
    }
  }
  const notify = scheduler.handler((n) => signal.notifyAll(n))
  return { scheduler, signal, host, log, waiter, notify }
}

test('notifyAll wakes all who wait, in order of arrival, and again after they wait again', () => {
  const { scheduler, host, log, waiter, notify } = world()
  for (const name of ['a', 'b', 'c']) host.spawn(name, waiter(name))
  scheduler.schedule(10, notify, 1)
  scheduler.schedule(20, notify, 2)
  scheduler.run()
  expect(log).toEqual(['10 a 1', '10 b 1', '10 c 1', '20 a 2', '20 b 2', '20 c 2'])
})

test('a notification that nobody waits for is lost, as with a monitor', () => {
  const { scheduler, signal, host, log, waiter, notify } = world()
  scheduler.schedule(10, notify, 1)
  scheduler.run(15)
  host.spawn('a', waiter('a'))
  scheduler.run()
  expect(log).toEqual([])
  expect(signal.waiting).toBe(1)
})

test('who is killed in the middle of the line is passed over', () => {
  const { scheduler, signal, host, log, waiter, notify } = world()
  const waiters = ['a', 'b', 'c', 'd'].map((name) => host.spawn(name, waiter(name)))
  scheduler.run(5)
  for (const i of [1, 3]) waiters[i].kill()
  expect(signal.waiting).toBe(2)
  scheduler.schedule(10, notify, 1)
  scheduler.run()
  expect(log).toEqual(['10 a 1', '10 c 1'])
})
