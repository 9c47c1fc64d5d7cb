import { compactionConfiguration } from '../hbase/compactions/compaction-configuration.js'
import { compactionProperties } from '../hbase/compactions/compaction-properties.js'
import { ExploringCompactionPolicy } from '../hbase/compactions/exploring-compaction-policy.js'
import { offPeakHours } from '../hbase/compactions/off-peak-hours.js'
import { throughputSettings } from '../hbase/compactions/pressure-aware-compaction-throughput-controller.js'
import { RatioBasedCompactionPolicy } from '../hbase/compactions/ratio-based-compaction-policy.js'
import type { SortedCompactionPolicy } from '../hbase/compactions/sorted-compaction-policy.js'
import type { RegionSettings } from '../hbase/regionserver/online-regions-options.js'
import type { MemstoreLimits } from '../hbase/regionserver/write-path-options.js'
import { Sampler } from '../storage/sampler.js'
import type { Cluster } from './cluster.js'
import type { Model } from './model.js'
import { purposes } from './purposes.js'
import { META_TABLE, type RegionMap } from './workload.js'

/** `hbase.regionserver.global.memstore.size` and the other limits, in bytes of heap. */
export function memstoreLimits(model: Model): MemstoreLimits {
  const share = model.number('hbase.regionserver.global.memstore.size')
  const upper = Math.floor(model.parameter('heap') * share)
  const flushSize = model.number('hbase.hregion.memstore.flush.size')
  return {
    region: flushSize * model.number('hbase.hregion.memstore.block.multiplier'),
    upper,
    lower: Math.floor(upper * model.number('hbase.regionserver.global.memstore.size.lower.limit')),
  }
}

/** What a server does with its regions, and when. `phase` draws where its chores are in their turns. */
export function regionSettings(
  cluster: Cluster,
  hostName: string,
  phase: (of: string) => number,
): RegionSettings {
  const { model, map, activity, files } = cluster
  const wakeFrequencyUs = model.ms('hbase.server.thread.wakefrequency')
  const checkPeriodUs =
    1000 * model.numberOr('hbase.regionserver.flush.check.period', wakeFrequencyUs / 1000)
  const phaseOf = (of: string, intervalUs: number) => Math.floor(phase(of) * intervalUs)
  return {
    flush: {
      flushSizeLowerBoundMin: model.number(
        'hbase.hregion.percolumnfamilyflush.size.lower.bound.min',
      ),
      flushIntervalUs: model.ms('hbase.regionserver.optionalcacheflushinterval'),
      flushPerChanges: model.number('hbase.regionserver.flush.per.changes'),
      flushRetries: model.number('hbase.hstore.flush.retries.number'),
      pauseUs: model.ms('hbase.server.pause'),
      onFlushed: (record) => {
        activity.flushed(hostName, record)
        activity.note('storeFiles', files.stores.filesOf(record.region), cluster.scheduler.now)
      },
    },
    precloseFlushSize: model.number('hbase.hregion.preclose.flush.size'),
    flusher: {
      memstoreLowerLimit: memstoreLimits(model).lower,
      handlers: model.number('hbase.hstore.flusher.count'),
      wakeFrequencyUs,
      blockingWaitTimeUs: model.ms('hbase.hstore.blockingWaitTime'),
    },
    periodicFlusher: {
      checkPeriodUs,
      phaseUs: phaseOf('chores', checkPeriodUs),
      flushDelayUs: flushDelays(model, map),
    },
    compaction: compactionSettings(cluster, hostName, wakeFrequencyUs, phaseOf),
    regionName: (region) => map.nameOf(region),
    sampler: new Sampler(model.cluster, model.luck),
  }
}

function compactionSettings(
  cluster: Cluster,
  hostName: string,
  wakeFrequencyUs: number,
  phaseOf: (of: string, intervalUs: number) => number,
): RegionSettings['compaction'] {
  const { model, activity } = cluster
  const throughput = throughputSettings(model.configuration)
  const checkIntervalUs =
    wakeFrequencyUs * model.number('hbase.server.compactchecker.interval.multiplier')
  const dischargerIntervalUs = model.ms('hbase.hfile.compaction.discharger.interval')
  return {
    policy: compactionPolicy(model),
    throughput,
    tunePhaseUs: phaseOf('compaction throughput', throughput.tunePeriodUs),
    enabled: model.boolean('hbase.regionserver.compaction.enabled'),
    largeThreads: model.number('hbase.regionserver.thread.compaction.large'),
    smallThreads: model.number('hbase.regionserver.thread.compaction.small'),
    isOffPeak: offPeakHours(
      model.number('hbase.offpeak.start.hour'),
      model.number('hbase.offpeak.end.hour'),
    ),
    markerBeforeSwap: model.scenario.hbase === '2.6',
    // No put is taken to write over another's cell: space is freed by nothing.
    keptShare: () => 1,
    observer: {
      compacted: (record) => activity.compacted(hostName, record),
      compactionFailed: () => {},
    },
    checkIntervalUs,
    checkPhaseUs: phaseOf('compaction checker', checkIntervalUs),
    dischargerIntervalUs,
    dischargerPhaseUs: phaseOf('discharger', dischargerIntervalUs),
  }
}

/** `hbase.hstore.defaultengine.compactionpolicy.class` */
export function compactionPolicy(model: Model): SortedCompactionPolicy {
  const policyKey = 'hbase.hstore.defaultengine.compactionpolicy.class'
  const isRatio = model.configuration.choice(compactionProperties, policyKey).includes('Ratio')
  const Policy = isRatio ? RatioBasedCompactionPolicy : ExploringCompactionPolicy
  const flushSize = model.number('hbase.hregion.memstore.flush.size')
  return new Policy(
    compactionConfiguration(model.configuration, flushSize),
    model.luck.stream(purposes.majorJitter, 'all'),
  )
}

/** Random delay of the `n`-th periodic flush of a region; named by table and place in it. */
function flushDelays(model: Model, map: RegionMap) {
  const seconds = model.number('hbase.regionserver.periodicmemstoreflusher.rangeofdelayseconds')
  const draws = map.tables.map(({ table }) => model.luck.stream(purposes.flushDelay, table))
  const ofMeta = model.luck.stream(purposes.flushDelay, META_TABLE)
  return (region: number, n: number) => {
    const t = map.tables.findLastIndex(({ first }) => first <= region)
    const isMeta = region === map.metaRegion
    const u = (isMeta ? ofMeta : draws[t]).uniform(n, 0, map.placeOf(region))
    return Math.floor(u * seconds * 1e6)
  }
}
