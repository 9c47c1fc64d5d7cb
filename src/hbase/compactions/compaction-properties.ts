import type { Properties } from '../../storage/configuration.js'

const POLICIES = 'org.apache.hadoop.hbase.regionserver.compactions.'

/** The names of the two policies, as a site file writes them. */
export const EXPLORING_POLICY = `${POLICIES}ExploringCompactionPolicy`
export const RATIO_BASED_POLICY = `${POLICIES}RatioBasedCompactionPolicy`

/**
 * HBase properties that compactions and the life of compacted files read, with the defaults of HBase
 * 2.6 and 3.0.
 */
export const compactionProperties = {
  'hbase.regionserver.compaction.enabled': {
    type: 'boolean',
    value: true,
    doc: 'false: no compaction is selected',
    source: 'CompactSplit',
  },
  'hbase.hstore.defaultengine.compactionpolicy.class': {
    type: 'choice',
    value: EXPLORING_POLICY,
    choices: [EXPLORING_POLICY, RATIO_BASED_POLICY],
    doc: 'which files of a store are compacted',
    source: 'DefaultStoreEngine',
  },
  'hbase.hstore.compactionThreshold': {
    type: 'int',
    value: 3,
    doc: 'old name of hbase.hstore.compaction.min',
    source: 'CompactionConfiguration',
  },
  'hbase.hstore.compaction.min': {
    type: 'int',
    value: null,
    doc: 'fewest files of a minor compaction, at least 2; default hbase.hstore.compactionThreshold',
    source: 'CompactionConfiguration',
  },
  'hbase.hstore.compaction.max': {
    type: 'int',
    value: 10,
    min: 2,
    doc: 'most files of a compaction, unless a user asked for a major one',
    source: 'CompactionConfiguration',
  },
  'hbase.hstore.compaction.min.size': {
    type: 'bytes',
    value: null,
    min: 0,
    doc: 'selections smaller than this skip the ratio test; default: size of a memstore flush',
    source: 'CompactionConfiguration',
  },
  'hbase.hstore.compaction.max.size': {
    type: 'bytes',
    value: null,
    min: 0,
    doc: 'larger selections are left out of minor compactions; default: no limit',
    source: 'CompactionConfiguration',
  },
  'hbase.hstore.compaction.max.size.offpeak': {
    type: 'bytes',
    value: null,
    min: 0,
    doc: 'the same in off-peak hours; default hbase.hstore.compaction.max.size',
    source: 'CompactionConfiguration',
  },
  'hbase.hstore.compaction.ratio': {
    type: 'float',
    value: 1.2,
    min: 0,
    doc: 'no file of a selection may be larger than this × the sum of the others',
    source: 'CompactionConfiguration',
  },
  'hbase.hstore.compaction.ratio.offpeak': {
    type: 'float',
    value: 5,
    min: 0,
    doc: 'the same in off-peak hours',
    source: 'CompactionConfiguration',
  },
  'hbase.offpeak.start.hour': {
    type: 'int',
    value: -1,
    min: -1,
    max: 23,
    doc: 'first off-peak hour of the day; -1: there is none',
    source: 'hbase-default.xml',
  },
  'hbase.offpeak.end.hour': {
    type: 'int',
    value: -1,
    min: -1,
    max: 23,
    doc: 'first hour of the day after the off-peak ones; -1: there is none',
    source: 'hbase-default.xml',
  },
  'hbase.hstore.blockingStoreFiles': {
    type: 'int',
    value: 16,
    min: 1,
    doc: 'files of a store at which flushes are put off and selections give up the ratio',
    source: 'hbase-default.xml',
  },
  'hbase.hregion.majorcompaction': {
    type: 'ms',
    value: 604_800_000,
    min: 0,
    doc: 'age of a store’s oldest file at which all its files are compacted; 0: never',
    source: 'hbase-default.xml',
  },
  'hbase.hregion.majorcompaction.jitter': {
    type: 'float',
    value: 0.5,
    min: 0,
    max: 1,
    doc: 'share of that period by which it is longer or shorter at most',
    source: 'hbase-default.xml',
  },
  'hbase.regionserver.thread.compaction.throttle': {
    type: 'bytes',
    value: null,
    min: 0,
    doc: 'larger compactions go to the large pool; default 2 × max files × size of a flush',
    source: 'CompactionConfiguration',
  },
  'hbase.regionserver.thread.compaction.large': {
    type: 'int',
    value: 1,
    min: 1,
    doc: 'threads for large compactions; idle ones take small ones',
    source: 'CompactSplit',
  },
  'hbase.regionserver.thread.compaction.small': {
    type: 'int',
    value: 1,
    min: 1,
    doc: 'threads for small compactions',
    source: 'CompactSplit',
  },
  'hbase.server.compactchecker.interval.multiplier': {
    type: 'int',
    value: 1000,
    min: 1,
    doc: 'stores are looked at every so many hbase.server.thread.wakefrequency',
    source: 'HStore',
  },
  'hbase.hstore.compaction.throughput.lower.bound': {
    type: 'bytes',
    value: 52_428_800,
    min: 1,
    doc: 'bytes per second of a server’s compactions without pressure',
    source: 'PressureAwareCompactionThroughputController',
  },
  'hbase.hstore.compaction.throughput.higher.bound': {
    type: 'bytes',
    value: 104_857_600,
    min: 1,
    doc: 'the same at pressure 1; there is no limit above',
    source: 'PressureAwareCompactionThroughputController',
  },
  'hbase.hstore.compaction.throughput.offpeak': {
    type: 'bytes',
    value: null,
    min: 1,
    doc: 'the same in off-peak hours; default: no limit',
    source: 'PressureAwareCompactionThroughputController',
  },
  'hbase.hstore.compaction.throughput.tune.period': {
    type: 'ms',
    value: 60_000,
    min: 1,
    doc: 'how often the limit is set anew',
    source: 'PressureAwareCompactionThroughputController',
  },
  'hbase.hstore.compaction.throughput.control.check.interval': {
    type: 'bytes',
    value: null,
    min: 1,
    doc: 'a compaction is held back after each so many bytes; default: the lower bound',
    source: 'PressureAwareCompactionThroughputController',
  },
  'hbase.hfile.compaction.discharger.interval': {
    type: 'ms',
    value: 120_000,
    min: 1,
    doc: 'how often compacted files that nobody reads go to the archive',
    source: 'HRegionServer',
  },
  'hbase.master.hfilecleaner.ttl': {
    type: 'ms',
    value: 300_000,
    min: 0,
    doc: 'an archived HFile is kept at least this long',
    source: 'TimeToLiveHFileCleaner',
  },
} satisfies Properties
