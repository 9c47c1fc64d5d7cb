import { invariant } from '../kernel/errors.js'
import { BINS, binOf, lowerEdge } from './log-linear.js'

/**
 * Distribution of integer values in [0, 2^53), microseconds or bytes, on a log-linear scale: exact
 * below 256 and to 0.8 % above. Count, minimum and maximum are exact. Mergeable.
 */
export class Histogram {
  private counts = new Float64Array(LINEAR_START)
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
    this.recorded += count
    if (value < this.smallest) this.smallest = value
    if (value > this.largest) this.largest = value
  }

  /**
   * The value that at least a share `q` of the recorded ones do not exceed, of such values the
   * smallest; null of an empty histogram. It is the upper end of the bin where that share is
   * reached, so at most 0.8 % too high, and never outside the observed minimum and maximum.
   */
  quantile(q: number): number | null {
    invariant(q >= 0 && q <= 1, 'a quantile is asked for outside [0, 1]')
    if (this.recorded === 0) return null
    // 0.07 * 100 is a little above 7, but the 7th value is meant.
    const rank = Math.ceil(q * this.recorded * (1 - 4 * Number.EPSILON))
    let reached = 0
    let bin = -1
    while (reached < rank || bin < 0) reached += this.counts[++bin]
    return Math.max(this.smallest, Math.min(this.largest, lowerEdge(bin + 1) - 1))
  }

  /** Adds all that `other` has recorded. */
  merge(other: Histogram): void {
    if (other.counts.length > this.counts.length) this.growFor(other.counts.length - 1)
    for (let bin = 0; bin < other.counts.length; bin++) this.counts[bin] += other.counts[bin]
    this.recorded += other.recorded
    this.smallest = Math.min(this.smallest, other.smallest)
    this.largest = Math.max(this.largest, other.largest)
  }

  private growFor(bin: number): void {
    const grown = new Float64Array(Math.min(BINS, 2 * bin))
    grown.set(this.counts)
    this.counts = grown
  }
}

const LINEAR_START = 256
const TWO_TO_53 = 9007199254740992
