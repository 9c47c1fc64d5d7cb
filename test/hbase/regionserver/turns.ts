import { type Process, type Protocol, TIMED_OUT, within } from '../../../src/kernel/process.js'
import type { Scheduler } from '../../../src/kernel/scheduler.js'
import { Signal } from '../../../src/kernel/signal.js'

/** Ticks in a microsecond: more than a server takes steps in it. */
const TICKS = 2 ** 20

/** What a server can do at an instant, in the order in which it does it. */
export const Step = {
  syncReturns: 0,
  answer: 1,
  rowLockTimesOut: 2,
  handle: 3,
  consume: 4,
  callArrives: 5,
  callArrivesAgain: 6,
  rollRequested: 7,
  roll: 8,
  streamBreaks: 9,
  regionWork: 10,
} as const

interface Waiting {
  readonly step: number
  readonly rank: number
  readonly process: Process
}

/**
 * A server's time, in which simultaneous steps have an order. A scheduler's tick is a millionth of
 * a microsecond: whoever has come to do something takes a turn, each turn takes a tick, and what
 * becomes possible by it at the same microsecond competes for the next one. The first kind of step
 * goes first, within it the lower rank, then who came first.
 *
 * A suspended server takes no turns and does not get on with its computations.
 */
export class Turns {
  readonly #resumed = new Signal()
  readonly #suspended = new Signal()
  readonly #waiting: Waiting[] = []
  readonly #turn: number
  #turnDue = false
  #isSuspended = false

  constructor(readonly scheduler: Scheduler) {
    this.#turn = scheduler.handler(() => this.#giveTurn())
  }

  get nowUs(): number {
    return Math.floor(this.scheduler.now / TICKS)
  }

  get isSuspended(): boolean {
    return this.#isSuspended
  }

  /** Plays everything up to the end of this microsecond. */
  run(untilUs: number): void {
    this.scheduler.run(lastTick(untilUs))
  }

  /** Suspends the server when everything of `fromUs` is done, until `untilUs` begins. */
  suspend(fromUs: number, untilUs: number): void {
    const { scheduler } = this
    const suspend = scheduler.handler(() => {
      this.#isSuspended = true
      this.#suspended.notifyAll()
    })
    const resume = scheduler.handler(() => {
      this.#isSuspended = false
      this.#resumed.notifyAll()
      this.#scheduleTurn()
    })
    scheduler.schedule(lastTick(fromUs), suspend)
    scheduler.schedule(untilUs * TICKS, resume)
  }

  /** Waits for the world outside of the server: the network, a DataNode. */
  *pass(us: number): Protocol {
    if (us > 0) yield this.#ticksTo(this.nowUs + us)
  }

  /** Computes on the server. */
  *compute(us: number): Protocol {
    let leftUs = us
    while (leftUs > 0) {
      const sinceUs = this.nowUs
      const end = yield* within(this.#ticksTo(sinceUs + leftUs), this.#suspended)
      if (end === TIMED_OUT) return
      leftUs -= this.nowUs - sinceUs
      yield this.#resumed
    }
  }

  /** Waits until it is this process's turn to do its step. */
  *take(step: number, rank = 0): Protocol {
    yield {
      subscribe: (process) => {
        this.#waiting.push({ step, rank, process })
        this.#scheduleTurn()
      },
      unsubscribe: (process) => {
        const i = this.#waiting.findIndex((one) => one.process === process)
        this.#waiting.splice(i, 1)
      },
    }
  }

  #scheduleTurn(): void {
    if (this.#turnDue || this.#isSuspended || this.#waiting.length === 0) return
    this.#turnDue = true
    this.scheduler.schedule(this.scheduler.now + 1, this.#turn)
  }

  #giveTurn(): void {
    this.#turnDue = false
    if (this.#isSuspended || this.#waiting.length === 0) return
    let first = 0
    this.#waiting.forEach((one, i) => {
      if (isBefore(one, this.#waiting[first])) first = i
    })
    const [next] = this.#waiting.splice(first, 1)
    next.process.wake()
    this.#scheduleTurn()
  }

  #ticksTo(us: number): number {
    return us * TICKS - this.scheduler.now
  }
}

function isBefore(a: Waiting, b: Waiting): boolean {
  return a.step < b.step || (a.step === b.step && a.rank < b.rank)
}

function lastTick(us: number): number {
  return (us + 1) * TICKS - 1
}
