import { EditLog } from '../../../src/hbase/wal/edit-log.js'
import { IntervalSet } from '../../../src/kernel/interval-set.js'
import { Host, type Process, type Protocol } from '../../../src/kernel/process.js'
import { CopyThrottle } from '../../../src/replication/endpoints/copy-throttle.js'
import type { ReadableWal } from '../../../src/replication/readable-wal.js'
import type {
  EndpointContext,
  EndpointOptions,
  ReplicationEndpoint,
  ReplicationResult,
} from '../../../src/replication/replication-endpoint.js'
import type { WALEntryBatch } from '../../../src/replication/wal-entry-batch.js'
import { Configuration } from '../../../src/storage/configuration.js'
import type { DisasterClass } from '../../../src/storage/disaster.js'
import type { Extent, Resend } from '../../../src/storage/extent.js'
import type { Hdfs } from '../../../src/storage/hdfs/hdfs.js'
import type { HdfsFile } from '../../../src/storage/hdfs/hdfs-file.js'
import { IOException } from '../../../src/storage/io-exception.js'
import type { ParameterValues } from '../../../src/storage/parameter.js'
import type { ExternalStore, StoredObject } from '../../../src/storage/s3/external-store.js'
import { S3AFileSystem } from '../../../src/storage/s3/s3a-file-system.js'
import type { Outage } from '../../../src/storage/s3/store-weather.js'
import { MIB, World } from '../../storage/world.js'
import { type OffsetTriggers, PlainShipper } from './plain-shipper.js'

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
  /** Offsets are stored when `rollSize` or `flushIntervalUs` says so, not after every batch. */
  readonly deferred?: boolean
  /** Edits go to so many tables in turn. */
  readonly tables?: number
  /** Write time of edit number n. */
  writtenUs?(edit: number): number
}

/** One process of a region server with a source, its endpoint and its shipper. */
interface Incarnation {
  readonly server: string
  readonly source: string
  readonly host: Host
  readonly fileSystem: S3AFileSystem
  readonly endpoint: ReplicationEndpoint
  readonly shipper: PlainShipper
  readonly shipping: Process
}

