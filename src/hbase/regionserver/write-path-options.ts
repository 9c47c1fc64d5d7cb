import type { EventStream } from '../../kernel/event-stream.js'
import type { Variate } from '../../kernel/variate.js'
import type { EditLog } from '../wal/edit-log.js'
import type { Wal } from '../wal/wal.js'
import type { CallQueues } from './call-queues.js'
import type { Memstores } from './memstores.js'

/** Everything that takes time on the write path, drawn per client operation. */
export interface WritePathLatencies {
  /** One-way network latency: index 0 is the request, 1 the answer. */
  readonly network: Variate
  readonly putCpu: Variate
  readonly walAppend: Variate
  readonly memstoreApply: Variate
  /** WAL stream rate in bytes per second. */
  readonly walBytesPerSecond: number
}

/** How a client answers CallQueueTooBigException. */
export interface ClientRetries {
  /** `hbase.client.retries.number` */
  readonly limit: number
  /** `hbase.client.pause.server.overloaded` */
  readonly pauseUs: number
  /** Uniform in (0, 1) for the jitter of 1 %. */
  jitter(operation: number, attempt: number): number
}

/** Hears of every answered or finally failed client operation. */
export interface WriteObserver {
  answered(sentUs: number, acknowledgedUs: number, bytes: number): void
  failed(sentUs: number, operation: number): void
}

/** One WAL group as the write path sees it. */
export interface WalGroupWrites {
  readonly log: EditLog
  /** The WAL that is written first. */
  readonly firstWal: Wal
  /**
   * hflush (or hsync) of the WAL's fan-out writer, without the transfer of its bytes; drawn by the
   * operation of the sync's first edit, its attempt being how often a broken stream sent it before.
   */
  readonly sync: Variate
  /** The WAL must be rolled: it has outgrown its roll size, or its stream is broken. */
  onRollNeeded(): void
  /** Appends have stopped and no sync is outstanding; called at that instant. */
  onSafePoint(): void
}

export interface WritePathOptions {
  readonly groups: readonly WalGroupWrites[]
  readonly events: EventStream
  readonly observer: WriteObserver
  readonly memstores: Memstores
  readonly callQueues: CallQueues
  readonly latencies: WritePathLatencies
  readonly retries: ClientRetries
  /** The call queue that an attempt of an operation is dispatched to. */
  chooseQueue(operation: number, attempt: number): number
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
}
