import type { ReadableWal } from './readable-wal.js'
import type { ReplicationGroupOffset } from './replication-queue-storage.js'

/**
 * True if a source whose group of `wal` stands at `offset` has still to ship something of it
 * (HBase's ReplicationOffsetUtil).
 */
export function shouldReplicate(
  offset: ReplicationGroupOffset | undefined,
  wal: ReadableWal,
): boolean {
  if (offset === undefined || wal.createdUs > offset.wal.createdUs) return true
  if (wal.createdUs < offset.wal.createdUs) return false
  return !offset.complete
}
