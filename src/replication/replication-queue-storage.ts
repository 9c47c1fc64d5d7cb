import type { Protocol } from '../kernel/process.js'
import type { ReadableWal } from './readable-wal.js'

/** The WALs that `origin` wrote, to be shipped to `peer` by `server`: `origin` until it is claimed. */
export interface ReplicationQueueId {
  readonly peer: string
  readonly server: string
  readonly origin: string
}

/** How far a WAL group has come: everything up to `position` entries of the WAL, or all of it. */
export interface ReplicationGroupOffset {
  readonly wal: ReadableWal
  readonly position: number
  /** Position −1 in HBase: the file is completely replicated. */
  readonly complete: boolean
}

/**
 * Where sources persist their offsets: ZooKeeper in HBase 2.x, the table `hbase:replication` in 3.x
 * (HBASE-27109). A write that was sent is the storage's: it takes effect when its time is over, even
 * if the sender dies meanwhile. Reading takes no time, which hides a few milliseconds per claim.
 *
 * Every write throws an IOException of the kind `unavailable` says; a failed one aborts the region
 * server in HBase (`ReplicationSourceManager.interruptOrAbortWhenFail`).
 */
export interface ReplicationQueueStorage {
  /** What writes meet that end from now on: `refused` without power, `lost` for good. */
  unavailable: 'refused' | 'lost' | null
  /** The queue as it stands when the run begins. No time passes. */
  startWith(queue: ReplicationQueueId, wals: readonly ReadableWal[]): void
  /** A server is about to write to `wal`; the roll waits. */
  addWAL(queue: ReplicationQueueId, wal: ReadableWal): Protocol
  /**
   * A queue that begins with the WALs its server writes at present (`add_peer`), or, with none, one
   * of a dead server that has persisted nothing yet (`ReplicationGroupOffset.BEGIN`).
   */
  addQueue(queue: ReplicationQueueId, wals: readonly ReadableWal[]): Protocol
  setOffset(queue: ReplicationQueueId, group: number, offset: ReplicationGroupOffset): Protocol
  /** Undefined while nothing is persisted. */
  offset(queue: ReplicationQueueId, group: number): ReplicationGroupOffset | undefined
  /** WALs that the queue names, oldest first; null if it names none but those of its offsets. */
  walsOf(queue: ReplicationQueueId): readonly ReadableWal[] | null
  /** Queues of a peer and held by a server; null is any. In order of their creation. */
  queues(peer: string | null, server: string | null): readonly ReplicationQueueId[]
  /** Gives the queue to `by`. Null: someone else has it, or it is gone. */
  claimQueue(queue: ReplicationQueueId, by: string): Protocol<ReplicationQueueId | null>
  removeQueue(queue: ReplicationQueueId): Protocol
  /** The master removes every queue of a peer, one after the other. */
  removePeer(peer: string): Protocol
}

/** Name of a queue, unique among all; names its luck as well. */
export function queueName({ peer, server, origin }: ReplicationQueueId): string {
  return server === origin ? `${peer}/${server}` : `${peer}/${server}/${origin}`
}

/** The queue when `by` has claimed it: the server that wrote its WALs is never forgotten. */
export function claimedBy({ peer, origin }: ReplicationQueueId, by: string): ReplicationQueueId {
  return { peer, server: by, origin }
}
