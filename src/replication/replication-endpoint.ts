import type { Host, Protocol } from '../kernel/process.js'
import type { Scheduler } from '../kernel/scheduler.js'
import type { DisasterClass } from '../storage/disaster.js'
import type { Extent } from '../storage/extent.js'
import type { Hdfs } from '../storage/hdfs/hdfs.js'
import type { HdfsFile } from '../storage/hdfs/hdfs-file.js'
import type { Node } from '../storage/node.js'
import type { S3AFileSystem } from '../storage/s3/s3a-file-system.js'
import type { WALEntryBatch } from './wal-entry-batch.js'

/** What a replication source hands batches to: one instance per region server and peer. */
export interface ReplicationEndpoint {
  /** Disaster classes that an edit survives, so the design claims, once it is confirmed. */
  readonly claims: readonly DisasterClass[]
  /** Starts the endpoint's own threads. */
  start(): void
  /**
   * Ships a batch. True: its entries are accepted and the offset may pass them. False, after some
   * time: the shipper tries the same batch again at once. A thrown IOException: it does so after a
   * growing sleep.
   */
  replicate(batch: WALEntryBatch): Protocol<boolean>
  /** Files in HDFS that hold accepted entries and would be shipped by whoever recovers them. */
  stagedFiles(): Iterable<HdfsFile>
}

/** What an endpoint is given, and where it tells what it keeps outside the WALs. */
export interface EndpointContext {
  readonly scheduler: Scheduler
  readonly host: Host
  readonly node: Node
  readonly hdfs: Hdfs
  readonly fileSystem: S3AFileSystem
  readonly peer: string
  readonly server: string
  readonly options: EndpointOptions
  /** `replication.source.size.capacity`: a batch ends with the entry that reaches it. */
  readonly maxBatchBytes: number
  /** Time until the flush thread's first tick. */
  readonly firstFlushUs: number
  readonly observer: EndpointObserver
}

/** Options of all endpoints; each reads those it knows. */
export interface EndpointOptions {
  /** Bytes at which an open file is rolled, tested before the next batch is appended. */
  readonly rollSize: number
  /** Period of the flush thread that rolls open files whatever their size. */
  readonly flushIntervalUs: number
  /** How a staged file is made safe before its entries are accepted. */
  readonly sync: 'hsync' | 'hflush'
  readonly copiers: number
}

export interface EndpointObserver {
  /** The staging area has grown or shrunk. */
  stagingChanged(bytes: number, files: number): void
  /** A staged file is safe up to its flushed length. */
  stagedFileSynced(file: HdfsFile): void
  /** A staged file is deleted: what it held is now elsewhere, or nowhere. */
  stagedFileDeleted(extents: readonly Extent[]): void
}
