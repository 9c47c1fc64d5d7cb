import { invariant } from '../../kernel/errors.js'
import type { EditLog } from '../wal/edit-log.js'
import type { MarkerDescriptor } from '../wal/marker-descriptor.js'
import { Durability, type RegionDurabilities } from './durability.js'
import type { MultiVersionConcurrencyControl } from './multi-version-concurrency-control.js'
import type { ServerWals } from './server-wals.js'
import type { WriteCalls } from './write-calls.js'
import type { WritePathOptions } from './write-path-options.js'
import { Step, type WriteSteps } from './write-steps.js'

interface UnsyncedWritesContext {
  readonly options: WritePathOptions
  readonly calls: WriteCalls
  readonly steps: WriteSteps
  readonly serverWals: ServerWals
  readonly mvcc: MultiVersionConcurrencyControl
}

/** Null if every write of the cluster waits for its WAL. */
export function unsyncedWrites(context: UnsyncedWritesContext): UnsyncedWrites | null {
  const { durabilities } = context.options
  return durabilities === undefined ? null : new UnsyncedWrites(context, durabilities)
}

/**
 * Writes of tables whose durability lets their handlers go on without the WAL (HRegion.doWALAppend,
 * HRegion.sync): with ASYNC_WAL after the append, with SKIP_WAL without one; that begins its MVCC
 * entry when it goes to the memstore.
 */
export class UnsyncedWrites {
  readonly #context: UnsyncedWritesContext
  readonly #durabilities: RegionDurabilities
  readonly #skippedWal: EditLog | null

  constructor(context: UnsyncedWritesContext, durabilities: RegionDurabilities) {
    this.#context = context
    this.#durabilities = durabilities
    this.#skippedWal = context.options.skippedWal ?? null
    const skips = durabilities.has(Durability.SKIP_WAL)
    invariant(!skips || this.#skippedWal !== null, 'edits of SKIP_WAL are noted somewhere')
  }

  /** Edits of the region are in no WAL. */
  skipsWal(region: number): boolean {
    return this.#durabilities.of(region) === Durability.SKIP_WAL
  }

  /** The log that the region's edits are in. */
  logOf(region: number): EditLog {
    if (this.#skippedWal !== null && this.skipsWal(region)) return this.#skippedWal
    return this.#context.serverWals.of(region).log
  }

  /** A handler has its locks: goes on to the memstore; false if the write waits for the WAL. */
  write(slot: number, time: number): boolean {
    const { options, calls, mvcc } = this.#context
    const region = calls.region[slot] as number
    const durability = this.#durabilities.of(region)
    if (durability > Durability.ASYNC_WAL) return false
    const id = options.memstores.beginSequenceId(region)
    calls.sequenceId[slot] = id
    if (durability === Durability.ASYNC_WAL) this.#append(slot, time, region, id)
    else this.#note(slot, time, region, id)
    calls.syncedWith[slot] = calls.edit[slot] as number
    const { memstoreApply } = options.latencies
    mvcc.appliedUnsynced(slot, region, time + memstoreApply.draw(calls.operation[slot] as number))
    return true
  }

  /** A marker of the region is appended. Whoever writes these two does not sync them (HRegion). */
  markerAppended(region: number, sequenceId: number, { kind }: MarkerDescriptor): void {
    if (kind === 'START_FLUSH' || kind === 'ABORT_FLUSH') return
    if (this.#durabilities.of(region) > Durability.ASYNC_WAL) return
    this.#context.mvcc.markerBegins(region, sequenceId)
  }

  #append(slot: number, time: number, region: number, sequenceId: number): void {
    const { calls, steps, serverWals } = this.#context
    const wal = serverWals.of(region)
    const append = calls.allocateUnawaited(slot)
    wal.append(append, time, region, sequenceId)
    calls.edit[slot] = calls.edit[append] as number
    const due = steps.dueUs
    if (wal.consumerDueUs < (due[Step.consume] as number)) due[Step.consume] = wal.consumerDueUs
  }

  #note(slot: number, time: number, region: number, sequenceId: number): void {
    const { calls } = this.#context
    if (this.#skippedWal === null) return
    const bytes = calls.bytes[slot] as number
    const operation = calls.operation[slot] as number
    calls.edit[slot] = this.#skippedWal.append(time, region, sequenceId, bytes, operation)
  }
}
