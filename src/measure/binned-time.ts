import type { Piece } from './cumulative.js'
import { BINS, binOf, lowerEdge } from './log-linear.js'

/**
 * Time spent per bin of the log-linear scale. A ramp costs the same however many bins it passes:
 * the bins it covers whole are noted by the change of their number at both ends, as differences.
 */
export class BinnedTime {
  private readonly coverChanges = new Float64Array(BINS + 1)
  private readonly partialUs = new Float64Array(BINS)
  private smallest = Infinity
  private largest = -Infinity

  /** `count` ramps rose from `from` to `to`. */
  addRamp(from: number, to: number, count: number): void {
    this.extend(from, to)
    const first = binOf(from)
    const last = binOf(to)
    if (first === last) {
      this.partialUs[first] += count * (to - from)
      return
    }
    this.partialUs[first] += count * (lowerEdge(first + 1) - from)
    this.partialUs[last] += count * (to - lowerEdge(last))
    this.coverChanges[first + 1] += count
    this.coverChanges[last] -= count
  }

  addConstant(value: number, durationUs: number): void {
    this.extend(value, value)
    this.partialUs[binOf(value)] += durationUs
  }

  /** The value up to which the function spent `targetUs` of its time; Infinity if it never did. */
  valueAt(targetUs: number): number {
    let reached = 0
    for (const { from, to, amount } of this.pieces()) {
      if (amount > 0 && reached + amount >= targetUs) {
        return from + ((to - from) * (targetUs - reached)) / amount
      }
      reached += amount
    }
    return Infinity
  }

  /** The time spent in each bin, evenly between the bin's ends or those of all values. */
  *pieces(): Generator<Piece> {
    let covers = 0
    for (let bin = 0; bin < BINS; bin++) {
      covers += this.coverChanges[bin]
      const from = lowerEdge(bin)
      const to = lowerEdge(bin + 1)
      const amount = covers * (to - from) + this.partialUs[bin]
      if (amount === 0) continue
      yield { from: Math.max(from, this.smallest), to: Math.min(to, this.largest), amount }
    }
  }

  private extend(from: number, to: number): void {
    if (from < this.smallest) this.smallest = from
    if (to > this.largest) this.largest = to
  }
}
