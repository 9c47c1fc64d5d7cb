import type { Scheduler } from '../../kernel/scheduler.js'
import type { Sampler } from '../sampler.js'
import type { DataTransfer } from './data-transfer.js'
import type { FSNamesystem } from './fs-namesystem.js'
import type { NameNode } from './name-node.js'
import type { RedundancyMonitor } from './redundancy-monitor.js'

/** What clients and services of one HDFS have in common. */
export interface DfsParts {
  readonly scheduler: Scheduler
  readonly sampler: Sampler
  readonly namesystem: FSNamesystem
  readonly nameNode: NameNode
  readonly transfer: DataTransfer
  readonly redundancy: RedundancyMonitor
  readonly settings: DfsSettings
}

/** Properties of the site that clients read. */
export interface DfsSettings {
  readonly replication: number
  readonly closeRetries: number
  readonly blockWriteRetries: number
  readonly replaceDataNode: boolean
  readonly replaceBestEffort: boolean
}
