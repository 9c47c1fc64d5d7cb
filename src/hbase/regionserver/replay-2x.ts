import type { MarkerDescriptor } from '../wal/marker-descriptor.js'
import type { ReplicaEntry } from '../wal/replica-entry.js'
import { allFamilies } from './flush-policy.js'
import type { SecondaryState } from './secondary-state.js'
import type { SecondaryStore } from './secondary-store.js'
import type { StoreFile } from './store-file.js'

type Marker<Kind> = Extract<MarkerDescriptor, { kind: Kind }>

/**
 * Replays an entry as HBase 2 does (RSRpcServices.replay, HRegion.replayWAL…Marker). Entries of one
 * WAL come in order, those of a crashed server's WALs beside those of the region's next server.
 *
 * Simplification: the limit of the memstore is looked at once for a run of edits, not for each.
 *
 * @throws RegionTooBusyException
 */
export function replay2x(entry: ReplicaEntry, state: SecondaryState): void {
  const { marker, sequenceId } = entry
  if (marker === null) {
    replayEdits(entry, state)
    return
  }
  switch (marker.kind) {
    case 'START_FLUSH':
      startFlush(marker, state)
      break
    case 'COMMIT_FLUSH':
      commitFlush(marker, state)
      break
    case 'CANNOT_FLUSH':
      if (sequenceId >= state.lastOpenSeq) state.readsEnabled = true
      break
    case 'REGION_OPEN':
      regionOpen(marker, state)
      break
    case 'COMPACTION':
      compaction(marker, sequenceId, state)
      break
    case 'BULK_LOAD':
      bulkLoad(marker, state)
      break
    // Of a flush that failed the server dies; the region's next REGION_OPEN settles it.
    case 'ABORT_FLUSH':
    case 'REGION_CLOSE':
      break
  }
}

/** HRegion.batchReplay */
function replayEdits(entry: ReplicaEntry, state: SecondaryState): void {
  if (entry.sequenceId < state.lastOpenSeq) return
  state.checkResources()
  state.apply(entry, state.lastOpenSeq)
  state.advanceTo(entry.sequenceId)
}

/** HRegion.replayWALFlushStartMarker: a second snapshot beside the first cannot be had. */
function startFlush(marker: Marker<'START_FLUSH'>, state: SecondaryState): void {
  const { flushSequenceNumber, families } = marker
  if (flushSequenceNumber < state.lastOpenSeq || state.prepared !== null) return
  state.prepareFlush(flushSequenceNumber, families)
}

/** HRegion.replayWALFlushCommitMarker */
function commitFlush(marker: Marker<'COMMIT_FLUSH'>, state: SecondaryState): void {
  const flushId = marker.flushSequenceNumber
  if (flushId < state.lastOpenSeq) return
  const preparedId = state.prepared?.flushOpSeqId ?? null
  if (!replayFlushInStores(marker, state)) return
  if (preparedId === null || flushId > preparedId) {
    state.dropMemStoreContentsForSeqId(flushId, allFamilies(state.stores.length))
  }
  if (preparedId !== null) {
    if (flushId >= preparedId) state.prepared = null
    state.readsEnabled = true
  }
  state.advanceTo(flushId)
}

/**
 * HRegion.replayFlushInStores: the files of the flush, family by family, and with a flush that is not
 * older than the prepared one the snapshots go. Families that the prepared flush does not have are
 * passed over.
 *
 * @returns false if a file no longer exists: the rest of the marker is left
 */
function replayFlushInStores(
  { flushSequenceNumber, families, files }: Marker<'COMMIT_FLUSH'>,
  state: SecondaryState,
): boolean {
  const { prepared } = state
  const dropsSnapshots = prepared !== null && flushSequenceNumber >= prepared.flushOpSeqId
  for (const family of families) {
    const isPrepared = prepared?.families?.has(family)
    if (isPrepared === false) continue
    const flushed = files.filter((file) => file.family === family)
    if (!allExist(flushed, state)) return false
    storeOf(state, family).add(flushed)
    if (isPrepared === true && dropsSnapshots) state.memstore.dropSnapshot(family)
  }
  return true
}

/** HRegion.replayWALRegionEventMarker: what the region has, and what may be forgotten with it. */
function regionOpen({ sequence, files }: Marker<'REGION_OPEN'>, state: SecondaryState): void {
  if (sequence < state.lastOpenSeq) return
  state.lastOpenSeq = sequence
  state.stores.forEach((store, family) => {
    const listed = files.filter((file) => file.family === family)
    if (!allExist(listed, state)) return
    store.set(listed)
    state.advanceTo(store.maxSequenceId)
    if (state.prepared !== null && state.prepared.flushOpSeqId <= sequence) {
      state.dropPreparedSnapshot(family)
    }
    state.dropMemStoreContentsForSeqId(sequence, [family])
  })
  state.dropPrepareFlushIfPossible()
  state.readsEnabled = true
}

/** HRegion.replayWALCompactionMarker */
function compaction(
  { family, inputs, outputs }: Marker<'COMPACTION'>,
  sequenceId: number,
  state: SecondaryState,
): void {
  if (sequenceId < state.lastOpenSeq || sequenceId < state.lastReplayedCompactionSeqId) return
  state.lastReplayedCompactionSeqId = sequenceId
  if (allExist(outputs, state)) storeOf(state, family).replace(inputs, outputs)
}

/** HRegion.replayWALBulkLoadEventMarker: a file that no longer exists is skipped. */
function bulkLoad({ sequence, files }: Marker<'BULK_LOAD'>, state: SecondaryState): void {
  if (sequence >= 0 && sequence <= state.lastOpenSeq) return
  for (const file of files) {
    if (state.options.exists(file)) storeOf(state, file.family).add([file])
  }
  state.advanceTo(sequence)
}

function allExist(files: readonly StoreFile[], { options }: SecondaryState): boolean {
  return files.every((file) => options.exists(file))
}

function storeOf(state: SecondaryState, family: number): SecondaryStore {
  return state.stores[family] as SecondaryStore
}
