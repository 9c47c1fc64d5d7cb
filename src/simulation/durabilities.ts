import { type DurabilityName, RegionDurabilities } from '../hbase/regionserver/durability.js'
import type { Model } from './model.js'
import type { RegionMap } from './workload.js'

/**
 * What `USE_DEFAULT` comes to (HRegion's default durability), and what hbase:meta has (HRegion.sync).
 */
export function defaultDurability(model: Model): DurabilityName {
  return model.boolean('hbase.wal.hsync') ? 'FSYNC_WAL' : 'SYNC_WAL'
}

/** Of a cluster's regions; null if every table has the default. */
export function regionDurabilities(model: Model, map: RegionMap): RegionDurabilities | null {
  const { tables } = model.scenario
  const usual = defaultDurability(model)
  const names = Array.from({ length: map.allRegions }, (_, region) => {
    const durability = tables[map.tableOf(region)]?.durability ?? 'USE_DEFAULT'
    return durability === 'USE_DEFAULT' ? usual : durability
  })
  return names.every((name) => name === usual) ? null : new RegionDurabilities(names)
}
