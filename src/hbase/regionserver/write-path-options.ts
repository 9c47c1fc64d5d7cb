import type { EventStream } from '../../kernel/event-stream.js'
import type { Scheduler } from '../../kernel/scheduler.js'
import type { Variate } from '../../kernel/variate.js'
import type { EditLog } from '../wal/edit-log.js'
import type { FSHLogSettings } from '../wal/fs-hlog.js'
import type { MarkerDescriptor } from '../wal/marker-descriptor.js'
import type { RollReason } from '../wal/roll-record.js'
import type { SlowSyncs } from '../wal/slow-syncs.js'
import type { Wal } from '../wal/wal.js'
import type { CallKind } from './call-kind.js'
import type { CallQueues } from './call-queues.js'
import type { RegionDurabilities } from './durability.js'
import type { Memstores } from './memstores.js'
import type { AwaitedAnswers } from './next-answer.js'
import type { Refusal } from './refusal.js'

/** Everything that takes time on the write path, drawn per client operation. */
export interface WritePathLatencies {
  /** One-way network latency: index 0 is the request, 1 the answer. */
  readonly network: Variate
  readonly putCpu: Variate
  readonly getCpu: Variate
  readonly walAppend: Variate
  readonly memstoreApply: Variate
  /** WAL stream rate in bytes per second. */
  readonly walBytesPerSecond: number
}

/** How a client answers what a server that lives refuses. */
export interface ClientRetries {
  /** `hbase.client.retries.number` */
  readonly limit: number
  /** `hbase.client.pause`: after RegionTooBusyException and when a row lock was not to be had. */
  readonly clientPauseUs: number
  /** `hbase.client.pause.server.overloaded`: after CallQueueTooBigException. */
  readonly serverOverloadedPauseUs: number
  /** Uniform in (0, 1) for the jitter of 1 %. */
  jitter(operation: number, attempt: number): number
}

/** Hears of every answered or finally failed client operation. */
export interface WriteObserver {
  answered(sentUs: number, acknowledgedUs: number, bytes: number, operation: number): void
  /** `failedUs` is when the client learns of it, and may lie ahead. */
  failed(
    sentUs: number,
    operation: number,
    kind: CallKind,
    attempt: number,
    region: number,
    failedUs: number,
  ): void
  /** A get, multiget or scan is answered; `readUs` is when it saw the region's memory and files. */
  read(
    sentUs: number,
    answeredUs: number,
    region: number,
    operation: number,
    attempt: number,
    readUs: number,
  ): void
  /** The client of a read has its answer from elsewhere: it does not try again what is refused. */
  abandoned?(operation: number, attempt: number): boolean
  /** A call goes back to its client, who tries again or gives up. */
  refused(why: Refusal, timeUs: number): void
  /**
   * NotServingRegionException leaves the server at this instant: the client has to look elsewhere.
   */
  notServing(call: UnansweredCall): void
}

/** Limits of memstores in heap bytes. */
export interface MemstoreLimits {
  /** `hbase.hregion.memstore.flush.size` × `hbase.hregion.memstore.block.multiplier` */
  readonly region: number
  /** `hbase.regionserver.global.memstore.size` of the heap: from here on writes wait. */
  readonly upper: number
  /** `hbase.regionserver.global.memstore.size.lower.limit` of that. */
  readonly lower: number
}

/** One WAL group as the write path sees it. */
export interface WalGroupWrites {
  readonly log: EditLog
  /** The WAL that is written first. */
  readonly firstWal: Wal
  /**
   * hflush of the WAL's fan-out writer, without the transfer of its bytes; drawn by the
   * operation of the sync's first edit, its attempt being how often a broken stream sent it before.
   */
  readonly sync: Variate
  /** The same of hsync; it takes as long as an hflush if not given. */
  readonly hsync?: Variate
  /** Counts slow syncs; nobody does if not given. */
  readonly slowSyncs?: SlowSyncs
  /** Of `hbase.wal.provider: filesystem`; asyncfs if not given. */
  readonly fsHLog?: FSHLogSettings
  /** The WAL must be rolled: it has outgrown its roll size, its stream is broken or slow. */
  onRollNeeded(reason: RollReason): void
  /** Appends have stopped and no sync is outstanding; called at that instant. */
  onSafePoint(): void
}

