import type { Protocol } from '../../kernel/process.js'
import { exponentialBackoffUs } from '../backoff.js'
import type { Configuration } from '../configuration.js'
import { IOException } from '../io-exception.js'
import type { S3Client } from './s3-client.js'
import { s3aProperties } from './s3-properties.js'
import { DRAW, type S3Request } from './s3-request.js'

/**
 * S3A's retries around the SDK's (Invoker, S3ARetryPolicy): one count of retries, limit and wait by
 * the fault at hand. By default 7 retries over about 127 s; after a 503, 20 of them over days, so a
 * throttled call stalls rather than fails. All requests of a writer are idempotent and are retried.
 */
export class S3AInvoker {
  readonly #client: S3Client
  readonly #general: Ladder
  readonly #throttle: Ladder

  constructor(client: S3Client, configuration: Configuration) {
    const read = (key: string) => configuration.number(s3aProperties, key)
    this.#client = client
    this.#general = {
      limit: read('fs.s3a.retry.limit'),
      intervalMs: read('fs.s3a.retry.interval'),
    }
    this.#throttle = {
      limit: read('fs.s3a.retry.throttle.limit'),
      intervalMs: read('fs.s3a.retry.throttle.interval'),
    }
  }

  /** @throws IOException the last fault, when the retries are used up */
  retry(request: S3Request): Protocol {
    return this.#client.traced(request, this.#retry(request))
  }

  *#retry(request: S3Request): Protocol {
    for (let retries = 0; ; retries++) {
      try {
        yield* this.#client.call(request, retries)
        return
      } catch (fault) {
        yield this.#backoffUs(request, fault, retries)
      }
    }
  }

  /** Without retries of S3A's own. @throws IOException */
  once(request: S3Request): Protocol {
    return this.#client.traced(request, this.#client.call(request, 0))
  }

  /** @throws `fault` if it is not to be retried again */
  #backoffUs(request: S3Request, fault: unknown, retries: number): number {
    if (!(fault instanceof IOException)) throw fault
    const { limit, intervalMs } = fault.kind === '503' ? this.#throttle : this.#general
    if (retries >= limit) throw fault
    const { luck, purpose, work } = request
    const u = luck.uniform(purpose, work, retries, DRAW.backoff)
    return exponentialBackoffUs(intervalMs, retries, u)
  }
}

interface Ladder {
  readonly limit: number
  readonly intervalMs: number
}
