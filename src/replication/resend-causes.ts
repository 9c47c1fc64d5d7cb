import type { Resend } from '../storage/extent.js'
import type { ReadableWal } from './readable-wal.js'

/**
 * Why what one reader reads may have been handed to the endpoint before: by an earlier reader of the
 * same queue, by a server that is dead, or from the WAL before it.
 */
export class ResendCauses {
  /**
   * @param earlier position in each WAL up to which earlier readers' entries were handed over
   * @param cause what ended the earlier readers
   * @param claimed the queue of a dead server, whatever it had shipped
   */
  constructor(
    private readonly earlier: ReadonlyMap<ReadableWal, number>,
    private readonly cause: 'source refresh' | 'shipper restart',
    private readonly claimed: boolean,
  ) {}

  /** Position of `wal` up to which what holds at `position` holds. */
  until(wal: ReadableWal, position: number): number {
    const handed = this.earlier.get(wal) ?? 0
    if (position < handed) return handed
    return position < wal.reappendedEntries ? wal.reappendedEntries : Number.POSITIVE_INFINITY
  }

  /** Undefined at the first sending. */
  at(wal: ReadableWal, position: number): Resend | undefined {
    if (position < (this.earlier.get(wal) ?? 0)) return this.cause
    if (position < wal.reappendedEntries) return 'WAL re-append'
    return this.claimed ? 'claim' : undefined
  }
}
