import { invariant } from '../../kernel/errors.js'
import type { Protocol } from '../../kernel/process.js'
import type { Scheduler } from '../../kernel/scheduler.js'

/**
 * Keeps the copiers of one server to so many bytes per second. As in HBase's ReplicationThrottler a
 * piece is never held up for its own size: it is paid for by whoever comes next.
 */
export class CopyThrottle {
  readonly #scheduler: Scheduler
  readonly #bytesPerSecond: number
  #paidUntilUs = 0

  constructor(scheduler: Scheduler, bytesPerSecond: number) {
    invariant(bytesPerSecond > 0, 'copiers that may copy nothing')
    this.#scheduler = scheduler
    this.#bytesPerSecond = bytesPerSecond
  }

  /** Waits until `bytes` may be read. */
  *pass(bytes: number): Protocol {
    const { now } = this.#scheduler
    const atUs = Math.max(now, this.#paidUntilUs)
    this.#paidUntilUs = atUs + Math.ceil((bytes * 1e6) / this.#bytesPerSecond)
    if (atUs > now) yield atUs - now
  }
}
