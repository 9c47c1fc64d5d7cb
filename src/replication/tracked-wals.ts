import type { ReadableWal } from './readable-wal.js'
import type { ReplicationGroupOffset } from './replication-queue-storage.js'

interface TrackedWal {
  readonly wal: ReadableWal
  /** Entries that a stored offset has passed. */
  confirmed: number
}

/** Told of the entries `[from, to)` of a WAL that a stored offset has newly passed. */
export type Confirm = (wal: ReadableWal, from: number, to: number) => void

/**
 * The WALs of one queue that no stored offset has passed completely (ReplicationSourceManager's
 * `walsById` and `walsByIdRecoveredQueues`). They outlive the queue's sources: a source that is
 * created anew queues them again.
 */
export class TrackedWals {
  readonly #groups = new Map<number, TrackedWal[]>()
  readonly #handed: Map<ReadableWal, number>

  /** @param handed how far WALs were given to the endpoint before the peer was removed and added */
  constructor(
    private readonly confirm: Confirm,
    handed: ReadonlyMap<ReadableWal, number> = new Map(),
  ) {
    this.#handed = new Map(handed)
  }

  track(wal: ReadableWal): void {
    const wals = this.#groups.get(wal.group) ?? []
    wals.push({ wal, confirmed: 0 })
    this.#groups.set(wal.group, wals)
  }

  /** All of them, each group's oldest first. */
  wals(): ReadableWal[] {
    return Array.from(this.#groups.values(), (wals) => wals.map(({ wal }) => wal)).flat()
  }

  /** The endpoint is given entries of `wal` up to `position`. */
  handedTo(wal: ReadableWal, position: number): void {
    this.#handed.set(wal, Math.max(this.#handed.get(wal) ?? 0, position))
  }

  /** How far each WAL was given to the endpoint by now. */
  handed(): ReadonlyMap<ReadableWal, number> {
    return new Map(this.#handed)
  }

  /**
   * The group's offset is stored. It declares every older WAL of the group done, whether or not
   * anybody has shipped it; but what `wal` repeats of it is read there.
   */
  passed(group: number, { wal, position, complete }: ReplicationGroupOffset): void {
    const tracked = this.#groups.get(group) ?? []
    const older = (other: ReadableWal) => other.createdUs < wal.createdUs
    const done = (entry: TrackedWal) => older(entry.wal) || (complete && entry.wal === wal)
    const readFrom = wal.from + position
    for (const entry of tracked) {
      if (older(entry.wal)) {
        this.#advance(entry, Math.min(entry.wal.entries, readFrom - entry.wal.from))
      } else if (entry.wal === wal) this.#advance(entry, complete ? wal.entries : position)
      if (done(entry)) this.#handed.delete(entry.wal)
    }
    const left = tracked.filter((entry) => !done(entry))
    this.#groups.set(group, left)
  }

  /** The queue is removed because it is at its end, which declares all of it done. */
  finished(): void {
    for (const entry of Array.from(this.#groups.values()).flat()) {
      this.#advance(entry, entry.wal.entries)
    }
    this.#groups.clear()
    this.#handed.clear()
  }

  #advance(entry: TrackedWal, to: number): void {
    if (to <= entry.confirmed) return
    this.confirm(entry.wal, entry.confirmed, to)
    entry.confirmed = to
  }
}
