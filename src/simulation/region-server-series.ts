import type { ServerRecovery } from '../hbase/master/server-crash-procedure.js'
import type { ServerActivity } from '../measure/server-activity.js'
import { unavailableRegions } from './recoveries.js'
import type { Series } from './result.js'

/**
 * Write latency in windows of time, each told at the window's end, and the exact number of regions
 * that deaths of servers took from their clients, up to `endUs`.
 */
export function regionServerSeries(
  { writeLatency }: ServerActivity,
  recoveries: readonly ServerRecovery[],
  endUs: number,
): Series[] {
  const { windows, durationUs } = writeLatency
  const numbers = Array.from({ length: windows }, (_, window) => window)
  const timesUs = numbers.map((window) => Math.round((durationUs * (window + 1)) / windows))
  const latency = (metric: string, values: (number | null)[]) => {
    return { metric, unit: 'us', labels: {}, timesUs, values }
  }
  return [
    latency(
      'writeLatencyP99Us',
      numbers.map((window) => writeLatency.quantile(0.99, [window])),
    ),
    latency(
      'writeLatencyMaxUs',
      numbers.map((window) => writeLatency.maxUs(window)),
    ),
    {
      metric: 'unavailableRegions',
      unit: 'regions',
      labels: {},
      ...unavailableRegions(recoveries, endUs),
    },
  ]
}
