import { Progress } from '../progress.js'
import type { CallHandlers } from './call-handlers.js'
import { CallKind } from './call-kind.js'
import type { MetaPuts } from './meta-puts.js'
import type { MultiVersionConcurrencyControl } from './multi-version-concurrency-control.js'
import type { RegionServerAccounting } from './region-server-accounting.js'
import type { ServerWals } from './server-wals.js'
import type { UnsyncedWrites } from './unsynced-writes.js'
import type { WriteCalls } from './write-calls.js'
import type { WritePathOptions } from './write-path-options.js'
import type { WriteSteps } from './write-steps.js'

interface WriteAnswersContext {
  readonly options: WritePathOptions
  readonly calls: WriteCalls
  readonly steps: WriteSteps
  readonly serverWals: ServerWals
  readonly mvcc: MultiVersionConcurrencyControl
  readonly unsynced: UnsyncedWrites | null
  readonly accounting: RegionServerAccounting
  readonly handlers: CallHandlers
  readonly metaPuts: MetaPuts
}

/**
 * What becomes of a write from its sync on (the end of HRegion.doMiniBatchMutate): its handler
 * applies it to the memstore, it is visible in MVCC's order, its locks are let go, it is answered.
 */
export class WriteAnswers {
  readonly #context: WriteAnswersContext

  constructor(context: WriteAnswersContext) {
    this.#context = context
  }

  /** A sync returns: its edits are durable; each handler applies its own to the memstore. */
  syncReturns(time: number): void {
    const { calls, mvcc, serverWals, options } = this.#context
    const wal = serverWals.whoseSyncReturns(time)
    const { memstoreApply } = options.latencies
    const { unacked } = wal
    const edits = wal.returnSync()
    const first = calls.edit[unacked.first()] as number
    for (let n = 0; n < edits; n++) {
      const slot = unacked.shift()
      const region = calls.region[slot] as number
      if ((calls.kind[slot] as number) >= CallKind.marker) {
        const sequenceId = calls.sequenceId[slot] as number
        if (this.#handsMarkerOn(slot)) mvcc.applied(slot, region, time)
        else calls.free(slot)
        // Behind the marker itself come the writes that it held back.
        mvcc.markerSynced(region, sequenceId, time)
        continue
      }
      const appliedUs = time + memstoreApply.draw(calls.operation[slot] as number)
      calls.syncedWith[slot] = first
      mvcc.applied(slot, region, appliedUs)
    }
    wal.syncReturned()
    serverWals.noteSteps()
  }

  /** The edit is visible: locks are released and the client answered. */
  answer(time: number): void {
    const { calls, steps, serverWals, unsynced, accounting, handlers } = this.#context
    const { latencies, memstores, replicas } = this.#context.options
    const slot = steps.takeAnswered()
    if (calls.kind[slot] === CallKind.marker) {
      this.#markerVisible(slot)
      return
    }
    const operation = calls.operation[slot] as number
    const edit = calls.edit[slot] as number
    const bytes = calls.bytes[slot] as number
    const region = calls.region[slot] as number
    const sequenceId = calls.sequenceId[slot] as number
    const log = unsynced?.logOf(region) ?? serverWals.of(region).log
    memstores.apply(region, sequenceId, bytes, time)
    handlers.completed(slot, time)
    accounting.applied(region, bytes)
    const acknowledgedUs =
      time + latencies.network.draw(operation, calls.attempt[slot] as number, 1)
    log.acknowledge(edit, acknowledgedUs)
    if (replicas !== undefined && replicas.isReplicated[region] === 1) {
      const key = calls.key[slot] as number
      replicas.visible(region, sequenceId, bytes, key, acknowledgedUs, time)
    }
    this.#tell(slot, region, log.id, acknowledgedUs)
    handlers.answered(slot, time)
  }

  #tell(slot: number, region: number, log: number, acknowledgedUs: number): void {
    const { calls, metaPuts, options } = this.#context
    const { metaRegion, observer, events } = options
    if (region === metaRegion) {
      metaPuts.answered(calls.operation[slot] as number, acknowledgedUs)
      return
    }
    const edit = calls.edit[slot] as number
    const cause = calls.syncedWith[slot] as number
    const bytes = calls.bytes[slot] as number
    const operation = calls.operation[slot] as number
    observer.answered(calls.sentUs[slot] as number, acknowledgedUs, bytes, operation)
    events.progress(Progress.acknowledged, acknowledgedUs, log, edit, edit + 1, cause)
  }

  /** Replicas of the region are to have the marker when all before it is visible. */
  #handsMarkerOn(slot: number): boolean {
    const { calls, options } = this.#context
    const { kind, region } = calls
    const isReplicated = options.replicas?.isReplicated[region[slot] as number] === 1
    return isReplicated && kind[slot] === CallKind.marker
  }

  #markerVisible(slot: number): void {
    const { calls, serverWals, options } = this.#context
    const region = calls.region[slot] as number
    const bytes = calls.bytes[slot] as number
    const { markers } = serverWals.of(region).log
    const marker = markers.descriptor(calls.edit[slot] as number)
    const sequenceId = calls.sequenceId[slot] as number
    calls.free(slot)
    if (marker === null || marker.kind === 'START_FLUSH') return
    options.replicas?.markerVisible(region, sequenceId, bytes, marker)
  }
}
