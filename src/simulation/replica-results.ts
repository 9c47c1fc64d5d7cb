import type { ReplicaResult, StalenessResult } from '../measure/replica-result.js'
import type { ReplicaTraffic } from '../replication/endpoints/region-replica/replica-traffic.js'
import type { Cluster } from './cluster.js'
import { trafficTo } from './counted-replica-calls.js'
import type { ClusterReplicas } from './region-replicas.js'

/**
 * The replicas of every table that has some, those with replica ids from 1 on.
 *
 * @param peerTraffic what the peer of HBase 2 has sent; null without one
 */
export function replicaResults(
  cluster: Cluster,
  replicas: ClusterReplicas,
  peerTraffic: ReplicaTraffic | null,
): Record<string, ReplicaResult[]> {
  const sent = replicas.version === '3.x' ? replicas.traffic : peerTraffic
  const results: Record<string, ReplicaResult[]> = {}
  for (const [table, staleness] of replicas.tracker.results(cluster.scheduler.now)) {
    const traffic = replicas.replicationOf(table) === 'none' ? null : sent
    results[table] = staleness.map((of) => resultOf(cluster, replicas, table, of, traffic))
  }
  return results
}

function resultOf(
  { map }: Cluster,
  { versions, secondaries }: ClusterReplicas,
  table: string,
  staleness: StalenessResult,
  traffic: ReplicaTraffic | null,
): ReplicaResult {
  const { replicaId } = staleness
  const staleReadProbability = versions.probes(table, replicaId)
  const reads = versions.reads(table, replicaId)
  const replicas = secondaries.filter((region) => {
    return map.replicas.replicaIdOf(region) === replicaId && map.tableOf(region) === table
  })
  return {
    ...staleness,
    ...(staleReadProbability && { staleReadProbability }),
    ...(reads && { reads }),
    ...(traffic && { traffic: trafficTo(traffic, replicas) }),
  }
}
