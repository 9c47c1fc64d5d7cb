const SECOND_US = 1_000_000

/**
 * How many requests a store takes per second: a token bucket that holds one second's worth, and one
 * request at least. A store that is asked for more answers 503 SlowDown. S3 raises a prefix's limit
 * once it has split the prefix's partition: while requests go on being refused, the limit doubles
 * each time `liftAfterUs` has passed.
 */
export class RequestLimit {
  #perSecond: number
  #tokens: number
  #countedUs = 0
  /** First refusal since the limit was last lifted; null if there was none. */
  #refusedUs: number | null = null
  #lifts = 0

  /** @param liftAfterUs time until the limit is lifted for the `n`-th time; Infinity for never */
  constructor(
    perSecond: number,
    private readonly liftAfterUs: (n: number) => number,
  ) {
    this.#perSecond = perSecond
    this.#tokens = Math.max(1, perSecond)
  }

  /** False if a request that arrives now is refused. */
  admit(nowUs: number): boolean {
    const since = this.#refusedUs
    if (since !== null && nowUs - since >= this.liftAfterUs(this.#lifts)) {
      this.#perSecond *= 2
      this.#lifts++
      this.#refusedUs = null
    }
    const earned = ((nowUs - this.#countedUs) * this.#perSecond) / SECOND_US
    this.#countedUs = nowUs
    this.#tokens = Math.min(Math.max(1, this.#perSecond), this.#tokens + earned)
    if (this.#tokens >= 1) {
      this.#tokens--
      return true
    }
    this.#refusedUs ??= nowUs
    return false
  }
}
