import type { WritePathOptions } from './write-path-options.js'
import { Step, type WriteSteps } from './write-steps.js'

const NEVER = Number.POSITIVE_INFINITY

/**
 * A time before which no edit of a server becomes visible: whoever hands edits on at once looks
 * then. It saves looks at the steps that a write takes before.
 */
export class NextVisible {
  readonly #steps: WriteSteps
  readonly #hasOneWal: boolean
  /** The least time that an edit has before it from the end of a step on. */
  readonly #afterSync: number
  readonly #afterHandle: number
  readonly #afterArrival: number

  constructor(steps: WriteSteps, { groups, latencies }: WritePathOptions) {
    this.#steps = steps
    this.#hasOneWal = groups.length === 1
    const leastSyncUs = Math.min(...groups.map(({ sync }) => sync.least))
    this.#afterSync = latencies.memstoreApply.least
    this.#afterHandle = this.#afterSync + leastSyncUs
    this.#afterArrival = this.#afterHandle + latencies.putCpu.least
  }

  earliestUs(): number {
    const due = this.#steps.dueUs
    const syncUs = due[Step.syncReturns] as number
    const earliestUs = Math.min(due[Step.answer] as number, syncUs + this.#afterSync)
    // The syncs of one WAL return in order.
    if (this.#hasOneWal && syncUs !== NEVER) return earliestUs
    const handleUs = Math.min(due[Step.handle] as number, due[Step.consume] as number)
    const arriveUs = Math.min(due[Step.arrive] as number, due[Step.arriveAgain] as number)
    return Math.min(
      earliestUs,
      (due[Step.rowLockTimesOut] as number) + this.#afterHandle,
      handleUs + this.#afterHandle,
      arriveUs + this.#afterArrival,
    )
  }
}
