/**
 * Parameter of the latency of each request to a store, the price class it is billed in, and the
 * request limit that it counts against.
 */
export const s3Operations = {
  PUT: { latency: 'put', price: 'put', limited: 'put' },
  Initiate: { latency: 'createMultipart', price: 'put', limited: 'put' },
  UploadPart: { latency: 'put', price: 'put', limited: 'put' },
  Complete: { latency: 'completeMultipart', price: 'put', limited: 'put' },
  LIST: { latency: 'list', price: 'put', limited: 'get' },
  HEAD: { latency: 'head', price: 'get', limited: 'get' },
  GET: { latency: 'getFirstByte', price: 'get', limited: 'get' },
  /** Of an object, or of the parts of a multipart upload (abort). */
  DELETE: { latency: 'delete', price: 'free', limited: 'put' },
} as const satisfies Record<
  string,
  { latency: string; price: 'put' | 'get' | 'free'; limited: 'put' | 'get' }
>

export type S3Operation = keyof typeof s3Operations

/** Requests by operation. */
export type RequestCounts = Record<S3Operation, number>

export function noRequests(): RequestCounts {
  return { PUT: 0, Initiate: 0, UploadPart: 0, Complete: 0, LIST: 0, HEAD: 0, GET: 0, DELETE: 0 }
}

/** What one user of a store asks of it, or all of them together. */
export class S3Usage {
  /** Every attempt, also those that never arrived. */
  readonly requests: RequestCounts = noRequests()
  /** Those that succeeded: S3 does not bill its own failures. */
  readonly billed: RequestCounts = noRequests()
  /** Bytes of the objects created. */
  storedBytes = 0
  /** Parts of multipart uploads neither completed nor aborted, now and at most. */
  pendingBytes = 0
  maxPendingBytes = 0

  pend(bytes: number): void {
    this.pendingBytes += bytes
    this.maxPendingBytes = Math.max(this.maxPendingBytes, this.pendingBytes)
  }
}
