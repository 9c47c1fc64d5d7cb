import type { ClusterReplicas } from './region-replicas.js'
import type { Gauge } from './series-recorder.js'

/** What charts and `series.csv` show of secondary replicas over time, all of them together. */
export function replicaGauges(replicas: ClusterReplicas): Gauge[] {
  const labels = {}
  const sum = (of: (region: number) => number) => () =>
    replicas.secondaries.reduce((total, region) => total + of(region), 0)
  return [
    {
      metric: 'stalenessUs',
      unit: 'us',
      labels,
      read: (nowUs) => replicas.worstStalenessUs(nowUs),
    },
    {
      metric: 'unavailableReplicas',
      unit: 'regions',
      labels,
      read: sum((region) => (replicas.tracker.isAvailable(region) ? 0 : 1)),
    },
    {
      metric: 'replicaMemstoreBytes',
      unit: 'bytes',
      labels,
      read: sum((region) => replicas.heapBytes(region)),
    },
  ]
}
