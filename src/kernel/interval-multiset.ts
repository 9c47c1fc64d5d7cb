import { invariant } from './errors.js'
import { IntervalSet } from './interval-set.js'

/**
 * Integers that may be present more than once, as ranges: layer n holds those present more than n
 * times. Where nothing overlaps it costs what an IntervalSet costs.
 */
export class IntervalMultiset {
  private readonly layers: IntervalSet[] = [new IntervalSet()]

  /** What is present at least once; not to be changed. */
  get present(): IntervalSet {
    return this.layers[0]
  }

  /** Every integer of [from, to) is present once more. */
  add(from: number, to: number): void {
    this.addTo(0, from, to)
  }

  /**
   * Every integer of [from, to) is present once less.
   *
   * @throws InternalError if one of them is not present
   */
  remove(from: number, to: number): void {
    invariant(this.present.covers(from, to), 'only what is present is removed from a multiset')
    this.removeFrom(0, from, to)
  }

  private addTo(index: number, from: number, to: number): void {
    const layer = this.layers[index] ?? new IntervalSet()
    this.layers[index] = layer
    layer.forEachIn(from, to, (start, end) => this.addTo(index + 1, start, end))
    layer.add(from, to)
  }

  /** An integer leaves the last layer that has it. */
  private removeFrom(index: number, from: number, to: number): void {
    const above = this.layers[index + 1]
    if (above === undefined) {
      this.layers[index].remove(from, to)
      return
    }
    const more: number[] = []
    above.forEachGapIn(from, to, (start, end) => this.layers[index].remove(start, end))
    above.forEachIn(from, to, (start, end) => more.push(start, end))
    for (let i = 0; i < more.length; i += 2) this.removeFrom(index + 1, more[i], more[i + 1])
  }
}
