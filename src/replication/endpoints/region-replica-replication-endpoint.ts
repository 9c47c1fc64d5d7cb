import type { EditLog } from '../../hbase/wal/edit-log.js'
import type { Protocol } from '../../kernel/process.js'
import type { DisasterClass } from '../../storage/disaster.js'
import type { Extent } from '../../storage/extent.js'
import { IOException } from '../../storage/io-exception.js'
import type { ReplicationEndpoint, ReplicationResult } from '../replication-endpoint.js'
import type { WALEntryBatch } from '../wal-entry-batch.js'
import { EntryBuffers } from './region-replica/entry-buffers.js'
import { PipelineController } from './region-replica/pipeline-controller.js'
import { RegionSplitter } from './region-replica/region-entries.js'
import {
  RegionReplicaOutputSink,
  type RegionReplicaOutputSinkOptions,
} from './region-replica/region-replica-output-sink.js'

export interface RegionReplicaReplicationOptions extends RegionReplicaOutputSinkOptions {
  /** `hbase.region.replica.replication.buffersize` */
  readonly bufferBytes: number
  logOf(log: number): EditLog
}

/**
 * Sends what primary regions are written to their secondary replicas (HBase 2.x). A batch goes into
 * a buffer per region, writer threads empty the largest first, and the batch ends when all buffers
 * are empty: one secondary that does not answer holds up every region of the queue. When its retries
 * are used up the whole batch begins anew, and others get their entries twice.
 *
 * Simplifications: entries of regions without a secondary do not go through the buffers, and filling
 * these takes no time, so a writer finds all of a batch that has room. HBase 2.6 looks for a writer's
 * error only as it fills the buffers: one that comes later is met by the next batch, which then is
 * the one that goes out twice, while the failed region's entries never reach that secondary; and
 * with all writers dead it waits for ever. Here the error ends the batch that it belongs to.
 */
export class RegionReplicaReplicationEndpoint implements ReplicationEndpoint {
  readonly claims: readonly DisasterClass[] = []
  readonly offsets = 'shipper'
  readonly #options: RegionReplicaReplicationOptions
  readonly #splitter: RegionSplitter
  readonly #buffers: EntryBuffers
  readonly #controller = new PipelineController()
  readonly #sink: RegionReplicaOutputSink

  constructor(options: RegionReplicaReplicationOptions) {
    this.#options = options
    this.#splitter = new RegionSplitter({
      logOf: (log) => options.logOf(log),
      hasSecondaries: (region) => region >= 0 && options.replicasOf(region).length > 1,
    })
    this.#buffers = new EntryBuffers(options.bufferBytes)
    this.#sink = new RegionReplicaOutputSink(this.#buffers, this.#controller, options)
  }

  /** The most bytes that its buffers ever held. */
  get maxBufferedBytes(): number {
    return this.#buffers.maxBuffered
  }

  start(): Protocol {
    this.#sink.startWriterThreads()
    return nothing()
  }

  *replicate({ extents }: WALEntryBatch): Protocol<ReplicationResult> {
    for (;;) {
      try {
        for (const extent of extents) yield* this.#append(extent)
        yield* this.#controller.waitWhile(() => this.#buffers.bytes > 0)
        this.#controller.checkForErrors()
        return 'COMMITTED'
      } catch (error) {
        if (!(error instanceof IOException)) throw error
        this.#sink.restartWriterThreadsIfNeeded()
      }
    }
  }

  beforePersistingReplicationOffset(): Protocol {
    return nothing()
  }

  stop(): Protocol {
    this.#sink.stop()
    return nothing()
  }

  /** The entry that fills the buffers is in them while the reader waits. */
  *#append(extent: Extent): Protocol {
    const log = this.#options.logOf(extent.log)
    for (let { from } = extent; from < extent.to; ) {
      const last = log.lastWithin(from, extent.to, this.#buffers.room)
      const to = Math.min(last + 1, extent.to)
      const part = { ...extent, from, to, bytes: log.bytesOf(from, to) }
      for (const entries of this.#splitter.split([part])) this.#buffers.append(entries)
      this.#sink.dataAvailable()
      yield* this.#controller.waitWhile(() => this.#buffers.full)
      this.#controller.checkForErrors()
      from = to
    }
  }
}

function* nothing(): Protocol {}
