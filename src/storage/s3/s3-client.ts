import { type Protocol, TIMED_OUT, within } from '../../kernel/process.js'
import type { Scheduler } from '../../kernel/scheduler.js'
import { Signal } from '../../kernel/signal.js'
import { fullJitterUs } from '../backoff.js'
import type { Configuration } from '../configuration.js'
import { IOException } from '../io-exception.js'
import type { Node } from '../node.js'
import type { ExternalStore, StoreFault } from './external-store.js'
import { s3aProperties } from './s3-properties.js'
import { DRAW, type S3Request } from './s3-request.js'

/** Attempts of one call are numbered from the call's number times this. */
const ATTEMPTS_PER_CALL = 64

/**
 * Backoff of the AWS SDK for Java 2.x (2.23 to 2.25, as in Hadoop 3.4) in the retry mode ADAPTIVE
 * that S3A asks for: full jitter, another base when throttled (BackoffStrategy,
 * SdkDefaultRetrySetting.Standard).
 */
const BASE_MS = 100
const THROTTLED_BASE_MS = 1000
const MAX_BACKOFF_MS = 20_000

/** SdkDefaultRetrySetting: tokens of a full bucket, and what a retry takes out of it. */
const RETRY_TOKENS = 500
const RETRY_COST = 5

/**
 * The AWS SDK's client of one process: calls with retries of their own inside and a timeout around
 * them all. Retries draw on a budget of tokens that the process's calls share
 * (TokenBucketRetryCondition): in a long outage it is empty, and a call is given up at its first
 * failure. Not modelled: the rate limiter of the ADAPTIVE mode, which makes the client send later
 * while it is throttled.
 */
export class S3Client {
  readonly #scheduler: Scheduler
  readonly #store: ExternalStore
  readonly #node: Node
  readonly #timeoutUs: number
  readonly #retries: number
  #retryTokens = RETRY_TOKENS

  constructor(
    scheduler: Scheduler,
    store: ExternalStore,
    node: Node,
    configuration: Configuration,
  ) {
    this.#scheduler = scheduler
    this.#store = store
    this.#node = node
    this.#timeoutUs =
      configuration.number(s3aProperties, 'fs.s3a.connection.request.timeout') * 1000
    this.#retries = configuration.number(s3aProperties, 'fs.s3a.attempts.maximum')
  }

  /**
   * Call number `call` about this request; returns when the store has done what was asked.
   *
   * @throws IOException `refused`, `500`, `503`, or `timeout` (then the effect may yet come)
   */
  *call(request: S3Request, call: number): Protocol {
    const deadlineUs = this.#scheduler.now + this.#timeoutUs
    yield* this.#beforeDeadline(deadlineUs, this.#attempts(request, call * ATTEMPTS_PER_CALL))
  }

  /** All that is done about `request`, as one activity. */
  traced(request: S3Request, calls: Protocol): Protocol {
    const { tracer } = this.#scheduler
    const { operation, bytes } = request
    const { name: store } = this.#store
    return tracer?.around('store request', { store, operation, bytes }, calls) ?? calls
  }

  *#attempts(request: S3Request, firstAttempt: number): Protocol {
    for (let retries = 0; ; retries++) {
      const attempt = firstAttempt + retries
      const fault = yield* this.#tracedAttempt(request, attempt)
      if (fault === null) {
        // A success gives back what the last retry took, or a single token.
        const refund = retries > 0 ? RETRY_COST : 1
        this.#retryTokens = Math.min(RETRY_TOKENS, this.#retryTokens + refund)
        return
      }
      if (retries === this.#retries || this.#retryTokens < RETRY_COST) {
        throw new IOException(fault, `${request.operation} at ${this.#store.name}`)
      }
      this.#retryTokens -= RETRY_COST
      const { luck, purpose, work } = request
      const u = luck.uniform(purpose, work, attempt, DRAW.sdkBackoff)
      const baseMs = fault === '503' ? THROTTLED_BASE_MS : BASE_MS
      yield fullJitterUs(baseMs, MAX_BACKOFF_MS, retries, u)
    }
  }

  #tracedAttempt(request: S3Request, n: number): Protocol<StoreFault> {
    const { tracer } = this.#scheduler
    const attempt = this.#attempt(request, n)
    if (tracer === null) return attempt
    const { operation } = request
    const { name: store } = this.#store
    const fault = tracer.faults.get(store)
    const details = { store, operation, attempt: n, ...(fault !== undefined && { fault }) }
    const outcome = (answer: StoreFault) => ({ answer: answer ?? 'OK' })
    return tracer.around('store attempt', details, attempt, outcome)
  }

  /** Sends the request once. A connection that is refused at once never carries the body. */
  *#attempt(request: S3Request, attempt: number): Protocol<StoreFault> {
    const { luck, purpose, work, operation, bytes } = request
    this.#store.requests[operation]++
    request.usage.requests[operation]++
    const { weather } = this.#store
    if (weather.outage !== 'refuse') {
      const rate = luck.draw(purpose, 'streamPut', work, attempt, DRAW.rate)
      const factor = luck.draw(purpose, 'putRateFactor', work, attempt, DRAW.rateFactor)
      yield* this.#node.nic.transfer(bytes, (rate * factor) / weather.slowness)
    }
    const answer = this.#store.receive(request, attempt)
    return (yield answer ?? new Signal()) as StoreFault
  }

  /**
   * Runs `protocol` up to `deadlineUs` at most, then drops it: it must have no timeouts of its own
   * and hold nothing that a `finally` would have to release.
   */
  *#beforeDeadline(deadlineUs: number, protocol: Protocol): Protocol {
    let step = protocol.next()
    while (step.done !== true) {
      // A process that was suspended may wake up after its deadline.
      const leftUs = Math.max(0, deadlineUs - this.#scheduler.now)
      const wait = step.value
      let answer: unknown
      if (typeof wait !== 'number') answer = yield* within(leftUs, wait)
      else if (wait < leftUs) yield wait
      else {
        yield leftUs
        answer = TIMED_OUT
      }
      if (answer === TIMED_OUT) throw new IOException('timeout', `no answer of ${this.#store.name}`)
      step = protocol.next(answer)
    }
  }
}
