import type { Scheduler } from '../../../kernel/scheduler.js'

/** A value by key for so long after it was written (Guava's Cache, `expireAfterWrite`). */
export class ExpiringCache<T> {
  readonly #values = new Map<string, { value: T; untilUs: number }>()

  constructor(
    private readonly scheduler: Pick<Scheduler, 'now'>,
    private readonly expiryUs: number,
  ) {}

  /** Undefined if it is not cached any more. */
  get(key: string): T | undefined {
    const cached = this.#values.get(key)
    return cached !== undefined && this.scheduler.now < cached.untilUs ? cached.value : undefined
  }

  put(key: string, value: T): void {
    this.#values.set(key, { value, untilUs: this.scheduler.now + this.expiryUs })
  }
}
