import type { Protocol } from '../kernel/process.js'
import type { Scheduler } from '../kernel/scheduler.js'
import { IOException } from '../storage/io-exception.js'
import type { ReadableWal } from './readable-wal.js'
import {
  claimedBy,
  queueName,
  type ReplicationGroupOffset,
  type ReplicationQueueId,
  type ReplicationQueueStorage,
} from './replication-queue-storage.js'
import {
  NumberedWrites,
  type QueueStorageLatency,
  ReplicationQueueStorageBase,
} from './replication-queue-storage-base.js'
import type { StoredQueue } from './stored-queues.js'

/**
 * HBase 2.x: a znode per WAL that is still to be replicated, its value the position (HBase's class of
 * this name). A new WAL costs a write per peer before the roll completes, a position one write, a
 * finished WAL one more for the removal of its znode.
 *
 * Znodes of serial peers' sequence ids and HFile references are left out: nothing here ships in that
 * order or bulk loads.
 */
export class ZKReplicationQueueStorage
  extends ReplicationQueueStorageBase
  implements ReplicationQueueStorage
{
  readonly #newWals: NumberedWrites

  /** @param newWalUs time to add the `n`-th WAL of a queue: work that all designs do alike */
  constructor(scheduler: Scheduler, latencyUs: QueueStorageLatency, newWalUs: QueueStorageLatency) {
    super(scheduler, 'ZooKeeper', latencyUs)
    this.#newWals = new NumberedWrites(newWalUs)
  }

  startWith(queue: ReplicationQueueId, wals: readonly ReadableWal[]): void {
    this.stored.ensure(queue).wals.push(...wals)
  }

  *addWAL(queue: ReplicationQueueId, wal: ReadableWal): Protocol {
    yield* this.write(queue, () => this.stored.ensure(queue).wals.push(wal), this.#newWals)
  }

  *addQueue(queue: ReplicationQueueId, wals: readonly ReadableWal[]): Protocol {
    for (const wal of wals) yield* this.addWAL(queue, wal)
  }

  /** @throws IOException `not-found` if the WAL's znode is gone, as when the queue was claimed */
  *setOffset(queue: ReplicationQueueId, group: number, offset: ReplicationGroupOffset): Protocol {
    if (this.#moves(queue, group, offset)) {
      const found = yield* this.write(queue, () => this.#setData(queue, group, offset))
      if (!found) throw new IOException('not-found', `${queueName(queue)}/${offset.wal.name}`)
    }
    for (const wal of this.#older(queue, group, offset.wal)) {
      yield* this.write(queue, () => deleteNode(this.stored.get(queue), wal))
    }
    if (offset.complete) yield* this.write(queue, () => this.#finish(queue, group, offset))
  }

  walsOf(queue: ReplicationQueueId): readonly ReadableWal[] {
    return this.stored.get(queue)?.wals ?? []
  }

  /**
   * One multi-operation moves all znodes; what is read before takes no time here. A queue without
   * znodes is removed and not claimed.
   */
  *claimQueue(queue: ReplicationQueueId, by: string): Protocol<ReplicationQueueId | null> {
    const claimed = claimedBy(queue, by)
    return yield* this.write(claimed, () => {
      if (this.walsOf(queue).length > 0) return this.stored.move(queue, claimed) ? claimed : null
      this.stored.remove(queue)
      return null
    })
  }

  /** The mere end of a file, met between batches, carries no position. */
  #moves(queue: ReplicationQueueId, group: number, { wal, position }: ReplicationGroupOffset) {
    const stored = this.offset(queue, group)
    return position > 0 && (stored?.wal !== wal || stored.position !== position)
  }

  /** False if the znode is not there. */
  #setData(queue: ReplicationQueueId, group: number, offset: ReplicationGroupOffset): boolean {
    const stored = this.stored.get(queue)
    if (stored?.wals.includes(offset.wal) !== true) return false
    stored.offsets.set(group, { ...offset, complete: false })
    return true
  }

  /** Znodes of the group's WALs before `wal`: done, by what was shipped since (`cleanOldLogs`). */
  #older(queue: ReplicationQueueId, group: number, { createdUs }: ReadableWal): ReadableWal[] {
    return this.walsOf(queue).filter((wal) => wal.group === group && wal.createdUs < createdUs)
  }

  #finish(queue: ReplicationQueueId, group: number, offset: ReplicationGroupOffset): void {
    const stored = this.stored.get(queue)
    deleteNode(stored, offset.wal)
    stored?.offsets.set(group, offset)
  }
}

/** A znode that is gone already is no failure. */
function deleteNode(queue: StoredQueue | undefined, wal: ReadableWal): void {
  const index = queue?.wals.indexOf(wal) ?? -1
  if (index >= 0) queue?.wals.splice(index, 1)
}
