import type { SequenceIdAccounting } from './sequence-id-accounting.js'
import type { Wal } from './wal.js'
import type { PastWal, PastWals } from './wal-group-options.js'

/**
 * The WALs of one group that are rolled and not archived, and when they may be
 * (AbstractFSWAL.cleanOldLogs, findRegionsToForceFlush). Both are asked at a roll; the former also
 * when a rolled file is closed, and at no other time: a flush that completes archives nothing.
 */
export class RolledWals {
  #wals: Wal[] = []

  /** @param maxLogs more rolled WALs than this lead to flushes */
  constructor(
    private readonly accounting: SequenceIdAccounting,
    private readonly maxLogs: number,
  ) {}

  /** Oldest first. */
  get wals(): readonly Wal[] {
    return this.#wals
  }

  add(wal: Wal): void {
    this.#wals.push(wal)
    this.#wals.sort((a, b) => a.createdUs - b.createdUs)
  }

  /** The group has a past when it begins. */
  adopt({ wals, unflushed }: PastWals, walOf: (past: PastWal) => Wal): void {
    for (const [region, sequenceId] of unflushed) this.accounting.update(region, sequenceId)
    for (const past of wals) {
      const wal = walOf(past)
      for (const edits of past.regions) wal.notePast(edits)
      wal.rolled()
      wal.close(past.closedUs, true)
      this.add(wal)
    }
  }

  /** Takes out those that are closed and hold nothing that is not in an HFile. */
  takeFlushed(): Wal[] {
    const live = this.#wals.filter(({ archivedUs }) => archivedUs === null)
    const flushed = live.filter(
      (wal) => wal.closedUs !== null && this.accounting.areAllLower(wal.highestSequenceIds()),
    )
    this.#wals = live.filter((wal) => !flushed.includes(wal))
    return flushed
  }

  /**
   * With too many rolled WALs, the families by region that keep the oldest from being archived and
   * are not being flushed.
   */
  findRegionsToForceFlush(): Map<number, number[]> {
    const [oldest] = this.#wals
    if (oldest === undefined || this.#wals.length <= this.maxLogs) return new Map()
    return this.accounting.findLower(oldest.highestSequenceIds())
  }
}
