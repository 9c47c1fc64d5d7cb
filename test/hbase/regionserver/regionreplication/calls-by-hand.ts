import type {
  ReplicaCallFailure,
  ReplicaCalls,
} from '../../../../src/hbase/regionserver/regionreplication/replica-calls.js'
import type { ReplicaEntry } from '../../../../src/hbase/wal/replica-entry.js'

export interface CallByHand {
  readonly replica: number
  readonly entries: readonly ReplicaEntry[]
  readonly timeoutUs: number
  readonly sentUs: number
}

interface Waiting extends CallByHand {
  readonly done: (failure: ReplicaCallFailure | null) => void
}

/** A wire on which every call waits until the test answers it. */
export class CallsByHand implements ReplicaCalls {
  /** All calls ever made. */
  readonly made: CallByHand[] = []
  readonly #waiting: Waiting[] = []
  readonly #clock: { readonly now: number }

  constructor(clock: { readonly now: number } = { now: 0 }) {
    this.#clock = clock
  }

  get waiting(): readonly CallByHand[] {
    return this.#waiting
  }

  call(
    replica: number,
    entries: readonly ReplicaEntry[],
    timeoutUs: number,
    done: (failure: ReplicaCallFailure | null) => void,
  ): void {
    const call = { replica, entries, timeoutUs, sentUs: this.#clock.now, done }
    this.made.push(call)
    this.#waiting.push(call)
  }

  /** Answers the oldest call. */
  answer(failure: ReplicaCallFailure | null = null): void {
    this.#waiting.shift()?.done(failure)
  }

  /** Answers the oldest call to one replica. */
  answerOf(replica: number, failure: ReplicaCallFailure | null = null): void {
    const place = this.#waiting.findIndex((call) => call.replica === replica)
    const [call] = this.#waiting.splice(place, 1)
    call?.done(failure)
  }

  /** Answers calls as long as there are any. */
  answerAll(): void {
    while (this.#waiting.length > 0) this.answer()
  }
}
