import type { EventStream } from '../kernel/event-stream.js'
import type { Host } from '../kernel/process.js'
import type { Scheduler } from '../kernel/scheduler.js'
import type { BufferQuota } from './buffer-quota.js'
import type { ReplicationQueueStorage } from './replication-queue-storage.js'

/** What all sources of a region server share. */
export interface SourceContext {
  readonly scheduler: Scheduler
  readonly events: EventStream
  readonly host: Host
  readonly storage: ReplicationQueueStorage
  readonly quota: BufferQuota
  /** Fixes of HBase that are taken out again. */
  readonly unfixed: readonly string[]
  /** Brings the lengths of the server's own WALs up to date. */
  refresh(): void
  /** Time to open a WAL and see its length: the `n`-th time of that reader. */
  openUs(reader: string, n: number): number
  /**
   * What is left of the interval between a source's offsets when the run begins: 1 is all of it. The
   * cluster may have been running for long.
   */
  offsetPhase(peer: string, source: string, group: number): number
  /** Time to read `bytes` of an open WAL. */
  readUs(bytes: number): number
  /** The server gives itself up, by a protocol of its own. */
  abortServer(reason: string): void
  /** It stops or aborts (`Server.isStopped`). */
  stopped(): boolean
}
