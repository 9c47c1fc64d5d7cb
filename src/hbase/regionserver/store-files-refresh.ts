import type { SecondaryState } from './secondary-state.js'
import type { SecondaryStore } from './secondary-store.js'

/**
 * One run of HRegion.refreshStoreFiles: family by family the primary's directory is listed, then
 * what is in files now is dropped from memory.
 */
export class StoreFilesRefresh {
  readonly #state: SecondaryState
  readonly #grown: number[] = []
  #freedBytes = 0

  constructor(state: SecondaryState) {
    this.#state = state
  }

  /** Heap bytes freed so far. */
  get freedBytes(): number {
    return this.#freedBytes
  }

  /**
   * HStore.refreshStoreFiles, and the family's snapshot if the new files cover it.
   *
   * @throws IOException when the listing fails
   */
  refresh(family: number): void {
    const state = this.#state
    const store = state.stores[family] as SecondaryStore
    const before = store.maxSequenceId
    state.openListed(family)
    state.advanceTo(store.maxSequenceId)
    if (store.maxSequenceId <= before) return
    this.#grown.push(family)
    if (state.prepared !== null && state.prepared.flushOpSeqId <= store.maxSequenceId) {
      const { heapBytes } = state.memstore
      state.dropPreparedSnapshot(family)
      this.#freedBytes += heapBytes - state.memstore.heapBytes
    }
  }

  /** When all families are refreshed. @returns heap bytes that the refresh has freed */
  end(): number {
    const state = this.#state
    const { heapBytes } = state.memstore
    state.dropPrepareFlushIfPossible()
    const inAllStores = Math.min(...state.stores.map(({ maxSequenceId }) => maxSequenceId))
    state.lastOpenSeq = Math.max(state.lastOpenSeq, inAllStores)
    for (const family of this.#grown) {
      const { maxSequenceId } = state.stores[family] as SecondaryStore
      state.dropMemStoreContentsForSeqId(maxSequenceId, [family])
    }
    this.#freedBytes += heapBytes - state.memstore.heapBytes
    return this.#freedBytes
  }
}

/**
 * HRegion.refreshStoreFiles without the time that it takes.
 *
 * @returns heap bytes freed
 * @throws IOException when a listing fails; families before it keep what they got
 */
export function refreshStoreFiles(state: SecondaryState): number {
  const refresh = new StoreFilesRefresh(state)
  for (let family = 0; family < state.stores.length; family++) refresh.refresh(family)
  return refresh.end()
}
