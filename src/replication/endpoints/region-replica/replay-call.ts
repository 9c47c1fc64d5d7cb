import type {
  ReplicaCallFailure,
  ReplicaCalls,
} from '../../../hbase/regionserver/regionreplication/replica-calls.js'
import { RETRY_BACKOFF } from '../../../hbase/regionserver/retry-backoff.js'
import type { ReplicaEntry } from '../../../hbase/wal/replica-entry.js'
import type { Protocol } from '../../../kernel/process.js'
import type { Scheduler } from '../../../kernel/scheduler.js'
import { Signal } from '../../../kernel/signal.js'
import type { ReplicaTraffic } from './replica-traffic.js'

export interface ReplayCallOptions {
  readonly scheduler: Pick<Scheduler, 'now'>
  readonly calls: ReplicaCalls
  readonly traffic: ReplicaTraffic
  /** Retries after the first attempt; see `regionReplicaReplicationSettings`. */
  readonly retries: number
  /** `hbase.client.pause` */
  readonly pauseUs: number
  /** `hbase.client.pause.server.overloaded`: after CallQueueTooBigException. */
  readonly pauseServerOverloadedUs: number
  /** `hbase.rpc.timeout` */
  readonly rpcTimeoutUs: number
  /** `hbase.client.operation.timeout` */
  readonly operationTimeoutUs: number
  /** Uniform in (0, 1) for the jitter of 1 %, by the first id of what is sent and the attempt. */
  jitter(replica: number, firstSequenceId: number, attempt: number): number
}

/** `failed`: somebody must try again; `over`: `failure` says how. */
type State = 'sent' | 'failed' | 'retrying' | 'over'

/**
 * One buffer's way to one secondary replica: RpcRetryingCallerImpl.callWithRetries of a
 * RegionReplicaReplayCallable. An attempt that fails is followed by a pause of `hbase.client.pause` ×
 * HConstants.RETRY_BACKOFF plus up to 1 %, until the retries are used up or the next attempt would
 * begin behind the operation timeout.
 *
 * Simplification: regions neither split nor merge, so nothing is skipped because the region that a
 * row is in has another name by now.
 */
export class ReplayCall {
  /** Why the last attempt failed; null if it did not. */
  failure: ReplicaCallFailure | null = null
  state: State = 'sent'
  readonly #options: ReplayCallOptions
  readonly #entries: readonly ReplicaEntry[]
  readonly #changed: () => void
  readonly #startedUs: number
  readonly #answered = new Signal()

  /** @param changed called when the first attempt has an answer, and when all is over */
  constructor(
    readonly replica: number,
    entries: readonly ReplicaEntry[],
    options: ReplayCallOptions,
    changed: () => void,
  ) {
    this.#options = options
    this.#entries = entries
    this.#changed = changed
    this.#startedUs = options.scheduler.now
  }

  /** Sends the entries for the first time. */
  start(): void {
    this.#attempt((failure) => {
      this.failure = failure
      this.state = failure === null ? 'over' : 'failed'
      this.#changed()
    })
  }

  /** The rest of it after the first attempt has failed. */
  *retry(): Protocol {
    this.state = 'retrying'
    const { scheduler, retries, operationTimeoutUs } = this.#options
    for (let tries = 0; tries < retries && this.failure !== null; tries++) {
      const pauseUs = this.#pauseUs(tries)
      if (scheduler.now - this.#startedUs + pauseUs > operationTimeoutUs) break
      yield pauseUs
      let open = true
      this.#attempt((failure) => {
        this.failure = failure
        open = false
        this.#answered.notifyAll()
      })
      while (open) yield this.#answered
    }
    this.state = 'over'
    this.#changed()
  }

  #attempt(answered: (failure: ReplicaCallFailure | null) => void): void {
    const { scheduler, calls, traffic, rpcTimeoutUs, operationTimeoutUs } = this.#options
    const { replica } = this
    const leftUs = operationTimeoutUs - (scheduler.now - this.#startedUs)
    const timeoutUs = leftUs > 0 ? Math.min(rpcTimeoutUs, leftUs) : rpcTimeoutUs
    traffic.sent(replica)
    calls.call(replica, this.#entries, timeoutUs, (failure) => {
      if (failure === null) traffic.delivered(replica, this.#entries)
      else traffic.failed(replica)
      answered(failure)
    })
  }

  /** ConnectionUtils.getPauseTime after so many failed retries. */
  #pauseUs(tries: number): number {
    const { pauseUs, pauseServerOverloadedUs, jitter } = this.#options
    const base = this.failure === 'call queue too big' ? pauseServerOverloadedUs : pauseUs
    const pause = base * RETRY_BACKOFF[Math.min(tries, RETRY_BACKOFF.length - 1)]
    const { firstSequenceId } = this.#entries[0]
    return pause + Math.floor(pause * 0.01 * jitter(this.replica, firstSequenceId, tries))
  }
}
