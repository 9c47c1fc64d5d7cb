import type { DisasterClass } from '../../storage/disaster.js'

/** Claims of a design that confirms what is in the store, or believes to be. */
export const SURVIVES_CLUSTER: readonly DisasterClass[] = [
  'region-server-crash',
  'data-node-crash',
  'rack-power-loss',
  'cluster-power-loss',
  'hdfs-loss',
  'cluster-loss',
]
