import type { Luck, Purpose } from '../../kernel/draws.js'
import { Host, type Process, type Protocol } from '../../kernel/process.js'
import type { Scheduler } from '../../kernel/scheduler.js'
import type { Extent } from '../extent.js'
import type { Parameters } from '../parameter.js'
import { Sampler } from '../sampler.js'
import type { MultipartUpload } from './multipart-upload.js'
import { RequestLimit } from './request-limit.js'
import { noRequests, type RequestCounts, s3Operations } from './s3-operations.js'
import { DRAW, type S3Request } from './s3-request.js'
import { StoreWeather } from './store-weather.js'

/** An object as a reader finds it: whole, or not at all. */
export interface StoredObject {
  readonly key: string
  readonly extents: readonly Extent[]
  readonly bytes: number
  readonly createdAtUs: number
}

/** What the store answers to a request: null when it did what was asked. */
export type StoreFault = 'refused' | '500' | '503' | null

/** Hears of objects: `replaced` had the same key and is gone (R13: the last close wins). */
export type ObjectListener = (object: StoredObject, replaced: StoredObject | null) => void

const REPARTITION: Purpose = { name: 's3.repartition', sharing: 'world' }

export interface ExternalStoreOptions {
  readonly scheduler: Scheduler
  readonly luck: Luck
  readonly name: string
  /** A profile of `storeProfiles`, or one like it. */
  readonly parameters: Parameters
}

/**
 * An object store. A request is the store's from its body's last byte on: it takes effect, or not,
 * whatever becomes of the sender. After a timeout its outcome is unknown to the sender (R12): the
 * store may have done what was asked, with the probability `timeoutApplied`.
 */
export class ExternalStore {
  readonly name: string
  readonly sampler: Sampler
  /** Set by faults. */
  readonly weather = new StoreWeather()

  /** Every attempt, also those that never arrived. */
  readonly requests: RequestCounts = noRequests()
  /** Those that succeeded: S3 does not bill its own failures. */
  readonly billed: RequestCounts = noRequests()

  /** Multipart uploads that are neither completed nor aborted, and when they were begun. */
  readonly uploads = new Map<MultipartUpload, number>()
  objects = 0
  storedBytes = 0
  /** Parts of multipart uploads neither completed nor aborted: billed, invisible. */
  pendingMultipartBytes = 0
  /** Parts of aborted multipart uploads. */
  discardedBytes = 0

  /** Requests that it is serving. */
  serving = 0
  #lost = false
  readonly #host: Host
  readonly #listeners: ObjectListener[] = []
  readonly #byKey = new Map<string, StoredObject>()
  readonly #putLimit: RequestLimit
  readonly #getLimit: RequestLimit

  constructor(options: ExternalStoreOptions) {
    this.name = options.name
    this.sampler = new Sampler(options.parameters, options.luck)
    this.#host = new Host(options.scheduler, options.name)
    this.#putLimit = this.#limit('putLimit')
    this.#getLimit = this.#limit('getLimit')
  }

  /** `listener` is called at the instant an object becomes visible. */
  onObject(listener: ObjectListener): void {
    this.#listeners.push(listener)
  }

  /**
   * The store has the whole request from now on. Join the process for the answer; null is silence.
   * The effect comes at the end of the latency draw.
   */
  receive(request: S3Request, attempt: number): Process<StoreFault> | null {
    const fault = this.#judge(request, attempt)
    if (fault !== 'timeout') {
      return this.#host.spawn(request.operation, this.#serve(request, attempt, fault))
    }
    const { luck, purpose, work } = request
    const u = luck.uniform(purpose, work, attempt, DRAW.applied)
    if (u < this.sampler.number('timeoutApplied')) {
      this.#host.spawn(request.operation, this.#serve(request, attempt, null))
    }
    return null
  }

  /** All that it holds is gone, for good; what it is asked, and was asked just now, is refused. */
  lose(): void {
    this.#lost = true
    for (const upload of [...this.uploads.keys()]) upload.abort()
    this.#byKey.clear()
    this.objects = 0
    this.storedBytes = 0
  }

  /** For effects of requests: an object becomes visible now. */
  addObject(key: string, extents: readonly Extent[], bytes: number): StoredObject {
    const createdAtUs = this.#host.scheduler.now
    // A copy takes no more room than it needs, and there are many objects.
    const object = { key, extents: extents.slice(), bytes, createdAtUs }
    const replaced = this.#byKey.get(key) ?? null
    this.#byKey.set(key, object)
    if (replaced === null) this.objects++
    this.storedBytes += bytes - (replaced?.bytes ?? 0)
    for (const listener of this.#listeners) listener(object, replaced)
    return object
  }

  #judge(request: S3Request, attempt: number): StoreFault | 'timeout' {
    const { weather } = this
    if (this.#lost || weather.outage === 'refuse') return 'refused'
    if (weather.outage !== null) return weather.outage
    if (!this.#admits(request)) return '503'
    const { luck, purpose, work, operation } = request
    const u = luck.uniform(purpose, work, attempt, DRAW.error)
    return u < weather.errorRate(operation, this.sampler.number('errorRate')) ? '500' : null
  }

  #admits({ operation }: S3Request): boolean {
    const nowUs = this.#host.scheduler.now
    const { limited } = s3Operations[operation]
    if (!(limited === 'put' ? this.#putLimit : this.#getLimit).admit(nowUs)) return false
    return this.weather.throttle?.admit(nowUs) !== false
  }

  /** A limit of the profile, lifted when the store has repartitioned. */
  #limit(parameter: 'putLimit' | 'getLimit'): RequestLimit {
    const draws = this.sampler.entity(`${this.name}/${parameter}`)
    return new RequestLimit(this.sampler.number(parameter), (n) =>
      draws.durationUs(REPARTITION, 'repartitionAfter', n),
    )
  }

  *#serve(request: S3Request, attempt: number, fault: StoreFault): Protocol<StoreFault> {
    const { luck, purpose, work, operation } = request
    const latency = fault === 'refused' ? 'roundTrip' : s3Operations[operation].latency
    this.serving++
    const latencyUs = luck.draw(purpose, latency, work, attempt, DRAW.latency)
    yield Math.round(latencyUs * this.weather.slowness)
    this.serving--
    if (this.#lost) return 'refused'
    if (fault === null) {
      this.billed[operation]++
      request.usage.billed[operation]++
      request.effect()
    }
    return fault
  }
}
