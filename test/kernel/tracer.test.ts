import { describe, expect, test } from 'vitest'
import { Host, type Protocol } from '../../src/kernel/process.js'
import { Scheduler } from '../../src/kernel/scheduler.js'
import { type Occurrence, Tracer } from '../../src/kernel/tracer.js'

function world(most?: number) {
  const scheduler = new Scheduler()
  const tracer = new Tracer(scheduler, most)
  scheduler.tracer = tracer
  return { scheduler, tracer, host: new Host(scheduler, 'rs1') }
}

/** An activity that takes `us`. */
function* wait(us: number): Protocol<number> {
  yield us
  return us
}

function told(occurrences: readonly Occurrence[]) {
  return occurrences.map(({ kind, cause, fromUs, untilUs }) => [kind, cause, fromUs, untilUs])
}

describe('what a process does', () => {
  test('an activity has the one that it is a part of as its cause', () => {
    const { scheduler, tracer, host } = world()
    function* outer(): Protocol {
      yield 10
      yield* tracer.around('inner', {}, wait(5))
      yield* tracer.around('next', {}, wait(1))
    }
    host.spawn('thread', tracer.around('outer', {}, outer()))
    scheduler.run()
    expect(told(tracer.occurrences)).toEqual([
      ['outer', 0, 0, 16],
      ['inner', 1, 10, 15],
      ['next', 1, 15, 16],
    ])
    expect(tracer.occurrences[1]?.host).toBe('rs1')
  })

  test('a process goes on for what its spawner was doing, also after that is over', () => {
    const { scheduler, tracer, host } = world()
    function* child(): Protocol {
      yield 100
      tracer.instant('effect', {})
    }
    function* parent(): Protocol {
      host.spawn('child', child())
      yield 1
    }
    host.spawn('parent', tracer.around('cause', {}, parent()))
    scheduler.run()
    expect(told(tracer.occurrences)).toEqual([
      ['cause', 0, 0, 1],
      ['effect', 1, 100, 100],
    ])
  })

  test('processes that take turns do not get into each other’s way', () => {
    const { scheduler, tracer, host } = world()
    function* work(name: string): Protocol {
      for (let i = 0; i < 2; i++) yield* tracer.around(name, {}, wait(10))
    }
    host.spawn('a', tracer.around('A', {}, work('a')))
    host.spawn('b', tracer.around('B', {}, work('b')))
    scheduler.run()
    const causes = tracer.occurrences.map(({ kind, cause }) => `${kind} of ${cause}`)
    expect(causes).toEqual(['A of 0', 'a of 1', 'B of 0', 'b of 3', 'a of 1', 'b of 3'])
  })

  test('the outcome is told at the end', () => {
    const { scheduler, tracer, host } = world()
    const outcome = (us: number) => ({ took: us })
    host.spawn('thread', tracer.around('work', { region: 3 }, wait(7), outcome))
    scheduler.run()
    expect(tracer.occurrences[0]?.details).toEqual({ region: 3, took: 7 })
  })
})

describe('what does not come to its end', () => {
  test('an exception ends the activity, and whoever catches it goes on in its own', () => {
    const { scheduler, tracer, host } = world()
    function* fails(): Protocol {
      yield 3
      throw new Error('no space')
    }
    function* retries(): Protocol {
      try {
        yield* tracer.around('attempt', {}, fails())
      } catch {
        yield* tracer.around('attempt', {}, wait(2))
      }
    }
    host.spawn('thread', tracer.around('request', {}, retries()))
    scheduler.run()
    expect(told(tracer.occurrences)).toEqual([
      ['request', 0, 0, 5],
      ['attempt', 1, 0, 3],
      ['attempt', 1, 3, 5],
    ])
    expect(tracer.occurrences[1]?.details).toEqual({ failed: 'no space' })
  })

  test('a kill ends all that the process is doing, and leaves the killer where it was', () => {
    const { scheduler, tracer, host } = world()
    const victim = host.spawn('v', tracer.around('outer', {}, tracer.around('inner', {}, wait(99))))
    function* kills(): Protocol {
      yield 4
      victim.kill()
      tracer.instant('after', {})
    }
    host.spawn('k', tracer.around('killing', {}, kills()))
    scheduler.run()
    expect(told(tracer.occurrences)).toEqual([
      ['outer', 0, 0, 4],
      ['inner', 1, 0, 4],
      ['killing', 0, 0, 4],
      ['after', 3, 4, 4],
    ])
    expect(tracer.occurrences[1]?.details).toEqual({ ended: 'killed' })
  })

  test('a protocol that is dropped in a wait is given up when what it was a part of ends', () => {
    const { scheduler, tracer, host } = world()
    function* dropping(): Protocol {
      const dropped = tracer.around('attempt', {}, wait(1000))
      dropped.next()
      yield 30
    }
    function* thread(): Protocol {
      yield* tracer.around('call', {}, dropping())
      tracer.instant('later', {})
    }
    host.spawn('thread', thread())
    scheduler.run()
    expect(told(tracer.occurrences)).toEqual([
      ['call', 0, 0, 30],
      ['attempt', 1, 0, 30],
      ['later', 0, 30, 30],
    ])
    expect(tracer.occurrences[1]?.details).toEqual({ ended: 'given up' })
  })
})

test('the first are kept with their causes, the others counted', () => {
  const { tracer } = world(2)
  const first = tracer.begin('a', {})
  const second = tracer.begin('b', {}, first)
  const third = tracer.begin('c', {}, second)
  tracer.end(third)
  tracer.end(second, { bytes: 1 })
  tracer.instant('d', {}, third)
  expect(told(tracer.occurrences)).toEqual([
    ['a', 0, 0, null],
    ['b', 1, 0, 0],
  ])
  expect(tracer.dropped).toBe(2)
})
