import type { Protocol } from '../../kernel/process.js'
import type { HdfsFile } from '../../storage/hdfs/hdfs-file.js'
import type { Node } from '../../storage/node.js'
import type { LogRollerOptions } from '../wal/log-roller.js'
import type { WalGroupOptions } from '../wal/wal-group.js'
import type { HFileIo } from './hfile-io.js'
import type { RegionSettings, SharedRegions } from './online-regions.js'
import type { WritePathOptions } from './write-path-options.js'

export interface RegionServerOptions extends Omit<LogRollerOptions, 'scheduleFlush'> {
  /** The server name: unique among all incarnations on all hosts. */
  readonly name: string
  readonly hostName: string
  readonly node: Node
  readonly writePath: Omit<
    WritePathOptions,
    'groups' | 'onFlushWanted' | 'onMemstorePressure' | 'onDisturbed'
  >
  readonly shared: SharedRegions
  readonly hfiles: HFileIo
  readonly regionSettings: RegionSettings
  /** The regions that are open on the server. */
  regions(): readonly number[]
  /** `hbase.regionserver.executor.closeregion.threads` */
  readonly closeRegionThreads: number
  /** `hbase.regionserver.msginterval` and the phase of the first report. */
  readonly reportIntervalUs: number
  readonly reportPhaseUs: number
  /** ServerManager.regionServerReport */
  report(flushed: ReadonlyMap<number, readonly number[]>): boolean
  /** One, or several with `hbase.wal.provider=multiwal`. */
  readonly groups: readonly WalGroupOptions[]
  /** `hbase.wal.hsync`: a returned sync is on the DataNodes' disks. */
  readonly walHsync: boolean
  /** Closes a file whose stream has failed (`Hdfs.recoverLease`). */
  recoverLease(file: HdfsFile): Protocol<unknown>
}
