import type { MarkerDescriptor } from '../wal/marker-descriptor.js'
import type { ReplicaEntry } from '../wal/replica-entry.js'
import type { SecondaryState } from './secondary-state.js'
import { refreshStoreFiles } from './store-files-refresh.js'

/**
 * Replays an entry as HBase 3 does (HRegion.replayWALEntry, HBASE-26233): what it has had is skipped,
 * and every marker but a flush's START and ABORT sends it to the directory of the primary.
 *
 * Simplification: replays of a region take no time here, so none waits for another's `replayLock`.
 *
 * @throws IOException when the directory cannot be listed
 */
export function replay3x(entry: ReplicaEntry, state: SecondaryState): void {
  const { marker, sequenceId } = entry
  const last = state.lastReplayedSequenceId
  if (sequenceId <= last) return
  if (marker === null) state.apply(entry, last + 1)
  else replayMarker(marker, state)
  state.advanceTo(sequenceId)
  state.lastReplayedSequenceId = sequenceId
}

/** HRegion.replayWALMetaEdit */
function replayMarker(marker: MarkerDescriptor, state: SecondaryState): void {
  switch (marker.kind) {
    case 'START_FLUSH':
      if (state.prepared !== null) return
      state.prepareFlush(marker.flushSequenceNumber, marker.families)
      break
    case 'ABORT_FLUSH':
      state.prepared = null
      break
    case 'COMMIT_FLUSH':
    case 'CANNOT_FLUSH':
      refreshStoreFiles(state)
      state.prepared = null
      break
    case 'REGION_OPEN':
    case 'REGION_CLOSE':
    case 'COMPACTION':
    case 'BULK_LOAD':
      refreshStoreFiles(state)
      break
  }
}
