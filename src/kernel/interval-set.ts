import { invariant } from './errors.js'

/**
 * Disjoint half-open integer intervals [from, to), sorted, as far apart as they are many: two that
 * touch become one. Appending at the end or extending the last is O(1), finding is a binary search,
 * a change in the middle moves the intervals behind it. Built for a handful of intervals.
 *
 * A visitor must not change the set it visits. Every method with a range throws InternalError if
 * `from` is beyond `to`.
 */
export class IntervalSet {
  private readonly starts: number[] = []
  private readonly ends: number[] = []
  private present = 0

  /** How many integers are present. */
  get size(): number {
    return this.present
  }

  /** How many disjoint intervals they form. */
  get intervals(): number {
    return this.starts.length
  }

  /** Adds [from, to); returns how many integers were new. */
  add(from: number, to: number): number {
    checkRange(from, to)
    if (from === to) return 0
    const { starts, ends } = this
    const last = ends.length - 1
    if (last < 0 || from > ends[last]) {
      starts.push(from)
      ends.push(to)
      this.present += to - from
      return to - from
    }
    if (from === ends[last]) {
      ends[last] = to
      this.present += to - from
      return to - from
    }
    return this.merge(from, to)
  }

  /** Removes [from, to); returns how many of these integers were present. */
  remove(from: number, to: number): number {
    const removed = this.countIn(from, to)
    if (removed === 0) return 0
    this.present -= removed
    const { starts, ends } = this
    let first = this.firstEndingAfter(from)
    let behind = this.firstStartingAt(to, first)
    const keepsHead = starts[first] < from
    const keepsRest = ends[behind - 1] > to
    if (keepsHead && keepsRest && behind - first === 1) {
      starts.splice(behind, 0, to)
      ends.splice(first, 0, from)
      return removed
    }
    if (keepsHead) ends[first++] = from
    if (keepsRest) starts[--behind] = to
    this.drop(first, behind)
    return removed
  }

  has(i: number): boolean {
    const at = this.firstEndingAfter(i)
    return at < this.starts.length && this.starts[at] <= i
  }

  /** Whether every integer of [from, to) is present; true of an empty range. */
  covers(from: number, to: number): boolean {
    checkRange(from, to)
    if (from === to) return true
    const at = this.firstEndingAfter(from)
    return at < this.starts.length && this.starts[at] <= from && this.ends[at] >= to
  }

  /** How many integers of [from, to) are present. */
  countIn(from: number, to: number): number {
    checkRange(from, to)
    let count = 0
    for (let i = this.firstEndingAfter(from); i < this.starts.length; i++) {
      if (this.starts[i] >= to) break
      count += Math.min(to, this.ends[i]) - Math.max(from, this.starts[i])
    }
    return count
  }

  /** Visits the present runs of [from, to), cut to it, in order. */
  forEachIn(from: number, to: number, visit: (from: number, to: number) => void): void {
    checkRange(from, to)
    for (let i = this.firstEndingAfter(from); i < this.starts.length; i++) {
      const start = Math.max(from, this.starts[i])
      if (start >= to) return
      visit(start, Math.min(to, this.ends[i]))
    }
  }

  /** Visits the maximal absent runs of [from, to), in order. */
  forEachGapIn(from: number, to: number, visit: (from: number, to: number) => void): void {
    let next = from
    this.forEachIn(from, to, (start, end) => {
      if (start > next) visit(next, start)
      next = end
    })
    if (next < to) visit(next, to)
  }

  /** The smallest absent integer that is not below `from`. */
  firstGapAt(from: number): number {
    const at = this.firstEndingAfter(from)
    return at < this.starts.length && this.starts[at] <= from ? this.ends[at] : from
  }

  /** The smallest present integer that is not below `from`; Infinity if there is none. */
  firstAt(from: number): number {
    const at = this.firstEndingAfter(from)
    return at < this.starts.length ? Math.max(from, this.starts[at]) : Number.POSITIVE_INFINITY
  }

  /** Adds a range that begins before the end of the last interval. */
  private merge(from: number, to: number): number {
    const { starts, ends } = this
    const added = to - from - this.countIn(from, to)
    this.present += added
    // An interval that ends at `from` or starts at `to` touches the range and joins it.
    const first = this.firstEndingAfter(from - 1)
    const behind = this.firstStartingAt(to + 1, first)
    if (first === behind) {
      starts.splice(first, 0, from)
      ends.splice(first, 0, to)
      return added
    }
    starts[first] = Math.min(starts[first], from)
    ends[first] = Math.max(ends[behind - 1], to)
    this.drop(first + 1, behind)
    return added
  }

  private drop(first: number, behind: number): void {
    if (first === behind) return
    this.starts.splice(first, behind - first)
    this.ends.splice(first, behind - first)
  }

  /** Index of the first interval with an end beyond `i`; the number of intervals if there is none. */
  private firstEndingAfter(i: number): number {
    const { ends } = this
    let low = 0
    let high = ends.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (ends[middle] > i) high = middle
      else low = middle + 1
    }
    return low
  }

  /** Index of the first interval, from `low` on, that starts at `i` or later. */
  private firstStartingAt(i: number, low: number): number {
    let at = low
    while (at < this.starts.length && this.starts[at] < i) at++
    return at
  }
}

function checkRange(from: number, to: number): void {
  invariant(from <= to, 'a range of integers ends before it begins')
}
