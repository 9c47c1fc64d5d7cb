/**
 * Disaster classes in the order in which reports list them, from one process to everything. The
 * clean abort is a second line of `hdfs-loss`: what open streams to the store hold is kept.
 */
export const DISASTER_CLASSES = [
  'region-server-crash',
  'data-node-crash',
  'rack-power-loss',
  'cluster-power-loss',
  'hdfs-loss-clean-abort',
  'hdfs-loss',
  'cluster-loss',
  'store-loss',
] as const
