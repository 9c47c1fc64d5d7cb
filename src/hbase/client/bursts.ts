/** Times at which clients are more active: each `everyUs` for `forUs`, the first from `fromUs` on. */
export class Bursts {
  constructor(
    readonly fromUs: number,
    readonly everyUs: number,
    readonly forUs: number,
    /** How many times as active; at least 1. */
    readonly times: number,
  ) {}

  /** When burst number `burst` begins. */
  beginUs(burst: number): number {
    return this.fromUs + burst * this.everyUs
  }

  /**
   * When a client is through with what takes it `us` without bursts, if it begins at `fromUs`:
   * during a burst all goes `times` as fast.
   */
  after(fromUs: number, us: number): number {
    return this.#whenDone(this.#doneBy(fromUs) + us)
  }

  /** What is done by then, counted from the first burst on, in microseconds without bursts. */
  #doneBy(timeUs: number): number {
    const sinceUs = timeUs - this.fromUs
    if (sinceUs <= 0) return sinceUs
    const bursts = Math.floor(sinceUs / this.everyUs)
    const intoUs = sinceUs - bursts * this.everyUs
    const more = (this.times - 1) * (bursts * this.forUs + Math.min(intoUs, this.forUs))
    return sinceUs + more
  }

  #whenDone(doneUs: number): number {
    if (doneUs <= 0) return this.fromUs + doneUs
    const burstUs = this.forUs * this.times
    const cycleUs = burstUs + this.everyUs - this.forUs
    const bursts = Math.floor(doneUs / cycleUs)
    const leftUs = doneUs - bursts * cycleUs
    const intoUs = leftUs <= burstUs ? leftUs / this.times : this.forUs + leftUs - burstUs
    return this.beginUs(bursts) + intoUs
  }
}
