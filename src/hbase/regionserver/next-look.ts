import type { Scheduler } from '../../kernel/scheduler.js'

/** The one event by which what a lazy write path causes is noticed in time. */
export class NextLook {
  readonly #scheduler: Scheduler
  readonly #handler: number
  #dueUs = Number.POSITIVE_INFINITY
  #handle = 0

  constructor(scheduler: Scheduler, look: () => void) {
    this.#scheduler = scheduler
    this.#handler = scheduler.handler(() => {
      this.#dueUs = Number.POSITIVE_INFINITY
      look()
    })
  }

  /** Somebody looks at `timeUs` at the latest; now if that is over. */
  atLatest(timeUs: number): void {
    const dueUs = Math.max(timeUs, this.#scheduler.now)
    if (dueUs >= this.#dueUs) return
    if (this.#dueUs !== Number.POSITIVE_INFINITY) this.#scheduler.cancel(this.#handle)
    this.#dueUs = dueUs
    this.#handle = this.#scheduler.schedule(dueUs, this.#handler)
  }
}
