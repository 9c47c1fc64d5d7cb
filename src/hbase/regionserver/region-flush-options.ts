import type { Protocol } from '../../kernel/process.js'
import type { Scheduler } from '../../kernel/scheduler.js'
import type { HdfsFile } from '../../storage/hdfs/hdfs-file.js'
import type { MarkerDescriptor } from '../wal/marker-descriptor.js'
import type { FlushReason } from './flush-queue.js'
import type { HFileIo } from './hfile-io.js'
import type { MemstoreSnapshot } from './memstores.js'
import type { StoreFile } from './store-file.js'

/** Memstores as a flush sees them. */
export interface FlushedMemstores {
  readonly flushSize: number
  families(region: number): number
  beginSequenceId(region: number): number
  lastSequenceId(region: number): number
  /** Active memstores and snapshots together. */
  heapBytes(region: number): number
  activeBytes(region: number, family: number): number
  /** Infinity if the family's active memstore is empty. */
  oldestUsOf(region: number, family: number): number
  flushedSequenceId(region: number): number
  snapshot(region: number, families: readonly number[]): void
  snapshots(region: number): readonly MemstoreSnapshot[]
  /** @returns heap bytes that are free now */
  commit(region: number, flushOpSeqId: number): number
}

/** The write path as a flush sees it. */
export interface FlushedWritePath {
  lockUpdates(region: number): Protocol
  unlockUpdates(region: number): void
  appendMarker(region: number, bytes: number, descriptor: MarkerDescriptor): unknown
  sync(region: number): Protocol
  memstoreFreed(bytes: number): void
}

/** SequenceIdAccounting of the region's WAL as a flush sees it. */
export interface FlushedAccounting {
  startCacheFlush(region: number, families: readonly number[]): number | null
  completeCacheFlush(region: number, maxFlushedSequenceId: number): void
  abortCacheFlush(region: number): void
  /** Infinity if the family has no unflushed edit. */
  lowestUnflushedOf(region: number, family: number): number
}

/** One store's part of a flush, in its HFile. */
export interface FlushedStoreFile extends MemstoreSnapshot {
  readonly region: number
  /** All edits of the file are older; the file's maximal sequence id. */
  readonly flushOpSeqId: number
  readonly file: HdfsFile
}

/** A flushed file as its store has it. */
export interface AddedStoreFile {
  readonly file: StoreFile
  /** The store wants a compaction. */
  readonly compactionNeeded: boolean
}

/** One flush that was committed, for timelines and reports. */
export interface FlushRecord {
  readonly region: number
  readonly families: readonly number[]
  /** Of the cells that were flushed. */
  readonly bytes: number
  readonly reason: FlushReason
  readonly flushOpSeqId: number
  readonly requestedUs: number
  /** From here on writes of the region waited, */
  readonly lockedUs: number
  /** … and from here on no more. */
  readonly unlockedUs: number
  /** The HFiles are in their stores, and COMMIT_FLUSH is durable. */
  readonly committedUs: number
}

export interface RegionFlushOptions {
  readonly scheduler: Scheduler
  readonly memstores: FlushedMemstores
  readonly writePath: FlushedWritePath
  readonly hfiles: HFileIo
  accounting(region: number): FlushedAccounting
  /** Brings the server's write path up to now. */
  advance(): void
  /** `hbase.hregion.percolumnfamilyflush.size.lower.bound.min` */
  readonly flushSizeLowerBoundMin: number
  /** `hbase.regionserver.optionalcacheflushinterval`; 0 switches it off. */
  readonly flushIntervalUs: number
  /** `hbase.regionserver.flush.per.changes` */
  readonly flushPerChanges: number
  /** `hbase.hstore.flush.retries.number` */
  readonly flushRetries: number
  /** `hbase.server.pause` */
  readonly pauseUs: number
  /** Of hbase:meta and the other system tables. */
  isSystemTable(region: number): boolean
  /** The file enters its store, at this instant. */
  addStoreFile(file: FlushedStoreFile): AddedStoreFile
  onFlushed(record: FlushRecord): void
  /** A snapshot could not be persisted: only a replay of the WAL brings its edits back. */
  abort(reason: string): void
}
