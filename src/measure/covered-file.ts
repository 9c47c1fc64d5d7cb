import type { DisasterClass } from '../storage/disaster.js'
import type { Holder } from './file-cover.js'

/** Disasters that leave a part of HDFS. */
export const FILE_CLASSES = [
  'region-server-crash',
  'data-node-crash',
  'rack-power-loss',
  'cluster-power-loss',
] as const

export type FileClass = (typeof FILE_CLASSES)[number]

/** What the ledger wants to know of an HdfsFile. */
export interface CoveredFile extends Holder {
  readonly bytesFlushed: number
  /** Bytes that an hsync covers. */
  readonly bytesSynced: number
  readonly closed: boolean
  readonly deleted: boolean
  /** Some block has fewer live replicas than it should have. */
  readonly shortOfReplicas: boolean
  survivingBytes(disaster: DisasterClass): number
}
