import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  RpcRetryingCaller,
  type RpcRetryingCallerOptions,
} from '../../../src/hbase/client/rpc-retrying-caller.js'
import { CallKind, NO_KEY } from '../../../src/hbase/regionserver/call-kind.js'
import type { UnansweredCall } from '../../../src/hbase/regionserver/write-path-options.js'
import { distribution } from '../../../src/kernel/distribution.js'
import { Luck } from '../../../src/kernel/draws.js'
import { Scheduler } from '../../../src/kernel/scheduler.js'
import { Variate } from '../../../src/kernel/variate.js'

const MS = 1000
const SECOND = 1_000_000
/** There and back again. */
const ROUND_TRIP_US = 200
const ANSWER_US = 1 * MS

/** Clients that wait 100 ms × RETRY_BACKOFF, and one server that answers a millisecond later. */
class ClientWorld {
  readonly scheduler = new Scheduler()
  readonly caller: RpcRetryingCaller
  readonly failedUs: number[] = []
  /** Times at which the server was sent puts, and how often each was sent before. */
  readonly sent: [atUs: number, attempt: number][] = []
  readonly answered: number[] = []
  up = false
  metaUp = true
  #inFlight = new Map<number, UnansweredCall>()

  constructor(changes: Partial<RpcRetryingCallerOptions> = {}) {
    const { scheduler } = this
    const stream = new Luck(1).stream({ name: 'network', sharing: 'world' }, 'clients')
    const answer = scheduler.handler((operation) => {
      if (this.#inFlight.delete(operation)) this.answered.push(operation)
    })
    const server = {
      offer: (
        sentUs: number,
        region: number,
        bytes: number,
        operation: number,
        attempt = 0,
        attemptUs = sentUs,
        kind: CallKind = CallKind.put,
        key = NO_KEY,
      ) => {
        this.sent.push([attemptUs, attempt])
        this.#inFlight.set(operation, { sentUs, region, bytes, operation, attempt, kind, key })
        scheduler.schedule(attemptUs + ANSWER_US, answer, operation)
      },
    }
    this.caller = new RpcRetryingCaller({
      scheduler,
      metaAvailable: () => this.metaUp,
      serverOfRegion: () => (this.up ? server : null),
      network: new Variate(distribution({ kind: 'constant', value: ROUND_TRIP_US / 2 }), stream),
      retries: 15,
      pauseUs: 100 * MS,
      operationTimeoutUs: 1200 * SECOND,
      jitter: () => 0,
      failed: () => this.failedUs.push(scheduler.now),
      ...changes,
    })
  }

  get inFlight(): number {
    return this.#inFlight.size
  }

  put(operation: number, sentUs: number): void {
    this.caller.offer(sentUs, 0, 100, operation)
  }

  /** The server dies and owes these puts an answer. */
  crash(...more: UnansweredCall[]): void {
    this.up = false
    const calls = [...this.#inFlight.values(), ...more]
    this.#inFlight = new Map()
    this.caller.handBack(calls)
  }

  at(us: number, action: () => void): void {
    this.scheduler.schedule(us, this.scheduler.handler(action))
  }
}

/** When an operation's attempts are made, the first at 0, if each is refused. */
function ladder(): number[] {
  const backoff = [1, 2, 3, 5, 10, 20, 40, 100, 100, 100, 100, 200, 200, 200, 200]
  const attempts = [0]
  for (const factor of backoff) {
    attempts.push((attempts.at(-1) ?? 0) + ROUND_TRIP_US + factor * 100 * MS)
  }
  return attempts
}

function call(operation: number, sentUs: number, attempt = 0): UnansweredCall {
  const put = { kind: CallKind.put, key: NO_KEY }
  return { ...put, sentUs, region: 0, bytes: 100, operation, attempt }
}

describe('a put to a region that no server serves', () => {
  test('is tried 16 times in 128 s, then the operation has failed', () => {
    const world = new ClientWorld()
    world.put(1, 0)
    world.scheduler.run(127 * SECOND)
    expect(world.caller).toMatchObject({ waiting: 1, failed: 0 })
    world.scheduler.run()
    // 1281 pauses of 100 ms, and a round trip for each of 16 attempts.
    expect(world.failedUs).toEqual([128_100 * MS + 16 * ROUND_TRIP_US])
    expect(world.caller).toMatchObject({ waiting: 0, failed: 1 })
  })

  test('costs one event per attempt', () => {
    const world = new ClientWorld()
    world.put(1, 0)
    world.scheduler.run()
    expect(world.scheduler.executed).toBe(17)
  })

  test.each([
    [50 * MS, 1],
    [1 * SECOND, 4],
    [60 * SECOND, 12],
  ])('is sent at its first attempt after the region is open: at %i us', (openUs, attempt) => {
    const world = new ClientWorld()
    world.put(1, 0)
    world.at(openUs, () => {
      world.up = true
    })
    world.scheduler.run()
    const sentUs = ladder()[attempt]
    expect(sentUs).toBe(ladder().find((us) => us >= openUs))
    expect(world.sent).toEqual([[sentUs, attempt]])
    expect(world.answered).toEqual([1])
  })

  test('that is not sent yet is sent at its own time', () => {
    const world = new ClientWorld()
    world.put(1, 500 * MS)
    expect(world.caller.pending()).toMatchObject([{ sentUs: 500 * MS }])
    world.at(400 * MS, () => {
      world.up = true
    })
    world.scheduler.run()
    expect(world.sent).toEqual([[500 * MS, 0]])
  })

  test('fails when its next attempt would come after the operation timeout', () => {
    const world = new ClientWorld({ operationTimeoutUs: 2 * SECOND })
    world.put(1, 0)
    world.scheduler.run()
    // Attempts at 0, 0.1, 0.3, 0.6, 1.1 s; the next one would be at 2.1 s.
    expect(world.failedUs).toEqual([1100 * MS + 5 * ROUND_TRIP_US])
  })

  test('is looked up until hbase:meta answers, which uses no attempt up', () => {
    const world = new ClientWorld()
    world.metaUp = false
    world.put(1, 0)
    world.at(60 * SECOND, () => {
      world.metaUp = true
      world.up = true
    })
    world.scheduler.run()
    // Looked up first when the second attempt is due; then the same pauses begin anew.
    const lookupUs = [1, 2, 3, 5, 10, 20, 40, 100, 100, 100, 100, 200].reduce(
      (us, factor) => us + factor * 100 * MS,
      ladder()[1],
    )
    expect(world.sent).toEqual([[lookupUs, 1]])
  })

  test('is sent where its client knows it to be while hbase:meta does not answer', () => {
    const world = new ClientWorld()
    world.metaUp = false
    world.up = true
    world.put(1, 0)
    world.scheduler.run()
    expect(world.sent).toEqual([[0, 0]])
  })

  test('fails at its operation timeout if hbase:meta never answers', () => {
    const world = new ClientWorld({ operationTimeoutUs: 2 * SECOND })
    world.metaUp = false
    world.put(1, 0)
    world.scheduler.run()
    // Looked up at 0.1, 0.2, 0.4, 0.7, 1.2 s; the next time would be at 2.2 s.
    expect(world.failedUs).toEqual([1200 * MS + ROUND_TRIP_US])
  })

  test('waits up to a hundredth longer', () => {
    const world = new ClientWorld({ jitter: () => 0.5, retries: 1 })
    world.put(1, 0)
    world.scheduler.run()
    expect(world.failedUs).toEqual([100 * MS + 500 + 2 * ROUND_TRIP_US])
  })
})

describe('a put that a dying server hands back', () => {
  test('is tried again a pause after its client has noticed', () => {
    const world = new ClientWorld()
    world.at(10 * SECOND, () => world.crash(call(1, 9 * SECOND), call(2, 9 * SECOND, 3)))
    world.at(10 * SECOND + 1, () => {
      world.up = true
    })
    world.scheduler.run()
    const noticedUs = 10 * SECOND + ROUND_TRIP_US / 2
    expect(world.sent).toEqual([
      [noticedUs + 100 * MS, 1],
      [noticedUs + 500 * MS, 4],
    ])
    expect(world.answered).toEqual([1, 2])
  })

  test('and had not arrived there is refused when it arrives', () => {
    const world = new ClientWorld()
    world.at(SECOND, () => world.crash(call(1, SECOND - 10)))
    world.at(SECOND + 1, () => {
      world.up = true
    })
    world.scheduler.run()
    expect(world.sent).toEqual([[SECOND - 10 + ROUND_TRIP_US + 100 * MS, 1]])
  })

  test('and was not yet sent is sent at its own time, as if nothing had been', () => {
    const world = new ClientWorld()
    world.at(SECOND, () => world.crash(call(1, SECOND + 5)))
    world.at(SECOND + 1, () => {
      world.up = true
    })
    world.scheduler.run()
    expect(world.sent).toEqual([[SECOND + 5, 0]])
  })

  test('for the last time has failed when its client notices', () => {
    const world = new ClientWorld()
    world.at(SECOND, () => world.crash(call(1, 0, 15)))
    world.scheduler.run()
    expect(world.failedUs).toEqual([SECOND + ROUND_TRIP_US / 2])
  })
})

test('clients that are gone try nothing more', () => {
  const world = new ClientWorld()
  world.put(1, 0)
  world.at(SECOND, () => world.caller.stop())
  world.scheduler.run()
  expect(world.caller).toMatchObject({ waiting: 1, failed: 0 })
  expect(world.failedUs).toEqual([])
})

test('whatever crashes when, every put ends answered or failed, and none is counted twice', () => {
  const times = fc.integer({ min: 0, max: 200_000 }).map((ms) => ms * MS)
  fc.assert(
    fc.property(
      fc.array(times, { minLength: 1, maxLength: 20 }),
      fc.array(times, { maxLength: 6 }),
      fc.integer({ min: 0, max: 3 }),
      (putsUs, changesUs, retries) => {
        const world = new ClientWorld({ retries: 5 * retries })
        putsUs.forEach((us, operation) => {
          world.put(operation, us)
        })
        for (const us of changesUs) {
          world.at(us, () => {
            if (world.up) world.crash()
            else world.up = true
          })
        }
        for (let us = 0; us <= 400 * SECOND; us += 7 * SECOND) {
          world.scheduler.run(us)
          const { waiting, failed } = world.caller
          expect(waiting + failed + world.inFlight + world.answered.length).toBe(putsUs.length)
        }
        expect(world.caller.waiting + world.inFlight).toBe(0)
        expect(world.failedUs).toHaveLength(world.caller.failed)
        expect(new Set(world.answered).size).toBe(world.answered.length)
      },
    ),
    { seed: 28987, numRuns: 200 },
  )
})
