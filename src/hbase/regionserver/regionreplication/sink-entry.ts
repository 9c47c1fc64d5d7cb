import type { ReplicaEntry } from '../../wal/replica-entry.js'

/**
 * WALKeyImpl.estimatedSerializedSizeOf of an edit: the encoded name of its region (32), the name of
 * its table (taken to have 16 bytes), nonce group and nonce, sequence id and write time (8 each).
 */
export const WAL_KEY_BYTES = 80

/** Size of an entry in a RegionReplicationSink: its key and its edit (SinkEntry). */
export function sinkEntryBytes({ bytes, edits }: ReplicaEntry): number {
  return WAL_KEY_BYTES * Math.max(1, edits) + bytes
}
