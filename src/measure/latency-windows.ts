import { BINS, binOf, lowerEdge } from './log-linear.js'

/** Four bins of the log-linear scale make one here: 1/32 (3 %) wide. */
const SHIFT = 2
const COARSE_BINS = BINS >> SHIFT
/** A window's bins at first, up to 16 ms; they double when something took longer. */
const FIRST_BINS = 256
const NO_BINS = new Uint32Array(0)

/**
 * How write latency changes over `[0, durationUs)`: a histogram for each of equally long windows,
 * by the instant of the answer. Quantiles are at most 3 % too high; maxima are exact.
 */
export class LatencyWindows {
  /** Bins of each window. */
  readonly #counts: Uint32Array[]
  /** Largest latency of each window; -1 without any. */
  readonly #largest: Float64Array
  readonly #windowsPerUs: number

  constructor(
    readonly durationUs: number,
    readonly windows: number,
  ) {
    this.#counts = new Array<Uint32Array>(windows).fill(NO_BINS)
    this.#largest = new Float64Array(windows).fill(-1)
    this.#windowsPerUs = windows / durationUs
  }

  /** Called for every answer of a run. */
  record(sentUs: number, acknowledgedUs: number): void {
    if (acknowledgedUs >= this.durationUs) return
    const latencyUs = acknowledgedUs - sentUs
    const window = this.windowAt(acknowledgedUs)
    const bin = binOf(latencyUs) >> SHIFT
    let counts = this.#counts[window]
    if (bin >= counts.length) counts = this.#grow(window, bin)
    counts[bin]++
    if (latencyUs > this.#largest[window]) this.#largest[window] = latencyUs
  }

  /** Number of the window that an instant before the end lies in. */
  windowAt(timeUs: number): number {
    return Math.min(this.windows - 1, Math.floor(timeUs * this.#windowsPerUs))
  }

  /** Null of a window without an answer. */
  maxUs(window: number): number | null {
    const largest = this.#largest[window]
    return largest < 0 ? null : largest
  }

  /** Over all windows that `chosen` names together; null if nothing was answered in them. */
  quantile(q: number, chosen: readonly number[]): number | null {
    const largest = chosen.reduce((most, window) => Math.max(most, this.#largest[window]), -1)
    if (largest < 0) return null
    const bins = (binOf(largest) >> SHIFT) + 1
    const counts = new Float64Array(bins)
    let total = 0
    for (const window of chosen) {
      if (this.#largest[window] < 0) continue
      this.#counts[window].forEach((count, bin) => {
        if (count === 0) return
        counts[bin] += count
        total += count
      })
    }
    const rank = Math.max(1, Math.ceil(q * total * (1 - 4 * Number.EPSILON)))
    let reached = 0
    let bin = -1
    while (reached < rank) reached += counts[++bin]
    return Math.min(largest, lowerEdge((bin + 1) << SHIFT) - 1)
  }

  #grow(window: number, bin: number): Uint32Array {
    const before = this.#counts[window]
    let length = Math.max(FIRST_BINS, before.length)
    while (length <= bin) length *= 2
    const longer = new Uint32Array(Math.min(COARSE_BINS, length))
    longer.set(before)
    this.#counts[window] = longer
    return longer
  }
}
