import { IntervalSet } from '../kernel/interval-set.js'
import type { Extent, Resend } from '../storage/extent.js'

/** Why an edit is in the store more than once; `unexplained` is a violation. */
export type DuplicateCause = Resend | 'unexplained'

/**
 * Surplus occurrences of edits in a peer's store, by cause. The one that was sent again may come
 * first: then the first sending, which names no cause, is the surplus one.
 */
export class Duplicates {
  /** Every cause is there. */
  readonly counts = noDuplicates()
  /** By cause and log, edits whose first occurrence in the store was a second sending. */
  readonly #resentFirst = new Map<Resend, IntervalSet[]>()

  get total(): number {
    return Object.values(this.counts).reduce((sum, n) => sum + n, 0)
  }

  /** An object with `extent` is visible; `known` is what the store had before. */
  stored({ log, from, to, resend }: Extent, known: IntervalSet): void {
    if (resend !== undefined) {
      const resent = this.#resentOf(resend, log)
      known.forEachGapIn(from, to, (start, end) => {
        resent.add(start, end)
      })
    }
    known.forEachIn(from, to, (start, end) => this.#repeated(log, start, end, resend))
  }

  #repeated(log: number, from: number, to: number, resend: Resend | undefined): void {
    if (resend !== undefined) {
      this.#count(resend, to - from)
      return
    }
    let unexplained = to - from
    for (const [cause, logs] of this.#resentFirst) {
      const explained = logs[log]?.remove(from, to) ?? 0
      this.#count(cause, explained)
      unexplained -= explained
    }
    this.#count('unexplained', unexplained)
  }

  #count(cause: DuplicateCause, edits: number): void {
    this.counts[cause] += edits
  }

  #resentOf(cause: Resend, log: number): IntervalSet {
    let logs = this.#resentFirst.get(cause)
    if (logs === undefined) {
      logs = []
      this.#resentFirst.set(cause, logs)
    }
    while (logs.length <= log) logs.push(new IntervalSet())
    return logs[log]
  }
}

/** No edit is in the store twice. */
export function noDuplicates(): Record<DuplicateCause, number> {
  return {
    retry: 0,
    'partial batch': 0,
    claim: 0,
    'source refresh': 0,
    'shipper restart': 0,
    'WAL re-append': 0,
    're-read': 0,
    unexplained: 0,
  }
}
