import { InternalError, invariant } from './errors.js'

/** A handle is generation x MAX_SLOTS + slot, an exact integer: 29 bits and 24. */
const MAX_SLOTS = 0x1000000
const MAX_GENERATION = 0x1fffffff
const NOT_PENDING = -1

// The fields of one record lie together: 32 bytes, so that an event costs one cache miss, not four.
const RECORD = 4
const SEQUENCE = 0
const ARGUMENT = 1
const CAUSE = 2
const GENERATION = 3

/**
 * What the scheduler knows of the events it holds. A slot is used again and again, each time with a
 * new generation; a handle names both, so one kept too long never hits the slot's next event.
 */
export class EventSlots {
  private records = new Float64Array(64 * RECORD)
  /** Handler of each slot's event, NOT_PENDING once it has fired or been cancelled. */
  private handlers = new Int32Array(64)
  private free = new Int32Array(64)
  private freeCount = 0
  private count = 0

  /** Fills a free slot and returns it. */
  take(sequence: number, handler: number, argument: number, cause: number): number {
    if (this.freeCount === 0) this.add()
    const slot = this.free[--this.freeCount]
    const record = slot * RECORD
    this.records[record + SEQUENCE] = sequence
    this.records[record + ARGUMENT] = argument
    this.records[record + CAUSE] = cause
    this.records[record + GENERATION]++
    this.handlers[slot] = handler
    return slot
  }

  /** Frees a slot. One whose generations are used up is not used again: its handles would repeat. */
  release(slot: number): void {
    this.handlers[slot] = NOT_PENDING
    if (this.records[slot * RECORD + GENERATION] < MAX_GENERATION) {
      this.free[this.freeCount++] = slot
    }
  }

  /** Marks the event of a handle as cancelled; the slot is freed when its heap entry is gone. */
  cancel(handle: number): boolean {
    const slot = handle & (MAX_SLOTS - 1)
    const generation = (handle - slot) / MAX_SLOTS
    const latest = slot < this.count ? this.records[slot * RECORD + GENERATION] : 0
    if (!(generation >= 1 && generation <= latest && Math.floor(generation) === generation)) {
      throw new InternalError(`handle ${handle} was never issued`)
    }
    if (generation !== latest || this.handlers[slot] === NOT_PENDING) return false
    this.handlers[slot] = NOT_PENDING
    return true
  }

  isPending(slot: number): boolean {
    return this.handlers[slot] !== NOT_PENDING
  }

  handle(slot: number): number {
    return this.records[slot * RECORD + GENERATION] * MAX_SLOTS + slot
  }

  handler(slot: number): number {
    return this.handlers[slot]
  }

  sequence(slot: number): number {
    return this.records[slot * RECORD + SEQUENCE]
  }

  argument(slot: number): number {
    return this.records[slot * RECORD + ARGUMENT]
  }

  cause(slot: number): number {
    return this.records[slot * RECORD + CAUSE]
  }

  private add(): void {
    invariant(this.count < MAX_SLOTS, `more than ${MAX_SLOTS} events pending`)
    if (this.count === this.handlers.length) this.grow()
    this.free[this.freeCount++] = this.count++
  }

  private grow(): void {
    const { records, handlers } = this
    this.records = new Float64Array(2 * records.length)
    this.records.set(records)
    this.handlers = new Int32Array(2 * handlers.length)
    this.handlers.set(handlers)
    // Slots are added when none is free, so there is nothing to copy.
    this.free = new Int32Array(2 * handlers.length)
  }
}
