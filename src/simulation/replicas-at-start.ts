import type { Cluster } from './cluster.js'
import type { ClusterReplicas } from './region-replicas.js'

/**
 * When the run begins a secondary has the primary's files; and where edits are replicated, in its
 * memstore what the primary has in its.
 */
export function openAtStart(cluster: Cluster, replicas: ClusterReplicas, region: number): void {
  const { map, files } = cluster
  const primary = map.replicas.primaryOf(region)
  const secondary = replicas.secondary(region)
  secondary.open(true)
  if (!replicas.isSentEdits(map.tableOf(region))) return
  const { memstores } = files
  const sequenceId = memstores.lastSequenceId(primary)
  const flushed = memstores.flushedSequenceId(primary)
  if (sequenceId <= flushed) return
  const edits = sequenceId - flushed
  const bytes = memstores.dataBytes(primary)
  secondary.replay([
    { after: flushed, firstSequenceId: flushed + 1, sequenceId, bytes, edits, marker: null },
  ])
}

/** What the tracker has to know of the time before the run, when all secondaries are open. */
export function beginTracking(cluster: Cluster, replicas: ClusterReplicas): void {
  const { steady, files, scheduler, map } = cluster
  const { memstores } = files
  for (const region of replicas.secondaries) {
    const primary = map.replicas.primaryOf(region)
    if (region !== replicas.secondariesOf(primary)[0]) continue
    const flushed = memstores.flushedSequenceId(primary)
    const last = memstores.lastSequenceId(primary)
    if (steady !== null && last > flushed) {
      const flushedUs = steady.flushedUs(primary)
      replicas.tracker.past(primary, flushed + 1, last, last - flushed, flushedUs)
    }
  }
  for (const region of replicas.secondaries) replicas.changed(region, scheduler.now)
}
