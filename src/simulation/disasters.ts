import type { RiskClass } from '../measure/peer-risks.js'

/** The disaster classes that RPO is reported for. */
export const DISASTERS: readonly RiskClass[] = [
  'region-server-crash',
  'data-node-crash',
  'rack-power-loss',
  'cluster-power-loss',
  'hdfs-loss-clean-abort',
  'hdfs-loss',
  'cluster-loss',
  'store-loss',
]
