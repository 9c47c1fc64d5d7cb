import type { Process } from './process.js'
import type { Protocol, Waitable } from './waitable.js'

/** What `within` returns when the time was up first. */
export const TIMED_OUT: unique symbol = Symbol('timed out')

/**
 * Waits for `waitable`, but no longer than `us` microseconds. If both fall due at the same instant,
 * the one whose event comes first counts.
 */
export function* within<T>(us: number, waitable: Waitable): Protocol<T | typeof TIMED_OUT> {
  return (yield new Bounded(us, waitable)) as T | typeof TIMED_OUT
}

class Bounded implements Waitable {
  constructor(
    private readonly us: number,
    private readonly waitable: Waitable,
  ) {}

  subscribe(process: Process): void {
    process.expireIn(this.us)
    this.waitable.subscribe(process)
  }

  unsubscribe(process: Process): void {
    this.waitable.unsubscribe(process)
  }

  revoke(process: Process, value: unknown): void {
    this.waitable.revoke?.(process, value)
  }
}
