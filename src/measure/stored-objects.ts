import { IntervalMultiset } from '../kernel/interval-multiset.js'
import type { IntervalSet } from '../kernel/interval-set.js'
import type { Extent } from '../storage/extent.js'
import { Duplicates } from './duplicates.js'
import { Histogram } from './histogram.js'

/** The objects of one peer's store: their sizes, and how many of them hold each edit. */
export class StoredObjects {
  readonly bytes = new Histogram()
  readonly duplicates = new Duplicates()
  #edits: IntervalMultiset[] = []

  addLog(): void {
    this.#edits.push(new IntervalMultiset())
  }

  /** Edits that some object holds. */
  get count(): number {
    return this.#edits.reduce((sum, { present }) => sum + present.size, 0)
  }

  /** Edits of log `log` that some object holds; not to be changed. */
  edits(log: number): IntervalSet {
    return this.#edits[log].present
  }

  /** An object with `extent` is visible. */
  add(extent: Extent): void {
    const { log, from, to } = extent
    this.duplicates.stored(extent, this.edits(log))
    this.#edits[log].add(from, to)
  }

  /** One object less holds `extent`; `gone` hears of edits that none holds any more. */
  remove({ log, from, to }: Extent, gone: (from: number, to: number) => void): void {
    const edits = this.#edits[log]
    const held: [number, number][] = []
    edits.present.forEachIn(from, to, (start, end) => held.push([start, end]))
    for (const [start, end] of held) {
      edits.remove(start, end)
      edits.present.forEachGapIn(start, end, gone)
    }
  }

  /** The store has lost all of them. */
  loseAll(): void {
    this.#edits = this.#edits.map(() => new IntervalMultiset())
  }
}
