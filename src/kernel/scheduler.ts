import { InternalError, invariant } from './errors.js'
import { EventHeap } from './event-heap.js'

/** A handle is generation x MAX_SLOTS + slot, an exact integer: 29 bits and 24. */
const MAX_SLOTS = 0x1000000
const MAX_GENERATION = 0x1fffffff
const NO_HANDLER = -1
const STOP = 0

/**
 * Runs events in order of (time, sequence): equal times fire in scheduling order.
 *
 * An event is a number of a registered handler and a numeric argument; nothing is allocated per
 * event. Its handle names a slot and the generation of that slot, so a handle kept too long is
 * recognised and never hits the slot's next event.
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

  private readonly handlers: ((argument: number) => void)[] = [() => this.stopDue()]
  private issued = 0
  private running = false
  private unwinding = ''
  private failure: unknown

  private sequences = new Float64Array(64)
  private arguments = new Float64Array(64)
  private causes = new Float64Array(64)
  private handlerOf = new Int32Array(64)
  private generations = new Int32Array(64)
  private free = new Int32Array(64)
  private freeCount = 0
  private slots = 0

  private readonly heap = new EventHeap(this.sequences)
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
    const slot = handle & (MAX_SLOTS - 1)
    const generation = (handle - slot) / MAX_SLOTS
    if (!(generation >= 1 && slot < this.slots && generation <= this.generations[slot])) {
      throw new InternalError(`handle ${handle} was never issued`)
    }
    if (generation !== this.generations[slot] || this.handlerOf[slot] === NO_HANDLER) return false
    this.handlerOf[slot] = NO_HANDLER
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
    const { heap } = this
    if (heap.size === 0) {
      this.running = false
      return
    }
    const slot = heap.topSlot
    const handler = this.handlerOf[slot]
    this.now = heap.topTime
    this.cause = this.sequences[slot]
    this.parent = this.causes[slot]
    this.executed++
    this.topIsSpent = true
    this.release(slot)
    this.handlers[handler](this.arguments[slot])
  }

  /** Removes the spent event and cancelled ones from the top, so that the top is pending. */
  private clearTop(): void {
    const { heap } = this
    if (this.topIsSpent) {
      this.topIsSpent = false
      heap.removeTop()
    }
    while (heap.size > 0 && this.handlerOf[heap.topSlot] === NO_HANDLER) {
      this.release(heap.topSlot)
      this.cancelled--
      heap.removeTop()
    }
  }

  private insert(time: number, sequence: number, handler: number, argument: number): number {
    if (this.freeCount === 0) this.addSlot()
    const slot = this.free[--this.freeCount]
    const generation = ++this.generations[slot]
    this.sequences[slot] = sequence
    this.causes[slot] = this.cause
    this.arguments[slot] = argument
    this.handlerOf[slot] = handler
    if (this.topIsSpent) {
      this.topIsSpent = false
      this.heap.replaceTop(time, slot)
    } else {
      this.heap.push(time, slot)
    }
    return generation * MAX_SLOTS + slot
  }

  /** A slot whose generations are used up is not used again: its handles would repeat. */
  private release(slot: number): void {
    this.handlerOf[slot] = NO_HANDLER
    if (this.generations[slot] < MAX_GENERATION) this.free[this.freeCount++] = slot
  }

  /** Without this, timeouts that are set and cancelled again and again would pile up. */
  private dropCancelled(): void {
    this.clearTop()
    this.heap.retain((slot) => {
      if (this.handlerOf[slot] !== NO_HANDLER) return true
      this.release(slot)
      return false
    })
    this.cancelled = 0
  }

  private addSlot(): void {
    const slot = this.slots++
    invariant(slot < MAX_SLOTS, `more than ${MAX_SLOTS} events pending`)
    if (slot === this.sequences.length) this.growTo(2 * slot)
    this.free[this.freeCount++] = slot
  }

  private growTo(capacity: number): void {
    this.sequences = grownFloats(this.sequences, capacity)
    this.arguments = grownFloats(this.arguments, capacity)
    this.causes = grownFloats(this.causes, capacity)
    this.handlerOf = grownIntegers(this.handlerOf, capacity)
    this.generations = grownIntegers(this.generations, capacity)
    this.free = grownIntegers(this.free, capacity)
    this.heap.growTo(capacity, this.sequences)
  }

  private stopDue(): void {
    // Not an event of the model: a run cut in slices must count as many events as one in one piece.
    this.executed--
    this.stop()
  }
}

function grownFloats(old: Float64Array, capacity: number): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(capacity)
  grown.set(old)
  return grown
}

function grownIntegers(old: Int32Array, capacity: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(capacity)
  grown.set(old)
  return grown
}
