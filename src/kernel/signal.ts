import type { Process, Waitable } from './process.js'
import { WaitList } from './wait-list.js'

/** A condition that processes wait for: yield it, and `notifyAll` ends the wait. */
export class Signal implements Waitable {
  private readonly waiters = new WaitList()

  /** Processes waiting now. */
  get waiting(): number {
    return this.waiters.length
  }

  /** Wakes all who wait now, in order of arrival; their waits answer `value`. */
  notifyAll(value?: unknown): void {
    for (let waiter = this.waiters.shift(); waiter !== undefined; waiter = this.waiters.shift()) {
      waiter.wake(value)
    }
  }

  subscribe(process: Process): void {
    this.waiters.push(process)
  }

  unsubscribe(process: Process): void {
    this.waiters.remove(process)
  }
}
