import type { ReadableWal } from './readable-wal.js'
import {
  queueName,
  type ReplicationGroupOffset,
  type ReplicationQueueId,
} from './replication-queue-storage.js'

/** What a queue storage holds of one queue. */
export interface StoredQueue {
  readonly id: ReplicationQueueId
  readonly offsets: Map<number, ReplicationGroupOffset>
  /** WALs that stand in the queue by themselves, in order of creation. */
  readonly wals: ReadableWal[]
}

/** The contents of a queue storage, changed at the instants its writes take effect. */
export class StoredQueues {
  readonly #queues = new Map<string, StoredQueue>()

  get(queue: ReplicationQueueId): StoredQueue | undefined {
    return this.#queues.get(queueName(queue))
  }

  /** The queue, which is created if it is not there. */
  ensure(id: ReplicationQueueId): StoredQueue {
    const stored = this.get(id) ?? { id, offsets: new Map(), wals: [] }
    this.#queues.set(queueName(id), stored)
    return stored
  }

  list(peer: string | null, server: string | null): ReplicationQueueId[] {
    const ids = Array.from(this.#queues.values(), ({ id }) => id)
    return ids.filter(
      (id) => (peer === null || id.peer === peer) && (server === null || id.server === server),
    )
  }

  /** All or nothing; false if the queue is not there. */
  move(from: ReplicationQueueId, to: ReplicationQueueId): boolean {
    const stored = this.get(from)
    if (stored === undefined) return false
    this.remove(from)
    this.#queues.set(queueName(to), { ...stored, id: to })
    return true
  }

  remove(queue: ReplicationQueueId): void {
    this.#queues.delete(queueName(queue))
  }
}
