import type { EventStream } from '../kernel/event-stream.js'
import type { Variate } from '../kernel/variate.js'
import type { CallQueues } from './call-queues.js'
import type { EditLog } from './edit-log.js'
import type { Memstores } from './memstores.js'

/** Everything that takes time on the write path, drawn per client operation or per sync. */
export interface WritePathLatencies {
  /** One-way network latency: index 0 is the request, 1 the answer. */
  readonly network: Variate
  readonly putCpu: Variate
  readonly walAppend: Variate
  /** hflush (or hsync) of the WAL's fan-out writer, without the transfer of its bytes. */
  readonly sync: Variate
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
  failed(sentUs: number): void
}

export interface WritePathOptions {
  readonly log: EditLog
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
  /** The WAL has outgrown its roll size; called at the instant it is noticed. */
  onRollNeeded(): void
  /** Appends have stopped and every sync has returned; called at that instant. */
  onSafePoint(): void
}
