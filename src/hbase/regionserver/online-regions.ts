import type { Host, Protocol } from '../../kernel/process.js'
import type { Scheduler } from '../../kernel/scheduler.js'
import { Signal } from '../../kernel/signal.js'
import type { HdfsFile } from '../../storage/hdfs/hdfs-file.js'
import { IOException } from '../../storage/io-exception.js'
import type { Sampler } from '../../storage/sampler.js'
import {
  PressureAwareCompactionThroughputController,
  type ThroughputSettings,
} from '../compactions/pressure-aware-compaction-throughput-controller.js'
import type { SortedCompactionPolicy } from '../compactions/sorted-compaction-policy.js'
import type { SequenceIdAccounting } from '../wal/sequence-id-accounting.js'
import { bulkLoadHFiles, type HFileToLoad } from './bulk-load.js'
import { CompactSplit, type CompactSplitOptions } from './compact-split.js'
import {
  closeAndArchiveCompactedFiles,
  dischargeCompactedHFiles,
} from './compacted-hfiles-discharger.js'
import { flushRecovered } from './flush-recovered.js'
import type { HFileArchive } from './hfile-archive.js'
import type { HFileIo } from './hfile-io.js'
import { MemStoreFlusher, type MemStoreFlusherOptions } from './mem-store-flusher.js'
import type { Memstores } from './memstores.js'
import {
  type PeriodicMemStoreFlusherOptions,
  periodicMemStoreFlusher,
} from './periodic-memstore-flusher.js'
import type { RecoveredEdits, RecoveredFile } from './recovered-edits.js'
import { closeRegion } from './region-close.js'
import { type FlushRequest, RegionFlush, type RegionFlushOptions } from './region-flush.js'
import type { FlushedStoreFile } from './region-flush-options.js'
import { openRegion, type RegionOpening } from './region-open.js'
import { type StoreFile, storeFile } from './store-file.js'
import type { Stores } from './stores.js'
import type { WritePath } from './write-path.js'

/** Settings of flushes, compactions and the opening of regions; see there. */
export interface RegionSettings {
  readonly flush: Pick<
    RegionFlushOptions,
    | 'flushSizeLowerBoundMin'
    | 'flushIntervalUs'
    | 'flushPerChanges'
    | 'flushRetries'
    | 'pauseUs'
    | 'onFlushed'
  >
  /** `hbase.hregion.preclose.flush.size` */
  readonly precloseFlushSize: number
  readonly flusher: Pick<
    MemStoreFlusherOptions,
    'memstoreLowerLimit' | 'handlers' | 'wakeFrequencyUs' | 'blockingWaitTimeUs'
  >
  readonly periodicFlusher: Pick<
    PeriodicMemStoreFlusherOptions,
    'checkPeriodUs' | 'phaseUs' | 'flushDelayUs'
  >
  readonly compaction: Pick<
    CompactSplitOptions,
    | 'enabled'
    | 'largeThreads'
    | 'smallThreads'
    | 'isOffPeak'
    | 'markerBeforeSwap'
    | 'keptShare'
    | 'observer'
  > & {
    readonly policy: SortedCompactionPolicy
    readonly throughput: ThroughputSettings
    readonly tunePhaseUs: number
    readonly checkIntervalUs: number
    readonly checkPhaseUs: number
    /** `hbase.hfile.compaction.discharger.interval` and the phase of its first run. */
    readonly dischargerIntervalUs: number
    readonly dischargerPhaseUs: number
  }
  /** Of `recoveryParameters`: how long it takes to open a region. */
  readonly sampler: Sampler
  /** See `WritePathOptions.regionName`. */
  regionName(region: number): number
}

/** What all servers share: the regions' files in HDFS, and the memstores as columns. */
export interface SharedRegions {
  readonly memstores: Memstores
  readonly stores: Stores
  readonly archive: HFileArchive
  readonly recoveredEdits: RecoveredEdits
}

export interface OnlineRegionsOptions extends SharedRegions {
  readonly scheduler: Scheduler
  readonly host: Host
  readonly hfiles: HFileIo
  readonly settings: RegionSettings
  readonly writePath: WritePath
  accounting(region: number): SequenceIdAccounting
  /** The regions that are open on the server. */
  regions(): readonly number[]
  /** Brings the server's write path up to now. */
  advance(): void
  abort(reason: string): void
}

/**
 * What a region server does with its regions beside serving them: flushes, compactions, opening and
 * closing them, and the threads for that.
 */
export class OnlineRegions {
  readonly flusher: MemStoreFlusher
  readonly compactSplit: CompactSplit
  readonly #options: OnlineRegionsOptions
  readonly #flush: RegionFlush
  readonly #settled = new Signal()
  /** Regions that are being opened or closed (`regionsInTransitionInRS`). */
  #inTransition = 0
  readonly #closing = new Set<number>()
  #stopping = false

