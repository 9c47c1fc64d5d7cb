import { invariant } from '../kernel/errors.js'
import type { MetricsSource } from './metrics-source.js'
import type { ReadableWal } from './readable-wal.js'

/** One WAL group's queue, as its reader sees it: oldest WAL first, the one being written included. */
export interface WalGroupQueue {
  readonly head: ReadableWal | undefined
  readonly length: number
  /** The reader has finished reading the head: before it is shipped, let alone confirmed. */
  dequeue(): ReadableWal | undefined
}

/** The WALs that a source has yet to read, by WAL group (HBase's class of this name). */
export class ReplicationSourceLogQueue {
  readonly #queues = new Map<number, Queue>()
  readonly #metrics: MetricsSource
  readonly #clock: { readonly now: number }

  constructor(metrics: MetricsSource, clock: { readonly now: number }) {
    this.#metrics = metrics
    this.#clock = clock
  }

  /** Groups seen so far, in that order. */
  get groups(): readonly number[] {
    return Array.from(this.#queues.keys())
  }

  /**
   * Queues a WAL in the order of start times. WALs of `hbase:meta` are refused.
   *
   * @returns true if it is the first of its group: a reader and a shipper must be started
   */
  enqueueLog(wal: ReadableWal): boolean {
    if (isMetaFile(wal.name)) return false
    const known = this.#queues.get(wal.group)
    const queue = known ?? new Queue(() => this.#left())
    if (known === undefined) this.#queues.set(wal.group, queue)
    queue.insert(wal)
    this.#metrics.sizeOfLogQueue++
    this.#tellOldestWalAge()
    return known === undefined
  }

  /** The queue of a group that a WAL was queued of. */
  queueOf(group: number): WalGroupQueue {
    const queue = this.#queues.get(group)
    invariant(queue !== undefined, 'no WAL of this group was ever queued')
    return queue
  }

  /** Now minus the start of the oldest queued WAL of all groups; 0 if there is none. */
  oldestWalAgeUs(nowUs: number): number {
    let oldestUs = nowUs
    for (const { head } of this.#queues.values()) {
      if (head !== undefined) oldestUs = Math.min(oldestUs, head.createdUs)
    }
    return nowUs - oldestUs
  }

  #left(): void {
    this.#metrics.sizeOfLogQueue--
    this.#tellOldestWalAge()
  }

  #tellOldestWalAge(): void {
    this.#metrics.oldestWalAgeUs = this.oldestWalAgeUs(this.#clock.now)
  }
}

/** `AbstractFSWALProvider.isMetaFile`: such a WAL is never replicated. */
function isMetaFile(name: string): boolean {
  return name.endsWith('.meta')
}

class Queue implements WalGroupQueue {
  readonly #wals: ReadableWal[] = []
  readonly #left: () => void

  constructor(left: () => void) {
    this.#left = left
  }

  get length(): number {
    return this.#wals.length
  }

  get head(): ReadableWal | undefined {
    return this.#wals[0]
  }

  insert(wal: ReadableWal): void {
    const later = this.#wals.findIndex(({ createdUs }) => createdUs > wal.createdUs)
    this.#wals.splice(later < 0 ? this.#wals.length : later, 0, wal)
  }

  dequeue(): ReadableWal | undefined {
    const wal = this.#wals.shift()
    if (wal !== undefined) this.#left()
    return wal
  }
}
