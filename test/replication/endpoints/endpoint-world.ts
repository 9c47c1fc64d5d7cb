import { IntervalSet } from '../../../src/kernel/interval-set.js'
import type { Protocol } from '../../../src/kernel/process.js'
import type {
  EndpointContext,
  EndpointOptions,
  ReplicationEndpoint,
} from '../../../src/replication/replication-endpoint.js'
import type { WALEntryBatch } from '../../../src/replication/wal-entry-batch.js'
import type { DisasterClass } from '../../../src/storage/disaster.js'
import type { Extent } from '../../../src/storage/extent.js'
import type { Hdfs } from '../../../src/storage/hdfs/hdfs.js'
import { IOException } from '../../../src/storage/io-exception.js'
import type { ParameterValues } from '../../../src/storage/parameter.js'
import type { ExternalStore, StoredObject } from '../../../src/storage/s3/external-store.js'
import type { S3AFileSystem } from '../../../src/storage/s3/s3a-file-system.js'
import { MIB, World } from '../../storage/world.js'
import { HandWrittenWals } from '../hand-written-wals.js'

export const SECOND = 1_000_000
export const MINUTE = 60 * SECOND
/** Every edit is as long as this, so sets of edits and bytes of files convert. */
export const EDIT_BYTES = 65_536
export const EDITS_PER_MIB = MIB / EDIT_BYTES

export type MakeEndpoint = (context: EndpointContext) => ReplicationEndpoint

export interface EndpointSetup {
  readonly options?: Partial<EndpointOptions>
  readonly hdfs?: ParameterValues
  readonly store?: ParameterValues
  readonly site?: Record<string, string>
  readonly world?: World
}

/** One endpoint on one region server, between a shipper that never gives up, HDFS and a store. */
export class EndpointWorld {
  readonly hdfs: Hdfs
  readonly store: ExternalStore
  readonly fileSystem: S3AFileSystem
  readonly endpoint: ReplicationEndpoint
  readonly accepted = new IntervalSet()
  readonly stored = new IntervalSet()
  readonly objects: StoredObject[] = []
  /** What each deleted staged file held, and how much of it was stored at that instant. */
  readonly deletions: { edits: number; stored: number }[] = []
  /** When `replicate` answered false, or threw. */
  readonly refusalsUs: number[] = []
  duplicates = 0
  stagingBytes = 0
  stagingFiles = 0
  readonly #world: World
  readonly #wal = new HandWrittenWals().current
  #edits = 0

  constructor(make: MakeEndpoint, setup: EndpointSetup = {}) {
    const { world = new World(), site = {} } = setup
    this.#world = world
    this.hdfs = world.hdfs(setup.hdfs, site)
    this.store = world.store(setup.store)
    this.store.onObject((object) => this.#note(object))
    this.fileSystem = world.s3a(this.store, site)
    this.endpoint = make(this.#context(setup.options))
    this.endpoint.start()
  }

  get now(): number {
    return this.#world.scheduler.now
  }

  /** Hands over batches of these sizes, one after the other, each until it is accepted. */
  ship(...batchMib: readonly number[]): void {
    const batches = batchMib.map((mib) => this.#batch(mib * EDITS_PER_MIB))
    this.#world.host.spawn('shipper', this.#ship(batches))
  }

  at(us: number, change: () => void): void {
    const { scheduler } = this.#world
    scheduler.schedule(us, scheduler.handler(change))
  }

  outage(fromUs: number, untilUs: number, outage: ExternalStore['outage'] = 'refuse'): void {
    this.at(fromUs, () => {
      this.store.outage = outage
    })
    this.at(untilUs, () => {
      this.store.outage = null
    })
  }

  /** The region server's JVM ends. */
  kill(): void {
    this.#world.host.kill()
  }

  run(untilUs: number): void {
    this.#world.scheduler.run(untilUs)
  }

  /** As `run`, with a look at the world after every instant at which something happened. */
  watch(untilUs: number, look: () => void): void {
    const { scheduler } = this.#world
    while (scheduler.nextTime() <= untilUs) {
      scheduler.run(scheduler.nextTime())
      look()
    }
    scheduler.run(untilUs)
  }

  /** Accepted edits that a disaster of this class would leave in no complete or shipped file. */
  lostTo(disaster: DisasterClass): number {
    const kept = new IntervalSet()
    if (disaster !== 'store-loss') {
      for (const { extents } of this.objects) for (const { from, to } of extents) kept.add(from, to)
    }
    for (const file of this.endpoint.stagedFiles()) {
      let bytes = file.survivingBytes(disaster)
      for (const extent of file.extents) {
        kept.add(extent.from, extent.from + Math.floor(Math.min(bytes, extent.bytes) / EDIT_BYTES))
        bytes = Math.max(0, bytes - extent.bytes)
      }
    }
    let lost = 0
    this.accepted.forEachIn(0, this.#edits, (from, to) => {
      lost += to - from - kept.countIn(from, to)
    })
    return lost
  }

  /** Bytes of the files in staging that every DataNode has. */
  stagedBytes(): number {
    let bytes = 0
    for (const file of this.endpoint.stagedFiles()) bytes += file.bytesFlushed
    return bytes
  }

  #context(options: Partial<EndpointOptions> = {}): EndpointContext {
    const { scheduler, host, node } = this.#world
    return {
      scheduler,
      host,
      node,
      hdfs: this.hdfs,
      fileSystem: this.fileSystem,
      peer: 'backup',
      server: 'rs1',
      maxBatchBytes: 64 * MIB,
      options: {
        rollSize: 128 * MIB,
        flushIntervalUs: 5 * MINUTE,
        sync: 'hsync',
        copiers: 3,
        ...options,
      },
      firstFlushUs: 5 * MINUTE,
      observer: {
        stagingChanged: (bytes, files) => {
          this.stagingBytes += bytes
          this.stagingFiles += files
        },
        stagedFileSynced: () => {},
        stagedFileDeleted: (extents) => this.#noteDeletion(extents),
      },
    }
  }

  *#ship(batches: readonly WALEntryBatch[]): Protocol {
    for (const batch of batches) {
      while (!(yield* this.#attempt(batch))) this.refusalsUs.push(this.now)
      for (const { from, to } of batch.extents) this.accepted.add(from, to)
    }
  }

  *#attempt(batch: WALEntryBatch): Protocol<boolean> {
    try {
      return yield* this.endpoint.replicate(batch)
    } catch (error) {
      if (!(error instanceof IOException)) throw error
      yield SECOND
      return false
    }
  }

  #batch(edits: number): WALEntryBatch {
    const from = this.#edits
    const to = from + edits
    this.#edits = to
    return {
      wal: this.#wal,
      extents: [{ log: 0, from, to, bytes: edits * EDIT_BYTES }],
      entries: edits,
      bytes: edits * EDIT_BYTES,
      fromPosition: from,
      toPosition: to,
      endOfFile: false,
      lastWriteUs: this.now,
    }
  }

  #note(object: StoredObject): void {
    this.objects.push(object)
    for (const { from, to } of object.extents) {
      this.duplicates += to - from - this.stored.add(from, to)
    }
  }

  #noteDeletion(extents: readonly Extent[]): void {
    let edits = 0
    let stored = 0
    for (const { from, to } of extents) {
      edits += to - from
      stored += this.stored.countIn(from, to)
    }
    this.deletions.push({ edits, stored })
  }
}
