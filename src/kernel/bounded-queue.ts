import { Fifo } from './fifo.js'
import { FifoServer } from './fifo-server.js'
import type { Process, Protocol, Waitable } from './process.js'
import type { Scheduler } from './scheduler.js'
import { WaitList } from './wait-list.js'
import { TIMED_OUT, within } from './within.js'

/**
 * A blocking queue with a capacity: who puts waits for a place, who takes waits for an item, both
 * first come first served.
 *
 * Places are a FIFO server's units: an item holds one from its `put` until its taker runs on.
 */
export class BoundedQueue<T> {
  private readonly places: FifoServer
  private readonly items = new Fifo<T>()
  private readonly takers = new WaitList()

  /** An item handed to a taker keeps its place until the taker has it, so it can come back. */
  private readonly nextItem: Waitable = {
    subscribe: (taker: Process) => this.takers.push(taker),
    unsubscribe: (taker: Process) => this.takers.remove(taker),
    revoke: (_taker: Process, item: unknown) => this.restore(item as T),
  }

  constructor(
    scheduler: Scheduler,
    readonly capacity: number,
  ) {
    this.places = new FifoServer(scheduler, capacity)
  }

  /** Items that can be taken now. */
  get length(): number {
    return this.items.length
  }

  /** Processes waiting for a place. */
  get putting(): number {
    return this.places.waiting
  }

  /** Integral over time of items queued or waiting for a place, in item-microseconds. */
  get area(): number {
    return this.places.area
  }

  /** Sum of the stays, from `put` to taken, of items that left; equals `area` when it is empty. */
  get sojourn(): number {
    return this.places.sojourn
  }

  /** Waits for a place, then appends the item. */
  *put(item: T): Protocol {
    yield* this.places.acquire()
    this.append(item)
  }

  /** Appends the item if there is a place. */
  tryPut(item: T): boolean {
    if (!this.places.tryAcquire()) return false
    this.append(item)
    return true
  }

  /** Waits for the oldest item. */
  *take(): Protocol<T> {
    const item = this.items.length > 0 ? this.items.shift() : ((yield this.nextItem) as T)
    this.places.release()
    return item
  }

  /** As `take`, but gives up after `timeoutUs` and returns undefined. */
  *poll(timeoutUs: number): Protocol<T | undefined> {
    if (this.items.length > 0) return yield* this.take()
    const item = yield* within<T>(timeoutUs, this.nextItem)
    if (item === TIMED_OUT) return undefined
    this.places.release()
    return item
  }

  /** Removes and returns all items, oldest first; those waiting for a place then come in. */
  clear(): T[] {
    const items = this.items.drain()
    for (let i = 0; i < items.length; i++) this.places.release()
    return items
  }

  private append(item: T): void {
    const taker = this.takers.shift()
    if (taker === undefined) this.items.push(item)
    else taker.wake(item)
  }

  private restore(item: T): void {
    const taker = this.takers.shift()
    if (taker === undefined) this.items.unshift(item)
    else taker.wake(item)
  }
}
