import type { Protocol } from '../../kernel/process.js'
import type { DisasterClass } from '../../storage/disaster.js'
import type { Extent } from '../../storage/extent.js'
import type {
  EndpointContext,
  ReplicationEndpoint,
  ReplicationResult,
} from '../replication-endpoint.js'
import type { WALEntryBatch } from '../wal-entry-batch.js'
import { Attempts, failed, succeeds } from './attempts.js'
import { partsByDay } from './batch-parts.js'
import { FlushThread } from './flush-thread.js'
import { type ObjectFile, ObjectFiles } from './object-files.js'
import { SURVIVES_CLUSTER } from './survives-cluster.js'

/**
 * Option 3 of HBASE-28987 as it landed on its feature branch (ContinuousBackupReplicationEndpoint,
 * PR 6633): a writer per UTC day of write time; SUBMITTED until a writer has reached `rollSize` after
 * a batch, which closes all of them: COMMITTED. A timer closes them too and stores the offsets.
 *
 * A close that fails leaves every writer where it is, and batches are FAILED at once. The next flush
 * closes again, and S3A answers a second `close()` with success (S3ABlockOutputStream.close): the
 * writers are forgotten, and the offsets pass entries that are in no object. The checkpoint that a
 * flush writes into the backup system table is left out, and so is its time.
 */
export class ContinuousBackupEndpoint implements ReplicationEndpoint {
  readonly claims: readonly DisasterClass[] = SURVIVES_CLUSTER
  readonly offsets = 'endpoint'
  readonly #context: EndpointContext
  readonly #objects: ObjectFiles
  readonly #flush: FlushThread
  readonly #attempts = new Attempts()
  readonly #writers = new Map<string, WalWriter>()
  #stopped = false

  constructor(context: EndpointContext) {
    this.#context = context
    this.#objects = new ObjectFiles(context)
    this.#flush = new FlushThread(context)
  }

  *start(): Protocol {
    yield* this.#objects.initialize()
    this.#flush.start(() => this.#flushAndPersist())
  }

  *replicate(batch: WALEntryBatch): Protocol<ReplicationResult> {
    const { scheduler } = this.#context
    const sinceUs = scheduler.now
    const result = yield* this.#flush.exclusively(this.#write(batch))
    return result === 'FAILED' ? yield* failed(scheduler, sinceUs) : result
  }

  *beforePersistingReplicationOffset(): Protocol {}

  *stop(): Protocol {
    this.#stopped = true
    yield* this.#flush.stop()
    yield* this.#flush.exclusively(this.#flushAndPersist())
    yield* this.#objects.stop()
  }

  /** A refused batch is appended once more in full, also to writers that have parts of it. */
  *#write(batch: WALEntryBatch): Protocol<ReplicationResult> {
    if (this.#stopped) return 'FAILED'
    let written = 0
    for (const [day, extents] of partsByDay(this.#attempts.extentsOf(batch), this.#context)) {
      if (!(yield* succeeds(this.#append(day, extents)))) {
        this.#attempts.refused(batch, written)
        return 'FAILED'
      }
      written++
    }
    const { rollSize } = this.#context.options
    const full = [...this.#writers.values()].some(({ object }) => object.bytes >= rollSize)
    if (full && !(yield* succeeds(this.#closeWriters()))) {
      this.#attempts.refused(batch, written)
      return 'FAILED'
    }
    this.#attempts.accepted(batch)
    return full ? 'COMMITTED' : 'SUBMITTED'
  }

  *#append(day: string, extents: readonly Extent[]): Protocol {
    const writer = this.#writers.get(day) ?? new WalWriter(yield* this.#objects.create(day, true))
    this.#writers.set(day, writer)
    yield* writer.object.append(extents)
  }

  *#flushAndPersist(): Protocol {
    if (yield* succeeds(this.#closeWriters())) yield* succeeds(this.#context.persistOffsets())
  }

  /** @throws IOException the first one; the writers are then all kept */
  *#closeWriters(): Protocol {
    for (const writer of this.#writers.values()) yield* writer.close()
    this.#writers.clear()
  }
}

/** ObjectStoreProtobufWalWriter on S3A: closing again does nothing, also if it failed before. */
class WalWriter {
  #closed = false

  constructor(readonly object: ObjectFile) {}

  *close(): Protocol {
    if (this.#closed) return
    this.#closed = true
    yield* this.object.close()
  }
}
