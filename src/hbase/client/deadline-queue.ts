import { invariant } from '../../kernel/errors.js'
import type { Scheduler } from '../../kernel/scheduler.js'

/**
 * Things that wait for a deadline, pushed in order of their deadlines. However many there are, one
 * event is scheduled: for the first that is not over.
 */
export class DeadlineQueue<T> {
  readonly #scheduler: Scheduler
  readonly #expired: (entry: T) => void
  readonly #isOver: (entry: T) => boolean
  readonly #handler: number
  #entries: T[] = []
  #deadlinesUs: number[] = []
  #first = 0
  #armed = false

  /**
   * @param expired called when an entry's deadline has come and it is not over
   * @param isOver an entry needs its deadline no more, and never will again
   */
  constructor(scheduler: Scheduler, expired: (entry: T) => void, isOver: (entry: T) => boolean) {
    this.#scheduler = scheduler
    this.#expired = expired
    this.#isOver = isOver
    this.#handler = scheduler.handler(() => this.#fire())
  }

  /** Adds what is due no sooner than what was added before. */
  push(entry: T, deadlineUs: number): void {
    const last = this.#deadlinesUs[this.#deadlinesUs.length - 1]
    invariant(last === undefined || deadlineUs >= last, 'deadlines come in order')
    this.#entries.push(entry)
    this.#deadlinesUs.push(deadlineUs)
    this.#arm()
  }

  /** Entries held, those included that are over and behind others. */
  get length(): number {
    return this.#entries.length - this.#first
  }

  #fire(): void {
    this.#armed = false
    while (this.length > 0 && (this.#deadlinesUs[this.#first] as number) <= this.#scheduler.now) {
      const entry = this.#entries[this.#first++] as T
      if (!this.#isOver(entry)) this.#expired(entry)
    }
    while (this.length > 0 && this.#isOver(this.#entries[this.#first] as T)) this.#first++
    this.#compact()
    this.#arm()
  }

  #arm(): void {
    if (this.#armed || this.length === 0) return
    this.#armed = true
    const dueUs = Math.max(this.#scheduler.now, this.#deadlinesUs[this.#first] as number)
    this.#scheduler.schedule(dueUs, this.#handler)
  }

  #compact(): void {
    if (this.#first < 1024 || 2 * this.#first < this.#entries.length) return
    this.#entries = this.#entries.slice(this.#first)
    this.#deadlinesUs = this.#deadlinesUs.slice(this.#first)
    this.#first = 0
  }
}
