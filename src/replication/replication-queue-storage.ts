import type { Protocol } from '../kernel/process.js'
import type { ReadableWal } from './readable-wal.js'

/** How far a queue has come: everything up to `position` entries of the WAL, or all of it. */
export interface ReplicationGroupOffset {
  readonly wal: ReadableWal
  readonly position: number
  /** Position −1 in HBase: the file is completely replicated. */
  readonly complete: boolean
}

/**
 * Where sources persist their offsets: ZooKeeper in HBase 2.x, the table `hbase:replication` in 3.x
 * (HBASE-27109). One queue per server and peer here.
 */
export interface ReplicationQueueStorage {
  /** A server is about to write to `wal`; the roll waits. */
  addWAL(server: string, peer: string, wal: ReadableWal): Protocol
  setOffset(server: string, peer: string, offset: ReplicationGroupOffset): Protocol
  /** Undefined while nothing is persisted. */
  offset(server: string, peer: string): ReplicationGroupOffset | undefined
}

/** True if a source at `offset` has still to ship something of `wal` (ReplicationOffsetUtil). */
export function shouldReplicate(
  offset: ReplicationGroupOffset | undefined,
  wal: ReadableWal,
): boolean {
  if (offset === undefined || wal.createdUs > offset.wal.createdUs) return true
  if (wal.createdUs < offset.wal.createdUs) return false
  return !offset.complete
}

/** Time that the writes of one queue take: the `n`-th write of a queue. */
export type QueueStorageLatency = (server: string, peer: string, n: number) => number

/**
 * HBase 2.x: a znode per WAL. A new WAL costs a write per peer before the roll completes, an offset
 * one write, a finished WAL one more for the removal of its znode.
 */
export class ZKReplicationQueueStorage implements ReplicationQueueStorage {
  readonly #queues = new Queues()
  readonly #wals = new Queues()

  /** @param newWalUs time to add the `n`-th WAL of a queue: work that all designs do alike */
  constructor(
    private readonly latencyUs: QueueStorageLatency,
    private readonly newWalUs: QueueStorageLatency,
  ) {}

  *addWAL(server: string, peer: string): Protocol {
    yield this.newWalUs(server, peer, this.#wals.nextWrite(server, peer))
  }

  *setOffset(server: string, peer: string, offset: ReplicationGroupOffset): Protocol {
    if (this.#moves(server, peer, offset)) yield* this.#write(server, peer)
    this.#queues.set(server, peer, offset)
    if (offset.complete) yield* this.#write(server, peer)
  }

  offset(server: string, peer: string): ReplicationGroupOffset | undefined {
    return this.#queues.get(server, peer)
  }

  /** The mere end of a file, met between batches, carries no position. */
  #moves(server: string, peer: string, { wal, position }: ReplicationGroupOffset): boolean {
    const stored = this.#queues.get(server, peer)
    return position > 0 && (stored?.wal !== wal || stored.position !== position)
  }

  *#write(server: string, peer: string): Protocol {
    yield this.latencyUs(server, peer, this.#queues.nextWrite(server, peer))
  }
}

/** HBase 3.x: one row per queue; a new WAL writes nothing, an offset one put. */
export class TableReplicationQueueStorage implements ReplicationQueueStorage {
  readonly #queues = new Queues()

  constructor(private readonly latencyUs: QueueStorageLatency) {}

  *addWAL(): Protocol {}

  *setOffset(server: string, peer: string, offset: ReplicationGroupOffset): Protocol {
    yield this.latencyUs(server, peer, this.#queues.nextWrite(server, peer))
    this.#queues.set(server, peer, offset)
  }

  offset(server: string, peer: string): ReplicationGroupOffset | undefined {
    return this.#queues.get(server, peer)
  }
}

class Queues {
  readonly #offsets = new Map<string, ReplicationGroupOffset>()
  readonly #writes = new Map<string, number>()

  get(server: string, peer: string): ReplicationGroupOffset | undefined {
    return this.#offsets.get(`${peer}/${server}`)
  }

  set(server: string, peer: string, offset: ReplicationGroupOffset): void {
    this.#offsets.set(`${peer}/${server}`, offset)
  }

  /** Number of the next write of this queue. */
  nextWrite(server: string, peer: string): number {
    const queue = `${peer}/${server}`
    const n = this.#writes.get(queue) ?? 0
    this.#writes.set(queue, n + 1)
    return n
  }
}
