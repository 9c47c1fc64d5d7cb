import { IntervalSet } from '../kernel/interval-set.js'
import type { EditCount } from './acknowledgements.js'
import type { PeerLog } from './peer-log.js'
import type { UnrestorableLog } from './recovery-point.js'

/**
 * The edits of one log that would not be restorable, as what is left by those that would. Counts are
 * kept up to date with every change, so that asking costs no more when much is at risk.
 */
export class UnsafeEdits implements UnrestorableLog {
  readonly safe = new IntervalSet()
  /** Of edits below this index, which are all acknowledged, the unsafe ones are counted. */
  #counted = 0
  #edits = 0
  #bytes = 0
  #confirmed = 0

  constructor(readonly log: PeerLog) {}

  /** Confirmed edits that are not safe. */
  get confirmed(): number {
    return this.#confirmed
  }

  add(from: number, to: number): void {
    this.safe.forEachGapIn(from, to, (start, end) => this.#count(start, end, -1))
    this.safe.add(from, to)
  }

  remove(from: number, to: number): void {
    this.safe.forEachIn(from, to, (start, end) => this.#count(start, end, 1))
    this.safe.remove(from, to)
  }

  /** A persisted offset has passed these edits, which it had not before. */
  confirm(from: number, to: number): void {
    const { wanted } = this.log
    if (this.safe.covers(from, to)) return
    this.safe.forEachGapIn(from, to, (start, end) => {
      this.#confirmed += wanted.countIn(start, end)
    })
  }

  /** Acknowledged unsafe edits. */
  count(nowUs: number): EditCount {
    const { acknowledgements, wanted, owed } = this.log
    acknowledgements.settle(nowUs)
    const settled = Math.min(acknowledgements.settled, owed)
    this.safe.forEachGapIn(this.#counted, settled, (start, end) => {
      this.#edits += wanted.countIn(start, end)
      this.#bytes += wanted.bytesIn(start, end)
    })
    this.#counted = settled
    const result = { edits: this.#edits, bytes: this.#bytes }
    this.safe.forEachGapIn(settled, owed, (start, end) => {
      const { edits, bytes } = acknowledgements.countIn(start, end, nowUs, wanted)
      result.edits += edits
      result.bytes += bytes
    })
    return result
  }

  earliestUs(nowUs: number): number {
    const { acknowledgements, wanted, owed } = this.log
    const { log } = acknowledgements.source
    let best = Number.POSITIVE_INFINITY
    for (let from = this.safe.firstGapAt(0); from < owed; ) {
      if (log.writtenUs(from) > best) break
      const to = Math.min(owed, this.safe.firstAt(from))
      if (wanted.countIn(from, to) > 0) {
        best = acknowledgements.earliest(from, to, nowUs, best, wanted)
      }
      from = this.safe.firstGapAt(to)
    }
    return best
  }

  /** Visits unsafe ranges of `[from, to)` in ascending order. */
  forEachIn(from: number, to: number, visit: (from: number, to: number) => void): void {
    const first = Math.max(from, this.safe.firstGapAt(0))
    if (first < to) this.safe.forEachGapIn(first, to, visit)
  }

  /** Those that the server has answered, or that an offset has passed. */
  answered(): IntervalSet {
    const { log } = this
    const answered = new IntervalSet()
    const { settled } = log.acknowledgements
    this.forEachIn(0, log.owed, (from, to) => {
      const settledTo = Math.max(from, Math.min(to, settled))
      answered.add(from, settledTo)
      for (let edit = settledTo; edit < to; edit++) {
        if (log.isAnswered(edit) || log.confirmed.has(edit)) answered.add(edit, edit + 1)
      }
    })
    return answered
  }

  #count(from: number, to: number, sign: 1 | -1): void {
    const { wanted } = this.log
    this.#confirmed += sign * this.log.confirmedIn(from, to)
    const counted = Math.min(to, this.#counted)
    if (counted <= from) return
    this.#edits += sign * wanted.countIn(from, counted)
    this.#bytes += sign * wanted.bytesIn(from, counted)
  }
}
