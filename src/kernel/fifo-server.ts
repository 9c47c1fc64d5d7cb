import { invariant } from './errors.js'
import { Occupancy } from './occupancy.js'
import type { Process, Protocol, Waitable } from './process.js'
import type { Scheduler } from './scheduler.js'
import { WaitList } from './wait-list.js'

/**
 * A number of equal servers with one queue, first come first served. With `acquire` and `release`
 * it is a fair semaphore.
 */
export class FifoServer implements Waitable {
  private readonly queue = new WaitList()
  private readonly customers: Occupancy
  private inService = 0

  /** @param servers how many customers are served at once, at least 1 */
  constructor(
    scheduler: Scheduler,
    readonly servers: number,
  ) {
    invariant(servers >= 1, `a FIFO server with ${servers} servers`)
    this.customers = new Occupancy(scheduler)
  }

  /** Customers waiting for a server. */
  get waiting(): number {
    return this.queue.length
  }

  /** Servers in use. */
  get busy(): number {
    return this.inService
  }

  /** Integral over time of customers waiting and in service, in customer-microseconds. */
  get area(): number {
    return this.customers.area
  }

  /** Sum of the stays of those who left; equals `area` whenever nobody is there. */
  get sojourn(): number {
    return this.customers.sojourn
  }

  /** Waits for a server and is served for `serviceUs`; whoever is killed meanwhile gives it back. */
  *use(serviceUs: number): Protocol {
    if (!this.tryAcquire()) yield this
    try {
      yield serviceUs
    } finally {
      this.release()
    }
  }

  /**
   * Waits for a server and keeps it until `release`: follow it at once by `try … finally release`.
   * A process killed while it waits, or before it could run on, holds nothing.
   */
  *acquire(): Protocol {
    if (!this.tryAcquire()) yield this
  }

  /** Takes a server if one is free; whoever gets none has not queued. */
  tryAcquire(): boolean {
    if (this.inService === this.servers) return false
    this.customers.arrive()
    this.inService++
    return true
  }

  /** Gives a server back; the customer that has waited longest gets it. */
  release(): void {
    invariant(this.inService > 0, 'a server released that nobody holds')
    this.customers.leave()
    const next = this.queue.shift()
    if (next === undefined) this.inService--
    else next.wake()
  }

  /** To yield the server is to acquire it, so `within(us, server)` is a timed `acquire`. */
  subscribe(process: Process): void {
    if (this.tryAcquire()) {
      process.wake()
      return
    }
    this.customers.arrive()
    this.queue.push(process)
  }

  unsubscribe(process: Process): void {
    this.queue.remove(process)
    this.customers.leave()
  }

  revoke(): void {
    this.release()
  }
}
