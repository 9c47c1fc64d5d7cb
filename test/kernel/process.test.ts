import { describe, expect, test } from 'vitest'
import { InternalError } from '../../src/kernel/errors.js'
import { FifoServer } from '../../src/kernel/fifo-server.js'
import {
  Host,
  Interrupted,
  type Process,
  type Protocol,
  TIMED_OUT,
  within,
} from '../../src/kernel/process.js'
import { Scheduler } from '../../src/kernel/scheduler.js'
import { Signal } from '../../src/kernel/signal.js'

/** Runs `script` at `time`, as an event of its own. */
function at(scheduler: Scheduler, time: number, script: () => void) {
  scheduler.schedule(time, scheduler.handler(script))
}

function world() {
  const scheduler = new Scheduler()
  const log: string[] = []
  const note = (text: string) => log.push(`${scheduler.now} ${text}`)
  return { scheduler, log, note, host: new Host(scheduler, 'rs1') }
}

/** Joins and notes how it went. */
function* watch(process: Process, note: (text: string) => void): Protocol {
  try {
    note(`joined ${yield process}`)
  } catch (error) {
    note(`caught ${(error as Error).name}: ${(error as Error).message}`)
  }
}

describe('a process', () => {
  test('starts at the instant of its spawn, after what was already due, and sleeps', () => {
    const { scheduler, log, note, host } = world()
    const sleeper = function* (name: string, us: number): Protocol {
      note(`${name} starts`)
      yield us
      note(`${name} slept`)
      yield 0
      note(`${name} ends`)
    }
    host.spawn('a', sleeper('a', 10))
    host.spawn('b', sleeper('b', 5))
    expect(log).toEqual([])
    scheduler.run()
    expect(log).toEqual([
      '0 a starts',
      '0 b starts',
      '5 b slept',
      '5 b ends',
      '10 a slept',
      '10 a ends',
    ])
  })

  test('a sleep is one event', () => {
    const { scheduler, host } = world()
    const ticker = function* (): Protocol {
      for (let i = 0; i < 100; i++) yield 1
    }
    host.spawn('ticker', ticker())
    scheduler.run()
    expect(scheduler.executed).toBe(101)
  })

  test.each([-1, 0.5, Number.NaN])('that sleeps %s us is an internal error', (us) => {
    const { scheduler, host } = world()
    const sleeper = function* (): Protocol {
      yield us
    }
    host.spawn('sleeper', sleeper())
    expect(() => scheduler.run()).toThrow(InternalError)
  })

  test('woken while it does not wait is an internal error', () => {
    const { scheduler, host } = world()
    const sleeper = function* (): Protocol {
      yield 10
    }
    const process = host.spawn('sleeper', sleeper())
    at(scheduler, 5, () => process.wake())
    expect(() => scheduler.run()).toThrow('sleeper woken while sleeping')
  })
})