/** One source of one region server and who comes after it, between HDFS and a store. */
export class EndpointWorld {
  readonly hdfs: Hdfs
  readonly store: ExternalStore
  readonly accepted = new IntervalSet()
  /** Edits that the stored offset has passed. */
  confirmed = 0
  readonly stored = new IntervalSet()
  readonly objects: StoredObject[] = []
  /** What each deleted staged file held, and how much of it was stored at that instant. */
  readonly deletions: { edits: number; stored: number }[] = []
  /** What `replicate` answered; FAILED also where it threw. */
  readonly results: ReplicationResult[] = []
  /** When it was FAILED. */
  readonly refusalsUs: number[] = []
  /** Why `start` failed. */
  readonly startFaults: string[] = []
  duplicates = 0
  /** Edits that are stored twice, neither time with a cause. */
  unexplained = 0
  readonly #causes = new Set<Resend>()
  readonly #world: World
  readonly #setup: EndpointSetup
  readonly #make: MakeEndpoint
  readonly #log = new EditLog(0)
  readonly #staged = new Set<HdfsFile>()
  readonly #firstSent = new IntervalSet()
  readonly #online = new Set<string>()
  readonly #shippers = new Map<string, PlainShipper>()
  /** No endpoint looks into the WAL. */
  readonly #wal: ReadableWal = {
    name: 'rs1.0',
    createdUs: 0,
    log: this.#log,
    group: 0,
    server: 'rs1',
    from: 0,
    entries: 0,
    syncedEntries: 0,
    reappendedEntries: 0,
    beingWritten: true,
    hasTrailer: false,
    available: true,
    headerReadable: true,
  }
  #now: Incarnation

  constructor(make: MakeEndpoint, setup: EndpointSetup = {}) {
    const { world = new World(), site = {} } = setup
    this.#world = world
    this.#setup = setup
    this.#make = make
    this.hdfs = world.hdfs(setup.hdfs, site)
    this.store = world.store(setup.store)
    this.store.onObject((object) => this.#note(object))
    this.hdfs.watch('wal-backup-staging/', {
      changing: () => {},
      changed: (file) => this.#noteFile(file),
    })
    this.#now = this.#begin('rs1', 'rs1', null, world.host)
  }

  get now(): number {
    return this.#world.scheduler.now
  }

  get endpoint(): ReplicationEndpoint {
    return this.#now.endpoint
  }

  get fileSystem(): S3AFileSystem {
    return this.#now.fileSystem
  }

  /** Causes told with anything that was stored. */
  get causes(): Resend[] {
    return [...this.#causes].sort()
  }

  /** Hands over batches of these sizes, one after the other, each until it is accepted. */
  ship(...batchMib: readonly number[]): void {
    this.#now.shipper.add(batchMib.map((mib) => this.#batch(mib * EDITS_PER_MIB)))
  }

  at(us: number, change: () => void): void {
    const { scheduler } = this.#world
    scheduler.schedule(us, scheduler.handler(change))
  }

  outage(fromUs: number, untilUs: number, outage: Outage = 'refuse'): void {
    this.at(fromUs, () => {
      this.store.weather.outage = outage
    })
    this.at(untilUs, () => {
      this.store.weather.outage = null
    })
  }

  /** The region server's JVM ends. */
  kill(): void {
    this.#online.delete(this.#now.server)
    this.#now.host.kill()
    this.#now.fileSystem.processDied()
  }

  /** Server rs2 has claimed the dead server's queue. */
  claim(server = 'rs2'): void {
    const dead = this.#now
    const origin = dead.source.split('-')[0]
    const host = new Host(this.#world.scheduler, server)
    this.#now = this.#begin(server, `${origin}-${server}`, dead.server, host)
    this.#now.shipper.add(dead.shipper.leftover('claim', dead.host.alive))
  }

  /** The JVM stands still, for so long that the others take it for dead. */
  suspend(): () => void {
    const { server, host } = this.#now
    this.#online.delete(server)
    host.suspend()
    return () => host.resume()
  }

  /** Another server's source of the peer, which has not claimed anything and has nothing to ship. */
  bystander(server: string): void {
    this.#begin(server, server, null, new Host(this.#world.scheduler, server))
  }

  /** The source is terminated: its shipper ends, its endpoint stops; then `after`. */
  stop(after: () => void = () => {}): void {
    const { shipping, host, endpoint } = this.#now
    shipping.kill()
    host.spawn('terminate', stopThen(endpoint, after))
  }

  /** The source is terminated and created again. */
  refresh(): void {
    const old = this.#now
    this.stop(() => {
      const suffix = Number(old.source.split('.')[1] ?? 1) + 1
      const source = `${old.source.split('.')[0]}.${suffix}`
      this.#now = this.#begin(old.server, source, null, old.host)
      this.#now.shipper.add(old.shipper.leftover('source refresh'))
    })
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

  /** Confirmed edits that a disaster of this class would leave in no complete or staged file. */
  lostTo(disaster: DisasterClass): number {
    const kept = new IntervalSet()
    if (disaster !== 'store-loss') {
      for (const { extents } of this.objects) for (const { from, to } of extents) kept.add(from, to)
    }
    for (const file of this.#staged) {
      let bytes = file.survivingBytes(disaster)
      for (const extent of file.extents) {
        kept.add(extent.from, extent.from + Math.floor(Math.min(bytes, extent.bytes) / EDIT_BYTES))
        bytes = Math.max(0, bytes - extent.bytes)
      }
    }
    return this.confirmed - kept.countIn(0, this.confirmed)
  }

  get stagingFiles(): number {
    return this.#staged.size
  }

  /** Bytes of the files in staging that every DataNode has. */
  get stagingBytes(): number {
    let bytes = 0
    for (const file of this.#staged) bytes += file.bytesFlushed
    return bytes
  }

  /** Paths of the files in staging. */
  get stagedPaths(): string[] {
    return [...this.#staged].map(({ path }) => path)
  }

  #begin(server: string, source: string, adopts: string | null, host: Host): Incarnation {
    const { scheduler } = this.#world
    this.#online.add(server)
    const context = this.#context(server, source, adopts, host)
    const endpoint = this.#make(context)
    const { rollSize, flushIntervalUs } = context.options
    const triggers: OffsetTriggers | null = this.#setup.deferred
      ? { bytes: rollSize, us: flushIntervalUs }
      : null
    const shipper = new PlainShipper(scheduler, endpoint, triggers, {
      accepted: ({ extents }) => this.#accept(extents),
      confirmed: (to) => {
        this.confirmed = Math.max(this.confirmed, to)
      },
      answered: (result) => {
        this.results.push(result)
        if (result === 'FAILED') this.refusalsUs.push(this.now)
      },
    })
    this.#shippers.set(source, shipper)
    const shipping = host.spawn('source', this.#source(endpoint, shipper))
    return { server, source, host, fileSystem: context.fileSystem, endpoint, shipper, shipping }
  }

  *#source(endpoint: ReplicationEndpoint, shipper: PlainShipper): Protocol {
    for (;;) {
      try {
        yield* endpoint.start()
        break
      } catch (error) {
        if (!(error instanceof IOException)) throw error
        this.startFaults.push(error.message)
        yield SECOND
      }
    }
    yield* shipper.run()
  }

  #context(server: string, source: string, adopts: string | null, host: Host): EndpointContext {
    const { scheduler, node } = this.#world
    const configuration = new Configuration(this.#setup.site)
    const options: EndpointOptions = {
      rollSize: 128 * MIB,
      flushIntervalUs: 5 * MINUTE,
      sync: 'hsync',
      copiers: 3,
      copyBytesPerSecond: null,
      perTable: false,
      verify: true,
      purgePendingUploadsUs: null,
      degrade: 'none',
      form: 'hbase-29823',
      unfixed: [],
      ...this.#setup.options,
    }
    const entity = `backup/${source}`
    return {
      scheduler,
      host,
      node,
      hdfs: this.hdfs,
      fileSystem: new S3AFileSystem({ store: this.store, host, node, configuration, entity }),
      configuration,
      peer: 'backup',
      server,
      source,
      adopts,
      isOnline: (name) => this.#online.has(name),
      options,
      maxBatchBytes: 64 * MIB,
      firstFlushUs: options.flushIntervalUs,
      copyThrottle:
        options.copyBytesPerSecond === null
          ? null
          : new CopyThrottle(scheduler, options.copyBytesPerSecond),
      logOf: () => this.#log,
      tableOf: (region) => `table${region}`,
      persistOffsets: () => persisted(this.#shippers.get(source)),
    }
  }

  #accept(extents: readonly Extent[]): void {
    for (const { from, to } of extents) this.accepted.add(from, to)
  }

  #batch(edits: number): WALEntryBatch {
    const { tables = 1, writtenUs = () => this.now } = this.#setup
    const from = this.#log.length
    for (let i = 0; i < edits; i++) {
      const edit = this.#log.length
      this.#log.append(writtenUs(edit), edit % tables, edit + 1, EDIT_BYTES, edit)
    }
    const to = this.#log.length
    return {
      wal: this.#wal,
      group: 0,
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
    for (const { from, to, resend } of object.extents) {
      this.duplicates += to - from - this.stored.add(from, to)
      if (resend !== undefined) this.#causes.add(resend)
      else this.unexplained += to - from - this.#firstSent.add(from, to)
    }
  }

  #noteFile(file: HdfsFile): void {
    if (!file.deleted) {
      this.#staged.add(file)
      return
    }
    if (!this.#staged.delete(file) || file.bytesFlushed === 0) return
    let edits = 0
    let stored = 0
    for (const { from, to } of file.extents) {
      edits += to - from
      stored += this.stored.countIn(from, to)
    }
    this.deletions.push({ edits, stored })
  }
}

function* stopThen(endpoint: ReplicationEndpoint, after: () => void): Protocol {
  yield* endpoint.stop()
  after()
}

function* persisted(shipper: PlainShipper | undefined): Protocol {
  yield 0
  shipper?.persistOffsets()
}
