import type { RequestLimit } from './request-limit.js'
import type { S3Operation } from './s3-operations.js'

/** How a store behaves while it is out of order. */
export type Outage = 'refuse' | '500' | '503' | 'timeout'

/** Requests of one kind, or of all if `operation` is null, fail with this probability. */
export interface ErrorBurst {
  readonly rate: number
  readonly operation: S3Operation | null
}

/**
 * What is the matter with a store at present, set by faults and judged for each request at the
 * instant the store has received it.
 */
export class StoreWeather {
  outage: Outage | null = null
  /** Every latency is multiplied, every body's rate divided by it. */
  slowness = 1
  /** Beside the profile's own error rate. */
  errors: readonly ErrorBurst[] = []
  /** A limit of requests of all kinds, beside those of the profile; null for none. */
  throttle: RequestLimit | null = null

  /** Probability that a request of this kind is answered 500, given the profile's own rate. */
  errorRate(operation: S3Operation, ownRate: number): number {
    let passes = 1 - ownRate
    for (const burst of this.errors) {
      if (burst.operation === null || burst.operation === operation) passes *= 1 - burst.rate
    }
    return 1 - passes
  }
}
