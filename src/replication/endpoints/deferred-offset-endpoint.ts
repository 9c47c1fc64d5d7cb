import type { Protocol } from '../../kernel/process.js'
import type { DisasterClass } from '../../storage/disaster.js'
import type { Extent } from '../../storage/extent.js'
import { IOException } from '../../storage/io-exception.js'
import type {
  EndpointContext,
  ReplicationEndpoint,
  ReplicationResult,
} from '../replication-endpoint.js'
import type { WALEntryBatch } from '../wal-entry-batch.js'
import { Attempts, failed } from './attempts.js'
import { partsByDay } from './batch-parts.js'
import { FlushThread } from './flush-thread.js'
import { type ObjectFile, ObjectFiles } from './object-files.js'
import { SURVIVES_CLUSTER } from './survives-cluster.js'

/**
 * Option 3 of HBASE-28987 on the framework of HBASE-29823: nothing is staged, the cluster's own WALs
 * keep what is not stored. Entries are appended to an open object per UTC day of their write time;
 * before the shipper stores an offset, by its triggers of size and time, all objects are closed.
 *
 * HBase has published the framework's half of this only. This half does as the endpoint of the
 * feature branch (ContinuousBackupReplicationEndpoint), but for an object that fails: it is given
 * up, and the next hook fails for it, so that the shipper starts again at the stored offset and
 * sends its entries once more. The hook does not tell which WAL group asks. With several groups only
 * the one that asked starts again, and what others had in the object is lost when they go on.
 */
export class DeferredOffsetEndpoint implements ReplicationEndpoint {
  readonly claims: readonly DisasterClass[] = SURVIVES_CLUSTER
  readonly offsets = 'shipper'
  readonly #context: EndpointContext
  readonly #objects: ObjectFiles
  readonly #lock: FlushThread
  readonly #attempts = new Attempts()
  readonly #open = new Map<string, ObjectFile>()
  /** Why accepted entries are in no object any more. */
  #lost: IOException | null = null
  #stopped = false

  constructor(context: EndpointContext) {
    this.#context = context
    this.#objects = new ObjectFiles(context)
    this.#lock = new FlushThread(context)
  }

  start(): Protocol {
    return this.#objects.initialize()
  }

  *replicate(batch: WALEntryBatch): Protocol<ReplicationResult> {
    const { scheduler } = this.#context
    const sinceUs = scheduler.now
    const accepted = yield* this.#lock.exclusively(this.#write(batch))
    return accepted ? 'COMMITTED' : yield* failed(scheduler, sinceUs)
  }

  /** @throws IOException if an object with accepted entries has failed since the last time */
  beforePersistingReplicationOffset(): Protocol {
    return this.#lock.exclusively(this.#flush())
  }

  *stop(): Protocol {
    this.#stopped = true
    yield* this.#lock.exclusively(this.#closeAll())
    yield* this.#objects.stop()
  }

  /** A refused batch is appended once more in full, also to objects that have parts of it. */
  *#write(batch: WALEntryBatch): Protocol<boolean> {
    if (this.#stopped) return false
    let written = 0
    for (const [day, extents] of partsByDay(this.#attempts.extentsOf(batch), this.#context)) {
      if (!(yield* this.#append(day, extents))) {
        this.#attempts.refused(batch, written)
        return false
      }
      written++
    }
    this.#attempts.accepted(batch)
    return true
  }

  *#append(day: string, extents: readonly Extent[]): Protocol<boolean> {
    try {
      const object = this.#open.get(day) ?? (yield* this.#objects.create(day, true))
      this.#open.set(day, object)
      yield* object.append(extents)
      return true
    } catch (error) {
      if (!(error instanceof IOException)) throw error
      if (this.#open.delete(day)) this.#lost ??= error
      return false
    }
  }

  *#flush(): Protocol {
    yield* this.#closeAll()
    const lost = this.#lost
    this.#lost = null
    if (lost !== null) throw lost
  }

  *#closeAll(): Protocol {
    for (const [day, object] of [...this.#open]) {
      this.#open.delete(day)
      try {
        yield* object.close()
      } catch (error) {
        if (!(error instanceof IOException)) throw error
        this.#lost ??= error
      }
    }
  }
}
