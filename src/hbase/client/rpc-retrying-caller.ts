import type { Scheduler } from '../../kernel/scheduler.js'
import type { Variate } from '../../kernel/variate.js'
import { triesOf } from '../attempt.js'
import { CallKind, NO_KEY } from '../regionserver/call-kind.js'
import { RETRY_BACKOFF } from '../regionserver/retry-backoff.js'
import type { UnansweredCall } from '../regionserver/write-path-options.js'
import type { PutTarget } from './clients.js'

export interface RpcRetryingCallerOptions {
  readonly scheduler: Scheduler
  /** hbase:meta answers whoever looks a region up. */
  metaAvailable(): boolean
  /** The server that serves the region now; null if none does. */
  serverOfRegion(region: number): PutTarget | null
  /** One-way network latency: index 0 is the request, 1 the answer. */
  readonly network: Variate
  /** `hbase.client.retries.number` */
  readonly retries: number
  /** `hbase.client.pause` */
  readonly pauseUs: number
  /** `hbase.client.operation.timeout` */
  readonly operationTimeoutUs: number
  /** Uniform in (0, 1) for the jitter of 1 %. */
  jitter(operation: number, attempt: number, lookup: number): number
  /** An operation has failed for good: its client is told at this instant. */
  failed(
    sentUs: number,
    operation: number,
    kind: CallKind,
    attempt: number,
    region: number,
    failedUs: number,
  ): void
  /** Its client does not want the answer any more. */
  abandoned?(operation: number, attempt: number): boolean
}

interface WaitingPut {
  readonly sentUs: number
  readonly region: number
  readonly bytes: number
  readonly operation: number
  readonly kind: CallKind
  readonly key: number
  attempt: number
  /** How often the region could not be looked up for this attempt. */
  lookups: number
  /** No attempt is left: the client is about to learn of the last one's failure. */
  exhausted: boolean
}

const FRESH = { lookups: 0, exhausted: false }

/**
 * The clients' puts that no server answers for: to a region in transition, or handed back by a
 * server that died. A client learns of it after a network round trip (connection refused,
 * NotServingRegionException) or when the connection breaks, waits `hbase.client.pause` ×
 * HConstants.RETRY_BACKOFF plus up to 1 %, looks the region up anew and sends again, until its
 * retries or its operation timeout are used up (RpcRetryingCallerImpl). While hbase:meta does not
 * answer, the lookup itself is tried again with the same pauses and uses no attempt up
 * (ConnectionImplementation.locateRegionInMeta); who has the location cached needs none. A put that
 * was sent again keeps its operation number: the first one may have become an edit all the same.
 *
 * Simplifications: a lookup takes no time and never fails for good before the operation does, a
 * server that failed lately is asked again at once (`hbase.ipc.client.failed.servers.expiry`), and no
 * call times out at a server that merely stands still (`hbase.rpc.timeout`).
 */
export class RpcRetryingCaller implements PutTarget {
  readonly #options: RpcRetryingCallerOptions
  readonly #turnHandler: number
  readonly #puts: (WaitingPut | null)[] = []
  readonly #freeSlots: number[] = []
  #failed = 0
  #stopped = false

  constructor(options: RpcRetryingCallerOptions) {
    this.#options = options
    this.#turnHandler = options.scheduler.handler((slot) => this.#turn(slot))
  }

  /** Operations that have failed for good. */
  get failed(): number {
    return this.#failed
  }

  /** Operations in the clients' hands: to be sent, or to be sent again. */
  get waiting(): number {
    return this.#puts.length - this.#freeSlots.length
  }

  /** Those of `waiting`. */
  pending(): { sentUs: number; operation: number; kind: CallKind }[] {
    return this.#puts.flatMap((put) => put ?? [])
  }

  /** Takes a put to a region that no server serves; `sentUs` may lie ahead, by then one may. */
  offer(
    sentUs: number,
    region: number,
    bytes: number,
    operation: number,
    attempt = 0,
    attemptUs = sentUs,
    kind: CallKind = CallKind.put,
    key = NO_KEY,
  ): void {
    const call = { sentUs, region, bytes, operation, kind, key, attempt, ...FRESH }
    this.#wait(attemptUs, call)
  }

  /**
   * A server is gone at this instant, or has answered NotServingRegionException: what it owed an
   * answer is tried again.
   */
  handBack(calls: readonly UnansweredCall[]): void {
    const { scheduler, network } = this.#options
    const { now } = scheduler
    for (const call of calls) {
      const { sentUs, operation, attempt } = call
      const put = { ...call, ...FRESH }
      if (sentUs > now) {
        this.#wait(sentUs, put)
        continue
      }
      // Of later attempts it is not known when they were sent: they are taken to have arrived.
      const arrivedUs = attempt === 0 ? sentUs + network.draw(operation, 0, 0) : now
      this.#retry(put, Math.max(now, arrivedUs) + network.draw(operation, attempt, 1))
    }
  }

  /** The clients are gone: what they had in hand stays so for ever. */
  stop(): void {
    this.#stopped = true
  }

  #wait(untilUs: number, put: WaitingPut): void {
    const slot = this.#freeSlots.pop() ?? this.#puts.length
    this.#puts[slot] = put
    this.#options.scheduler.schedule(untilUs, this.#turnHandler, slot)
  }

  #turn(slot: number): void {
    const { scheduler, network, serverOfRegion, metaAvailable } = this.#options
    const put = this.#puts[slot]
    if (this.#stopped || put === null) return
    this.#puts[slot] = null
    this.#freeSlots.push(slot)
    const { sentUs, region, bytes, operation, attempt, kind, key } = put
    if (this.#options.abandoned?.(operation, attempt)) return
    if (put.exhausted) {
      this.#failed++
      this.#options.failed(sentUs, operation, kind, attempt, region, scheduler.now)
      return
    }
    const { now } = scheduler
    if (triesOf(attempt) > 0 && !metaAvailable()) {
      this.#lookUpAgain(put)
      return
    }
    const server = serverOfRegion(region)
    if (server !== null) {
      server.offer(sentUs, region, bytes, operation, attempt, now, kind, key)
      return
    }
    const roundTripUs = network.draw(operation, attempt, 0) + network.draw(operation, attempt, 1)
    this.#retry(put, now + roundTripUs)
  }

  #lookUpAgain(put: WaitingPut): void {
    const { scheduler, operationTimeoutUs } = this.#options
    put.lookups++
    const againUs = this.#afterPause(put, scheduler.now, put.lookups - 1)
    put.exhausted = againUs - put.sentUs > operationTimeoutUs
    this.#wait(put.exhausted ? scheduler.now : againUs, put)
  }

  /** The client learns at `noticedUs` that its attempt came to nothing. */
  #retry(put: WaitingPut, noticedUs: number): void {
    const { retries, operationTimeoutUs } = this.#options
    const { attempt, sentUs } = put
    put.lookups = 0
    const againUs = this.#afterPause(put, noticedUs, triesOf(attempt))
    put.attempt++
    put.exhausted = triesOf(attempt) >= retries || againUs - sentUs > operationTimeoutUs
    this.#wait(put.exhausted ? noticedUs : againUs, put)
  }

  /** ConnectionUtils.getPauseTime after so many tries. */
  #afterPause({ operation, attempt, lookups }: WaitingPut, fromUs: number, tries: number): number {
    const { pauseUs, jitter } = this.#options
    const pause = pauseUs * RETRY_BACKOFF[Math.min(tries, RETRY_BACKOFF.length - 1)]
    return fromUs + pause + Math.floor(pause * 0.01 * jitter(operation, attempt, lookups))
  }
}
