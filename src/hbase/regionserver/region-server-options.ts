import type { Protocol } from '../../kernel/process.js'
import type { HdfsFile } from '../../storage/hdfs/hdfs-file.js'
import type { Node } from '../../storage/node.js'
import type { LogRollerOptions } from '../wal/log-roller.js'
import type { WalGroupOptions } from '../wal/wal-group.js'
import type { HFileIo } from './hfile-io.js'
import type { RegionSettings, SharedRegions } from './online-regions-options.js'
import type { FlushResult } from './region-flush.js'
import type { RegionReplicas, RegionReplicasOptions } from './region-replicas.js'
import type { WritePathOptions } from './write-path-options.js'

/** hbase:meta as a region of a server. */
export interface MetaTableOptions {
  readonly region: number
  /** Null: the server does not carry it when it starts. */
  readonly wal: WalGroupOptions | null
  /**
   * Creates its first WAL on the server.
   *
   * @throws IOException
   */
  createWal(): Protocol<WalGroupOptions>
}

/** Of a server, what its region replicas need. */
export interface ReplicaServerParts
  extends Pick<RegionReplicasOptions, 'host' | 'writePath' | 'memstores'> {
  /** The regions that are open on the server. */
  regions(): readonly number[]
  /** Brings its write path up to now. */
  advance(): void
  /** See `OnlineRegions.flushForReplicas`. */
  flush(primary: number): Protocol<FlushResult>
  abort(reason: string): void
}

export interface RegionServerOptions extends Omit<LogRollerOptions, 'scheduleFlush'> {
  /** The server name: unique among all incarnations on all hosts. */
  readonly name: string
  readonly hostName: string
  readonly node: Node
  readonly writePath: Omit<
    WritePathOptions,
    'groups' | 'metaRegion' | 'onFlushWanted' | 'onMemstorePressure' | 'onDisturbed'
  >
  readonly shared: SharedRegions
  /** Its WAL is written here, too, if hbase:meta comes; not given: it is elsewhere for ever. */
  readonly meta?: MetaTableOptions
  readonly hfiles: HFileIo
  /** Not given if no region has replicas. */
  buildReplicas?(server: ReplicaServerParts): RegionReplicas
  readonly regionSettings: RegionSettings
  /** Regions that are open on the server when it starts. */
  readonly regionsAtStart: readonly number[]
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
