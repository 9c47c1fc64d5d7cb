import { invariant } from '../kernel/errors.js'
import { BinnedTime } from './binned-time.js'
import type { Piece } from './cumulative.js'
import { ExactTime } from './exact-time.js'

/**
 * How long a piecewise linear function of time, such as an RPO, spent at which values. It is fed
 * ramps of slope 1, which spend equal time at every value they pass, and constant pieces. Values and
 * durations are integer microseconds.
 *
 * Quantiles are exact to the microsecond while the pieces jump at no more than `MAX_EXACT` different
 * values. Beyond, time is kept per log-linear bin and taken as evenly spread inside it: a quantile
 * is then off by less than a bin, 0.8 %. Total, maximum and the time at zero stay exact.
 */
export class RampHistogram {
  private time: ExactTime | BinnedTime = new ExactTime()
  private total = 0
  private atZero = 0
  private largest = -Infinity

  get totalUs(): number {
    return this.total
  }

  /** The least upper bound of the function; null if it never lasted. */
  get maxUs(): number | null {
    return this.total === 0 ? null : this.largest
  }

  /** Share of the time that the function was above 0, ramps counted whole; null of no time. */
  get timeShareAboveZero(): number | null {
    return this.total === 0 ? null : (this.total - this.atZero) / this.total
  }

  /** The function rose with slope 1 from `from` to `to`, which took `to - from` microseconds. */
  addRamp(from: number, to: number): void {
    invariant(from >= 0 && from <= to, 'a ramp rises from 0 or more')
    if (from === to) return
    this.extend(to, to - from)
    this.time.addRamp(from, to, 1)
    this.limitExactness()
  }

  /** The function stayed at `value` for `durationUs`. */
  addConstant(value: number, durationUs: number): void {
    invariant(value >= 0 && durationUs >= 0, 'a constant piece has no negative value or duration')
    if (durationUs === 0) return
    this.extend(value, durationUs)
    if (value === 0) {
      this.atZero += durationUs
      return
    }
    this.time.addConstant(value, durationUs)
    this.limitExactness()
  }

  /**
   * The smallest value that the function did not exceed during a share `q` of the time, rounded to
   * a microsecond; null if it never lasted.
   */
  quantile(q: number): number | null {
    invariant(q >= 0 && q <= 1, 'a quantile is asked for outside [0, 1]')
    if (this.total === 0) return null
    // 0.07 * 100 is a little above 7, but the end of the 7th part is meant.
    const target = q * this.total * (1 - 4 * Number.EPSILON)
    if (target <= this.atZero && this.atZero > 0) return 0
    return Math.round(Math.min(this.largest, this.time.valueAt(target - this.atZero)))
  }

  /** The time spent at which values, ascending. */
  *pieces(): Generator<Piece> {
    yield { from: 0, to: 0, amount: this.atZero }
    yield* this.time.pieces()
  }

  private extend(value: number, durationUs: number): void {
    this.total += durationUs
    if (value > this.largest) this.largest = value
  }

  private limitExactness(): void {
    const { time } = this
    if (time instanceof BinnedTime || time.distinctEnds <= MAX_EXACT) return
    const binned = new BinnedTime()
    time.copyInto(binned)
    this.time = binned
  }
}

/** Values that a function may jump at before time is kept per bin. */
export const MAX_EXACT = 1024
