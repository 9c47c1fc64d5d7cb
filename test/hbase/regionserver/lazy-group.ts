import type { RingBufferWal } from '../../../src/hbase/wal/ring-buffer-wal.js'
import type { Wal } from '../../../src/hbase/wal/wal.js'
import { editsOf } from './write-path-fixture.js'
import type { GroupOutcome } from './write-scenario.js'

/** One WAL group and what its roller knows of it. */
export class LazyGroup {
  readonly wals: { wal: Wal; sinceUs: number }[] = []
  readonly rollsNeededUs: number[] = []
  readonly safePointsUs: number[] = []
  rollPending = false
  ready = false

  constructor(
    readonly writer: RingBufferWal,
    firstWal: Wal,
  ) {
    this.wals.push({ wal: firstWal, sinceUs: 0 })
  }

  get wal(): Wal {
    return this.wals[this.wals.length - 1].wal
  }

  outcome(): GroupOutcome {
    const { log, consumedEdits, syncedEdits } = this.writer
    return {
      edits: editsOf(log),
      wals: this.wals.map(({ wal, sinceUs }) => ({
        firstEdit: wal.from,
        entries: wal.entries,
        bytes: wal.bytes,
        syncedEntries: wal.syncedEntries,
        syncedBytes: wal.syncedBytes,
        hsyncedBytes: wal.hsyncedBytes,
        reappendedEntries: wal.reappendedEntries,
        recoverableEntries: wal.recoverableEntries,
        sinceUs,
      })),
      rollsNeededUs: this.rollsNeededUs,
      safePointsUs: this.safePointsUs,
      writtenEdits: consumedEdits,
      syncedEdits,
    }
  }
}
