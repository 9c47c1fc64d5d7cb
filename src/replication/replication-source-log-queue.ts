import type { ReadableWal } from './readable-wal.js'

/**
 * The WALs that a source has yet to read, oldest first, the one being written included (HBase's
 * class of this name, one WAL group). A WAL leaves when its reader has finished reading it: before
 * it is shipped, let alone confirmed.
 */
export class ReplicationSourceLogQueue {
  readonly #wals: ReadableWal[] = []

  /** `sizeOfLogQueue`: 1 is healthy. */
  get length(): number {
    return this.#wals.length
  }

  get head(): ReadableWal | undefined {
    return this.#wals[0]
  }

  enqueue(wal: ReadableWal): void {
    this.#wals.push(wal)
  }

  dequeue(): ReadableWal | undefined {
    return this.#wals.shift()
  }

  /** `oldestWalAge`: age of the oldest queued WAL; 0 if there is none. */
  oldestWalAgeUs(nowUs: number): number {
    let oldest = nowUs
    for (const wal of this.#wals) oldest = Math.min(oldest, wal.createdUs)
    return nowUs - oldest
  }
}
