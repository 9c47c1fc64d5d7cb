import type { Histogram } from '../measure/histogram.js'
import type { ServerActivity } from '../measure/server-activity.js'
import type { LatencyQuantiles, RegionServersResult } from './result.js'

/** What is reported of the region servers of a run. */
export function regionServersOf(activity: ServerActivity): RegionServersResult {
  const { flushStalls, flushDurations, compactionDurations, readLatency, levels } = activity
  const result: RegionServersResult = {
    flushes: {
      count: flushStalls.count,
      bytes: activity.flushedBytes,
      byReason: { ...activity.flushReasons },
      stallUs: latencyQuantiles(flushStalls),
      durationUs: latencyQuantiles(flushDurations),
      writeP999Us: activity.writeP999Us(),
    },
    compactions: {
      count: compactionDurations.count,
      major: activity.majorCompactions,
      inputFiles: activity.compactedFiles,
      bytes: activity.compactedBytes,
      durationUs: latencyQuantiles(compactionDurations),
    },
    rolls: { ...activity.rolls },
    refused: { ...activity.refusals },
    memstoreBytes: { max: levels.memstoreBytes },
    storeFiles: { max: levels.storeFiles },
    wals: { maxFiles: levels.walFiles },
  }
  if (readLatency.count > 0) result.readLatencyUs = latencyQuantiles(readLatency)
  return result
}

export function latencyQuantiles(histogram: Histogram): LatencyQuantiles {
  return {
    count: histogram.count,
    p50: histogram.quantile(0.5),
    p99: histogram.quantile(0.99),
    p999: histogram.quantile(0.999),
    max: histogram.max,
  }
}
