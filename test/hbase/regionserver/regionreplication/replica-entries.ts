import { WAL_KEY_BYTES } from '../../../../src/hbase/regionserver/regionreplication/sink-entry.js'
import type { MarkerDescriptor } from '../../../../src/hbase/wal/marker-descriptor.js'
import type { ReplicaEntry } from '../../../../src/hbase/wal/replica-entry.js'

/** An edit whose key and data together have `bytes`. */
export function edit(sequenceId: number, bytes = 1000): ReplicaEntry {
  return {
    after: sequenceId - 1,
    firstSequenceId: sequenceId,
    sequenceId,
    bytes: bytes - WAL_KEY_BYTES,
    edits: 1,
    marker: null,
  }
}

export function markerEntry(sequenceId: number, marker: MarkerDescriptor): ReplicaEntry {
  return {
    after: sequenceId - 1,
    firstSequenceId: sequenceId,
    sequenceId,
    bytes: 0,
    edits: 0,
    marker,
  }
}

/** The marker of a flush of all families, one in tables of one family. */
export function startFlush(sequenceId: number, flushSequenceNumber: number): ReplicaEntry {
  const marker = { kind: 'START_FLUSH', flushSequenceNumber, families: [0], isFull: true } as const
  return markerEntry(sequenceId, marker)
}

export function startPartialFlush(sequenceId: number, flushSequenceNumber: number): ReplicaEntry {
  const marker = { kind: 'START_FLUSH', flushSequenceNumber, families: [0], isFull: false } as const
  return markerEntry(sequenceId, marker)
}

export function commitFlush(sequenceId: number, flushSequenceNumber: number): ReplicaEntry {
  const marker = { kind: 'COMMIT_FLUSH', flushSequenceNumber, families: [0], files: [] } as const
  return markerEntry(sequenceId, marker)
}
