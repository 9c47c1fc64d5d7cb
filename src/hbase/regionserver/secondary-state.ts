import { IntervalSet } from '../../kernel/interval-set.js'
import { IOException } from '../../storage/io-exception.js'
import type { ReplicaEntry } from '../wal/replica-entry.js'
import { SecondaryMemstore } from './secondary-memstore.js'
import { SecondaryStore } from './secondary-store.js'
import type { StoreFile } from './store-file.js'

export interface SecondaryRegionOptions {
  /** Per family, what share of an edit's bytes it takes, in any unit. */
  readonly shares: readonly number[]
  /** Heap bytes of a cell beyond its data. */
  readonly cellOverhead: number
  /** Heap bytes above which the region takes no edit (`flush.size` × `block.multiplier`). */
  readonly blockingMemstoreSize: number
  /** Whose rules of replay: RegionReplicaReplicationEndpoint's, or the sink's of HBASE-26233. */
  readonly version: '2.x' | '3.x'
  /**
   * What is now in the primary's directory of the family, compacted files that are not archived
   * included.
   *
   * @throws IOException
   */
  listing(family: number): readonly StoreFile[]
  /** Whether the file is an input of a compaction whose output is in the directory as well. */
  isCompacted?(file: StoreFile): boolean
  /** Whether the file is in its region's directory or in the archive (HFileLink). */
  exists(file: StoreFile): boolean
  /** The region's heap bytes grew by so many, or shrank (negative). */
  onMemstoreChanged(bytes: number): void
}

/** A flush of the primary that has begun and not ended (HRegion.PrepareFlushResult). */
export interface PreparedFlush {
  readonly flushOpSeqId: number
  /** Families whose snapshot waits for it; null if the memstore was empty when it began. */
  readonly families: Set<number> | null
}

/** Thrown at a replay when the secondary's memstore is above the limit of a region. */
export class RegionTooBusyException extends IOException {
  constructor() {
    super('refused', 'over memstore limit')
  }
}

/** What a secondary replica has in memory, and what both sets of replay rules do with it (HRegion). */
export class SecondaryState {
  readonly options: SecondaryRegionOptions
  readonly stores: readonly SecondaryStore[]
  readonly memstore: SecondaryMemstore
  readsEnabled = false
  /** Null unless `writestate.flushing`. */
  prepared: PreparedFlush | null = null
  /** HRegion.lastReplayedOpenRegionSeqId */
  lastOpenSeq = 0
  lastReplayedCompactionSeqId = -1
  /** Only HBase 3 has it. */
  lastReplayedSequenceId = -1
  /** No edit is visible that has a higher id (MultiVersionConcurrencyControl). */
  readPoint = 0
  /** Ids that no edit of the region has: those of markers and flushes. */
  readonly #withoutEdit = new IntervalSet()

  constructor(options: SecondaryRegionOptions) {
    const { shares, cellOverhead } = options
    this.options = options
    this.stores = shares.map(() => new SecondaryStore())
    this.memstore = new SecondaryMemstore(shares, cellOverhead, (bytes) =>
      options.onMemstoreChanged(bytes),
    )
  }

  /**
   * The family gets what is listed. A file that is opened together with the output of its compaction
   * is closed again (StoreEngine.openStoreFiles, HBASE-20724); one that is open already stays.
   *
   * @throws IOException when the listing fails
   */
  openListed(family: number): void {
    const store = this.stores[family] as SecondaryStore
    const { files } = store
    const { options } = this
    const opened = options
      .listing(family)
      .filter((file) => files.includes(file) || options.isCompacted?.(file) !== true)
    store.set(opened)
  }

  advanceTo(sequenceId: number): void {
    this.readPoint = Math.max(this.readPoint, sequenceId)
  }

  /** What an entry tells about ids, whether or not it is replayed. */
  noteIds({ after, firstSequenceId, sequenceId, marker }: ReplicaEntry): void {
    const end = marker === null ? firstSequenceId : sequenceId + 1
    if (after + 1 < end) this.#withoutEdit.add(after + 1, end)
  }

  /** Puts the edits of the run that have the id `first` or a higher one into the memstore. */
  apply({ firstSequenceId, sequenceId, edits, bytes }: ReplicaEntry, first: number): void {
    if (first <= firstSequenceId) {
      this.memstore.apply(firstSequenceId, sequenceId, edits, bytes)
      return
    }
    const part = (sequenceId - first + 1) / (sequenceId - firstSequenceId + 1)
    const cells = Math.round(edits * part)
    this.memstore.apply(first, sequenceId, cells, Math.round(bytes * part))
  }

  /** A snapshot of the memstores of these families, for the time of a flush of the primary. */
  prepareFlush(flushOpSeqId: number, families: readonly number[]): void {
    const isEmpty = this.memstore.isEmpty
    this.prepared = { flushOpSeqId, families: isEmpty ? null : new Set(families) }
    if (!isEmpty) for (const family of families) this.memstore.snapshot(family)
  }

  /** The family's files cover the prepared flush, so its snapshot has done its service. */
  dropPreparedSnapshot(family: number): void {
    if (this.prepared?.families?.delete(family)) this.memstore.dropSnapshot(family)
  }

  /** HRegion.dropPrepareFlushIfPossible */
  dropPrepareFlushIfPossible(): void {
    const families = [...(this.prepared?.families ?? [])]
    if (families.every((family) => !this.memstore.hasSnapshot(family))) this.prepared = null
  }

  /** HRegion.dropMemStoreContentsForSeqId: only if all that was applied is in files up to this id. */
  dropMemStoreContentsForSeqId(sequenceId: number, families: readonly number[]): void {
    if (sequenceId < this.readPoint) return
    for (const family of families) this.memstore.drop(family)
  }

  /** HRegion.checkResources @throws RegionTooBusyException */
  checkResources(): void {
    if (this.memstore.heapBytes > this.options.blockingMemstoreSize) {
      throw new RegionTooBusyException()
    }
  }

  /** Every edit with an id in (after, to] can be read in the family. */
  isReadable(family: number, after: number, to: number): boolean {
    const store = this.stores[family] as SecondaryStore
    const visibleEnd = this.readPoint + 1
    let next = Math.max(1, after + 1)
    while (next <= to) {
      const held = Math.max(store.firstGapAt(next), this.memstore.firstGapAt(family, next))
      const known = Math.max(Math.min(held, visibleEnd), this.#withoutEdit.firstGapAt(next))
      if (known <= next) return false
      next = known
    }
    return true
  }

  /** The region is closed, or its server is gone. */
  clear(): void {
    this.memstore.clear()
    for (const store of this.stores) store.set([])
    this.#withoutEdit.remove(0, Number.MAX_SAFE_INTEGER)
    this.prepared = null
    this.readsEnabled = false
    this.lastOpenSeq = 0
    this.lastReplayedCompactionSeqId = -1
    this.lastReplayedSequenceId = -1
    this.readPoint = 0
  }
}
