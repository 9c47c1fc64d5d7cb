import type { Protocol } from '../../kernel/process.js'
import type { Signal } from '../../kernel/signal.js'
import { MARKER_OPERATION, NO_REGION, REPLICATION_MARKER } from '../wal/edit-log.js'
import type { MarkerDescriptor } from '../wal/marker-descriptor.js'
import type { RingBufferWal } from '../wal/ring-buffer-wal.js'
import { type Marker, markerWork, replicationMarkerWork } from './marker.js'
import type { ServerWals } from './server-wals.js'
import type { UnsyncedWrites } from './unsynced-writes.js'
import type { WriteCalls } from './write-calls.js'
import type { WritePathOptions } from './write-path-options.js'

export interface WalMarkersOptions
  extends Pick<
    WritePathOptions,
    'scheduler' | 'memstores' | 'regionName' | 'replicas' | 'onDisturbed'
  > {
  readonly calls: WriteCalls
  readonly serverWals: ServerWals
  readonly unsynced: UnsyncedWrites | null
  /** Notified when a sync has returned while somebody waits. */
  readonly changed: Signal
  /** Brings the write path up to now. */
  advance(): void
}

/** What a server writes into its WALs of its own accord (WALUtil), and waits for. */
export class WalMarkers {
  readonly #options: WalMarkersOptions
  #replicationMarkers = 0
  #waiting = 0

  constructor(options: WalMarkersOptions) {
    this.#options = options
  }

  /** Protocols that wait for a sync. */
  get waiting(): number {
    return this.#waiting
  }

  /**
   * WALUtil.writeMarker without its sync: the next sequence id of the region and a place in the
   * ring buffer of its WAL, now. In MVCC a marker is in the way of no write that waits for the WAL:
   * its entry is completed at the latest when its sync returns, which is when the writes behind it
   * are durable at the earliest.
   */
  append(region: number, bytes: number, descriptor: MarkerDescriptor): Marker {
    const { memstores, calls, serverWals, advance, regionName, replicas, unsynced } = this.#options
    advance()
    const sequenceId = memstores.beginSequenceId(region)
    const work = markerWork(regionName(region), sequenceId)
    const slot = calls.allocateMarker(region, bytes, work, MARKER_OPERATION)
    const wal = serverWals.of(region)
    const marker = this.#write(slot, wal, sequenceId)
    wal.log.markers.describe(marker.edit, descriptor)
    if (replicas?.isReplicated[region] === 1) {
      replicas.markerAppended(region, sequenceId, bytes, descriptor)
    }
    unsynced?.markerAppended(region, sequenceId, descriptor)
    return marker
  }

  /** WALUtil.writeReplicationMarkerAndSync: of no region, with sequence ids of its own. */
  *replicationMarker(bytes: number): Protocol {
    const { calls, serverWals, advance } = this.#options
    advance()
    const n = ++this.#replicationMarkers
    const work = replicationMarkerWork(n)
    const slot = calls.allocateMarker(NO_REGION, bytes, work, REPLICATION_MARKER)
    const wal = serverWals.ofNoRegion
    this.#write(slot, wal, n)
    yield* this.sync(wal)
  }

  /** Ends when all that the WAL was given by now is durable. */
  *sync(wal: RingBufferWal): Protocol {
    this.#options.advance()
    const edits = wal.log.length
    this.#waiting++
    this.#options.onDisturbed()
    while (wal.syncedEdits < edits) yield this.#options.changed
    this.#waiting--
  }

  #write(slot: number, wal: RingBufferWal, sequenceId: number): Marker {
    const { calls, serverWals, scheduler, onDisturbed } = this.#options
    wal.offered(scheduler.now, calls.bytes[slot] as number)
    wal.append(slot, scheduler.now, calls.region[slot] as number, sequenceId)
    serverWals.noteSteps()
    onDisturbed()
    return { sequenceId, edit: calls.edit[slot] as number }
  }
}
