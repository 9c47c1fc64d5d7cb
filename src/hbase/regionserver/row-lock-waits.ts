import { NO_KEY } from './call-kind.js'
import { RowLocks } from './row-locks.js'
import type { WriteCalls } from './write-calls.js'
import { Step, type WriteSteps } from './write-steps.js'

const NEVER = Number.POSITIVE_INFINITY

interface RowLockWaitsContext {
  readonly calls: WriteCalls
  readonly steps: WriteSteps
  readonly regions: number
  /** `hbase.rowlock.wait.duration` */
  readonly rowLockWaitUs: number
  /** A call that waited has its lock from `timeUs` on. */
  granted(slot: number, timeUs: number): void
}

/**
 * HRegion.getRowLock: calls that hold the lock of their row, and those that wait for it, each for so
 * long and no longer. Nothing is locked until an atomic operation is offered: shared locks alone keep
 * nobody waiting.
 */
export class RowLockWaits {
  readonly #context: RowLockWaitsContext
  #rowLocks: RowLocks | null = null
  /** By deadline. */
  readonly #waiting: number[] = []
  #grantUs = 0

  constructor(context: RowLockWaitsContext) {
    this.#context = context
  }

  get locked(): boolean {
    return this.#rowLocks !== null
  }

  /** From now on rows are locked; calls `holding` are past that point and have their locks already. */
  begin(holding: readonly number[]): void {
    const { calls, granted } = this.#context
    this.#rowLocks = new RowLocks((slot) => {
      this.#endWait(slot)
      granted(slot, this.#grantUs)
    })
    for (const slot of holding) {
      if (calls.key[slot] !== NO_KEY) this.#rowLocks.lock(this.#row(slot), slot, false)
    }
  }

  /** Locks the row of a call; false if it has to wait. */
  lock(slot: number, exclusive: boolean, time: number): boolean {
    const { calls, rowLockWaitUs } = this.#context
    if (this.#rowLocks === null || calls.key[slot] === NO_KEY) return true
    if (this.#rowLocks.lock(this.#row(slot), slot, exclusive)) return true
    calls.atUs[slot] = time + rowLockWaitUs
    this.#waiting.push(slot)
    this.#noteWaits()
    return false
  }

  unlock(slot: number, time: number): void {
    if (this.#rowLocks === null || this.#context.calls.key[slot] === NO_KEY) return
    this.#grantUs = time
    this.#rowLocks.unlock(this.#row(slot))
  }

  /** The first wait is over without the lock; returns whose it was. */
  timeOut(time: number): number {
    const slot = this.#waiting[0] as number
    this.#grantUs = time
    this.#rowLocks?.withdraw(this.#row(slot), slot)
    this.#endWait(slot)
    return slot
  }

  /** The server stood still: a wait that is over ends now. */
  resume(nowUs: number): void {
    const { atUs } = this.#context.calls
    for (const slot of this.#waiting) atUs[slot] = Math.max(atUs[slot] as number, nowUs)
    this.#noteWaits()
  }

  /** Nobody gets or needs a lock any more. */
  close(): void {
    this.#waiting.length = 0
    this.#noteWaits()
    this.#rowLocks = null
  }

  #row(slot: number): number {
    const { calls, regions } = this.#context
    return (calls.key[slot] as number) * regions + (calls.region[slot] as number)
  }

  #endWait(slot: number): void {
    this.#waiting.splice(this.#waiting.indexOf(slot), 1)
    this.#noteWaits()
  }

  #noteWaits(): void {
    const { calls, steps } = this.#context
    const first = this.#waiting[0]
    steps.dueUs[Step.rowLockTimesOut] = first === undefined ? NEVER : (calls.atUs[first] as number)
  }
}
