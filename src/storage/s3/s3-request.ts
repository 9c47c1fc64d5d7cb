import type { Purpose } from '../../kernel/draws.js'
import type { EntitySampler } from '../sampler.js'
import type { S3Operation, S3Usage } from './s3-operations.js'

/** One request to a store and the names of its luck. */
export interface S3Request {
  readonly operation: S3Operation
  /** Length of the body. */
  readonly bytes: number
  readonly luck: EntitySampler
  /** To whom the request is accounted, beside the store. */
  readonly usage: S3Usage
  readonly purpose: Purpose
  /** Number of the request among those of its entity and purpose. */
  readonly work: number
  /** What it changes at the store, at the instant the store does it. Must not throw. */
  readonly effect: () => void
}

/** Which draw of one attempt is meant. */
export const DRAW = {
  latency: 0,
  error: 1,
  rate: 2,
  rateFactor: 3,
  sdkBackoff: 4,
  backoff: 5,
  applied: 6,
}

/** An object has at most 10,000 parts. */
const PARTS = 1 << 14

/**
 * A request about object `ordinal` of an entity (a peer's source on one server) and its part
 * `part`, 0 for the object as a whole. Twins that send it both have the same luck with it.
 */
export function s3Request(
  { luck, usage }: { readonly luck: EntitySampler; readonly usage: S3Usage },
  operation: S3Operation,
  ordinal: number,
  part: number,
  bytes: number,
  effect: () => void,
): S3Request {
  const purpose: Purpose = { name: `s3.${operation}`, sharing: 'matched' }
  return { operation, bytes, luck, usage, purpose, work: ordinal * PARTS + part, effect }
}
