import type { Protocol } from '../kernel/process.js'
import type { Scheduler } from '../kernel/scheduler.js'
import type { ReadableWal } from './readable-wal.js'
import {
  claimedBy,
  type ReplicationGroupOffset,
  type ReplicationQueueId,
  type ReplicationQueueStorage,
} from './replication-queue-storage.js'
import {
  type QueueStorageLatency,
  ReplicationQueueStorageBase,
} from './replication-queue-storage-base.js'

/**
 * HBase 3.x: one row per queue in `hbase:replication`, one column per WAL group (HBase's class of
 * this name). A new WAL writes nothing: which files are behind an offset follows from their start
 * times, those before it are done.
 *
 * Sequence ids of serial peers and HFile references are left out: nothing here ships in that order
 * or bulk loads.
 */
export class TableReplicationQueueStorage
  extends ReplicationQueueStorageBase
  implements ReplicationQueueStorage
{
  constructor(scheduler: Scheduler, latencyUs: QueueStorageLatency) {
    super(scheduler, 'hbase:replication', latencyUs)
  }

  startWith(queue: ReplicationQueueId, wals: readonly ReadableWal[]): void {
    for (const wal of wals) this.#put(queue, wal.group, beginningOf(wal))
  }

  *addWAL(): Protocol {}

  *addQueue(queue: ReplicationQueueId, wals: readonly ReadableWal[]): Protocol {
    if (wals.length === 0) yield* this.write(queue, () => this.stored.ensure(queue))
    for (const wal of wals) yield* this.setOffset(queue, wal.group, beginningOf(wal))
  }

  /** A plain put: from a server that does not know it is dead it brings a claimed row back. */
  *setOffset(queue: ReplicationQueueId, group: number, offset: ReplicationGroupOffset): Protocol {
    yield* this.write(queue, () => this.#put(queue, group, offset))
  }

  walsOf(): null {
    return null
  }

  /** One compare-and-set deletes the old row and puts the new one. */
  *claimQueue(queue: ReplicationQueueId, by: string): Protocol<ReplicationQueueId | null> {
    const claimed = claimedBy(queue, by)
    return yield* this.write(claimed, () => (this.stored.move(queue, claimed) ? claimed : null))
  }

  #put(queue: ReplicationQueueId, group: number, offset: ReplicationGroupOffset): void {
    this.stored.ensure(queue).offsets.set(group, offset)
  }
}

function beginningOf(wal: ReadableWal): ReplicationGroupOffset {
  return { wal, position: 0, complete: false }
}
