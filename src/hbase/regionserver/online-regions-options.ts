import type { Host } from '../../kernel/process.js'
import type { Scheduler } from '../../kernel/scheduler.js'
import type { Sampler } from '../../storage/sampler.js'
import type { ThroughputSettings } from '../compactions/pressure-aware-compaction-throughput-controller.js'
import type { SortedCompactionPolicy } from '../compactions/sorted-compaction-policy.js'
import type { SequenceIdAccounting } from '../wal/sequence-id-accounting.js'
import type { CompactSplitOptions } from './compact-split.js'
import type { HFileArchive } from './hfile-archive.js'
import type { HFileIo } from './hfile-io.js'
import type { MemStoreFlusherOptions } from './mem-store-flusher.js'
import type { Memstores } from './memstores.js'
import type { PeriodicMemStoreFlusherOptions } from './periodic-memstore-flusher.js'
import type { RecoveredEdits } from './recovered-edits.js'
import type { RegionFlushOptions } from './region-flush-options.js'
import type { RegionReplicas } from './region-replicas.js'
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
  /** Null where no region has replicas. */
  readonly replicas: RegionReplicas | null
  accounting(region: number): SequenceIdAccounting
  isMeta(region: number): boolean
  /** Brings the server's write path up to now. */
  advance(): void
  abort(reason: string): void
}