/** What the write path has to do with region replicas. */
export interface ReplicaHooks {
  /** By region: 1 for a primary that has secondaries. */
  readonly isReplicated: Uint8Array
  /** Edits are handed on when they are visible, so somebody has to look at that instant. */
  readonly handsOn: boolean
  /** An edit of such a primary is visible from this instant on; called in order of its ids. */
  visible(
    region: number,
    sequenceId: number,
    bytes: number,
    key: number,
    acknowledgedUs: number,
    timeUs: number,
  ): void
  /** A marker of such a primary is in its WAL, whose sync is to come. */
  markerAppended(
    region: number,
    sequenceId: number,
    bytes: number,
    descriptor: MarkerDescriptor,
  ): void
  /** It is durable, and all before it visible. Not told of START_FLUSH, which is not waited for. */
  markerVisible(region: number, sequenceId: number, bytes: number, marker: MarkerDescriptor): void
  /** A replay waits for the global memstore as a write does: in HBase 2. */
  readonly waitsForMemory: boolean
  /** How long a handler works on a call to replay. */
  replayUs(call: number, region: number): number
  /** Heap bytes that the call brings at most. */
  heapOf(call: number, region: number): number
  /**
   * The secondary has what the call brings from this instant on, unless it refuses it.
   *
   * @returns heap bytes by which it has grown; negative if it has shrunk
   */
  replay(call: number, region: number, timeUs: number): number
  /** The call goes back to its sender. */
  refused(call: number, why: Refusal, timeUs: number): void
}

export interface WritePathOptions {
  /** Not given if nobody acts upon an answer to a call that one server alone is sent. */
  readonly awaitedAnswers?: AwaitedAnswers
  /** Not given if no region has replicas. */
  readonly replicas?: ReplicaHooks
  /** How much later a call arrives that is sent then; not given if none ever is. */
  rpcDelayUs?(sentUs: number): number
  /** Tells the time when others act upon the write path. */
  readonly scheduler: Pick<Scheduler, 'now'>
  readonly groups: readonly WalGroupWrites[]
  readonly events: EventStream
  readonly observer: WriteObserver
  readonly memstores: Memstores
  readonly callQueues: CallQueues
  readonly latencies: WritePathLatencies
  readonly retries: ClientRetries
  readonly memstoreLimits: MemstoreLimits
  /** That of hbase:meta, which no limit of memstores holds up and which has a WAL for itself. */
  readonly metaRegion?: number
  /**
   * What a region is called in draws, a number below 65,536: the same whatever other tables there
   * are. Two regions that share one share luck where they write markers of equal ids.
   */
  regionName(region: number): number
  /** `hbase.rowlock.wait.duration` */
  readonly rowLockWaitUs: number
  /**
   * What a read, or that of an atomic operation, takes in block cache and HFiles.
   *
   * @param rows how many a multiget or scan asks for
   */
  readUs(region: number, operation: number, attempt: number, kind: CallKind, rows: number): number
  /** The region is a secondary whose reads are disabled; none is if not given. */
  refusesReads?(region: number): Refusal | null
  /**
   * The region's memstore has outgrown the flush size, or refused a write; called at that instant,
   * once until a flush of the region has ended (HRegion.requestFlush).
   */
  onFlushWanted(region: number): void
  /**
   * The server's memstores have reached the lower limit; called at that instant, and again each
   * time that memory was freed and they are still there.
   */
  onMemstorePressure(): void
  /** Somebody has acted upon the path, or begins to wait for it: its next look may come sooner. */
  onDisturbed(): void
  /** The call queue that an attempt of an operation is dispatched to. */
  chooseQueue(operation: number, attempt: number): number
  /** `hbase.wal.hsync`: syncs are hsyncs unless a table wants it otherwise. Default false. */
  readonly useHsync?: boolean
  /** Not given if every table has the default: `FSYNC_WAL` if `useHsync`, else `SYNC_WAL`. */
  readonly durabilities?: RegionDurabilities
  /** Where edits of `SKIP_WAL` are noted, which are in no WAL; must be there if a table has them. */
  readonly skippedWal?: EditLog
  /** `hbase.wal.batch.size` in bytes: a sync is issued when so much is unsynced. */
  readonly walBatchSize: number
  /** A WAL longer than this is rolled, in bytes. */
  readonly walRollSize: number
}

/** A call that its server will never answer: the client must try again elsewhere. */
export interface UnansweredCall {
  /** When the client sent the operation first; may lie ahead of now. */
  readonly sentUs: number
  readonly region: number
  readonly bytes: number
  readonly operation: number
  /** Number of the attempt that is not answered, from 0. */
  readonly attempt: number
  readonly kind: CallKind
  /** The row; NO_KEY if none. */
  readonly key: number
}