  constructor(options: OnlineRegionsOptions) {
    this.#options = options
    const { scheduler, memstores, stores, settings, writePath, hfiles, host } = options
    const regions = () => options.regions()
    const advance = () => options.advance()
    this.#flush = new RegionFlush({
      ...settings.flush,
      scheduler,
      memstores,
      writePath,
      hfiles,
      accounting: (region) => options.accounting(region),
      advance,
      isSystemTable: () => false,
      addStoreFile: (file) => this.#addFlushed(file),
      abort: (reason) => options.abort(reason),
    })
    const throughput = new PressureAwareCompactionThroughputController({
      scheduler,
      settings: settings.compaction.throughput,
      pressure: () => this.compactSplit.pressure,
      isOffPeak: (nowUs) => settings.compaction.isOffPeak(nowUs),
    })
    host.spawn('CompactionThroughputTuner', throughput.tuner(settings.compaction.tunePhaseUs))
    this.compactSplit = new CompactSplit({
      ...settings.compaction,
      scheduler,
      host,
      stores,
      regions,
      io: hfiles,
      throughput,
      writeMarker: (region, bytes) => this.#writeMarker(region, bytes),
    })
    this.flusher = new MemStoreFlusher({
      ...settings.flusher,
      scheduler,
      regionFlush: this.#flush,
      memstores,
      regions,
      memstoreBytes: () => writePath.memstoreBytes,
      blockingStoreFiles: settings.compaction.policy.configuration.blockingFiles,
      storeFiles: (region) => stores.filesOf(region),
      isMeta: () => false,
      requestCompaction: (region, why) => this.compactSplit.requestCompaction(region, why),
      advance,
    })
  }

  /** The threads begin. */
  start(): void {
    const { host, settings, scheduler, stores, archive, hfiles } = this.#options
    const regions = () => this.#options.regions()
    const { compaction } = settings
    this.flusher.start(host)
    this.compactSplit.start()
    const periodic = periodicMemStoreFlusher({
      ...settings.periodicFlusher,
      flusher: this.flusher,
      regionFlush: this.#flush,
      regions,
      advance: () => this.#options.advance(),
    })
    host.spawn('PeriodicMemStoreFlusher', periodic)
    const { checkIntervalUs, checkPhaseUs } = compaction
    host.spawn('CompactionChecker', this.compactSplit.checker(checkIntervalUs, checkPhaseUs))
    const { dischargerIntervalUs, dischargerPhaseUs } = compaction
    const discharging = { scheduler, stores, archive, io: hfiles }
    host.spawn(
      'CompactedHFilesDischarger',
      dischargeCompactedHFiles(regions, dischargerIntervalUs, dischargerPhaseUs, discharging),
    )
  }

  /** No flush begins any more but to close a region, and no region opens. */
  stop(): void {
    this.#stopping = true
    this.flusher.stop()
  }

  /** Ends when no region is being opened or closed. */
  *settle(): Protocol {
    while (this.#inTransition > 0) yield this.#settled
  }

  /** The region was open here before the run began. */
  adopt(region: number): void {
    this.#options.writePath.openRegion(region)
    this.#flush.open(region, Number.NEGATIVE_INFINITY)
  }

  /**
   * AssignRegionHandler: see `openRegion`.
   *
   * @param opening how often the region was opened before; names the draws
   * @throws IOException FAILED_OPEN; `closed` if the server stops (RegionServerStoppedException)
   */
  *open(region: number, opening: number): Protocol<RegionOpening> {
    if (this.#stopping) throw new IOException('closed', 'the server stops')
    return yield* this.#transit(this.#open(region, opening))
  }

  #open(region: number, opening: number): Protocol<RegionOpening> {
    const { scheduler, memstores, stores, hfiles, recoveredEdits, settings } = this.#options
    const { writePath } = this.#options
    stores.opened(region)
    return openRegion(region, opening, {
      scheduler,
      sampler: settings.sampler,
      regionName: (of) => settings.regionName(of),
      storage: {
        read: (file) => hfiles.read(file, file.visibleBytes()),
        delete: (file) => hfiles.remove(file),
        commit: (file) => this.#commitRecovered(file),
      },
      recoveredEdits,
      stores: {
        filesOf: (of) => filesIn(stores, of),
        maxSequenceId: (of, family) => Math.max(0, stores.store(of, family).maxSequenceId),
        addRecovered: (file) => this.#addRecovered(file),
      },
      memstore: memstores,
      wal: writePath,
      flushSize: memstores.flushSize,
      flushRecovered: (of, sequenceId) =>
        flushRecovered(of, sequenceId, {
          memstores,
          hfiles,
          addStoreFile: (file) => this.#addFlushed(file),
        }),
      requestCompaction: (of) => this.compactSplit.regionOpened(of),
      online: (of) => {
        writePath.openRegion(of)
        this.#flush.open(of, scheduler.now)
      },
    })
  }

  /**
   * UnassignRegionHandler: see `closeRegion`.
   *
   * @throws IOException it cannot be closed; the server must abort
   */
  *close(region: number): Protocol {
    // A move and a stop may want it at one time.
    if (!this.#closing.has(region)) yield* this.#transit(this.#closeAlone(region))
    while (this.#closing.has(region)) yield this.#settled
  }

  *#closeAlone(region: number): Protocol {
    this.#closing.add(region)
    try {
      yield* this.#close(region)
    } finally {
      this.#closing.delete(region)
    }
  }

  *#transit<T>(transition: Protocol<T>): Protocol<T> {
    this.#inTransition++
    try {
      return yield* transition
    } finally {
      this.#inTransition--
      this.#settled.notifyAll()
    }
  }

  *#close(region: number): Protocol {
    const { stores, writePath, accounting, archive, hfiles, scheduler } = this.#options
    const { memstores, settings } = this.#options
    yield* closeRegion(region, {
      flushes: this.#flush,
      wal: writePath,
      memstoreBytes: (of) => memstores.heapBytes(of),
      precloseFlushSize: settings.precloseFlushSize,
      filesOf: (of) => filesIn(stores, of),
      stopCompactions: (of) => this.compactSplit.closeRegion(of),
      stopServing: (of) => writePath.closeRegion(of),
    })
    accounting(region).closeRegion(region)
    for (const store of stores.of(region)) {
      yield* closeAndArchiveCompactedFiles(store, { scheduler, stores, archive, io: hfiles })
    }
  }

  /** A flush of the whole region that the user asks for; ends with it. */
  *flush(region: number): Protocol {
    yield* this.#flush.flush(region, this.#asked())
  }

  /** Files that others have written enter the region (HRegion.bulkLoadHFiles). */
  *bulkLoad(region: number, files: readonly HFileToLoad[]): Protocol<readonly StoreFile[]> {
    const { scheduler, stores, hfiles, abort } = this.#options
    return yield* bulkLoadHFiles(region, files, true, {
      scheduler,
      stores,
      commit: (file) => hfiles.commit(file),
      writeMarker: (of, bytes) => this.#writeMarker(of, bytes),
      abort: (reason) => abort(reason),
      flush: (of) => this.#flushForLoad(of),
    })
  }

  #asked(): FlushRequest {
    return { families: 'all', reason: 'request', requestedUs: this.#options.scheduler.now }
  }

  *#flushForLoad(region: number): Protocol<number | null> {
    const flushed = yield* this.#flush.flush(region, this.#asked())
    return 'sequenceId' in flushed ? flushed.sequenceId : null
  }

  *#writeMarker(region: number, bytes: number): Protocol {
    const { writePath } = this.#options
    writePath.appendMarker(region, bytes)
    yield* writePath.sync(region)
  }

  #addFlushed(flushed: FlushedStoreFile): boolean {
    const { stores, scheduler, memstores } = this.#options
    const { region, family, bytes, cells, flushOpSeqId, file } = flushed
    const store = stores.store(region, family)
    store.add(
      storeFile({
        name: file.path,
        region,
        family,
        bytes,
        entries: cells,
        minSequenceId: Math.min(memstores.lowestSequenceIdOf(region, family), flushOpSeqId),
        maxSequenceId: flushOpSeqId,
        createdUs: scheduler.now,
        file,
      }),
    )
    return this.compactSplit.needsCompaction(store)
  }

  #addRecovered({ region, families, file }: RecoveredFile): void {
    const { stores, scheduler } = this.#options
    for (const { family, bytes, minSequenceId, maxSequenceId } of families) {
      stores.store(region, family).add(
        storeFile({
          name: file.path,
          region,
          family,
          bytes,
          entries: maxSequenceId - minSequenceId + 1,
          minSequenceId,
          maxSequenceId,
          createdUs: scheduler.now,
          file,
        }),
      )
    }
  }

  *#commitRecovered(file: HdfsFile): Protocol {
    yield* this.#options.hfiles.rename(file, `data/${file.path}`)
  }
}

/** HFiles of all families of the region. */
function filesIn(stores: Stores, region: number): number {
  return stores.of(region).reduce((sum, { files }) => sum + files.length, 0)
}
