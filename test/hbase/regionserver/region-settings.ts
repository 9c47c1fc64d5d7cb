import type { CompactionConfiguration } from '../../../src/hbase/compactions/compaction-configuration.js'
import { ExploringCompactionPolicy } from '../../../src/hbase/compactions/exploring-compaction-policy.js'
import { recoveryParameters } from '../../../src/hbase/master/recovery-parameters.js'
import type { CompactionRecord } from '../../../src/hbase/regionserver/compact-split.js'
import type { RegionSettings } from '../../../src/hbase/regionserver/online-regions-options.js'
import type { FlushRecord } from '../../../src/hbase/regionserver/region-flush.js'
import { constant } from '../../../src/kernel/distribution.js'
import { Luck } from '../../../src/kernel/draws.js'
import { override } from '../../../src/storage/parameter.js'
import { Sampler } from '../../../src/storage/sampler.js'
import { jitter } from '../compactions/store-files.js'

const SECOND = 1_000_000

/** Opening a region without HFiles, and what each HFile adds. */
export const REGION_OPEN_US = 300_000
export const HFILE_OPEN_US = 10_000

/** HBase's defaults, without major compactions for age. */
const compactionDefaults: CompactionConfiguration = {
  minFiles: 3,
  maxFiles: 10,
  minSizeBytes: 134_217_728,
  maxSizeBytes: Infinity,
  offPeakMaxSizeBytes: Infinity,
  ratio: 1.2,
  offPeakRatio: 5,
  blockingFiles: 16,
  majorPeriodUs: 0,
  majorJitter: 0,
  throttleBytes: 2_684_354_560,
  ttlUs: Infinity,
}

export interface RegionChanges {
  readonly flush?: Partial<RegionSettings['flush']>
  readonly periodicFlusher?: Partial<RegionSettings['periodicFlusher']>
  readonly compaction?: Partial<RegionSettings['compaction']>
  readonly memstoreLowerLimit?: number
  readonly precloseFlushSize?: number
}

/** HBase's defaults, all phases 0; what flushes and compactions did is noted in these lists. */
export function regionSettings(
  flushes: FlushRecord[],
  compactions: CompactionRecord[],
  changes: RegionChanges,
): RegionSettings {
  return {
    flush: {
      flushSizeLowerBoundMin: 16_777_216,
      flushIntervalUs: 3600 * SECOND,
      flushPerChanges: 30_000_000,
      flushRetries: 10,
      pauseUs: SECOND,
      onFlushed: (record) => flushes.push(record),
      ...changes.flush,
    },
    precloseFlushSize: changes.precloseFlushSize ?? 5_242_880,
    flusher: {
      memstoreLowerLimit: changes.memstoreLowerLimit ?? 1e15,
      handlers: 2,
      wakeFrequencyUs: 10 * SECOND,
      blockingWaitTimeUs: 90 * SECOND,
    },
    periodicFlusher: {
      checkPeriodUs: 10 * SECOND,
      phaseUs: 0,
      flushDelayUs: () => 0,
      ...changes.periodicFlusher,
    },
    compaction: {
      policy: new ExploringCompactionPolicy(compactionDefaults, jitter),
      throughput: {
        lowerBound: 52_428_800,
        higherBound: 104_857_600,
        offPeak: Infinity,
        tunePeriodUs: 60 * SECOND,
        controlBytes: 52_428_800,
      },
      tunePhaseUs: 0,
      enabled: true,
      largeThreads: 1,
      smallThreads: 1,
      isOffPeak: () => false,
      markerBeforeSwap: true,
      keptShare: () => 1,
      observer: {
        compacted: (record) => compactions.push(record),
        compactionFailed() {},
      },
      checkIntervalUs: 10_000 * SECOND,
      checkPhaseUs: 0,
      dischargerIntervalUs: 120 * SECOND,
      dischargerPhaseUs: 0,
      ...changes.compaction,
    },
    regionName: (region: number) => region,
    sampler: new Sampler(
      override(recoveryParameters, {
        regionOpen: constant(REGION_OPEN_US),
        hfileOpen: constant(HFILE_OPEN_US),
      }),
      new Luck(1),
    ),
  }
}
