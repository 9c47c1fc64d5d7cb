import { Host, type Protocol } from '../kernel/process.js'
import type { Scheduler } from '../kernel/scheduler.js'
import { IOException } from '../storage/io-exception.js'
import {
  queueName,
  type ReplicationGroupOffset,
  type ReplicationQueueId,
} from './replication-queue-storage.js'
import { StoredQueues } from './stored-queues.js'

/** Time in microseconds that the `n`-th write of a queue takes, there and back. */
export type QueueStorageLatency = (queue: ReplicationQueueId, n: number) => number

/**
 * What both queue storages do alike. Writes are served each at the end of its time, all side by
 * side, by a host of its own that stands for the ZooKeeper ensemble or the region server of
 * `hbase:replication`. It fails only as a whole: the latter's own crash and move are left out, so
 * no claim waits for that region.
 */
export abstract class ReplicationQueueStorageBase {
  unavailable: 'refused' | 'lost' | null = null
  protected readonly stored = new StoredQueues()
  readonly #host: Host
  readonly #writes: NumberedWrites

  constructor(scheduler: Scheduler, name: string, latencyUs: QueueStorageLatency) {
    this.#host = new Host(scheduler, name)
    this.#writes = new NumberedWrites(latencyUs)
  }

  offset(queue: ReplicationQueueId, group: number): ReplicationGroupOffset | undefined {
    return this.stored.get(queue)?.offsets.get(group)
  }

  queues(peer: string | null, server: string | null): readonly ReplicationQueueId[] {
    return this.stored.list(peer, server)
  }

  *removeQueue(queue: ReplicationQueueId): Protocol {
    yield* this.write(queue, () => this.stored.remove(queue))
  }

  *removePeer(peer: string): Protocol {
    for (const queue of this.queues(peer, null)) yield* this.removeQueue(queue)
  }

  /**
   * One write in the luck of `queue`; its effect comes at the end of its time.
   *
   * @throws IOException if the storage is unavailable then
   */
  protected *write<T>(
    queue: ReplicationQueueId,
    effect: () => T,
    writes: NumberedWrites = this.#writes,
  ): Protocol<T> {
    const answer = yield this.#host.spawn('write', this.#serve(writes.nextUs(queue), effect))
    if (answer instanceof IOException) throw answer
    return answer as T
  }

  /** A failure is an answer: nobody may be left to hear an exception. */
  *#serve<T>(us: number, effect: () => T): Protocol<T | IOException> {
    yield us
    if (this.unavailable === null) return effect()
    return new IOException(this.unavailable, `${this.#host.name} does not answer`)
  }
}

/** One kind of writes, numbered per queue so that the luck of each is its own. */
export class NumberedWrites {
  readonly #next = new Map<string, number>()

  constructor(private readonly latencyUs: QueueStorageLatency) {}

  /** Time that the queue's next write of this kind takes. */
  nextUs(queue: ReplicationQueueId): number {
    const name = queueName(queue)
    const n = this.#next.get(name) ?? 0
    this.#next.set(name, n + 1)
    return this.latencyUs(queue, n)
  }
}
