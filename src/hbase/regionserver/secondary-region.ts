import { IOException } from '../../storage/io-exception.js'
import type { ReplicaEntry } from '../wal/replica-entry.js'
import { replay2x } from './replay-2x.js'
import { replay3x } from './replay-3x.js'
import { type SecondaryRegionOptions, SecondaryState } from './secondary-state.js'
import type { SecondaryStore } from './secondary-store.js'
import type { StoreFile } from './store-file.js'
import { refreshStoreFiles, StoreFilesRefresh } from './store-files-refresh.js'

export { RegionTooBusyException, type SecondaryRegionOptions } from './secondary-state.js'

/**
 * A secondary replica of a region: it reads the primary's HFiles, has a memstore of its own, and
 * follows the primary by replaying its WAL or by looking into its directory. It never writes.
 *
 * All that it does is done at once; the time that it takes is its callers' to spend.
 */
export class SecondaryRegion {
  readonly #state: SecondaryState

  constructor(options: SecondaryRegionOptions) {
    this.#state = new SecondaryState(options)
  }

  /**
   * The region is opened with the files that are in the primary's directory, but for inputs of
   * compactions, and nothing in memory.
   *
   * @throws IOException when the directory cannot be listed
   */
  open(readsEnabled: boolean): void {
    const state = this.#state
    state.clear()
    state.stores.forEach((_, family) => {
      state.openListed(family)
    })
    state.lastOpenSeq = Math.max(...state.stores.map(({ maxSequenceId }) => maxSequenceId))
    state.readPoint = state.lastOpenSeq
    state.readsEnabled = readsEnabled
  }

  close(): void {
    this.#state.clear()
  }

  get readsEnabled(): boolean {
    return this.#state.readsEnabled
  }

  enableReads(): void {
    this.#state.readsEnabled = true
  }

  disableReads(): void {
    this.#state.readsEnabled = false
  }

  /** HRegion.checkReadsEnabled @throws IOException */
  checkReadsEnabled(): void {
    if (!this.#state.readsEnabled) {
      throw new IOException('refused', "The region's reads are disabled. Cannot serve the request")
    }
  }

  /** Edits with a lower id are in the files (`lastReplayedOpenRegionSeqId`). */
  get lastOpenSeq(): number {
    return this.#state.lastOpenSeq
  }

  get readPoint(): number {
    return this.#state.readPoint
  }

  /** Heap bytes of all its memstores. */
  get heapBytes(): number {
    return this.#state.memstore.heapBytes
  }

  /** Those of them that are in no snapshot. */
  get activeBytes(): number {
    return this.#state.memstore.activeBytes
  }

  /** Heap bytes that its families account for: `heapBytes`, or the simulator is wrong. */
  get accountedBytes(): number {
    return this.#state.memstore.segmentBytes
  }

  /** Sequence id of the primary's flush whose end it waits for with a snapshot; null without. */
  get preparedFlush(): number | null {
    return this.#state.prepared?.flushOpSeqId ?? null
  }

  get families(): number {
    return this.#state.stores.length
  }

  /** Oldest first. */
  files(family: number): readonly StoreFile[] {
    return (this.#state.stores[family] as SecondaryStore).files
  }

  /**
   * All edits up to this id are in its files, in every family: files come to a secondary in the
   * order of their ids, and a bulk load flushes first what is older.
   */
  get filesUpTo(): number {
    return Math.min(...this.#state.stores.map(({ maxSequenceId }) => maxSequenceId))
  }

  /** Every family has every edit with an id in (after, to], and shows it if reads are enabled. */
  readable(after: number, to: number): boolean {
    for (let family = 0; family < this.families; family++) {
      if (!this.readableIn(family, after, to)) return false
    }
    return true
  }

  readableIn(family: number, after: number, to: number): boolean {
    return this.#state.isReadable(family, after, to)
  }

  /**
   * Replays entries in their order; of a call that fails those before the failure stay replayed.
   *
   * @throws RegionTooBusyException HBase 2, when the memstore is above the limit of a region
   * @throws IOException HBase 3, when the primary's directory cannot be listed
   */
  replay(entries: readonly ReplicaEntry[]): void {
    const state = this.#state
    const replayEntry = state.options.version === '2.x' ? replay2x : replay3x
    for (const entry of entries) {
      state.noteIds(entry)
      replayEntry(entry, state)
    }
  }

  /**
   * HRegion.refreshStoreFiles.
   *
   * @returns heap bytes freed
   * @throws IOException when a listing fails; families before it keep what they got
   */
  refreshStoreFiles(): number {
    return refreshStoreFiles(this.#state)
  }

  /** The same for a caller that lets the time of the listings pass. */
  beginRefresh(): StoreFilesRefresh {
    return new StoreFilesRefresh(this.#state)
  }
}
