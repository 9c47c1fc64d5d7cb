import {
  addsRegionReplicaPeer,
  REGION_REPLICA_REPLICATION_PEER,
} from '../replication/endpoints/region-replica/region-replica-peer.js'
import { regionReplicaProperties } from '../replication/endpoints/region-replica-properties.js'
import { Configuration } from '../storage/configuration.js'
import type { Scenario } from './scenario.js'

export { REGION_REPLICA_REPLICATION_PEER }

/**
 * HBase 2 has added the peer that feeds secondary replicas before the run began, because of one of
 * the tables; an operation that names it says that it is there, too, whatever the property is by
 * now: nobody ever removes it. HBase 3 has no such peer.
 */
export function hasRegionReplicaPeer({
  hbase,
  site,
  tables,
  operations,
}: Pick<Scenario, 'hbase' | 'site' | 'tables' | 'operations'>): boolean {
  const replicated = Object.values(tables).filter((table) => table.regionReplication > 1)
  if (hbase !== '2.6' || replicated.length === 0) return false
  const isNamed = operations.some((operation) => {
    return 'peer' in operation && operation.peer === REGION_REPLICA_REPLICATION_PEER
  })
  if (isNamed) return true
  const key = 'hbase.region.replica.replication.enabled'
  const enabled = new Configuration(site).boolean(regionReplicaProperties, key)
  return replicated.some(({ regionReplication }) =>
    addsRegionReplicaPeer(enabled, regionReplication, []),
  )
}
