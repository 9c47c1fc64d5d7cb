import type { EditLog } from '../hbase/wal/edit-log.js'
import type { Host, Protocol } from '../kernel/process.js'
import type { Scheduler } from '../kernel/scheduler.js'
import type { Configuration } from '../storage/configuration.js'
import type { DisasterClass } from '../storage/disaster.js'
import type { Hdfs } from '../storage/hdfs/hdfs.js'
import type { Node } from '../storage/node.js'
import type { S3AFileSystem } from '../storage/s3/s3a-file-system.js'
import type { CopyThrottle } from './endpoints/copy-throttle.js'
import type { WALEntryBatch } from './wal-entry-batch.js'

/**
 * What became of a batch (HBASE-29064). The plain `true` of other versions is COMMITTED, their
 * `false` is FAILED. SUBMITTED: taken, but its offset must not be stored yet.
 */
export type ReplicationResult = 'COMMITTED' | 'SUBMITTED' | 'FAILED'

/** What a replication source hands batches to: one instance per source. */
export interface ReplicationEndpoint {
  /** Disaster classes that an edit survives, so the design claims, once it is confirmed. */
  readonly claims: readonly DisasterClass[]
  /**
   * Who says when offsets are stored. `shipper`: its triggers (HBASE-29823; without them, every
   * batch). `endpoint`: the offsets of every WAL group of the source, whenever it answers COMMITTED
   * (feature branch HBASE-28957).
   */
  readonly offsets: 'shipper' | 'endpoint'
  /**
   * Makes ready and starts the endpoint's own threads, on the context's host.
   *
   * @throws IOException the source tries again with back-off, for ever
   */
  start(): Protocol
  /**
   * Ships a batch. Not FAILED: its entries are accepted. FAILED, after some time: the shipper tries
   * the same batch again at once. A thrown IOException: it does so after a growing sleep.
   */
  replicate(batch: WALEntryBatch): Protocol<ReplicationResult>
  /**
   * Makes everything accepted durable; called before an offset is stored (HBASE-29823).
   *
   * @throws IOException the shipper of the WAL group that asked starts again at the stored offset
   */
  beforePersistingReplicationOffset(): Protocol
  /**
   * The source is terminated: closes what can be closed. When it returns nothing of the endpoint
   * goes on. A process that is killed meanwhile leaves what a crash leaves.
   */
  stop(): Protocol
}

/** What an endpoint is given. */
export interface EndpointContext {
  readonly scheduler: Scheduler
  readonly host: Host
  readonly node: Node
  readonly hdfs: Hdfs
  /** A client of the peer's store; its luck is named by peer and source. */
  readonly fileSystem: S3AFileSystem
  readonly configuration: Configuration
  readonly peer: string
  /** The server name (one incarnation) that the endpoint runs on. */
  readonly server: string
  /**
   * Unique among the peer's sources, names files and luck: the server; `<origin>-<server>` for a
   * claimed queue; with a suffix `.2`, `.3`, … when a source is re-created.
   */
  readonly source: string
  /** A recovered source's dead server, whose staged files this endpoint takes over. */
  readonly adopts: string | null
  isOnline(server: string): boolean
  readonly options: EndpointOptions
  /** `replication.source.size.capacity`: a batch ends with the entry that reaches it. */
  readonly maxBatchBytes: number
  /** Time until the flush thread's first tick. */
  readonly firstFlushUs: number
  /** Of `copyBytesPerSecond`: all copiers of a peer on one server share it. */
  readonly copyThrottle: CopyThrottle | null
  logOf(log: number): EditLog
  tableOf(region: number): string
  /**
   * Stores the offset of the last batch that was SUBMITTED or COMMITTED, for every WAL group of the
   * source (feature branch HBASE-28957).
   */
  persistOffsets(): Protocol
}

/** Options of all endpoints; each reads those it knows. */
export interface EndpointOptions {
  /** Bytes at which an open file is rolled. */
  readonly rollSize: number
  /** Period of the flush thread that rolls open files whatever their size. */
  readonly flushIntervalUs: number
  /** How a staged file is made safe before its entries are accepted. */
  readonly sync: 'hsync' | 'hflush'
  readonly copiers: number
  /** What the copiers of one server may read per second; null for as much as they can. */
  readonly copyBytesPerSecond: number | null
  /** A file per table, in a directory of its own, instead of one for all. */
  readonly perTable: boolean
  /** A staged file is deleted only after a look at the length of what was stored. */
  readonly verify: boolean
  /**
   * Age from which pending multipart uploads of the peer are aborted when an endpoint starts
   * (`fs.s3a.multipart.purge`); null leaves them to a lifecycle rule.
   */
  readonly purgePendingUploadsUs: number | null
  /** What dual-write does while no object can be created: refuse, or accept on staging alone. */
  readonly degrade: 'none' | 'staging'
  /** Which deferred-offset. */
  readonly form: 'feature-branch' | 'hbase-29823'
  /** HBase issues whose fix is taken out again. */
  readonly unfixed: readonly string[]
}
