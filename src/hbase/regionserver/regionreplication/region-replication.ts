import type { Host, Protocol } from '../../../kernel/process.js'
import type { Scheduler } from '../../../kernel/scheduler.js'
import { IOException } from '../../../storage/io-exception.js'
import type { MarkerDescriptor } from '../../wal/marker-descriptor.js'
import type { ReplicaEntry } from '../../wal/replica-entry.js'
import {
  AsyncRegionReplicationRetryingCaller,
  type AsyncRegionReplicationRetryingCallerOptions,
} from './async-region-replication-retrying-caller.js'
import { HashedWheelTimer } from './hashed-wheel-timer.js'
import { RegionReplicationBufferManager } from './region-replication-buffer-manager.js'
import { FLUSH_REQUEST_TICK_US } from './region-replication-flush-requester.js'
import type { RegionReplicationSettings } from './region-replication-settings.js'
import {
  RegionReplicationSink,
  type RegionReplicationSinkOptions,
} from './region-replication-sink.js'

export interface RegionReplicationOptions
  extends Omit<AsyncRegionReplicationRetryingCallerOptions, 'scheduler'>,
    Pick<RegionReplicationSinkOptions, 'onBatch' | 'onDropped'> {
  readonly scheduler: Scheduler
  readonly host: Host
  readonly settings: RegionReplicationSettings
  /** Region numbers of the secondaries of a primary. */
  secondariesOf(primary: number): readonly number[]
  /** The table's REGION_MEMSTORE_REPLICATION. */
  memstoreReplication(primary: number): boolean
  /** Flushes all families, with a CANNOT_FLUSH in the WAL if there is nothing to flush. */
  flush(primary: number): Protocol
}

interface Source {
  readonly sink: RegionReplicationSink
  /** Id of the last edit of the region that came by. */
  lastEdit: number
}

/**
 * What one region server of HBase 3.x does to bring the writes of its primary regions to their
 * secondary replicas: a RegionReplicationSink for each, and what they share (HBASE-26233).
 */
export class RegionReplication {
  readonly #options: RegionReplicationOptions
  readonly #caller: AsyncRegionReplicationRetryingCaller
  readonly #bufferManager: RegionReplicationBufferManager
  readonly #flushTimer: HashedWheelTimer
  readonly #sources = new Map<number, Source>()

  constructor(options: RegionReplicationOptions) {
    const { scheduler, settings } = options
    this.#options = options
    this.#caller = new AsyncRegionReplicationRetryingCaller(options)
    this.#flushTimer = new HashedWheelTimer(scheduler, FLUSH_REQUEST_TICK_US)
    this.#bufferManager = new RegionReplicationBufferManager({
      ...settings,
      scheduler,
      flush: (primary, ended) => this.#spawnFlush(primary, ended),
    })
  }

  /** Bytes queued or under way. */
  get pendingBytes(): number {
    return this.#bufferManager.pendingBytes
  }

  /** Replicas of the server's primaries that wait for a flush. */
  get failedReplicas(): number {
    let failed = 0
    for (const { sink } of this.#sources.values()) failed += sink.failedReplicas.length
    return failed
  }

  /**
   * A primary opens: all that it writes from now on is passed on.
   *
   * @param lastSequenceId the highest id that it has given so far
   */
  open(primary: number, lastSequenceId: number): void {
    const { settings, scheduler, memstoreReplication, secondariesOf } = this.#options
    const { onBatch, onDropped } = this.#options
    const sink = new RegionReplicationSink({
      primary,
      server: this.#options.host.name,
      replicas: secondariesOf(primary),
      memstoreReplication: memstoreReplication(primary),
      settings,
      scheduler,
      timer: this.#flushTimer,
      bufferManager: this.#bufferManager,
      caller: this.#caller,
      requestFlush: () => this.#spawnFlush(primary, () => {}),
      ...(onBatch && { onBatch }),
      ...(onDropped && { onDropped }),
    })
    this.#sources.set(primary, { sink, lastEdit: lastSequenceId })
  }

  /** It closes; ends when nothing of it is under way any more. */
  *close(primary: number): Protocol {
    const source = this.#sources.get(primary)
    if (source === undefined) return
    this.#sources.delete(primary)
    source.sink.stop()
    yield* source.sink.waitUntilStopped()
  }

  /** An edit of a primary has left its MVCC queue. */
  edit(primary: number, sequenceId: number, bytes: number): void {
    this.#add(primary, sequenceId, bytes, 1, null)
  }

  /** The same of a marker. */
  marker(primary: number, sequenceId: number, bytes: number, marker: MarkerDescriptor): void {
    this.#add(primary, sequenceId, bytes, 0, marker)
  }

  /** The server's process has ended. */
  stop(): void {
    this.#caller.stop()
    this.#flushTimer.stop()
    this.#bufferManager.stop()
    this.#sources.clear()
  }

  #add(
    primary: number,
    sequenceId: number,
    bytes: number,
    edits: number,
    marker: MarkerDescriptor | null,
  ): void {
    const source = this.#sources.get(primary)
    if (source === undefined || (marker !== null && !isSent(marker))) return
    const after = source.lastEdit
    if (marker === null) source.lastEdit = sequenceId
    const entry: ReplicaEntry = {
      after,
      firstSequenceId: sequenceId,
      sequenceId,
      bytes,
      edits,
      marker,
    }
    source.sink.add(entry)
  }

  #spawnFlush(primary: number, ended: () => void): void {
    this.#options.host.spawn('flush for replicas', this.#flush(primary, ended))
  }

  *#flush(primary: number, ended: () => void): Protocol {
    try {
      yield* this.#options.flush(primary)
    } catch (error) {
      // The server aborts.
      if (!(error instanceof IOException)) throw error
    }
    ended()
  }
}

/** Those of an end reach no sink: the next REGION_OPEN says more. */
function isSent({ kind }: MarkerDescriptor): boolean {
  return kind !== 'ABORT_FLUSH' && kind !== 'REGION_CLOSE'
}
