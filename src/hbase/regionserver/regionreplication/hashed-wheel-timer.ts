import type { Scheduler } from '../../../kernel/scheduler.js'

/**
 * Netty's HashedWheelTimer: its thread, started with the first timeout, looks at the wheel once per
 * tick and runs what has fallen due since, so that a timeout is up to a tick late.
 */
export class HashedWheelTimer {
  readonly #scheduler: Pick<Scheduler, 'now' | 'schedule' | 'cancel'>
  readonly #tickUs: number
  readonly #expiryHandler: number
  /** By timeout; null is a free place. */
  readonly #tasks: ((() => void) | null)[] = []
  readonly #events: number[] = []
  readonly #free: number[] = []
  #startedUs = -1

  constructor(
    scheduler: Pick<Scheduler, 'now' | 'schedule' | 'handler' | 'cancel'>,
    tickUs: number,
  ) {
    this.#scheduler = scheduler
    this.#tickUs = tickUs
    this.#expiryHandler = scheduler.handler((timeout) => this.#expire(timeout))
  }

  /** @returns what `cancel` takes, as long as `run` has not been called */
  newTimeout(delayUs: number, run: () => void): number {
    const { now } = this.#scheduler
    if (this.#startedUs < 0) this.#startedUs = now
    const sinceStartUs = now + delayUs - this.#startedUs
    const dueTick = Math.floor(sinceStartUs / this.#tickUs) + 1
    const dueUs = this.#startedUs + dueTick * this.#tickUs
    const timeout = this.#free.pop() ?? this.#tasks.length
    this.#tasks[timeout] = run
    this.#events[timeout] = this.#scheduler.schedule(dueUs, this.#expiryHandler, timeout)
    return timeout
  }

  cancel(timeout: number): void {
    this.#scheduler.cancel(this.#events[timeout] as number)
    this.#release(timeout)
  }

  /** No timeout of now expires any more. */
  stop(): void {
    for (let timeout = 0; timeout < this.#tasks.length; timeout++) {
      if (this.#tasks[timeout] !== null) this.cancel(timeout)
    }
  }

  #expire(timeout: number): void {
    const run = this.#tasks[timeout]
    this.#release(timeout)
    run?.()
  }

  #release(timeout: number): void {
    this.#tasks[timeout] = null
    this.#free.push(timeout)
  }
}
