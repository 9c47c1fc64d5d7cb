import { IntervalSet } from '../kernel/interval-set.js'
import type { Acknowledgements } from './acknowledgements.js'
import type { Histogram } from './histogram.js'
import { type WantedEdits, wantedEdits } from './wanted-edits.js'

/** Who writes a log: one incarnation of a region server. */
export interface LogWriter {
  /** The server's name with its start code, e.g. `rs1,2`. */
  readonly server: string
  /** Number of the rack that the server stands in. */
  readonly rack: number
}

/** How far the edits of one log have come on their way to one peer. */
export class PeerLog {
  readonly accepted = new IntervalSet()
  /** A persisted offset has passed them, or no offset has to. */
  readonly confirmed = new IntervalSet()
  /** A persisted offset has passed them, if only for a peer that was removed afterwards. */
  readonly everConfirmed = new IntervalSet()
  /** Nothing is owed any more: stored, passed over by a filter, or destroyed in a disaster. */
  readonly settled = new IntervalSet()
  readonly wanted: WantedEdits

  /** @param wants whether the peer wants a region's edits; null for a peer that wants all */
  constructor(
    readonly acknowledgements: Acknowledgements,
    wants: ((region: number) => boolean) | null,
  ) {
    this.wanted = wantedEdits(acknowledgements.source.log, wants)
  }

  /** Edits appended so far. */
  get length(): number {
    return this.acknowledgements.source.log.length
  }

  /** Edits that a peer may be owed: see `LedgerLog.inWals`. */
  get owed(): number {
    const { source } = this.acknowledgements
    return source.inWals?.() ?? source.log.length
  }

  /** Wanted edits of `[from, to)` that are confirmed. */
  confirmedIn(from: number, to: number): number {
    let count = 0
    this.confirmed.forEachIn(from, to, (start, end) => {
      count += this.wanted.countIn(start, end)
    })
    return count
  }

  /** Records how long ago edits were written, if that was not before `fromUs`. */
  recordAges(ages: Histogram, from: number, to: number, nowUs: number, fromUs: number): void {
    const { log } = this.acknowledgements.source
    if (from < log.firstRetained) return
    log.forEachSegment(from, to, ({ writtenUs, operation }, start, end) => {
      for (let i = start; i < end; i++) {
        const sinceUs = writtenUs[i]
        const isMarker = operation[i] < 0
        if (sinceUs >= fromUs && !isMarker) ages.record(nowUs - sinceUs)
      }
    })
  }

  /** The server has answered the call, though the client may not have the answer yet. */
  isAnswered(edit: number): boolean {
    return this.acknowledgements.source.log.acknowledgedUs(edit) < Number.POSITIVE_INFINITY
  }

  /** Wanted edits that are settled though their client has no answer by `nowUs`. */
  settledUnacknowledged(nowUs: number): number {
    const { acknowledgements, wanted } = this
    let count = 0
    acknowledgements.settle(nowUs)
    this.settled.forEachIn(acknowledgements.settled, this.length, (from, to) => {
      for (let edit = from; edit < to; edit++) {
        if (wanted.has(edit) && !acknowledgements.isAcknowledged(edit, nowUs)) count++
      }
    })
    return count
  }
}
