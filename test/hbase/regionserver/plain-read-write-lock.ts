import type { Protocol } from '../../../src/kernel/process.js'
import { Signal } from '../../../src/kernel/signal.js'

/** Who waits for a lock. */
export interface LockRequest {
  readonly exclusive: boolean
  readonly granted: Signal
}

/** A fair ReentrantReadWriteLock for processes: first come, first served. */
export class PlainReadWriteLock {
  readonly #queue: LockRequest[] = []
  #readers = 0
  #written = false

  /** Takes the lock, or queues for it: then the request that will be granted. */
  request(exclusive: boolean): LockRequest | null {
    const request = { exclusive, granted: new Signal() }
    if (this.#queue.length === 0 && this.#mayTake(request)) {
      this.#take(request)
      return null
    }
    this.#queue.push(request)
    return request
  }

  /** True if it had to wait. */
  *lock(exclusive: boolean): Protocol<boolean> {
    const request = this.request(exclusive)
    if (request === null) return false
    yield request.granted
    return true
  }

  isQueued(request: LockRequest): boolean {
    return this.#queue.includes(request)
  }

  withdraw(request: LockRequest): void {
    this.#queue.splice(this.#queue.indexOf(request), 1)
    this.#grant()
  }

  unlock(): void {
    if (this.#written) this.#written = false
    else this.#readers--
    this.#grant()
  }

  #mayTake({ exclusive }: LockRequest): boolean {
    return !this.#written && (!exclusive || this.#readers === 0)
  }

  #take({ exclusive }: LockRequest): void {
    if (exclusive) this.#written = true
    else this.#readers++
  }

  #grant(): void {
    while (this.#queue.length > 0 && this.#mayTake(this.#queue[0])) {
      const [request] = this.#queue.splice(0, 1)
      this.#take(request)
      request.granted.notifyAll()
    }
  }
}
