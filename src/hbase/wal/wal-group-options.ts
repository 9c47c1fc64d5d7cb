import type { Host, Protocol } from '../../kernel/process.js'
import type { Variate } from '../../kernel/variate.js'
import type { FanOutOutput } from '../../storage/hdfs/fan-out-output.js'
import type { HdfsFile } from '../../storage/hdfs/hdfs-file.js'
import type { PipelineOutput } from '../../storage/hdfs/pipeline-output.js'
import type { WalSteps } from '../regionserver/wal-steps.js'
import type { EditLog } from './edit-log.js'
import type { FSHLogSettings } from './fs-hlog.js'
import type { RegionSequenceIds } from './sequence-id-accounting.js'
import type { SlowSyncSettings } from './slow-syncs.js'
import type { Wal } from './wal.js'
import type { WalGroup } from './wal-group.js'
import type { RegionEdits } from './wal-props.js'

/** Hears of a region server's WALs, as HBase's WALActionsListener does. */
export interface WalListener {
  /** Before the server writes to `wal`; the roll waits for it. */
  preLogRoll(wal: Wal): Protocol
  /** The server writes to `wal` from now on. */
  postLogRoll(wal: Wal): void
}

/** The stream of a WAL: of AsyncFSWAL, of FSHLog. */
export type WalOutput = FanOutOutput | PipelineOutput

/** A WAL that was rolled and closed before the run began. */
export interface PastWal {
  readonly file: HdfsFile
  readonly createdUs: number
  readonly closedUs: number
  readonly regions: readonly RegionEdits[]
}

/** What a group that runs for long has behind it. */
export interface PastWals {
  /** Those that are not archived, oldest first. */
  readonly wals: readonly PastWal[]
  /** Regions that have edits in no HFile, and the first of these. */
  readonly unflushed: RegionSequenceIds
}

export interface WalGroupOptions {
  readonly log: EditLog
  /** The group of hbase:meta alone: its WALs are named so, and never replicated. */
  readonly meta?: boolean
  /** Of `hbase.wal.provider: filesystem`; then all streams are `PipelineOutput`s. */
  readonly fsHLog?: FSHLogSettings
  readonly slowSyncs: SlowSyncSettings
  /** More rolled WALs than this lead to flushes; see `maxLogs`. */
  readonly maxLogs: number
  /** See `WalGroupWrites`. */
  readonly sync: Variate
  readonly hsync?: Variate
  /** The stream of the WAL that is being written first. */
  readonly firstWal: WalOutput
  /** Age of the first WAL when the server starts. */
  readonly firstWalAgeUs: number
  /** None if not given. */
  readonly past?: PastWals
  /** Creates the file of WAL number `ordinal`. */
  createWalFile(path: string, ordinal: number): Protocol<WalOutput>
}

/** What a WAL group asks of its server. */
export interface WalGroupContext {
  readonly host: Host
  /** The incarnation. */
  readonly server: string
  /** WAL groups and regions in all. */
  readonly groups: number
  readonly regions: number
  readonly listeners: readonly WalListener[]
  /** How many families a region has. */
  families(region: number): number
  walSteps(): Pick<WalSteps, keyof WalSteps>
  /** Brings the write path up to now. */
  advance(): void
  recoverLease(file: HdfsFile): Protocol<unknown>
  onRollNeeded(group: WalGroup): void
  /** The WAL is closed and all its entries are in HFiles: moves it to oldWALs. */
  archive(wal: Wal): void
}
