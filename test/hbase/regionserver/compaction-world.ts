import type { CompactionConfiguration } from '../../../src/hbase/compactions/compaction-configuration.js'
import { ExploringCompactionPolicy } from '../../../src/hbase/compactions/exploring-compaction-policy.js'
import { PressureAwareCompactionThroughputController } from '../../../src/hbase/compactions/pressure-aware-compaction-throughput-controller.js'
import {
  type CompactionRecord,
  CompactSplit,
  type CompactSplitOptions,
} from '../../../src/hbase/regionserver/compact-split.js'
import type { StoreFile } from '../../../src/hbase/regionserver/store-file.js'
import { Stores } from '../../../src/hbase/regionserver/stores.js'
import { Host, type Protocol } from '../../../src/kernel/process.js'
import type { HdfsFile } from '../../../src/storage/hdfs/hdfs-file.js'
import { IOException } from '../../../src/storage/io-exception.js'
import { World } from '../../storage/world.js'
import { COMP, fileOf, jitter } from '../compactions/store-files.js'

export const SECOND = 1_000_000
export const WRITE_US = 3000
export const COMMIT_US = 20
export const MARKER_US = 100
/** Bytes per second without pressure: a compaction of 10 bytes takes 1 s. */
export const LOWER_BOUND = 10

/** One server with one family in each of its regions, on storage that takes constant times. */
export class CompactionWorld {
  readonly world = new World()
  readonly scheduler = this.world.scheduler
  readonly host = new Host(this.scheduler, 'rs1')
  readonly stores: Stores
  readonly compactSplit: CompactSplit
  readonly throughput: PressureAwareCompactionThroughputController
  readonly records: CompactionRecord[] = []
  readonly failures: string[] = []
  /** What reaches storage and WAL, in order. */
  readonly log: string[] = []
  markerFails = false
  commitFails = false
  readonly #hdfs = this.world.hdfs()
  #files = 0
  #sequenceId = 0

  constructor(
    configuration: Partial<CompactionConfiguration> = {},
    options: Partial<CompactSplitOptions> = {},
    regions = 3,
  ) {
    const { scheduler, host } = this
    this.stores = new Stores(Array.from({ length: regions }, () => 1))
    this.throughput = new PressureAwareCompactionThroughputController({
      scheduler,
      settings: {
        lowerBound: LOWER_BOUND,
        higherBound: 2 * LOWER_BOUND,
        offPeak: Infinity,
        tunePeriodUs: 60 * SECOND,
        controlBytes: 1,
      },
      pressure: () => this.compactSplit.pressure,
      isOffPeak: () => false,
    })
    this.compactSplit = new CompactSplit({
      scheduler,
      host,
      stores: this.stores,
      policy: new ExploringCompactionPolicy({ ...COMP, ...configuration }, jitter),
      throughput: this.throughput,
      enabled: true,
      largeThreads: 1,
      smallThreads: 1,
      markerBeforeSwap: true,
      regions: () => Array.from({ length: regions }, (_, region) => region),
      isOffPeak: () => false,
      keptShare: () => 1,
      io: {
        read: (file) => this.#step(`read ${file.path}`, 0),
        writeTmp: (region) => this.#writeTmp(region),
        commit: (file) => this.#commit(file),
        remove: (file) => this.#remove(file),
      },
      writeMarker: (region) => this.#writeMarker(region),
      observer: {
        compacted: (record) => {
          this.records.push(record)
          this.log.push(`compacted ${record.inputs.length}`)
        },
        compactionFailed: (region, _family, cause) => this.failures.push(`${region} ${cause.name}`),
      },
      ...options,
    })
    this.compactSplit.start()
  }

  /** Files of a region, oldest first. */
  sizes(region = 0): number[] {
    return this.stores.store(region, 0).files.map(({ bytes }) => bytes)
  }

  /** Flushes of these sizes, without a request for a compaction. */
  flushed(region: number, ...sizes: readonly number[]): StoreFile[] {
    const store = this.stores.store(region, 0)
    return sizes.map((bytes) => {
      const sequenceId = ++this.#sequenceId
      const file = fileOf(sequenceId, bytes, { region, createdUs: this.scheduler.now })
      store.add(file)
      return file
    })
  }

  at(us: number, effect: () => void): void {
    this.scheduler.schedule(us, this.scheduler.handler(effect))
  }

  *#step(what: string, us: number): Protocol {
    this.log.push(what)
    yield us
  }

  *#writeTmp(region: number): Protocol<HdfsFile> {
    const path = `data/${region}/.tmp/cf/compaction-${this.#files++}`
    yield* this.#step('write', WRITE_US)
    return this.#hdfs.register(path)
  }

  *#commit(file: HdfsFile): Protocol {
    yield* this.#step('commit', COMMIT_US)
    if (this.commitFails) throw new IOException('exists', 'there is one')
    file.rename(file.path.replace('/.tmp/', '/'))
  }

  *#remove(file: HdfsFile): Protocol {
    yield* this.#step(`remove ${file.path}`, 0)
    file.remove()
  }

  *#writeMarker(region: number): Protocol {
    yield* this.#step(`marker with ${this.sizes(region).length} files`, MARKER_US)
    if (this.markerFails) throw new IOException('closed', 'the WAL is fenced')
  }
}
