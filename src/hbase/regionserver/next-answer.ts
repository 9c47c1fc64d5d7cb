import type { WritePathOptions } from './write-path-options.js'
import { Step, type WriteSteps } from './write-steps.js'

const NEVER = Number.POSITIVE_INFINITY

/** Clients that act as soon as they have their answers. */
export interface AwaitedAnswers {
  /** Some wait for one, here or elsewhere. */
  waiting(): boolean
  /** They get as well as put. */
  readonly reads: boolean
  /** What a client does next, it does no sooner after it has the answer. */
  readonly leastThinkUs: number
}

/**
 * A time before which nobody need look at a server so that its answers are noticed before their
 * clients act upon them: an answer is under way for the least time of the network. It saves looks
 * at the steps that a call takes before its answer.
 */
export class NextAnswer {
  readonly #steps: WriteSteps
  readonly #awaited: AwaitedAnswers
  readonly #mayFailAtOnce: boolean
  readonly #delayUs: number
  /** The least time that an answer has before it from the end of a step on. */
  readonly #afterConsumption: number
  readonly #afterHandle: number
  readonly #afterArrival: number

  constructor(steps: WriteSteps, awaited: AwaitedAnswers, options: WritePathOptions) {
    const { groups, latencies, retries, durabilities } = options
    this.#steps = steps
    this.#awaited = awaited
    this.#mayFailAtOnce = retries.limit === 0
    // Noticed earlier, so that the order of clients does not depend on who else looks.
    this.#delayUs = Math.max(0, latencies.network.least + awaited.leastThinkUs - 1)
    const syncs = groups.flatMap(({ sync, hsync }) => [sync.least, hsync?.least ?? sync.least])
    const leastSyncUs = durabilities === undefined ? Math.min(...syncs) : 0
    const writtenUs = leastSyncUs + latencies.memstoreApply.least
    this.#afterConsumption = writtenUs
    this.#afterHandle = awaited.reads ? 0 : writtenUs
    const { putCpu, getCpu } = latencies
    this.#afterArrival = putCpu.least + writtenUs
    if (awaited.reads) this.#afterArrival = Math.min(this.#afterArrival, getCpu.least)
  }

  lookUs(): number {
    if (!this.#awaited.waiting()) return NEVER
    const due = this.#steps.dueUs
    // Once a call was refused, one may be refused for the last time.
    const mayFail = this.#steps.retried || this.#mayFailAtOnce
    const afterHandle = mayFail ? 0 : this.#afterHandle
    const afterArrival = this.#mayFailAtOnce ? 0 : this.#afterArrival
    const doneUs = Math.min(due[Step.answer] as number, due[Step.syncReturns] as number)
    const handleUs = Math.min(due[Step.handle] as number, due[Step.rowLockTimesOut] as number)
    const arriveUs = (due[Step.arrive] as number) + afterArrival
    const consumeUs = (due[Step.consume] as number) + this.#afterConsumption
    const earliestUs = Math.min(
      doneUs,
      handleUs + afterHandle,
      consumeUs,
      arriveUs,
      due[Step.arriveAgain] as number,
    )
    return earliestUs + this.#delayUs
  }
}
