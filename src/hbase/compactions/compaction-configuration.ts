import type { Configuration } from '../../storage/configuration.js'
import { compactionProperties as properties } from './compaction-properties.js'

/** The limits that a selection of files keeps to (HBase's CompactionConfiguration). */
export interface CompactionConfiguration {
  /** Fewest and most files of a minor compaction. */
  readonly minFiles: number
  readonly maxFiles: number
  /** Selections smaller than this skip the ratio test. */
  readonly minSizeBytes: number
  /** Larger selections are left out; Infinity if there is no limit. */
  readonly maxSizeBytes: number
  readonly offPeakMaxSizeBytes: number
  readonly ratio: number
  readonly offPeakRatio: number
  /** Files of a store at which it may be stuck. */
  readonly blockingFiles: number
  /** 0: no major compaction by age. */
  readonly majorPeriodUs: number
  /** Share of the period by which it is longer or shorter at most. */
  readonly majorJitter: number
  /** Compactions of more bytes are large ones. */
  readonly throttleBytes: number
  /** TTL of the family; Infinity if its cells live for ever. */
  readonly ttlUs: number
}

/**
 * The configuration that a site makes. A minimum of files below 2 counts as 2.
 *
 * `hbase.hstore.min.locality.to.skip.major.compact` is left out: at its default of 0 no store is
 * compacted for the sake of locality.
 *
 * @param flushSizeBytes `hbase.hregion.memstore.flush.size`, which several defaults derive from
 */
export function compactionConfiguration(
  site: Configuration,
  flushSizeBytes: number,
  ttlUs = Infinity,
): CompactionConfiguration {
  const number = (key: keyof typeof properties) => site.number(properties, key)
  const or = (key: keyof typeof properties, otherwise: number) =>
    site.isSet(key) ? number(key) : otherwise
  const maxFiles = number('hbase.hstore.compaction.max')
  const maxSizeBytes = or('hbase.hstore.compaction.max.size', Infinity)
  const minFiles = or('hbase.hstore.compaction.min', number('hbase.hstore.compactionThreshold'))
  return {
    minFiles: Math.max(2, minFiles),
    maxFiles,
    minSizeBytes: or('hbase.hstore.compaction.min.size', flushSizeBytes),
    maxSizeBytes,
    offPeakMaxSizeBytes: or('hbase.hstore.compaction.max.size.offpeak', maxSizeBytes),
    // HBase reads them as floats of 32 bits.
    ratio: Math.fround(number('hbase.hstore.compaction.ratio')),
    offPeakRatio: Math.fround(number('hbase.hstore.compaction.ratio.offpeak')),
    blockingFiles: number('hbase.hstore.blockingStoreFiles'),
    majorPeriodUs: 1000 * number('hbase.hregion.majorcompaction'),
    majorJitter: number('hbase.hregion.majorcompaction.jitter'),
    throttleBytes: or(
      'hbase.regionserver.thread.compaction.throttle',
      2 * maxFiles * flushSizeBytes,
    ),
    ttlUs,
  }
}
