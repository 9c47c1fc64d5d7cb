import type { Configuration } from '../../../storage/configuration.js'
import { regionReplicationProperties } from './region-replication-properties.js'

/** How long a batch may take on its way to one secondary replica. */
export interface ReplicateTimeouts {
  readonly rpcUs: number
  readonly operationUs: number
}

/** How a region server replicates its primary regions to their secondary replicas. */
export interface RegionReplicationSettings {
  /** Retries per batch and replica, after the first attempt. */
  readonly retries: number
  /** Of batches without a marker. */
  readonly edits: ReplicateTimeouts
  /** Of batches with one. */
  readonly metaEdits: ReplicateTimeouts
  readonly batchBytes: number
  readonly batchEntries: number
  /** Of all regions of the server. */
  readonly maxPendingBytes: number
  /** Above it, the region with the most is flushed. */
  readonly softPendingBytes: number
  readonly flushMinIntervalSeconds: number
}

export function regionReplicationSettings(configuration: Configuration): RegionReplicationSettings {
  const number = (key: string) =>
    configuration.number(regionReplicationProperties, `hbase.region.read-replica.sink.${key}`)
  const maxPendingBytes = number('max-pending-size')
  const softLimit = number('max-pending-size.soft-limit-percentage')
  return {
    retries: number('retries.number'),
    edits: {
      rpcUs: 1000 * number('rpc.timeout.ms'),
      operationUs: 1000 * number('operation.timeout.ms'),
    },
    metaEdits: {
      rpcUs: 1000 * number('meta-edit.rpc.timeout.ms'),
      operationUs: 1000 * number('meta-edit.operation.timeout.ms'),
    },
    batchBytes: number('size.capacity'),
    batchEntries: number('nb.capacity'),
    maxPendingBytes,
    softPendingBytes: Math.floor(softLimit * maxPendingBytes),
    flushMinIntervalSeconds: number('flush.min-interval.secs'),
  }
}
