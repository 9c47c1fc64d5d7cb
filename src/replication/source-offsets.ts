import type { Protocol } from '../kernel/process.js'
import type { Scheduler } from '../kernel/scheduler.js'
import { IOException } from '../storage/io-exception.js'
import type { ReadableWal } from './readable-wal.js'
import type {
  ReplicationGroupOffset,
  ReplicationQueueId,
  ReplicationQueueStorage,
} from './replication-queue-storage.js'
import type { TrackedWals } from './tracked-wals.js'
import type { WALEntryBatch } from './wal-entry-batch.js'

export interface SourceOffsetsOptions {
  readonly scheduler: Scheduler
  readonly queue: ReplicationQueueId
  readonly storage: Pick<ReplicationQueueStorage, 'offset' | 'setOffset'>
  readonly wals: TrackedWals
  /** The source is neither terminated nor at its end. */
  active(): boolean
  peerEnabled(): boolean
  abortServer(reason: string): void
}

/** Persists how far a source has come (`ReplicationSourceManager.logPositionAndCleanOldLogs`). */
export class SourceOffsets {
  readonly #options: SourceOffsetsOptions
  /** The groups' offsets when the source was created. */
  readonly #initial = new Map<number, ReplicationGroupOffset | undefined>()
  /** Last submitted batch of each group (feature branch of HBASE-28957). */
  readonly #submitted = new Map<number, WALEntryBatch>()

  constructor(options: SourceOffsetsOptions) {
    this.#options = options
    for (const { group } of options.wals.wals()) this.#readInitial(group)
  }

  /** A shipper stores nothing for a source that was terminated, nor while the peer is disabled. */
  get mayPersist(): boolean {
    return this.#options.active() && this.#options.peerEnabled()
  }

  /**
   * Where a reader of `head` begins. HBase asks for the offset only when it creates the source, so
   * a reader that is created later begins where the source did.
   */
  startPosition(head: ReadableWal): number {
    const offset = this.#readInitial(head.group)
    if (offset?.wal !== head) return 0
    return offset.complete ? head.entries : offset.position
  }

  /** Stores the offset behind `batch`. False if that failed: the server aborts. */
  store(batch: WALEntryBatch): Protocol<boolean> {
    const { scheduler, queue } = this.#options
    const { tracer } = scheduler
    const store = this.#store(batch)
    if (tracer === null) return store
    const { wal, toPosition: position } = batch
    const details = { peer: queue.peer, origin: queue.origin, wal: wal.name, position }
    return tracer.around('store offset', details, store, (stored) => ({
      result: stored ? 'stored' : 'failed',
    }))
  }

  *#store({ wal, group, toPosition, endOfFile }: WALEntryBatch): Protocol<boolean> {
    const { queue, storage, wals } = this.#options
    const offset = { wal, position: toPosition, complete: endOfFile }
    try {
      yield* storage.setOffset(queue, group, offset)
    } catch (error) {
      if (!(error instanceof IOException)) throw error
      this.#options.abortServer(`Failed to operate on replication queue: ${error.message}`)
      return false
    }
    wals.passed(group, offset)
    return true
  }

  /** The endpoint has the batch and has not committed it. */
  submitted(batch: WALEntryBatch): void {
    this.#submitted.set(batch.group, batch)
  }

  /**
   * Stores the offset behind the last submitted batch of every group, also of one that is submitted
   * while another group's offset is being stored, though no file of it may be closed. Not even the
   * end of the source keeps it from doing so: the endpoint asks for it when it stops.
   */
  *storeSubmitted(): Protocol<boolean> {
    for (const group of Array.from(this.#submitted.keys())) {
      const batch = this.#submitted.get(group)
      if (batch === undefined) continue
      // Timer and shipper may both be here: what one of them stores the other leaves alone.
      this.#submitted.delete(group)
      if (!(yield* this.store(batch))) return false
    }
    return true
  }

  #readInitial(group: number): ReplicationGroupOffset | undefined {
    const { queue, storage } = this.#options
    if (!this.#initial.has(group)) this.#initial.set(group, storage.offset(queue, group))
    return this.#initial.get(group)
  }
}
