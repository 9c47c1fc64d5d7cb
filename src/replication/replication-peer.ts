import type { EditLog } from '../hbase/wal/edit-log.js'
import type { OffsetTriggers } from './offset-persistence.js'
import type { ReaderLimits } from './replication-source-wal-reader.js'

/** What `replication.source.*` and its like say to a source, in the simulator's units. */
export interface SourceLimits extends ReaderLimits, OffsetTriggers {
  /** `replication.source.nb.batches` */
  readonly batchesAhead: number
  /** `replication.source.getEntries.timeout` */
  readonly getEntriesTimeoutUs: number
  /**
   * `replication.source.regionserver.abort`: a source that cannot start its endpoint aborts the
   * server; otherwise it tries for ever.
   */
  readonly abortOnError: boolean
}

/** A peer as the sources of one region server see it (HBase's class of this name). */
export interface ReplicationPeer {
  readonly id: string
  /** Part of the kind of the peer's progress events. */
  readonly number: number
  /** Resolved when a source is created; the peer's own configuration wins (HBASE-29796). */
  limits(): SourceLimits
  /**
   * Bytes per second that a source may hand to its endpoint, 0 for no limit: the peer's own, else
   * `replication.source.per.peer.node.bandwidth`. Asked for again with each batch.
   */
  bandwidth(): number
  /** True if the peer's filters let the edit of a log pass; absent if they let all. */
  readonly wants?: ((edit: number, log: EditLog) => boolean) | undefined
  /**
   * Markers of flushes, compactions, bulk loads and of regions pass like edits: the filters are those
   * of an endpoint that leaves the scope out (`getScopeWALEntryFilter`). Other peers get none.
   */
  readonly wantsMarkers?: boolean
}
