import type { Scheduler } from '../../../kernel/scheduler.js'
import type { ReplicaEntry } from '../../wal/replica-entry.js'
import { RETRY_BACKOFF } from '../retry-backoff.js'
import { HashedWheelTimer } from './hashed-wheel-timer.js'
import type { ReplicaCallFailure, ReplicaCalls } from './replica-calls.js'

/** AsyncConnectionImpl.RETRY_TIMER */
const RETRY_TICK_US = 10_000

/** ConnectionUtils.SLEEP_DELTA_NS: a pause ends this long before the operation's deadline. */
const SLEEP_DELTA_US = 1000

export interface AsyncRegionReplicationRetryingCallerOptions {
  readonly scheduler: Pick<Scheduler, 'now' | 'schedule' | 'handler' | 'cancel'>
  readonly calls: ReplicaCalls
  /** `hbase.client.pause` */
  readonly pauseUs: number
  /** `hbase.client.pause.server.overloaded`: after CallQueueTooBigException. */
  readonly pauseServerOverloadedUs: number
  /** Uniform in (0, 1) for the jitter of 1 %, by the first id of what is sent and the attempt. */
  jitter(replica: number, firstSequenceId: number, attempt: number): number
}

/** How entries went to a secondary replica; null is well. */
export type Replicated = (failure: ReplicaCallFailure | null) => void

/** Entries on their way to one replica. Used again for others when they are there. */
interface Call {
  replica: number
  entries: readonly ReplicaEntry[]
  startedUs: number
  rpcTimeoutUs: number
  operationTimeoutUs: number
  maxAttempts: number
  /** Number of the attempt being made, from 1. */
  tries: number
  done: Replicated
  readonly answered: Replicated
  readonly again: () => void
}

/**
 * Hands entries to secondary replicas and tries again, until retries or operation timeout are used
 * up: an attempt has what is left of the operation timeout, at most the RPC timeout; before the next
 * one the caller waits `hbase.client.pause` × HConstants.RETRY_BACKOFF plus up to 1 %
 * (AsyncRegionReplicationRetryingCaller, AsyncRpcRetryingCaller). One per region server.
 */
export class AsyncRegionReplicationRetryingCaller {
  readonly #options: AsyncRegionReplicationRetryingCallerOptions
  readonly #retryTimer: HashedWheelTimer
  readonly #spare: Call[] = []
  #stopped = false

  constructor(options: AsyncRegionReplicationRetryingCallerOptions) {
    this.#options = options
    this.#retryTimer = new HashedWheelTimer(options.scheduler, RETRY_TICK_US)
  }

  /** @param done called exactly once, at a later event, unless `stop` comes before */
  replicate(
    replica: number,
    entries: readonly ReplicaEntry[],
    rpcTimeoutUs: number,
    operationTimeoutUs: number,
    retries: number,
    done: Replicated,
  ): void {
    const call = this.#spare.pop() ?? this.#newCall()
    call.replica = replica
    call.entries = entries
    call.startedUs = this.#options.scheduler.now
    call.rpcTimeoutUs = rpcTimeoutUs
    call.operationTimeoutUs = operationTimeoutUs
    call.maxAttempts = retries + 1
    call.tries = 1
    call.done = done
    this.#attempt(call)
  }

  /** The server's process has ended: it sends nothing more and hears no answer. */
  stop(): void {
    this.#stopped = true
    this.#retryTimer.stop()
  }

  #attempt(call: Call): void {
    if (this.#stopped) return
    const timeoutUs = Math.min(this.#remainingUs(call), call.rpcTimeoutUs)
    if (timeoutUs <= 0) this.#complete(call, 'timeout')
    else this.#options.calls.call(call.replica, call.entries, timeoutUs, call.answered)
  }

  #answered(call: Call, failure: ReplicaCallFailure | null): void {
    if (this.#stopped) return
    if (failure === null || call.tries >= call.maxAttempts) {
      this.#complete(call, failure)
      return
    }
    const maxDelayUs = this.#remainingUs(call) - SLEEP_DELTA_US
    if (maxDelayUs <= 0) {
      this.#complete(call, failure)
      return
    }
    const delayUs = Math.min(maxDelayUs, this.#pauseUs(call, failure))
    call.tries++
    this.#retryTimer.newTimeout(delayUs, call.again)
  }

  /** ConnectionUtils.getPauseTime */
  #pauseUs({ replica, entries, tries }: Call, failure: ReplicaCallFailure): number {
    const { pauseUs, pauseServerOverloadedUs, jitter } = this.#options
    const base = failure === 'call queue too big' ? pauseServerOverloadedUs : pauseUs
    const pause = base * (RETRY_BACKOFF[Math.min(tries, RETRY_BACKOFF.length) - 1] as number)
    const firstSequenceId = (entries[0] as ReplicaEntry).firstSequenceId
    return pause + Math.floor(pause * 0.01 * jitter(replica, firstSequenceId, tries))
  }

  #remainingUs({ startedUs, operationTimeoutUs }: Call): number {
    return operationTimeoutUs - (this.#options.scheduler.now - startedUs)
  }

  #complete(call: Call, failure: ReplicaCallFailure | null): void {
    const { done } = call
    call.entries = NO_ENTRIES
    this.#spare.push(call)
    done(failure)
  }

  #newCall(): Call {
    const call: Call = {
      replica: 0,
      entries: NO_ENTRIES,
      startedUs: 0,
      rpcTimeoutUs: 0,
      operationTimeoutUs: 0,
      maxAttempts: 0,
      tries: 0,
      done: () => {},
      answered: (failure) => this.#answered(call, failure),
      again: () => this.#attempt(call),
    }
    return call
  }
}

const NO_ENTRIES: readonly ReplicaEntry[] = []
