import type { EditLog } from '../hbase/wal/edit-log.js'
import type { WantedEdits } from './wanted-edits.js'

/** A log and the server that writes it, as the ledger sees them. */
export interface LedgerLog {
  readonly log: EditLog
  /** Brings the log up to now: the write path is lazy. */
  advance(): void
  /**
   * Edits below this one are in a WAL, or nowhere any more: peers are owed these alone, for an
   * answer may come before the sync (ASYNC_WAL) or without one (SKIP_WAL). All if not given.
   */
  inWals?(): number
  /** Given by a log that is in no WAL: edits below this one are in HFiles, or lost and accounted for. */
  firstUnflushed?(): number
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
    return this.source.log.acknowledgedUs(edit) <= this.limitUs(nowUs)
  }

  settle(nowUs: number): void {
    const { log } = this.source
    while (this.#settled < log.length && this.isAcknowledged(this.#settled, nowUs)) this.#settled++
  }

  /** Acknowledged and wanted edits of `[from, to)` by `nowUs`. */
  countIn(from: number, to: number, nowUs: number, wanted: WantedEdits): EditCount {
    const settledTo = Math.max(from, Math.min(to, this.#settled))
    const result = {
      edits: wanted.countIn(from, settledTo),
      bytes: wanted.bytesIn(from, settledTo),
    }
    for (let edit = settledTo; edit < to; edit++) {
      if (!this.isAcknowledged(edit, nowUs) || !wanted.has(edit)) continue
      result.edits++
      result.bytes += this.source.log.bytesOf(edit, edit + 1)
    }
    return result
  }

  /** All edits acknowledged by `nowUs`; markers are no client's. */
  count(nowUs: number): EditCount {
    this.settle(nowUs)
    const { log } = this.source
    const { markers } = log
    const result = {
      edits: this.#settled - markers.countIn(0, this.#settled),
      bytes: log.bytesBefore(this.#settled) - markers.bytesIn(0, this.#settled),
    }
    for (let edit = this.#settled; edit < log.length; edit++) {
      if (!this.isAcknowledged(edit, nowUs) || markers.has(edit)) continue
      result.edits++
      result.bytes += log.bytesOf(edit, edit + 1)
    }
    return result
  }

  /**
   * Acknowledgement time of the wanted edit in `[from, to)` that was acknowledged first and by
   * `nowUs`, or `best` if none is earlier. No edit is acknowledged before it is written, so the
   * search may stop at the first edit written after `best`.
   */
  earliest(from: number, to: number, nowUs: number, best: number, wanted: WantedEdits): number {
    const { log } = this.source
    const limit = this.limitUs(nowUs)
    for (let edit = from; edit < to; edit++) {
      if (log.writtenUs(edit) > Math.min(best, limit)) break
      const timeUs = log.acknowledgedUs(edit)
      if (timeUs <= limit && timeUs < best && wanted.has(edit)) best = timeUs
    }
    return best
  }

  /** Until when answers count that are asked about at `nowUs`. */
  limitUs(nowUs: number): number {
    return Math.min(nowUs, this.#untilUs)
  }
}
