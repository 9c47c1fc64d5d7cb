/**
 * Waits between retries, in whole milliseconds as the real clients sleep, given in microseconds.
 * `u` is the caller's uniform in (0, 1).
 */

/**
 * Hadoop's ExponentialBackoffRetry before retry number `retries` (from 0):
 * `interval` × 2^(retries + 1), times something between a half and one and a half.
 */
export function exponentialBackoffUs(intervalMs: number, retries: number, u: number): number {
  return Math.floor(doubled(intervalMs, retries + 1) * (u + 0.5)) * 1000
}

/** The AWS SDK's FullJitterBackoffStrategy: 1 ms up to the doubling base, at most `maxMs`. */
export function fullJitterUs(baseMs: number, maxMs: number, retries: number, u: number): number {
  const ceiling = Math.min(doubled(baseMs, retries), maxMs)
  return (Math.floor(u * ceiling) + 1) * 1000
}

/** `base` × 2^`times`, exact. */
export function doubled(base: number, times: number): number {
  let value = base
  for (let i = 0; i < times; i++) value *= 2
  return value
}
