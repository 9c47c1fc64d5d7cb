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
import { partsByTable } from './batch-parts.js'
import { ObjectFiles } from './object-files.js'
import { SURVIVES_CLUSTER } from './survives-cluster.js'

/**
 * Writes straight to the external store: an object per batch, for only a closed object is durable
 * (R4). Safe as soon as it is accepted, at the price of many small objects and of a WAL that cannot
 * be released while the store is away.
 */
export class DirectEndpoint implements ReplicationEndpoint {
  readonly claims: readonly DisasterClass[] = SURVIVES_CLUSTER
  readonly offsets = 'shipper'
  readonly #context: EndpointContext
  readonly #objects: ObjectFiles
  readonly #attempts = new Attempts()

  constructor(context: EndpointContext) {
    this.#context = context
    this.#objects = new ObjectFiles(context)
  }

  start(): Protocol {
    return this.#objects.initialize()
  }

  *replicate(batch: WALEntryBatch): Protocol<ReplicationResult> {
    const { scheduler } = this.#context
    const sinceUs = scheduler.now
    let stored = 0
    for (const [table, extents] of partsByTable(this.#attempts.extentsOf(batch), this.#context)) {
      if (!(yield* succeeds(this.#store(table, extents)))) {
        this.#attempts.refused(batch, stored)
        return yield* failed(scheduler, sinceUs)
      }
      stored++
    }
    this.#attempts.accepted(batch)
    return 'COMMITTED'
  }

  *beforePersistingReplicationOffset(): Protocol {}

  stop(): Protocol {
    return this.#objects.stop()
  }

  *#store(table: string, extents: readonly Extent[]): Protocol {
    const object = yield* this.#objects.create(table, false)
    yield* object.append(extents)
    yield* object.close()
  }
}
