import type { FlushReason } from '../../../src/hbase/regionserver/flush-queue.js'
import { HFileIo, HFileNames } from '../../../src/hbase/regionserver/hfile-io.js'
import {
  MemStoreFlusher,
  type MemStoreFlusherOptions,
} from '../../../src/hbase/regionserver/mem-store-flusher.js'
import { Memstores } from '../../../src/hbase/regionserver/memstores.js'
import {
  type FlushRecord,
  type FlushRequest,
  type FlushResult,
  RegionFlush,
  type RegionFlushOptions,
} from '../../../src/hbase/regionserver/region-flush.js'
import type {
  AddedStoreFile,
  FlushedStoreFile,
  FlushedWritePath,
} from '../../../src/hbase/regionserver/region-flush-options.js'
import { storeFile } from '../../../src/hbase/regionserver/store-file.js'
import type { MarkerDescriptor } from '../../../src/hbase/wal/marker-descriptor.js'
import { SequenceIdAccounting } from '../../../src/hbase/wal/sequence-id-accounting.js'
import type { Protocol } from '../../../src/kernel/process.js'
import { Signal } from '../../../src/kernel/signal.js'
import type { Hdfs } from '../../../src/storage/hdfs/hdfs.js'
import { World } from '../../storage/world.js'

export const SECOND = 1_000_000

/** A WAL sync of the write path below. */
export const SYNC_US = 500

/** An entry of the WAL, in order. */
export interface LogEntry {
  readonly kind: 'write' | 'marker'
  readonly sequenceId: number
}

/**
 * A write path by hand: a write is appended when it is offered, unless its region is locked, and
 * applied one sync later.
 */
export class HandMadeWritePath implements FlushedWritePath {
  readonly entries: LogEntry[] = []
  /** How long each write waited for the lock. */
  readonly lockWaitsUs: number[] = []
  memstoreBytes = 0
  onFlushWanted: (region: number) => void = () => {}
  onApplied: () => void = () => {}
  readonly #underWay = new Map<number, number>()
  readonly #locked = new Set<number>()
  readonly #changed = new Signal()

  constructor(
    private readonly world: World,
    private readonly memstores: Memstores,
    private readonly accounting: SequenceIdAccounting,
  ) {}

