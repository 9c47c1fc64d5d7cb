import type { SlotRing } from '../regionserver/slot-ring.js'
import type { WritePathLatencies, WritePathOptions } from '../regionserver/write-path-options.js'
import type { EditLog } from './edit-log.js'
import type { Wal } from './wal.js'

/** What a ring buffer reads of the write path's options. */
export type RingBufferOptions = Pick<
  WritePathOptions,
  'walBatchSize' | 'walRollSize' | 'durabilities' | 'useHsync'
> & {
  readonly latencies: Pick<WritePathLatencies, 'walAppend' | 'walBytesPerSecond'>
}

/**
 * The WAL of one group as the write path plays it: a ring buffer with a consumer, and syncs under
 * way. Either `AsyncFSWAL` or `FSHLog` (`hbase.wal.provider`).
 */
export interface RingBufferWal {
  readonly log: EditLog
  /** When the consumer's turn ends, or begins if it has no batch; Infinity if it has no work. */
  readonly consumerDueUs: number
  /** When the first outstanding sync returns; Infinity if there is none. */
  readonly syncDueUs: number
  /** Edits written to WALs, as an index into the log; goes back when a stream breaks. */
  readonly consumedEdits: number
  /** Edits whose sync has returned, as an index into the log. */
  readonly syncedEdits: number
  /** Edits appended to the ring buffer and not yet written to a WAL. */
  readonly unwrittenEdits: number
  /** Nothing can be written until the roll. */
  readonly broken: boolean
  /** Calls that were taken by the consumer and are not acknowledged by the file system. */
  readonly unacked: SlotRing
  /** Nobody waits for an append: the file system has acknowledged all but those of ASYNC_WAL. */
  readonly idle: boolean

  /** Bytes of the file that its DataNodes have by `nowUs`, acknowledged or not. */
  receivedBytes(nowUs: number): number
  /** A call for this group is on its way. */
  offered(sentUs: number, bytes: number): void
  /** A call for this group has failed for good. */
  withdrawn(bytes: number): void
  /** A handler appends: a place in the ring buffer, which is the edit's place in the log. */
  append(slot: number, time: number, region: number, sequenceId: number): void
  /** A turn of the consumer ends. */
  consume(time: number): void
  /** The first sync returns; answers how many edits, the first of `unacked`, it made durable. */
  returnSync(): number
  /** All edits of a returned sync are taken out of `unacked`. */
  syncReturned(): void
  /**
   * A time before which nobody need look so that a roll or safe point is noticed in time; a later
   * one than `advancedUs`. `nextStepUs` is the next step of the whole write path.
   */
  nextCauseUs(advancedUs: number, nextStepUs: number): number
  /** Stops the consumer at a safe point; `onSafePoint` tells when it is reached. */
  requestSafePoint(nowUs: number): void
  /** Continues in a new WAL, at a safe point or after a break. */
  switchTo(wal: Wal, nowUs: number): void
  /** A DataNode of the stream's block died. */
  streamFailed(nowUs: number, suspended: boolean): void
  /** The server's threads stop. What they handed to the stream is in the network's hands. */
  suspend(nowUs: number): void
  /** The server's threads go on after `lostUs`. */
  resume(nowUs: number, lostUs: number): void
  /** The process is gone: recovery will find what the DataNodes have. */
  abandon(nowUs: number): void
}
