import { BINS, binOf, lowerEdge } from './log-linear.js'

/** Four bins of the log-linear scale make one here: 1/32 (3 %) wide. */
const SHIFT = 2
const COARSE_BINS = BINS >> SHIFT

/**
 * How write latency changes over `[0, durationUs)`: a histogram for each of equally long windows,
 * by the instant of the answer. Quantiles are at most 3 % too high; maxima are exact.
 */
export class LatencyWindows {
  readonly #counts: Uint32Array
  /** Largest latency of each window; -1 without any. */
  readonly #largest: Float64Array
  readonly #windowsPerUs: number

  constructor(
    readonly durationUs: number,
    readonly windows: number,
  ) {
    this.#counts = new Uint32Array(windows * COARSE_BINS)
    this.#largest = new Float64Array(windows).fill(-1)
    this.#windowsPerUs = windows / durationUs
  }

  /** Called for every answer of a run. */
  record(sentUs: number, acknowledgedUs: number): void {
    if (acknowledgedUs >= this.durationUs) return
    const latencyUs = acknowledgedUs - sentUs
    const window = this.windowAt(acknowledgedUs)
    this.#counts[window * COARSE_BINS + (binOf(latencyUs) >> SHIFT)]++
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
      for (let bin = 0; bin < bins; bin++) {
        const count = this.#counts[window * COARSE_BINS + bin]
        counts[bin] += count
        total += count
      }
    }
    const rank = Math.max(1, Math.ceil(q * total * (1 - 4 * Number.EPSILON)))
    let reached = 0
    let bin = -1
    while (reached < rank) reached += counts[++bin]
    return Math.min(largest, lowerEdge((bin + 1) << SHIFT) - 1)
  }
}
