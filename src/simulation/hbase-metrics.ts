import type { MetricsSource } from '../replication/metrics-source.js'
import { replicationCheckpointUs } from '../replication/replication-checkpoint.js'
import type { ReplicationQueueStorage } from '../replication/replication-queue-storage.js'
import type { ReplicationSource } from '../replication/replication-source.js'
import type { HBaseMetric } from './docs/hbase-metric-docs.js'

/**
 * HBase's metrics of a peer at the end of the run: counters summed over all sources there have been,
 * ages and queue lengths of the worst one that is still active.
 */
export function hbaseMetricsOf(
  sources: readonly ReplicationSource[],
  nowUs: number,
): Record<Exclude<HBaseMetric, 'checkpointUs'>, number> {
  const all = sources.map(({ metrics }) => metrics)
  const active = sources.filter((source) => source.active).map(({ metrics }) => metrics)
  const sum = (of: (metrics: MetricsSource) => number) =>
    all.reduce((total, metrics) => total + of(metrics), 0)
  const worst = (of: (metrics: MetricsSource) => number) =>
    active.reduce((most, metrics) => Math.max(most, of(metrics)), 0)
  return {
    ageOfLastShippedOpUs: all.reduce(
      (most, { maxAgeOfLastShippedOpUs }) => Math.max(most, maxAgeOfLastShippedOpUs),
      0,
    ),
    completedLogs: sum((metrics) => metrics.completedLogs),
    completedRecoverQueues: sum((metrics) => metrics.completedRecoverQueues),
    failedBatches: sum((metrics) => metrics.failedBatches),
    ignoredUncleanlyClosedLogContentsInBytes: sum(
      (metrics) => metrics.ignoredUncleanlyClosedLogContentsInBytes,
    ),
    logEditsFiltered: sum((metrics) => metrics.logEditsFiltered),
    logEditsRead: sum((metrics) => metrics.logEditsRead),
    logReadInBytes: sum((metrics) => metrics.logReadInBytes),
    numInitializing: sum((metrics) => metrics.numInitializing),
    oldestWalAgeUs: worst((metrics) => metrics.oldestWalAgeUs),
    repeatedLogFileBytes: sum((metrics) => metrics.repeatedLogFileBytes),
    replicationLagUs: worst((metrics) => metrics.replicationLagUs(nowUs)),
    restartedLogReading: sum((metrics) => metrics.restartedLogReading),
    shippedBatches: sum((metrics) => metrics.shippedBatches),
    shippedBytes: sum((metrics) => metrics.shippedBytes),
    shippedOps: sum((metrics) => metrics.shippedOps),
    sizeOfLogQueue: worst((metrics) => metrics.sizeOfLogQueue),
    timestampOfLastShippedOpUs: worst((metrics) => metrics.timestampOfLastShippedOpUs),
    uncleanlyClosedLogs: sum((metrics) => metrics.uncleanlyClosedLogs),
  }
}

/**
 * What HBase believes to be in the backup of a peer, as a time: the checkpoint of HBASE-29220.
 * Absent while no queue has an offset.
 *
 * @param sources with markers, those of the peer: each has its server store the time of the last
 *   write that it has shipped; null without
 */
export function checkpointOf(
  storage: ReplicationQueueStorage,
  peer: string,
  groups: number,
  sources: readonly ReplicationSource[] | null,
): Partial<Record<HBaseMetric, number>> {
  const offsets = storage
    .queues(peer, null)
    .flatMap((queue) =>
      Array.from({ length: groups }, (_, group) => storage.offset(queue, group)).flatMap(
        (offset) =>
          offset === undefined ? [] : { owner: queue.server, walCreatedUs: offset.wal.createdUs },
      ),
    )
  const checkpointUs = replicationCheckpointUs(offsets, sources && lastShippedUs(sources))
  return checkpointUs === null ? {} : { checkpointUs }
}

/** By server. */
function lastShippedUs(sources: readonly ReplicationSource[]): Map<string, number> {
  const stored = new Map<string, number>()
  for (const { queue, metrics } of sources) {
    const lastUs = Math.floor(metrics.timestampOfLastShippedOpUs / 1000) * 1000
    stored.set(queue.server, Math.max(stored.get(queue.server) ?? 0, lastUs))
  }
  return stored
}
