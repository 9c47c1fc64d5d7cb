import type { EditLog } from '../hbase/edit-log.js'

/** A log and the server that writes it, as the ledger sees them. */
export interface LedgerLog {
  readonly log: EditLog
  /** Brings the log up to now: the write path is lazy. */
  advance(): void
}

/** What a set of edits amounts to. */
export interface EditCount {
  edits: number
  bytes: number
}

/**
 * Which edits of one log are acknowledged by now. Answers reach clients nearly in order of append:
 * all edits below `settled` have their answer, beyond it lie the few still in flight.
 */
export class Acknowledgements {
  #settled = 0
  #untilUs = Number.POSITIVE_INFINITY

  constructor(readonly source: LedgerLog) {}

  /** Answers that would come later never come: the clients are gone. */
  stopAt(nowUs: number): void {
    this.#untilUs = nowUs
  }

  /** Every edit below this index is acknowledged. */
  get settled(): number {
    return this.#settled
  }

  isAcknowledged(edit: number, nowUs: number): boolean {
    return this.source.log.acknowledgedUs(edit) <= Math.min(nowUs, this.#untilUs)
  }

  settle(nowUs: number): void {
    const { log } = this.source
    while (this.#settled < log.length && this.isAcknowledged(this.#settled, nowUs)) this.#settled++
  }

  /** Acknowledged edits up to `nowUs` that satisfy `counted`, among those not yet settled. */
  countUnsettled(nowUs: number, counted: (edit: number) => boolean): EditCount {
    const { log } = this.source
    const result = { edits: 0, bytes: 0 }
    for (let edit = this.#settled; edit < log.length; edit++) {
      if (!this.isAcknowledged(edit, nowUs) || !counted(edit)) continue
      result.edits++
      result.bytes += log.bytesOf(edit, edit + 1)
    }
    return result
  }

  /** All edits acknowledged by `nowUs`. */
  count(nowUs: number): EditCount {
    this.settle(nowUs)
    const unsettled = this.countUnsettled(nowUs, () => true)
    const bytes = this.source.log.bytesBefore(this.#settled)
    return { edits: this.#settled + unsettled.edits, bytes: bytes + unsettled.bytes }
  }

  /**
   * Acknowledgement time of the edit in `[from, to)` that was acknowledged first and by `nowUs`, or
   * `best` if none is earlier. No edit is acknowledged before it is written, so the search may stop
   * at the first edit written after `best`.
   */
  earliest(from: number, to: number, nowUs: number, best: number): number {
    const { log } = this.source
    const limit = Math.min(nowUs, this.#untilUs)
    for (let edit = from; edit < to; edit++) {
      if (log.writtenUs(edit) > Math.min(best, limit)) break
      const timeUs = log.acknowledgedUs(edit)
      if (timeUs <= limit && timeUs < best) best = timeUs
    }
    return best
  }
}
