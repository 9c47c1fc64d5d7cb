import type { ReplicaEntry } from '../../../hbase/wal/replica-entry.js'
import type { Host, Process, Protocol } from '../../../kernel/process.js'
import type { Scheduler } from '../../../kernel/scheduler.js'
import { Signal } from '../../../kernel/signal.js'
import type { Tracer } from '../../../kernel/tracer.js'
import { IOException } from '../../../storage/io-exception.js'
import type { EntryBuffers } from './entry-buffers.js'
import { ExpiringCache } from './expiring-cache.js'
import type { PipelineController } from './pipeline-controller.js'
import type { RegionEntries } from './region-entries.js'
import { ReplayCall, type ReplayCallOptions } from './replay-call.js'

export interface RegionReplicaOutputSinkOptions extends ReplayCallOptions {
  readonly scheduler: Scheduler
  readonly host: Host
  readonly writerThreads: number
  readonly disabledTablesExpiryUs: number
  readonly memstoreReplicationExpiryUs: number
  /** The replicas of a primary region, itself first. */
  replicasOf(region: number): readonly number[]
  tableOf(region: number): string
  /** REGION_MEMSTORE_REPLICATION of the table. */
  hasMemstoreReplication(table: string): boolean
  isTableDisabled(table: string): boolean
}

/**
 * The writer threads that empty the buffers: each takes the largest, sends it to all secondaries of
 * its region at once and waits for all of them. One that fails takes its buffer with it and is
 * replaced when the reader hears of it (OutputSink, RegionReplicaOutputSink,
 * RegionReplicaSinkWriter).
 *
 * Simplification: the pool of `hbase.region.replica.replication.threads.max` threads for RPCs has
 * always one to spare.
 */
export class RegionReplicaOutputSink {
  readonly #options: RegionReplicaOutputSinkOptions
  readonly #buffers: EntryBuffers
  readonly #controller: PipelineController
  readonly #writers: Process[] = []
  /** Wake the writers that wait for entries. */
  readonly #idle: Signal[] = []
  /** Calls that are tried again, each in a thread of the pool. */
  readonly #retries = new Set<Process>()
  readonly #memstoreReplication: ExpiringCache<boolean>
  readonly #disabledTables: ExpiringCache<true>

  constructor(
    buffers: EntryBuffers,
    controller: PipelineController,
    options: RegionReplicaOutputSinkOptions,
  ) {
    const { scheduler, memstoreReplicationExpiryUs, disabledTablesExpiryUs } = options
    this.#options = options
    this.#buffers = buffers
    this.#controller = controller
    this.#memstoreReplication = new ExpiringCache(scheduler, memstoreReplicationExpiryUs)
    this.#disabledTables = new ExpiringCache(scheduler, disabledTablesExpiryUs)
  }

  startWriterThreads(): void {
    for (let n = 0; n < this.#options.writerThreads; n++) this.#startWriter(n)
  }

  restartWriterThreadsIfNeeded(): void {
    for (const [n, writer] of this.#writers.entries()) {
      if (!writer.alive) this.#startWriter(n)
    }
  }

  /** There is something in the buffers. */
  dataAvailable(): void {
    for (const woken of this.#idle.splice(0, this.#buffers.takeable)) woken.notifyAll()
  }

  /** Ends writers and retries; what is on its way belongs to the receivers. */
  stop(): void {
    for (const writer of this.#writers) writer.kill()
    for (const retry of this.#retries) retry.kill()
  }

  #startWriter(n: number): void {
    this.#writers[n] = this.#options.host.spawn(`replica writer ${n}`, this.#write())
  }

  *#write(): Protocol {
    const woken = new Signal()
    for (;;) {
      const buffer = this.#buffers.getChunkToWrite()
      if (buffer === null) {
        this.#idle.push(woken)
        yield woken
        continue
      }
      const { tracer } = this.#options.scheduler
      const append = this.#append(buffer)
      const error = yield* tracer === null ? append : traced(tracer, buffer, append)
      this.#buffers.doneWriting(buffer)
      if (error !== null) {
        this.#controller.writerThreadError(error)
        return
      }
      this.#controller.roomMade()
    }
  }

  /** Answers why a secondary did not take the entries; null if all did, or none is to. */
  *#append({ region, entries }: RegionEntries): Protocol<IOException | null> {
    const table = this.#options.tableOf(region)
    const wanted = this.#withoutUnwanted(table, entries)
    if (wanted.length === 0) return null
    if (this.#disabledTables.get(table) !== undefined) {
      this.#skip(wanted)
      return null
    }
    const calls = yield* this.#replay(region, wanted)
    for (const { failure, replica } of calls) {
      if (failure === null) continue
      if (!this.#options.isTableDisabled(table)) {
        return new IOException('timeout', `replica ${replica} did not replay: ${failure}`)
      }
      this.#disabledTables.put(table, true)
      this.#skip(wanted)
      return null
    }
    return null
  }

  /** Sends to all secondaries at once. Ends when all have answered, or the first of them has failed. */
  *#replay(region: number, entries: readonly ReplicaEntry[]): Protocol<ReplayCall[]> {
    const answered = new Signal()
    const calls: ReplayCall[] = []
    const isOpen = ({ state }: ReplayCall) => state !== 'over'
    const changed = () => {
      if (calls.some(({ failure }) => failure !== null) || !calls.some(isOpen)) answered.notifyAll()
    }
    const replicas = this.#options.replicasOf(region)
    for (const replica of replicas.slice(1)) {
      calls.push(new ReplayCall(replica, entries, this.#options, changed))
    }
    for (const call of calls) call.start()
    for (let first = 0; first < calls.length; ) {
      const call = calls[first]
      for (const failed of calls.filter(({ state }) => state === 'failed')) this.#retry(failed)
      if (isOpen(call)) yield answered
      else if (call.failure !== null) return [call]
      else first++
    }
    return calls
  }

  #retry(call: ReplayCall): void {
    const process = this.#options.host.spawn(`replay of ${call.replica}`, call.retry())
    for (const other of this.#retries) if (!other.alive) this.#retries.delete(other)
    this.#retries.add(process)
  }

  /** Only markers of a table without memstore replication are wanted. */
  #withoutUnwanted(table: string, entries: readonly ReplicaEntry[]): readonly ReplicaEntry[] {
    let replicated = this.#memstoreReplication.get(table)
    if (replicated === undefined) {
      replicated = this.#options.hasMemstoreReplication(table)
      this.#memstoreReplication.put(table, replicated)
    }
    if (replicated) return entries
    this.#skip(entries)
    return entries.filter(({ marker }) => marker !== null)
  }

  #skip(entries: readonly ReplicaEntry[]): void {
    for (const { edits } of entries) this.#options.traffic.skippedEdits += edits
  }
}

function traced<T>(
  tracer: Tracer,
  { region, entries }: RegionEntries,
  append: Protocol<T>,
): Protocol<T> {
  return tracer.around('replay to secondaries', { region, entries: entries.length }, append)
}
