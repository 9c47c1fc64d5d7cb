import { IntervalSet } from '../kernel/interval-set.js'
import type { EditCount } from './acknowledgements.js'
import type { PeerLog } from './peer-log.js'
import type { UnrestorableLog } from './recovery-point.js'

/**
 * The edits of one log that only the store still has for the peer: no source reads them again, no
 * staged file holds them. A loss of the store would take them all, so their number grows with the
 * run and only totals are kept; their columns may be recycled.
 *
 * Simplification: an edit that comes into a staged file once more counts as released all the same,
 * which overstates what a loss of the store takes while it is sent a second time.
 */
export class ReleasedEdits implements UnrestorableLog {
  /** Released, or never to be counted. */
  readonly #released = new IntervalSet()
  /** Of these, those that are not in the totals because an answer may be outstanding. */
  readonly #pending = new IntervalSet()
  readonly #destroyed = new IntervalSet()
  #edits = 0
  #bytes = 0
  #oldestUs = Number.POSITIVE_INFINITY

  constructor(private readonly log: PeerLog) {}

  /** Whether the edits are known already. */
  covers(from: number, to: number): boolean {
    return this.#released.covers(from, to)
  }

  /** Visits those of `[from, to)` that no disaster has taken. */
  forEachIn(from: number, to: number, visit: (from: number, to: number) => void): void {
    this.#released.forEachIn(from, to, (start, end) => {
      this.#destroyed.forEachGapIn(start, end, visit)
    })
  }

  release(from: number, to: number): void {
    this.#released.forEachGapIn(from, to, (start, end) => {
      this.#pending.add(start, end)
    })
    this.#released.add(from, to)
  }

  /** The peer never had these, and nobody can lose them. */
  leaveOut(from: number, to: number): void {
    this.#released.add(from, to)
  }

  /** A disaster has taken these: nothing can take them again. */
  destroy(from: number, to: number, nowUs: number): void {
    this.settle(nowUs)
    const { wanted, acknowledgements } = this.log
    const settledTo = Math.max(from, Math.min(to, acknowledgements.settled))
    let gone = Number.POSITIVE_INFINITY
    this.forEachIn(from, settledTo, (start, end) => {
      this.#edits -= wanted.countIn(start, end)
      this.#bytes -= wanted.bytesIn(start, end)
      gone = acknowledgements.earliest(start, end, nowUs, gone, wanted)
    })
    this.#pending.remove(from, to)
    this.#released.add(from, to)
    this.#destroyed.add(from, to)
    if (gone <= this.#oldestUs) this.#findOldest(nowUs)
  }

  /** All of them are lost with the store. */
  loseAll(): void {
    this.#released.forEachIn(0, Number.MAX_SAFE_INTEGER, (from, to) => {
      this.#destroyed.add(from, to)
    })
    this.#pending.remove(0, Number.MAX_SAFE_INTEGER)
    this.#edits = 0
    this.#bytes = 0
    this.#oldestUs = Number.POSITIVE_INFINITY
  }

  /** Adds to the totals what has its answer by now, before its columns are recycled. */
  settle(nowUs: number): void {
    const { acknowledgements, wanted } = this.log
    acknowledgements.settle(nowUs)
    const { settled } = acknowledgements
    if (this.#pending.firstAt(0) >= settled) return
    this.#pending.forEachIn(0, settled, (from, to) => {
      this.#edits += wanted.countIn(from, to)
      this.#bytes += wanted.bytesIn(from, to)
      this.#oldestUs = acknowledgements.earliest(from, to, nowUs, this.#oldestUs, wanted)
    })
    this.#pending.remove(0, settled)
  }

  count(nowUs: number): EditCount {
    this.settle(nowUs)
    const { acknowledgements, wanted, length } = this.log
    const result = { edits: this.#edits, bytes: this.#bytes }
    this.#pending.forEachIn(0, length, (from, to) => {
      const { edits, bytes } = acknowledgements.countIn(from, to, nowUs, wanted)
      result.edits += edits
      result.bytes += bytes
    })
    return result
  }

  earliestUs(nowUs: number): number {
    this.settle(nowUs)
    const { acknowledgements, wanted, length } = this.log
    let best = this.#oldestUs
    this.#pending.forEachIn(0, length, (from, to) => {
      best = acknowledgements.earliest(from, to, nowUs, best, wanted)
    })
    return best
  }

  /**
   * The edits after one that is not stored are all held. Those before it were answered later, by
   * less than the time that answers take to overtake each other.
   */
  #findOldest(nowUs: number): void {
    const { acknowledgements, wanted } = this.log
    const { settled, source } = acknowledgements
    this.#oldestUs = Number.POSITIVE_INFINITY
    this.forEachIn(source.log.firstRetained, settled, (from, to) => {
      this.#oldestUs = acknowledgements.earliest(from, to, nowUs, this.#oldestUs, wanted)
    })
  }
}
