import { invariant } from '../kernel/errors.js'
import type { Piece } from './cumulative.js'
import { BINS, binOf } from './log-linear.js'

/**
 * Distribution of integer values in [0, 2^53), microseconds or bytes, on a log-linear scale: exact
 * below 256 and to 0.8 % above. Count, minimum and maximum are exact. Mergeable.
 */
export class Histogram {
  private counts = new Float64Array(LINEAR_START)
  /** Largest value recorded in each bin: what a quantile answers. */
  private tops = new Float64Array(LINEAR_START)
  private recorded = 0
  private smallest = Infinity
  private largest = -Infinity

  /** How many values were recorded. */
  get count(): number {
    return this.recorded
  }

  get min(): number | null {
    return this.recorded === 0 ? null : this.smallest
  }

  get max(): number | null {
    return this.recorded === 0 ? null : this.largest
  }

  /** Records `value`, an integer in [0, 2^53), `count` times, 1 or more. */
  record(value: number, count = 1): void {
    invariant(
      value >= 0 && value < TWO_TO_53 && value === Math.floor(value),
      'a histogram takes integers in [0, 2^53)',
    )
    const bin = binOf(value)
    if (bin >= this.counts.length) this.growFor(bin)
    this.counts[bin] += count
    if (value > this.tops[bin]) this.tops[bin] = value
    this.recorded += count
    if (value < this.smallest) this.smallest = value
    if (value > this.largest) this.largest = value
  }

  /**
   * The value that at least a share `q` of the recorded ones do not exceed, of such values the
   * smallest; null of an empty histogram. It is the largest value of the bin where that share is
   * reached: exact if values do not differ by less than a bin, else at most 0.8 % too high.
   */
  quantile(q: number): number | null {
    invariant(q >= 0 && q <= 1, 'a quantile is asked for outside [0, 1]')
    if (this.recorded === 0) return null
    // 0.07 * 100 is a little above 7, but the 7th value is meant.
    const rank = Math.ceil(q * this.recorded * (1 - 4 * Number.EPSILON))
    let reached = 0
    let bin = -1
    while (reached < rank || bin < 0) reached += this.counts[++bin]
    return Math.max(this.smallest, this.tops[bin])
  }

  /** What was recorded, each bin at its largest value; each value times `weigh` of it, if given. */
  *pieces(weigh: (value: number) => number = () => 1): Generator<Piece> {
    for (let bin = 0; bin < this.counts.length; bin++) {
      const count = this.counts[bin]
      const value = this.tops[bin]
      if (count > 0) yield { from: value, to: value, amount: count * weigh(value) }
    }
  }

  /** Adds all that `other` has recorded. */
  merge(other: Histogram): void {
    if (other.counts.length > this.counts.length) this.growFor(other.counts.length - 1)
    for (let bin = 0; bin < other.counts.length; bin++) {
      this.counts[bin] += other.counts[bin]
      this.tops[bin] = Math.max(this.tops[bin], other.tops[bin])
    }
    this.recorded += other.recorded
    this.smallest = Math.min(this.smallest, other.smallest)
    this.largest = Math.max(this.largest, other.largest)
  }

  private growFor(bin: number): void {
    this.counts = grown(this.counts, Math.min(BINS, 2 * bin))
    this.tops = grown(this.tops, Math.min(BINS, 2 * bin))
  }
}

const LINEAR_START = 256
const TWO_TO_53 = 9007199254740992

function grown(column: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(length)
  longer.set(column)
  return longer
}
