/**
 * What a disaster takes and what it leaves:
 * - `region-server-crash`: one server's process and memory, its open writers included
 * - `data-node-crash`: one DataNode's process, then its disk
 * - `rack-power-loss`: on one rack, processes and bytes neither hsynced nor written back
 * - `cluster-power-loss`: the same on every rack
 * - `hdfs-loss`: all of HDFS
 * - `cluster-loss`: region servers and HDFS together
 * - `store-loss`: one external store
 */
export type DisasterClass =
  | 'region-server-crash'
  | 'data-node-crash'
  | 'rack-power-loss'
  | 'cluster-power-loss'
  | 'hdfs-loss'
  | 'cluster-loss'
  | 'store-loss'
