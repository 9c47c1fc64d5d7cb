import type { Protocol } from '../kernel/process.js'

const CYCLE_US = 100_000

/**
 * Limits what one source hands to its endpoint, in cycles of 100 ms (HBase's class of this name).
 * The first push of a cycle is never delayed, however large; the next one pays for it.
 */
export class ReplicationThrottler {
  readonly #clock: { readonly now: number }
  /** Bytes per cycle; 0 is no limit. */
  #bandwidth = 0
  #cyclePushSize = 0
  #cycleStartUs: number

  /** @param bytesPerSecond `replication.source.per.peer.node.bandwidth` or the peer's own; 0: no limit */
  constructor(clock: { readonly now: number }, bytesPerSecond: number) {
    this.#clock = clock
    this.#cycleStartUs = clock.now
    this.setBandwidth(bytesPerSecond)
  }

  get enabled(): boolean {
    return this.#bandwidth > 0
  }

  setBandwidth(bytesPerSecond: number): void {
    this.#bandwidth = bytesPerSecond / 10
  }

  /** Waits until `bytes` may be pushed (`ReplicationSource.tryThrottle`). */
  *throttle(bytes: number): Protocol {
    const sleepUs = this.nextSleepUs(bytes)
    if (sleepUs === 0) return
    yield sleepUs
    this.resetStart()
  }

  /** How long to sleep before `bytes` are pushed. Whoever sleeps calls `resetStart` after it. */
  nextSleepUs(bytes: number): number {
    if (!this.enabled) return 0
    const nowUs = this.#clock.now
    const pushed = this.#cyclePushSize
    if (pushed > this.#bandwidth) {
      const cycles = Math.ceil(pushed / this.#bandwidth)
      return this.#newCycle(this.#cycleStartUs + cycles * CYCLE_US)
    }
    const cycleEndUs = this.#cycleStartUs + CYCLE_US
    if (nowUs >= cycleEndUs) return this.#newCycle(nowUs)
    return pushed > 0 && pushed + bytes >= this.#bandwidth ? this.#newCycle(cycleEndUs) : 0
  }

  /** `bytes` were pushed. */
  pushed(bytes: number): void {
    if (this.enabled) this.#cyclePushSize += bytes
  }

  /** A cycle begins now. */
  resetStart(): void {
    this.#cycleStartUs = this.#clock.now
  }

  /** Returns the time until the new cycle, which begins now if it should have begun before. */
  #newCycle(startUs: number): number {
    this.#cyclePushSize = 0
    if (startUs > this.#clock.now) return startUs - this.#clock.now
    this.resetStart()
    return 0
  }
}
