import type { Protocol } from '../../kernel/process.js'
import { Signal } from '../../kernel/signal.js'
import type { HdfsFile } from '../../storage/hdfs/hdfs-file.js'
import { IOException } from '../../storage/io-exception.js'
import { PressureAwareCompactionThroughputController } from '../compactions/pressure-aware-compaction-throughput-controller.js'
import type { MarkerDescriptor } from '../wal/marker-descriptor.js'
import { bulkLoadHFiles, type HFileToLoad } from './bulk-load.js'
import { CompactSplit } from './compact-split.js'
import {
  closeAndArchiveCompactedFiles,
  dischargeCompactedHFiles,
} from './compacted-hfiles-discharger.js'
import { flushRecovered } from './flush-recovered.js'
import { MemStoreFlusher } from './mem-store-flusher.js'
import { flushedStoreFile, recoveredStoreFiles } from './new-store-files.js'
import type { OnlineRegionsOptions } from './online-regions-options.js'
import { periodicMemStoreFlusher } from './periodic-memstore-flusher.js'
import type { RecoveredFile } from './recovered-edits.js'
import { closeRegion } from './region-close.js'
import { type FlushRequest, type FlushResult, RegionFlush } from './region-flush.js'
import type { AddedStoreFile, FlushedStoreFile } from './region-flush-options.js'
import { openRegion, type RegionOpening } from './region-open.js'
import type { StoreFile } from './store-file.js'
import type { Stores } from './stores.js'

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
  /** In ascending order. */
  readonly #online: number[] = []
  #stopping = false

  constructor(options: OnlineRegionsOptions) {
    this.#options = options
    const { scheduler, memstores, stores, settings, writePath, hfiles, host } = options
    const regions = () => this.online
    const advance = () => options.advance()
    this.#flush = new RegionFlush({
      ...settings.flush,
      scheduler,
      memstores,
      writePath,
      hfiles,
      accounting: (region) => options.accounting(region),
      advance,
      isSystemTable: (region) => options.isMeta(region),
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
      writeMarker: (...marker) => this.#writeMarker(...marker),
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
      isMeta: (region) => options.isMeta(region),
      requestCompaction: (region, why) => this.compactSplit.requestCompaction(region, why),
      ...(options.replicas && { replicas: options.replicas.refresher }),
      advance,
    })
  }

  /**
   * The regions that are open here (HRegionServer.onlineRegions), those that are being closed
   * included, in ascending order. hbase:meta hears of it somewhat later.
   */
  get online(): number[] {
    return [...this.#online]
  }

  /** The threads begin. */
  start(): void {
    const { host, settings, scheduler, stores, archive, hfiles } = this.#options
    const regions = () => this.online
    const { compaction } = settings
    this.flusher.start(host)
    this.#options.replicas?.start()
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
    const { replicas } = this.#options
    this.#addRegion(region)
    if (replicas?.isSecondary(region) === true) {
      replicas.adopt(region)
      return
    }
    replicas?.primaryOpens(region)
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
    const { tracer } = this.#options.scheduler
    const open = this.#open(region, opening)
    const outcome = ({ hFiles, replayedBytes }: RegionOpening) => ({ hFiles, replayedBytes })
    const opened = yield* this.#transit(
      tracer?.around('open region', { region, opening }, open, outcome) ?? open,
    )
    this.#addRegion(region)
    return opened
  }

  #open(region: number, opening: number): Protocol<RegionOpening> {
    const { replicas } = this.#options
    if (replicas?.isSecondary(region) === true) return replicas.open(region, opening)
    replicas?.primaryOpens(region)
    return this.#openPrimary(region, opening)
  }

  #openPrimary(region: number, opening: number): Protocol<RegionOpening> {
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
      nextSequenceId: (of) => memstores.lastSequenceId(of) + 1,
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
    const { tracer } = this.#options.scheduler
    if (!this.#closing.has(region)) {
      const close = this.#closeAlone(region)
      yield* this.#transit(tracer?.around('close region', { region }, close) ?? close)
    }
    while (this.#closing.has(region)) yield this.#settled
  }

  #addRegion(region: number): void {
    const { length } = this.#online.filter((other) => other < region)
    this.#online.splice(length, 0, region)
  }

  *#closeAlone(region: number): Protocol {
    this.#closing.add(region)
    try {
      yield* this.#close(region)
      this.#online.splice(this.#online.indexOf(region), 1)
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
    const { memstores, settings, replicas } = this.#options
    if (replicas?.isSecondary(region) === true) {
      yield* replicas.close(region)
      return
    }
    yield* closeRegion(region, {
      flushes: this.#flush,
      wal: writePath,
      memstoreBytes: (of) => memstores.heapBytes(of),
      precloseFlushSize: settings.precloseFlushSize,
      filesOf: (of) => filesIn(stores, of).length,
      readPoint: (of) => memstores.lastSequenceId(of),
      *stopReplication(of) {
        if (replicas !== null) yield* replicas.primaryCloses(of)
      },
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

  /**
   * A flush of the whole region that its replicas need: if there is nothing to flush, the WAL says
   * so.
   *
   * @throws IOException as `RegionFlush.flush`
   */
  flushForReplicas(region: number): Protocol<FlushResult> {
    return this.#flush.flush(region, {
      families: 'all',
      reason: 'replica',
      requestedUs: this.#options.scheduler.now,
      writeFlushRequestMarker: true,
    })
  }

  /** Files that others have written enter the region (HRegion.bulkLoadHFiles). */
  *bulkLoad(region: number, files: readonly HFileToLoad[]): Protocol<readonly StoreFile[]> {
    const { scheduler, stores, hfiles, abort } = this.#options
    return yield* bulkLoadHFiles(region, files, true, {
      scheduler,
      stores,
      commit: (file) => hfiles.commit(file),
      writeMarker: (...marker) => this.#writeMarker(...marker),
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

  *#writeMarker(region: number, bytes: number, descriptor: MarkerDescriptor): Protocol {
    const { writePath } = this.#options
    writePath.appendMarker(region, bytes, descriptor)
    yield* writePath.sync(region)
  }

  #addFlushed(flushed: FlushedStoreFile): AddedStoreFile {
    const { stores, scheduler, memstores } = this.#options
    const file = flushedStoreFile(flushed, memstores, scheduler.now)
    const store = stores.store(flushed.region, flushed.family)
    store.add(file)
    return { file, compactionNeeded: this.compactSplit.needsCompaction(store) }
  }

  #addRecovered(recovered: RecoveredFile): void {
    const { stores, scheduler } = this.#options
    for (const file of recoveredStoreFiles(recovered, scheduler.now)) {
      stores.store(file.region, file.family).add(file)
    }
  }

  *#commitRecovered(file: HdfsFile): Protocol {
    yield* this.#options.hfiles.rename(file, `data/${file.path}`)
  }
}

/** HFiles of all families of the region. */
function filesIn(stores: Stores, region: number): readonly StoreFile[] {
  return stores.of(region).flatMap(({ files }) => files)
}
