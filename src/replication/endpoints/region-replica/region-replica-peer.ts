/**
 * The peer whose sources feed secondary replicas in HBase 2
 * (ServerRegionReplicaUtil.REGION_REPLICA_REPLICATION_PEER).
 */
export const REGION_REPLICA_REPLICATION_PEER = 'region_replica_replication'

/**
 * Whether the master adds that peer, enabled, because a table is created or altered
 * (ServerRegionReplicaUtil.setupRegionReplicaReplication, called by CreateTableProcedure,
 * EnableTableProcedure and ModifyTableProcedure). Nobody ever removes it: an operator disables it.
 *
 * @param enabled `hbase.region.replica.replication.enabled` at the master
 * @param regionReplication of the table from now on
 */
export function addsRegionReplicaPeer(
  enabled: boolean,
  regionReplication: number,
  peers: readonly string[],
): boolean {
  return enabled && regionReplication > 1 && !peers.includes(REGION_REPLICA_REPLICATION_PEER)
}
