import type { Protocol } from '../../src/kernel/process.js'
import type {
  ReplicationEndpoint,
  ReplicationResult,
} from '../../src/replication/replication-endpoint.js'
import type { EndpointRequest } from '../../src/replication/replication-source-manager.js'
import type { WALEntryBatch } from '../../src/replication/wal-entry-batch.js'
import type { Extent } from '../../src/storage/extent.js'
import { IOException } from '../../src/storage/io-exception.js'

/** What the endpoints of one peer do; tests change it while they run. */
export class Behaviour {
  replicateUs = 100
  hookUs = 0
  stopUs = 0
  offsets: 'shipper' | 'endpoint' = 'shipper'
  /** Accepted entries are in memory until the hook or `stop` makes them safe. */
  buffers = false
  startFailures = 0
  answer: (batch: WALEntryBatch) => ReplicationResult | 'throw' = () => 'COMMITTED'
  hook: () => 'throw' | undefined = () => undefined
}

/** Where the entries of one peer go to; it outlives all servers. */
export class Sink {
  readonly behaviour = new Behaviour()
  readonly requests: EndpointRequest[] = []
  /** What is safe. */
  readonly extents: Extent[] = []
  /** Each batch that was offered, whatever became of it. */
  readonly offered: WALEntryBatch[] = []

  endpoint(request: EndpointRequest): FakeEndpoint {
    this.requests.push(request)
    return new FakeEndpoint(this, request)
  }

  /** Numbers of the edits of a log that have arrived, with repetitions, in order of arrival. */
  edits(log = 0): number[] {
    return this.extents
      .filter((extent) => extent.log === log)
      .flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i))
  }

  /** How often each edit of a log has arrived. */
  counts(log = 0): number[] {
    const counts: number[] = []
    for (const edit of this.edits(log)) counts[edit] = (counts[edit] ?? 0) + 1
    return counts
  }

  /** Edits of `[0, length)` that have not arrived. */
  missing(length: number, log = 0): number[] {
    const arrived = new Set(this.edits(log))
    return Array.from({ length }, (_, edit) => edit).filter((edit) => !arrived.has(edit))
  }
}

/** An endpoint that does as its peer's behaviour says. */
export class FakeEndpoint implements ReplicationEndpoint {
  readonly claims = []
  readonly offsets: 'shipper' | 'endpoint'
  #open: Extent[] = []

  constructor(
    private readonly sink: Sink,
    private readonly request: EndpointRequest,
  ) {
    this.offsets = sink.behaviour.offsets
  }

  *start(): Protocol {
    yield 0
    const { behaviour } = this.sink
    if (behaviour.startFailures-- > 0) throw new IOException('refused', 'no store')
  }

  *replicate(batch: WALEntryBatch): Protocol<ReplicationResult> {
    const { behaviour, offered } = this.sink
    offered.push(batch)
    yield behaviour.replicateUs
    const answer = behaviour.answer(batch)
    if (answer === 'throw') throw new IOException('timeout', 'no answer')
    if (answer === 'FAILED') return answer
    this.#open.push(...batch.extents)
    const commits = this.offsets === 'endpoint' && answer === 'COMMITTED'
    if (commits || !behaviour.buffers) this.#close()
    return answer
  }

  *beforePersistingReplicationOffset(): Protocol {
    const { behaviour } = this.sink
    yield behaviour.hookUs
    if (behaviour.hook() === 'throw') throw new IOException('500', 'a file cannot be closed')
    this.#close()
  }

  *stop(): Protocol {
    yield this.sink.behaviour.stopUs
    this.#close()
    if (this.offsets === 'endpoint') yield* this.request.persistOffsets()
  }

  #close(): void {
    this.sink.extents.push(...this.#open)
    this.#open = []
  }
}
