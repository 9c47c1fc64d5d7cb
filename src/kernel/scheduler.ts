import { InternalError, invariant } from './errors.js'
import { EventHeap } from './event-heap.js'
import { EventSlots } from './event-slots.js'
import type { Tracer } from './tracer.js'

/** The handler of the event that ends a run at `until`. */
const STOP = 0

/**
 * Runs events in order of (time, sequence): equal times fire in scheduling order.
 *
 * An event is a number of a registered handler and a numeric argument; nothing is allocated per
 * event.
 */
export class Scheduler {
  /** Simulated time in microseconds; read-only for users. */
  now = 0
  /** Sequence number of the event being executed, 0 outside of events. */
  cause = 0
  /** Sequence number of the event that scheduled the one being executed, 0 if none did. */
  parent = 0
  /** Number of events executed. */
  executed = 0
  /** Hash over when, in which order and by which handler events were executed; 32 bits, signed. */
  hash = 0
  /** Hears of what is done; null if nobody wants to know. */
  tracer: Tracer | null = null
  /** The occurrence that what runs now is a part of; 0 if it is none. For the tracer and processes. */
  doing = 0

  private readonly handlers: ((argument: number) => void)[] = [() => this.stopDue()]
  private issued = 0
  private running = false
  private unwinding = ''
  private failure: unknown

  private readonly slots = new EventSlots()
  private readonly heap = new EventHeap(this.slots)
  /** Cancelled events whose entries are still in the heap. */
  private cancelled = 0
  /** The event being executed still stands at the heap's top; the next one scheduled replaces it. */
  private topIsSpent = false

  /** Registers a kind of event once; `schedule` takes the number returned. */
  handler(run: (argument: number) => void): number {
    return this.handlers.push(run) - 1
  }

  /**
   * Schedules an event.
   *
   * @param time absolute, integer microseconds, not before `now`
   * @returns a handle for `cancel`
   * @throws InternalError for a time in the past or between two microseconds, and in a `finally`
   *   of a process that is being killed (see `Process.kill`)
   */
  schedule(time: number, handler: number, argument = 0): number {
    if (this.unwinding !== '') this.refuse(`${this.unwinding}: its finally scheduled an event`)
    return this.scheduleWakeUp(time, handler, argument)
  }

  /**
   * As `schedule`, also allowed while a killed process releases its handles: what it releases wakes
   * others, and that is not its own doing.
   */
  scheduleWakeUp(time: number, handler: number, argument = 0): number {
    if (!(time >= this.now && time <= Number.MAX_SAFE_INTEGER && Math.floor(time) === time)) {
      throw new InternalError(`event scheduled for ${time} us when it is ${this.now} us`)
    }
    if (!(handler > STOP && handler < this.handlers.length)) {
      throw new InternalError(`event scheduled for handler ${handler}, which was never registered`)
    }
    return this.insert(time, ++this.issued, handler, argument)
  }

  /**
   * @returns true if the event was pending, false if it has fired or had been cancelled
   * @throws InternalError for a handle that was never issued
   */
  cancel(handle: number): boolean {
    if (!this.slots.cancel(handle)) return false
    this.cancelled++
    if (this.cancelled > 64 && 2 * this.cancelled > this.heap.size) this.dropCancelled()
    return true
  }

  /** Time of the next pending event, Infinity if there is none. */
  nextTime(): number {
    this.clearTop()
    return this.heap.size > 0 ? this.heap.topTime : Infinity
  }

  /** Entries held, those of cancelled events included. */
  get held(): number {
    return this.heap.size - (this.topIsSpent ? 1 : 0)
  }

  /**
   * Runs events up to and including those at `until`, or until none is left.
   *
   * `until` is itself an event, one that fires after all others of its instant; then `now` is
   * `until`. An exception thrown by an event ends the run and leaves it here.
   */
  run(until = Infinity): void {
    invariant(!this.running, 'run() called by an event')
    invariant(until >= this.now, `run until ${until} us when it is ${this.now} us`)
    this.failure = undefined
    const stop = until === Infinity ? 0 : this.insert(until, Infinity, STOP, 0)
    this.running = true
    try {
      while (this.running) this.step()
    } finally {
      this.running = false
      this.cause = 0
      this.parent = 0
      if (stop !== 0) this.cancel(stop)
    }
    if (this.failure !== undefined) throw this.failure
  }

  /** Ends the run after the event being executed. */
  stop(): void {
    this.running = false
  }

  /**
   * Marks what follows as the `finally` of a killed process, which may release handles only.
   *
   * @param rule who is bound by which rule, '' to lift it
   * @returns the rule in force before
   */
  bind(rule: string): string {
    const before = this.unwinding
    this.unwinding = rule
    return before
  }

  /** Throws an InternalError that stops the run even if the protocol on the stack catches it. */
  refuse(message: string): never {
    const error = new InternalError(message)
    if (this.running) this.failure ??= error
    this.running = false
    throw error
  }

  private step(): void {
    this.clearTop()
    const { heap, slots } = this
    if (heap.size === 0) {
      this.running = false
      return
    }
    const slot = heap.topSlot
    const handler = slots.handler(slot)
    this.now = heap.topTime
    this.cause = slots.sequence(slot)
    this.parent = slots.cause(slot)
    this.executed++
    const mixed = Math.imul(this.hash ^ this.now, 0x7feb352d)
    this.hash = (Math.imul(mixed ^ (mixed >>> 15) ^ this.cause, 0x846ca68b) + handler) | 0
    this.topIsSpent = true
    slots.release(slot)
    this.handlers[handler](slots.argument(slot))
  }

  /** Removes the spent event and cancelled ones from the top, so that the top is pending. */
  private clearTop(): void {
    const { heap, slots } = this
    if (this.topIsSpent) {
      this.topIsSpent = false
      heap.removeTop()
    }
    while (heap.size > 0 && !slots.isPending(heap.topSlot)) {
      slots.release(heap.topSlot)
      this.cancelled--
      heap.removeTop()
    }
  }

  private insert(time: number, sequence: number, handler: number, argument: number): number {
    const slot = this.slots.take(sequence, handler, argument, this.cause)
    if (this.topIsSpent) {
      this.topIsSpent = false
      this.heap.replaceTop(time, slot)
    } else {
      this.heap.push(time, slot)
    }
    return this.slots.handle(slot)
  }

  /** Without this, timeouts that are set and cancelled again and again would pile up. */
  private dropCancelled(): void {
    this.clearTop()
    this.heap.retain((slot) => {
      if (this.slots.isPending(slot)) return true
      this.slots.release(slot)
      return false
    })
    this.cancelled = 0
  }

  private stopDue(): void {
    // Not an event of the model: a run cut in slices must count as many events as one in one piece.
    this.executed--
    this.stop()
  }
}
