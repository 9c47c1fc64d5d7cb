import type { Luck } from '../../kernel/draws.js'
import { Host, type Process, type Protocol } from '../../kernel/process.js'
import type { Scheduler } from '../../kernel/scheduler.js'
import type { Extent } from '../extent.js'
import type { Parameters } from '../parameter.js'
import { Sampler } from '../sampler.js'
import { noRequests, type RequestCounts, s3Operations } from './s3-operations.js'
import { DRAW, type S3Request } from './s3-request.js'

/** How a store behaves while it is out of order. */
export type Outage = 'refuse' | '500' | '503' | 'timeout'

/** An object as a reader finds it: whole, or not at all. */
export interface StoredObject {
  readonly key: string
  readonly extents: readonly Extent[]
  readonly bytes: number
  readonly createdAtUs: number
}

/** What the store answers to a request: null when it did what was asked. */
export type StoreFault = 'refused' | '500' | '503' | null

export interface ExternalStoreOptions {
  readonly scheduler: Scheduler
  readonly luck: Luck
  readonly name: string
  /** A profile of `storeProfiles`, or one like it. */
  readonly parameters: Parameters
}

/**
 * An object store. A request is the store's from its body's last byte on: it takes effect, or not,
 * whatever becomes of the sender. The store keeps totals and no list of its objects.
 */
export class ExternalStore {
  readonly name: string
  readonly sampler: Sampler
  /** Set by faults; judged for each request at the instant the store has received it. */
  outage: Outage | null = null

  /** Every attempt, also those that never arrived. */
  readonly requests: RequestCounts = noRequests()
  /** Those that succeeded: S3 does not bill its own failures. */
  readonly billed: RequestCounts = noRequests()

  objects = 0
  storedBytes = 0
  /** Parts of multipart uploads neither completed nor aborted: billed, invisible. */
  pendingMultipartBytes = 0
  /** Parts of aborted multipart uploads. */
  discardedBytes = 0

  readonly #host: Host
  readonly #listeners: ((object: StoredObject) => void)[] = []

  constructor(options: ExternalStoreOptions) {
    this.name = options.name
    this.sampler = new Sampler(options.parameters, options.luck)
    this.#host = new Host(options.scheduler, options.name)
  }

  /** `listener` is called at the instant an object becomes visible. */
  onObject(listener: (object: StoredObject) => void): void {
    this.#listeners.push(listener)
  }

  /**
   * The store has the whole request from now on. Join the process for the answer; null is silence.
   * The effect comes at the end of the latency draw.
   */
  receive(request: S3Request, attempt: number): Process<StoreFault> | null {
    const fault = this.#judge(request, attempt)
    if (fault === 'timeout') return null
    return this.#host.spawn(request.operation, this.#serve(request, attempt, fault))
  }

  /** For effects of requests: an object becomes visible now. */
  addObject(key: string, extents: readonly Extent[], bytes: number): StoredObject {
    const object = { key, extents, bytes, createdAtUs: this.#host.scheduler.now }
    this.objects++
    this.storedBytes += bytes
    for (const listener of this.#listeners) listener(object)
    return object
  }

  #judge(request: S3Request, attempt: number): StoreFault | 'timeout' {
    if (this.outage === 'refuse') return 'refused'
    if (this.outage !== null) return this.outage
    const { luck, purpose, work } = request
    const u = luck.uniform(purpose, work, attempt, DRAW.error)
    return u < this.sampler.number('errorRate') ? '500' : null
  }

  *#serve(request: S3Request, attempt: number, fault: StoreFault): Protocol<StoreFault> {
    const { luck, purpose, work, operation } = request
    const latency = fault === 'refused' ? 'roundTrip' : s3Operations[operation].latency
    yield luck.durationUs(purpose, latency, work, attempt, DRAW.latency)
    if (fault === null) {
      this.billed[operation]++
      request.usage.billed[operation]++
      request.effect()
    }
    return fault
  }
}