describe('join', () => {
  test('gives the result, before and after the end', () => {
    const { scheduler, log, note, host } = world()
    const answer = function* (): Protocol<number> {
      yield 10
      return 42
    }
    const process = host.spawn('answer', answer())
    host.spawn('early', watch(process, note))
    at(scheduler, 20, () => host.spawn('late', watch(process, note)))
    scheduler.run()
    expect(log).toEqual(['10 joined 42', '20 joined 42'])
    expect(process.alive).toBe(false)
  })

  test('rethrows the failure in every joiner', () => {
    const { scheduler, log, note, host } = world()
    const broken = function* (): Protocol {
      yield 10
      throw new RangeError('no such block')
    }
    const process = host.spawn('broken', broken())
    host.spawn('one', watch(process, note))
    host.spawn('two', watch(process, note))
    scheduler.run()
    expect(log).toEqual([
      '10 caught RangeError: no such block',
      '10 caught RangeError: no such block',
    ])
  })

  test('of a killed process throws ProcessKilled', () => {
    const { scheduler, log, note, host } = world()
    const sleeper = function* (): Protocol {
      yield 100
    }
    const process = host.spawn('sleeper', sleeper())
    host.spawn('watcher', watch(process, note))
    at(scheduler, 10, () => process.kill())
    scheduler.run()
    expect(log).toEqual(['10 caught ProcessKilled: sleeper was killed'])
    expect(scheduler.now).toBe(10)
  })

  test('a failure that nobody joins stops the run', () => {
    const { scheduler, host, note, log } = world()
    const broken = function* (): Protocol {
      yield 10
      throw new RangeError('lost')
    }
    const process = host.spawn('broken', broken())
    const watcher = host.spawn('watcher', watch(process, note))
    at(scheduler, 5, () => watcher.kill())
    expect(() => scheduler.run()).toThrow('lost')
    expect(scheduler.now).toBe(10)
    expect(log).toEqual([])
  })

  test('an internal error stops the run even if its process is joined', () => {
    const { scheduler, host, note } = world()
    const broken = function* (): Protocol {
      yield 1
      throw new InternalError('a rule broken')
    }
    host.spawn('watcher', watch(host.spawn('broken', broken()), note))
    expect(() => scheduler.run()).toThrow(InternalError)
  })
})

describe('kill', () => {
  test('ends at once: finally runs at the kill, nothing after the wait does', () => {
    const { scheduler, log, note, host } = world()
    const victim = function* (): Protocol {
      try {
        yield 100
        note('never')
      } finally {
        note('released')
      }
    }
    const process = host.spawn('victim', victim())
    at(scheduler, 10, () => {
      process.kill()
      note(`alive ${process.alive}`)
      process.kill()
    })
    scheduler.run()
    expect(log).toEqual(['10 released', '10 alive false'])
    expect(scheduler.now).toBe(10)
  })

  test('before the start, no line of it runs', () => {
    const { scheduler, log, note, host } = world()
    const never = function* (): Protocol {
      note('never')
      yield 1
    }
    host.spawn('never', never()).kill()
    scheduler.run()
    expect(log).toEqual([])
    expect(scheduler.executed).toBe(0)
  })

  test('of a waiting process takes it out of the queue it stands in', () => {
    const { scheduler, log, note, host } = world()
    const server = new FifoServer(scheduler, 1)
    const customer = function* (name: string): Protocol {
      yield* server.use(10)
      note(`${name} served`)
    }
    host.spawn('a', customer('a'))
    const victim = host.spawn('b', customer('b'))
    host.spawn('c', customer('c'))
    at(scheduler, 5, () => victim.kill())
    scheduler.run()
    expect(log).toEqual(['10 a served', '20 c served'])
  })

  test('of oneself lets the process get to its next wait, and no further', () => {
    const { scheduler, log, note, host } = world()
    const suicide = function* (): Protocol {
      try {
        yield 5
        host.kill()
        note('still here')
        yield 5
        note('never')
      } finally {
        note('released')
      }
    }
    const other = function* (): Protocol {
      yield 100
      note('never')
    }
    host.spawn('suicide', suicide())
    host.spawn('other', other())
    scheduler.run()
    expect(log).toEqual(['5 still here', '5 released'])
    expect(scheduler.now).toBe(5)
  })

  test('of oneself comes before an interrupt that waits for the next wait', () => {
    const { scheduler, log, note, host } = world()
    const self: { process?: Process } = {}
    const suicide = function* (): Protocol {
      yield 5
      self.process?.interrupt('too late')
      self.process?.kill()
      try {
        yield 5
      } catch {
        note('never')
      }
    }
    self.process = host.spawn('suicide', suicide())
    scheduler.run()
    expect(log).toEqual([])
    expect(self.process.alive).toBe(false)
  })

  test('of oneself just before returning counts as killed', () => {
    const { scheduler, log, note, host } = world()
    const self: { process?: Process } = {}
    const suicide = function* (): Protocol {
      yield 5
      self.process?.kill()
    }
    self.process = host.spawn('suicide', suicide())
    host.spawn('watcher', watch(self.process, note))
    scheduler.run()
    expect(log).toEqual(['5 caught ProcessKilled: suicide was killed'])
  })
})

