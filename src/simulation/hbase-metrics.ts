import type { ReplicationSource } from '../replication/replication-source.js'

/**
 * HBase's metrics of a peer at the end of the run: counters summed over the servers' sources, ages
 * and queue lengths of the worst one.
 */
export function hbaseMetricsOf(
  sources: readonly ReplicationSource[],
  nowUs: number,
): Record<string, number> {
  const sum = (of: (source: ReplicationSource) => number) =>
    sources.reduce((total, source) => total + of(source), 0)
  const worst = (of: (source: ReplicationSource) => number) =>
    sources.reduce((most, source) => Math.max(most, of(source)), 0)
  return {
    ageOfLastShippedOpUs: worst(({ metrics }) => metrics.maxAgeOfLastShippedOpUs),
    completedLogs: sum(({ metrics }) => metrics.completedLogs),
    failedBatches: sum(({ metrics }) => metrics.failedBatches),
    logEditsFiltered: sum(({ metrics }) => metrics.logEditsFiltered),
    logEditsRead: sum(({ metrics }) => metrics.logEditsRead),
    logReadInBytes: sum(({ metrics }) => metrics.logReadInBytes),
    oldestWalAgeUs: worst(({ queue }) => queue.oldestWalAgeUs(nowUs)),
    replicationLagUs: worst(({ metrics }) => metrics.replicationLagUs(nowUs)),
    shippedBatches: sum(({ metrics }) => metrics.shippedBatches),
    shippedBytes: sum(({ metrics }) => metrics.shippedBytes),
    shippedOps: sum(({ metrics }) => metrics.shippedOps),
    sizeOfLogQueue: worst(({ queue }) => queue.length),
    timestampOfLastShippedOpUs: worst(({ metrics }) => metrics.timestampOfLastShippedOpUs),
    uncleanlyClosedLogs: sum(({ metrics }) => metrics.uncleanlyClosedLogs),
  }
}
