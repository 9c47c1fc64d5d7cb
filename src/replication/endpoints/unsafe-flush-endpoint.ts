import type { Protocol } from '../../kernel/process.js'
import type { DisasterClass } from '../../storage/disaster.js'
import type { Extent } from '../../storage/extent.js'
import { IOException } from '../../storage/io-exception.js'
import { requireSyncable } from '../../storage/stream-capabilities.js'
import type {
  EndpointContext,
  ReplicationEndpoint,
  ReplicationResult,
} from '../replication-endpoint.js'
import type { WALEntryBatch } from '../wal-entry-batch.js'
import { Attempts, failed, succeeds } from './attempts.js'
import { partsByTable } from './batch-parts.js'
import { FlushThread } from './flush-thread.js'
import { type ObjectFile, ObjectFiles } from './object-files.js'
import { SURVIVES_CLUSTER } from './survives-cluster.js'

/**
 * False durability: writes to an object as if it were a WAL in HDFS, and accepts when hflush has
 * returned. On S3A that call does nothing and does not say so (R5); what is lost when an object is
 * not closed is lost for good. HBase's check of the stream forbids it, and
 * `hbase.unsafe.stream.capability.enforce=false` permits it (R7). Its claims are what its author
 * believes.
 */
export class UnsafeFlushEndpoint implements ReplicationEndpoint {
  readonly claims: readonly DisasterClass[] = SURVIVES_CLUSTER
  readonly offsets = 'shipper'
  readonly #context: EndpointContext
  readonly #objects: ObjectFiles
  readonly #flush: FlushThread
  readonly #attempts = new Attempts()
  readonly #open = new Map<string, ObjectFile>()
  #stopped = false

  constructor(context: EndpointContext) {
    this.#context = context
    this.#objects = new ObjectFiles(context)
    this.#flush = new FlushThread(context)
  }

  /** @throws IOException `unsupported` if HBase would refuse the stream; of the client's requests */
  *start(): Protocol {
    yield* this.#objects.initialize()
    const probe = yield* this.#objects.create('', false)
    yield* probe.abort()
    requireSyncable(probe.stream, this.#context.configuration)
    this.#flush.start(() => this.#closeAll())
  }

  *replicate(batch: WALEntryBatch): Protocol<ReplicationResult> {
    const { scheduler } = this.#context
    const sinceUs = scheduler.now
    const accepted = yield* this.#flush.exclusively(this.#write(batch))
    return accepted ? 'COMMITTED' : yield* failed(scheduler, sinceUs)
  }

  *beforePersistingReplicationOffset(): Protocol {}

  *stop(): Protocol {
    this.#stopped = true
    yield* this.#flush.stop()
    yield* this.#flush.exclusively(this.#closeAll())
    yield* this.#objects.stop()
  }

  *#write(batch: WALEntryBatch): Protocol<boolean> {
    if (this.#stopped) return false
    let written = 0
    for (const [table, extents] of partsByTable(this.#attempts.extentsOf(batch), this.#context)) {
      if (!(yield* this.#append(table, extents))) {
        this.#attempts.refused(batch, written)
        return false
      }
      written++
    }
    this.#attempts.accepted(batch)
    return true
  }

  *#append(table: string, extents: readonly Extent[]): Protocol<boolean> {
    const { rollSize } = this.#context.options
    try {
      const full = this.#open.get(table)
      if (full !== undefined && full.bytes >= rollSize) yield* this.#close(table, full)
      const object = this.#open.get(table) ?? (yield* this.#objects.create(table, true))
      this.#open.set(table, object)
      yield* object.append(extents)
      object.stream.hflush()
      return true
    } catch (error) {
      if (!(error instanceof IOException)) throw error
      const broken = this.#open.get(table)
      this.#open.delete(table)
      if (broken !== undefined) yield* broken.abort()
      // Hadoop's UnsupportedOperationException, which reaches the shipper.
      if (error.kind === 'unsupported') throw error
      return false
    }
  }

  *#closeAll(): Protocol {
    for (const [table, object] of [...this.#open]) yield* this.#close(table, object)
  }

  /** Its entries are confirmed: if it fails there is nobody left to tell. */
  *#close(table: string, object: ObjectFile): Protocol {
    this.#open.delete(table)
    yield* succeeds(object.close())
  }
}