  offer(region: number, bytes: number): void {
    this.world.host.spawn('write', this.#write(region, bytes))
  }

  *#write(region: number, bytes: number): Protocol {
    const { scheduler } = this.world
    const offeredUs = scheduler.now
    while (this.#locked.has(region)) yield this.#changed
    this.lockWaitsUs.push(scheduler.now - offeredUs)
    this.#count(region, 1)
    const sequenceId = this.memstores.beginSequenceId(region)
    this.entries.push({ kind: 'write', sequenceId })
    this.accounting.update(region, sequenceId)
    yield SYNC_US
    this.memstores.apply(region, sequenceId, bytes, scheduler.now)
    this.memstoreBytes += bytes
    this.#count(region, -1)
    const large = this.memstores.heapBytes(region) > this.memstores.flushSize
    if (large && this.memstores.requestFlush(region)) this.onFlushWanted(region)
    this.onApplied()
  }

  *lockUpdates(region: number): Protocol {
    this.#locked.add(region)
    while ((this.#underWay.get(region) ?? 0) > 0) yield this.#changed
  }

  unlockUpdates(region: number): void {
    this.#locked.delete(region)
    this.#changed.notifyAll()
  }

  appendMarker(region: number, _bytes: number, descriptor: MarkerDescriptor): void {
    const sequenceId = this.memstores.beginSequenceId(region)
    this.entries.push({ kind: 'marker', sequenceId })
    this.descriptors.push(descriptor)
  }

  *sync(_region: number): Protocol {
    yield SYNC_US
  }

  memstoreFreed(bytes: number): void {
    this.memstoreBytes -= bytes
  }

  /** Of all markers, in order. */
  readonly descriptors: MarkerDescriptor[] = []

  get markers(): number[] {
    return this.entries.filter(({ kind }) => kind === 'marker').map(({ sequenceId }) => sequenceId)
  }

  #count(region: number, change: number): void {
    this.#underWay.set(region, (this.#underWay.get(region) ?? 0) + change)
    this.#changed.notifyAll()
  }
}

/** The file as a store takes it. */
export function addedStoreFile(
  flushed: FlushedStoreFile,
  compactionNeeded = false,
): AddedStoreFile {
  const { region, family, bytes, cells, flushOpSeqId, file } = flushed
  const added = storeFile({
    name: file.path,
    region,
    family,
    bytes,
    entries: cells,
    minSequenceId: 1,
    maxSequenceId: flushOpSeqId,
    createdUs: 0,
    file,
  })
  return { file: added, compactionNeeded }
}

export interface FlushWorldOptions {
  readonly regions: number
  readonly flushSize: number
  /** Of a put's bytes, by family. */
  readonly shares: readonly number[]
}

/** Regions of one server that are written and flushed. */
export class FlushWorld {
  readonly world = new World()
  readonly hdfs: Hdfs = this.world.hdfs()
  readonly memstores: Memstores
  readonly accounting: SequenceIdAccounting
  readonly writePath: HandMadeWritePath
  readonly regionFlush: RegionFlush
  readonly records: FlushRecord[] = []
  readonly files: FlushedStoreFile[] = []
  readonly aborts: string[] = []
  readonly regions: readonly number[]

  constructor(
    { regions = 1, flushSize = 1_000_000, shares = [1] }: Partial<FlushWorldOptions> = {},
    options: Partial<RegionFlushOptions> = {},
  ) {
    this.regions = Array.from({ length: regions }, (_, region) => region)
    this.memstores = new Memstores(regions, flushSize, 0, () => shares)
    this.accounting = new SequenceIdAccounting(regions, () => shares.length)
    this.writePath = new HandMadeWritePath(this.world, this.memstores, this.accounting)
    this.regionFlush = new RegionFlush({
      scheduler: this.scheduler,
      memstores: this.memstores,
      writePath: this.writePath,
      hfiles: new HFileIo({
        hdfs: this.hdfs,
        node: this.world.node,
        names: new HFileNames(),
        regionDirectory: (region) => `data/usertable/${region}`,
        familyName: (_region, family) => `cf${family}`,
      }),
      accounting: () => this.accounting,
      advance() {},
      flushSizeLowerBoundMin: 0,
      flushIntervalUs: 3600 * SECOND,
      flushPerChanges: 30_000_000,
      flushRetries: 10,
      pauseUs: SECOND,
      isSystemTable: () => false,
      addStoreFile: (file) => {
        this.files.push(file)
        return addedStoreFile(file)
      },
      onFlushed: (record) => this.records.push(record),
      abort: (reason) => this.aborts.push(reason),
      ...options,
    })
    for (const region of this.regions) this.regionFlush.open(region, Number.NEGATIVE_INFINITY)
  }

  get scheduler() {
    return this.world.scheduler
  }

  flusher(options: Partial<MemStoreFlusherOptions> = {}): MemStoreFlusher {
    const flusher = new MemStoreFlusher({
      scheduler: this.scheduler,
      regionFlush: this.regionFlush,
      memstores: this.memstores,
      regions: () => this.regions,
      memstoreBytes: () => this.writePath.memstoreBytes,
      memstoreLowerLimit: 1e12,
      handlers: 2,
      wakeFrequencyUs: 10 * SECOND,
      blockingWaitTimeUs: 90 * SECOND,
      blockingStoreFiles: 16,
      storeFiles: () => 1,
      isMeta: () => false,
      requestCompaction() {},
      advance() {},
      ...options,
    })
    this.writePath.onFlushWanted = (region) => flusher.flushWanted(region)
    flusher.start(this.world.host)
    return flusher
  }

  /** Applies a put at once, before anything else happens. */
  put(region: number, bytes: number): void {
    this.writePath.offer(region, bytes)
    this.scheduler.run(this.scheduler.now + SYNC_US)
  }

  /** Offers a put of `bytes` to a region every `everyUs`. */
  putEvery(everyUs: number, bytes: number, region = 0): void {
    const { writePath } = this
    this.world.host.spawn('client', putting())

    function* putting(): Protocol {
      for (;;) {
        yield everyUs
        writePath.offer(region, bytes)
      }
    }
  }

  request(families: FlushRequest['families'], reason: FlushReason = 'request'): FlushRequest {
    return { families, reason, requestedUs: this.scheduler.now }
  }

  /** Starts a flush; its result is pushed. */
  start(request: FlushRequest, results: FlushResult[], region = 0): void {
    const flush = this.regionFlush.flush(region, request)
    this.world.host.spawn('flush', collect(flush, results))
  }

  flush(request = this.request('all'), region = 0): FlushResult {
    return this.world.run(this.regionFlush.flush(region, request))
  }
}

function* collect<T>(protocol: Protocol<T>, results: T[]): Protocol {
  results.push(yield* protocol)
}