describe('the finally of a killed process', () => {
  test.each<[string, (host: Host, note: () => void) => Protocol]>([
    [
      'waits',
      function* () {
        yield 5
      },
    ],
    [
      'waits deep down',
      function* (host) {
        yield* new FifoServer(host.scheduler, 1).use(5)
      },
    ],
    [
      'spawns',
      // biome-ignore lint/correctness/useYield: acting without waiting is the point
      function* (host, note) {
        host.spawn(
          'child',
          // biome-ignore lint/correctness/useYield: as above
          (function* (): Protocol {
            note()
          })(),
        )
      },
    ],
    [
      'schedules',
      // biome-ignore lint/correctness/useYield: acting without waiting is the point
      function* (host, note) {
        host.scheduler.schedule(50, host.scheduler.handler(note))
      },
    ],
  ])('that %s stops the run, naming process and rule, whoever catches it', (_name, act) => {
    const { scheduler, log, note, host } = world()
    const victim = function* (): Protocol {
      try {
        yield 100
      } finally {
        yield* act(host, () => note('acted'))
      }
    }
    const process = host.spawn('shipper', victim())
    const murderer = function* (): Protocol {
      yield 10
      try {
        process.kill()
      } catch {
        note('swallowed')
      }
      yield 1
      note('never')
    }
    new Host(scheduler, 'monkey').spawn('murderer', murderer())
    expect(() => scheduler.run()).toThrow(
      /^process shipper of rs1 is killed and may only release handles/,
    )
    expect(log).toEqual(['10 swallowed'])
  })

  test('that hides its own broken rule does not save the run', () => {
    const { scheduler, host } = world()
    const victim = function* (): Protocol {
      try {
        yield 100
      } finally {
        try {
          scheduler.schedule(50, 1)
        } catch {}
      }
    }
    const process = host.spawn('victim', victim())
    at(scheduler, 10, () => process.kill())
    expect(() => scheduler.run()).toThrow(InternalError)
  })

  test('after the process killed itself, acting is forbidden too', () => {
    const { scheduler, host } = world()
    const suicide = function* (): Protocol {
      yield 5
      host.kill()
      scheduler.schedule(50, 1)
    }
    host.spawn('suicide', suicide())
    expect(() => scheduler.run()).toThrow(/process suicide of rs1 is killed/)
  })

  test('may release handles, which wakes others', () => {
    const { scheduler, log, note, host } = world()
    const lock = new FifoServer(scheduler, 1)
    const holder = function* (name: string): Protocol {
      yield* lock.acquire()
      try {
        note(`${name} holds`)
        yield 100
      } finally {
        lock.release()
      }
    }
    const first = host.spawn('first', holder('first'))
    host.spawn('second', holder('second'))
    at(scheduler, 10, () => first.kill())
    scheduler.run()
    expect(log).toEqual(['0 first holds', '10 second holds'])
    expect(lock.busy).toBe(0)
  })
})

