import { peerChannel } from '../hbase/progress.js'
import type { ReplicaCalls } from '../hbase/regionserver/regionreplication/replica-calls.js'
import type { EditLog } from '../hbase/wal/edit-log.js'
import type { Host } from '../kernel/process.js'
import { ConfirmedEdits } from '../measure/confirmed-edits.js'
import { ReplicaTraffic } from '../replication/endpoints/region-replica/replica-traffic.js'
import { regionReplicaReplicationSettings } from '../replication/endpoints/region-replica-properties.js'
import { RegionReplicaReplicationEndpoint } from '../replication/endpoints/region-replica-replication-endpoint.js'
import type { ReplicationPeer, SourceLimits } from '../replication/replication-peer.js'
import type { ReplicationSource } from '../replication/replication-source.js'
import {
  hasRegionReplicaPeer,
  REGION_REPLICA_REPLICATION_PEER,
} from '../scenario/region-replica-peer.js'
import type { Cluster } from './cluster.js'
import { purposes } from './purposes.js'
import { sourceLimits } from './source-limits.js'

/**
 * The peer whose sources feed the secondary replicas of an HBase 2 cluster; null if there is none.
 *
 * @param number the next one behind those of the scenario's peers
 */
export function buildRegionReplicaPeer(cluster: Cluster, number: number): RegionReplicaPeer | null {
  return hasRegionReplicaPeer(cluster.model.scenario)
    ? new RegionReplicaPeer(cluster, number)
    : null
}

/**
 * A peer without a store: what it has brought to its secondaries is theirs to lose, so there is no
 * recovery point and no ledger. It only has to say which edits its sources may still read.
 */
export class RegionReplicaPeer implements ReplicationPeer {
  readonly id = REGION_REPLICA_REPLICATION_PEER
  readonly exists = true
  readonly wantsMarkers = true
  /** An operator may disable it. */
  enabled = true
  readonly sources: ReplicationSource[] = []
  sharedQueues = 0
  readonly traffic = new ReplicaTraffic()
  readonly #cluster: Cluster
  readonly #confirmed = new ConfirmedEdits()

  constructor(
    cluster: Cluster,
    readonly number: number,
  ) {
    this.#cluster = cluster
    cluster.events.subscribe(peerChannel(number), this.#confirmed)
  }

  /** First edit of the log that one of its sources, or one that claims a queue, may read. */
  firstNeeded({ id }: EditLog): number {
    return this.#confirmed.firstUnconfirmed(id)
  }

  limits(): SourceLimits {
    const { model } = this.#cluster
    const interval = model.ms('hbase.replication.shipper.offset.update.interval.ms')
    const sizeThreshold = model.number('hbase.replication.shipper.offset.update.size.threshold')
    return { ...sourceLimits(model.configuration), intervalUs: interval, sizeThreshold }
  }

  bandwidth(): number {
    return this.#cluster.model.number('replication.source.per.peer.node.bandwidth')
  }

  /** That of one source on the region server of `host`. */
  createEndpoint(host: Host, calls: ReplicaCalls): RegionReplicaReplicationEndpoint {
    const { model, scheduler, map, acknowledgements } = this.#cluster
    const { configuration, scenario } = model
    const jitter = model.luck.stream(purposes.replicationJitter, 'all')
    const clientRetries = model.number('hbase.client.retries.number')
    return new RegionReplicaReplicationEndpoint({
      ...regionReplicaReplicationSettings(configuration, clientRetries),
      scheduler,
      host,
      calls,
      traffic: this.traffic,
      pauseUs: model.ms('hbase.client.pause'),
      pauseServerOverloadedUs: model.ms('hbase.client.pause.server.overloaded'),
      rpcTimeoutUs: model.ms('hbase.rpc.timeout'),
      operationTimeoutUs: model.ms('hbase.client.operation.timeout'),
      jitter: (replica, id, attempt) => jitter.uniform(id, attempt, map.nameOf(replica)),
      replicasOf: (region) => map.replicas.replicasOf(region),
      tableOf: (region) => map.tableOf(region),
      hasMemstoreReplication: (table) => scenario.tables[table].memstoreReplication,
      isTableDisabled: () => false,
      logOf: (log) => acknowledgements[log].source.log,
    })
  }
}
