import { SlotHeap } from './slot-heap.js'
import { SlotRing } from './slot-ring.js'
import type { WriteCalls } from './write-calls.js'

const NEVER = Number.POSITIVE_INFINITY

/** Kinds of steps of the write path, in the order in which they happen at one instant. */
export const Step = {
  syncReturns: 0,
  answer: 1,
  rowLockTimesOut: 2,
  handle: 3,
  consume: 4,
  arrive: 5,
  arriveAgain: 6,
} as const

const STEPS = 7

/** What the write path has to do, and when: calls by the kind and the time of their next step. */
export class WriteSteps {
  /** When the next step of each kind is due; Infinity if none is. */
  readonly dueUs = new Float64Array(STEPS).fill(NEVER)
  /** A call was ever sent again. */
  retried = false
  readonly #calls: WriteCalls
  /** Calls under way to the server, by time of arrival; calls that are tried again, likewise. */
  readonly #arriving = new SlotRing(1024)
  readonly #retrying = new SlotHeap()
  /** Calls whose handler computes, by the time at which it goes on. */
  readonly #handling = new SlotRing()
  /** Applied to the memstore and waiting for MVCC, by the time at which they are visible. */
  readonly #applying = new SlotRing()

  constructor(calls: WriteCalls) {
    this.#calls = calls
  }

  get nextUs(): number {
    return this.dueUs[this.next] as number
  }

  /** The kind of step that is due next; of those due at one instant, the one listed first. */
  get next(): number {
    const due = this.dueUs
    let next = 0
    let nextUs = due[0] as number
    for (let step = 1; step < STEPS; step++) {
      const dueUs = due[step] as number
      if (dueUs >= nextUs) continue
      next = step
      nextUs = dueUs
    }
    return next
  }

  /** Calls whose edits are durable and not yet visible. */
  get applying(): number {
    return this.#applying.length
  }

  arriveAt(slot: number): void {
    this.#insert(Step.arrive, this.#arriving, slot)
  }

  handleAt(slot: number, timeUs: number): void {
    this.#calls.atUs[slot] = timeUs
    this.#insert(Step.handle, this.#handling, slot)
  }

  answerAt(slot: number, timeUs: number): void {
    this.#calls.atUs[slot] = timeUs
    this.#insert(Step.answer, this.#applying, slot)
  }

  arriveAgainAt(slot: number, timeUs: number): void {
    this.retried = true
    this.#calls.atUs[slot] = timeUs
    this.#retrying.push(slot, timeUs)
    this.dueUs[Step.arriveAgain] = this.#retrying.firstUs
  }

  takeArriving(): number {
    return this.#shift(Step.arrive, this.#arriving)
  }

  takeHandled(): number {
    return this.#shift(Step.handle, this.#handling)
  }

  takeAnswered(): number {
    return this.#shift(Step.answer, this.#applying)
  }

  takeArrivingAgain(): number {
    const slot = this.#retrying.pop()
    this.dueUs[Step.arriveAgain] = this.#retrying.firstUs
    return slot
  }

  /** The server has stood still for `lostUs`: computations end later, calls are found now. */
  resume(nowUs: number, lostUs: number): void {
    const { atUs } = this.#calls
    this.#handling.addToAll(lostUs, atUs)
    this.#applying.addToAll(lostUs, atUs)
    this.#arriving.raiseAllTo(nowUs, atUs)
    this.#retrying.raiseAllTo(nowUs, atUs)
    const due = this.dueUs
    for (const step of [Step.answer, Step.handle]) due[step] = (due[step] as number) + lostUs
    due[Step.arrive] = Math.max(due[Step.arrive] as number, nowUs)
    due[Step.arriveAgain] = this.#retrying.firstUs
  }

  /** No call arrives or is handled any more. */
  close(): void {
    this.#arriving.clear()
    this.#retrying.clear()
    this.#handling.clear()
    for (const step of [Step.handle, Step.arrive, Step.arriveAgain]) this.dueUs[step] = NEVER
  }

  /** Puts a call in its place in the ring of a kind of step, by the call's time. */
  #insert(step: number, ring: SlotRing, slot: number): void {
    ring.insert(slot, this.#calls.atUs)
    this.dueUs[step] = this.#calls.atUs[ring.first()] as number
  }

  #shift(step: number, ring: SlotRing): number {
    const slot = ring.shift()
    this.dueUs[step] = ring.length > 0 ? (this.#calls.atUs[ring.first()] as number) : NEVER
    return slot
  }
}