describe('interrupt', () => {
  test('throws Interrupted with its reason at a sleep or a wait, at that instant', () => {
    const { scheduler, log, note, host } = world()
    const signal = new Signal()
    const patient = function* (): Protocol {
      for (const wait of [100, signal]) {
        try {
          yield wait
        } catch (error) {
          note(`${error instanceof Interrupted && error.reason}`)
        }
      }
    }
    const process = host.spawn('patient', patient())
    at(scheduler, 10, () => process.interrupt('once'))
    at(scheduler, 20, () => process.interrupt('twice'))
    at(scheduler, 30, () => process.interrupt('too late'))
    scheduler.run()
    expect(log).toEqual(['10 once', '20 twice'])
    expect(signal.waiting).toBe(0)
  })

  test('of a wait that is already over hits the next wait, so nothing given is lost', () => {
    const { scheduler, log, note, host } = world()
    const signal = new Signal()
    const patient = function* (): Protocol {
      note(`got ${yield signal}`)
      try {
        yield 100
      } catch (error) {
        note((error as Error).message)
      }
    }
    const process = host.spawn('patient', patient())
    at(scheduler, 10, () => {
      signal.notifyAll('news')
      process.interrupt('stop')
    })
    scheduler.run()
    expect(log).toEqual(['10 got news', '10 interrupted: stop'])
    expect(scheduler.now).toBe(10)
  })
})

describe('within', () => {
  const outcome = (value: unknown) => (value === TIMED_OUT ? 'timed out' : String(value))

  test('answers the value in time, and the deadline leaves no event behind', () => {
    const { scheduler, log, note, host } = world()
    const signal = new Signal()
    const waiter = function* (): Protocol {
      note(outcome(yield* within<string>(50, signal)))
    }
    host.spawn('waiter', waiter())
    at(scheduler, 10, () => signal.notifyAll('news'))
    scheduler.run()
    expect(log).toEqual(['10 news'])
    expect(scheduler.now).toBe(10)
  })

  test('answers TIMED_OUT at the deadline and leaves the queue', () => {
    const { scheduler, log, note, host } = world()
    const signal = new Signal()
    const waiter = function* (): Protocol {
      note(outcome(yield* within(50, signal)))
      note(outcome(yield 100))
    }
    host.spawn('waiter', waiter())
    at(scheduler, 60, () => {
      expect(signal.waiting).toBe(0)
      signal.notifyAll('late')
    })
    scheduler.run()
    expect(log).toEqual(['50 timed out', '150 undefined'])
  })

  test('at the same instant the event that comes first decides', () => {
    const { scheduler, log, note, host } = world()
    const [early, late] = [new Signal(), new Signal()]
    at(scheduler, 50, () => early.notifyAll('in time'))
    const waiter = function* (name: string, signal: Signal): Protocol {
      note(`${name} ${outcome(yield* within(50, signal))}`)
    }
    host.spawn('a', waiter('a', early))
    host.spawn('b', waiter('b', late))
    at(scheduler, 1, () => at(scheduler, 50, () => late.notifyAll('too late')))
    scheduler.run()
    expect(log).toEqual(['50 b timed out', '50 a in time'])
  })

  test('a join that times out leaves the process running', () => {
    const { scheduler, log, note, host } = world()
    const worker = function* (): Protocol {
      yield 100
      note('worked')
    }
    const process = host.spawn('worker', worker())
    const waiter = function* (): Protocol {
      note(outcome(yield* within(50, process)))
    }
    host.spawn('waiter', waiter())
    scheduler.run()
    expect(log).toEqual(['50 timed out', '100 worked'])
  })

  test('gives back what came in time for a process that was killed before it ran on', () => {
    const { scheduler, host } = world()
    const server = new FifoServer(scheduler, 1)
    server.tryAcquire()
    const waiter = function* (): Protocol {
      yield* within(50, server)
    }
    const process = host.spawn('waiter', waiter())
    at(scheduler, 10, () => {
      server.release()
      process.kill()
    })
    scheduler.run()
    expect([server.busy, server.waiting]).toEqual([0, 0])
  })

  test('of a process killed while it waits leaves neither queue nor deadline behind', () => {
    const { scheduler, host } = world()
    const signal = new Signal()
    const waiter = function* (): Protocol {
      yield* within(50, signal)
    }
    const process = host.spawn('waiter', waiter())
    at(scheduler, 10, () => process.kill())
    scheduler.run()
    expect([signal.waiting, scheduler.now]).toEqual([0, 10])
  })
})
