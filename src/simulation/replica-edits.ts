import { hasRegionReplicaPeer } from '../scenario/region-replica-peer.js'
import type { Model } from './model.js'
import { META_TABLE } from './workload.js'

/** Where edits reach secondaries: not at all, out of the WAL (2.x) or out of memory (3.x). */
export type ReplicationOfRegions = 'none' | '2.x' | '3.x'

/** How the table's secondaries get what is written between flushes. */
export function replicationOf(model: Model, table: string): ReplicationOfRegions {
  const isOf2x = model.scenario.hbase === '2.6'
  if (table === META_TABLE) {
    const enabled = model.boolean('hbase.region.replica.replication.catalog.enabled')
    return enabled && !isOf2x ? '3.x' : 'none'
  }
  // The peer of HBase 2 ships whatever the property says, once it is there.
  if (isOf2x) return hasRegionReplicaPeer(model.scenario) ? '2.x' : 'none'
  return model.boolean('hbase.region.replica.replication.enabled') ? '3.x' : 'none'
}

/** Edits of the table are sent to its secondaries, not markers alone. */
export function isSentEdits(model: Model, table: string): boolean {
  const { tables } = model.scenario
  return replicationOf(model, table) !== 'none' && (tables[table]?.memstoreReplication ?? true)
}
