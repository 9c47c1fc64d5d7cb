import type { WritePathLatencies } from '../../../src/hbase/regionserver/write-path-options.js'
import type { Host, Process, Protocol } from '../../../src/kernel/process.js'
import { Signal } from '../../../src/kernel/signal.js'
import type { Variate } from '../../../src/kernel/variate.js'
import { Step, type Turns } from '../regionserver/turns.js'
import {
  type GroupOutcome,
  hsyncOf,
  syncOf,
  type WalOutcome,
  type WriteScenario,
} from '../regionserver/write-scenario.js'

/** An append in the ring buffer, for whose sync a handler waits. */
export interface FutureSync {
  readonly edit: number
  readonly operation: number
  readonly bytes: number
  readonly synced: Signal
  /** Somebody waits for its sync; and wants an hsync. */
  readonly awaited: boolean
  readonly force: boolean
  /** First edit of the sync that made it durable. */
  syncedWith: number
  /** Its place among all edits that any sync made durable. */
  order: number
}

/** A sync that is under way. */
interface Sync {
  readonly batch: readonly FutureSync[]
  readonly force: boolean
  readonly issuedUs: number
  readonly sentUs: number
  readonly doneUs: number
  process: Process | null
}

type WalFile = { -readonly [field in keyof WalOutcome]: WalOutcome[field] }

/** What the WALs of a server share. */
export interface PlainWalContext {
  readonly scenario: WriteScenario
  readonly latencies: WritePathLatencies
  readonly turns: Turns
  readonly regionServer: Host
  readonly dataNodes: Host
  nextOrder(): number
  requestRoll(wal: PlainWal): void
}

/** The AsyncFSWAL of one group with its threads: a consumer of the ring buffer, each sync. */
export class PlainWal {
  readonly #files: WalFile[] = [newFile(0, 0, 0)]
  readonly #rollsNeededUs: number[] = []
  readonly #safePointsUs: number[] = []
  readonly #ringBuffer: FutureSync[] = []
  /** Taken from the ring buffer, not acknowledged. */
  readonly #unacked: FutureSync[] = []
  readonly #consumable = new Signal()
  readonly #readyForRolling = new Signal()
  readonly #syncDraws: Variate
  readonly #hsyncDraws: Variate
  /** Written to the stream, and part of no sync. */
  #buffered: FutureSync[] = []
  readonly #syncedMore = new Signal()
  #appended = 0
  #syncs: Sync[] = []
  #written = 0
  #synced = 0
  #consumer: Process
  #consuming = false
  #sentUs = 0
  #rollNeeded = false
  #waitingForRoll = false
  #failedUs = Number.POSITIVE_INFINITY
  #broken = false
  #breaks = 0
  #sentBefore = 0
  #inFilesBefore = 0

  constructor(
    readonly group: number,
    private readonly context: PlainWalContext,
  ) {
    this.#syncDraws = syncOf(context.scenario, group)
    this.#hsyncDraws = hsyncOf(context.scenario, group)
    this.#consumer = context.regionServer.spawn('AsyncFSWAL consumer', this.#consume())
    for (const atUs of context.scenario.rollsUs) {
      context.regionServer.spawn('period', this.#periodOver(atUs))
    }
    for (const { group, atUs } of context.scenario.breaks) {
      if (group === this.group) context.dataNodes.spawn('death', this.#die(atUs))
    }
  }

  append(
    edit: number,
    operation: number,
    bytes: number,
    wanted: Pick<FutureSync, 'awaited' | 'force'>,
  ): FutureSync {
    const synced = new Signal()
    const future = { edit, operation, bytes, synced, syncedWith: -1, order: -1, ...wanted }
    this.#ringBuffer.push(future)
    this.#appended++
    this.#consumable.notifyAll()
    return future
  }

  /** Waits until all that is appended by now is durable. */
  *sync(): Protocol {
    const edits = this.#appended
    while (this.#synced < edits) yield this.#syncedMore
  }

  /** Waits for the safe point and goes on in a new file. */
  *replaceWriter(): Protocol {
    const { turns } = this.context
    this.#waitingForRoll = true
    if (!this.#broken && !this.#consuming && this.#buffered.length > 0) this.#issueSync()
    while (!this.#broken && (this.#consuming || this.#syncs.length > 0)) yield this.#readyForRolling
    this.#safePointsUs.push(turns.nowUs)
    yield* turns.take(Step.roll)
    const reappended = Math.max(0, this.#inFilesBefore - this.#written)
    this.#files.push(newFile(this.#written, turns.nowUs, reappended))
    this.#rollNeeded = false
    this.#waitingForRoll = false
    this.#broken = false
    this.#failedUs = Number.POSITIVE_INFINITY
    this.#consumable.notifyAll()
  }

  outcome(edits: GroupOutcome['edits'], killUs: number): GroupOutcome {
    const received = this.#received(Math.min(killUs, this.#failedUs))
    return {
      edits,
      wals: this.#files.map((file) => ({
        ...file,
        reappendedEntries: Math.min(file.reappendedEntries, file.entries),
        recoverableEntries:
          file === this.#file && killUs < Number.POSITIVE_INFINITY && !this.#broken
            ? file.syncedEntries + received.length
            : file.entries,
      })),
      rollsNeededUs: this.#rollsNeededUs,
      safePointsUs: this.#safePointsUs,
      writtenEdits: this.#written,
      syncedEdits: this.#synced,
    }
  }

  get #file(): WalFile {
    return this.#files[this.#files.length - 1]
  }

  *#consume(): Protocol {
    const { latencies, turns } = this.context
    for (;;) {
      if (this.#mustWait()) {
        while (this.#mustWait()) yield this.#consumable
        yield* turns.take(Step.consume, this.group)
      }
      this.#consuming = true
      const batch = this.#drain()
      for (const { operation } of batch) yield* turns.compute(latencies.walAppend.draw(operation))
      yield* turns.take(Step.consume, this.group)
      this.#consuming = false
      this.#buffered.push(...batch)
      if (this.#mustSync()) this.#issueSync()
    }
  }

  /** AsyncFSWAL.consume: somebody waits, or so much is unsynced, or the roller waits. */
  #mustSync(): boolean {
    if (this.#waitingForRoll || this.#buffered.some(({ awaited }) => awaited)) return true
    return bytesOf(this.#buffered) >= this.context.scenario.walBatchSize
  }

  #mustWait(): boolean {
    return this.#ringBuffer.length === 0 || this.#waitingForRoll || this.#broken
  }

  /** Takes what the ring buffer holds, but no more than makes a sync due by size. */
  #drain(): FutureSync[] {
    const batch: FutureSync[] = []
    const { walBatchSize } = this.context.scenario
    const unsynced = bytesOf(this.#buffered)
    while (this.#ringBuffer.length > 0 && unsynced + bytesOf(batch) < walBatchSize) {
      batch.push(...this.#ringBuffer.splice(0, 1))
    }
    this.#unacked.push(...batch)
    return batch
  }

  /** A sync is a packet to the DataNodes; the stream sends one after another. */
  #issueSync(): void {
    if (this.#failedUs < Number.POSITIVE_INFINITY) {
      this.#syncFailed()
      return
    }
    const { latencies, turns, dataNodes, scenario } = this.context
    const batch = this.#buffered
    this.#buffered = []
    const waiting = batch.filter(({ awaited }) => awaited)
    const force = waiting.length > 0 ? waiting.some((one) => one.force) : scenario.useHsync
    const draws = force ? this.#hsyncDraws : this.#syncDraws
    this.#written += batch.length
    this.#file.entries += batch.length
    this.#file.bytes += bytesOf(batch)
    const transferUs = Math.round((bytesOf(batch) * 1e6) / latencies.walBytesPerSecond)
    this.#sentUs = Math.max(this.#sentUs, turns.nowUs) + transferUs
    const [{ edit, operation }] = batch
    const latencyUs = draws.draw(operation, edit < this.#sentBefore ? this.#breaks : 0)
    const previous = this.#syncs.at(-1)
    const doneUs = Math.max(previous?.doneUs ?? 0, this.#sentUs + latencyUs)
    const sync: Sync = {
      batch,
      force,
      issuedUs: turns.nowUs,
      sentUs: this.#sentUs,
      doneUs,
      process: null,
    }
    this.#syncs.push(sync)
    sync.process = dataNodes.spawn('sync', this.#sync(sync, previous?.process ?? null))
  }

  /** Acknowledged are packets in the order they were sent. */
  *#sync(sync: Sync, previous: Process | null): Protocol {
    const { turns } = this.context
    yield* turns.pass(sync.doneUs - turns.nowUs)
    if (previous !== null) yield previous
    yield* turns.take(Step.syncReturns, this.group)
    const { batch, force } = sync
    this.#syncs.shift()
    this.#unacked.splice(0, batch.length)
    this.#synced += batch.length
    this.#syncedMore.notifyAll()
    this.#file.syncedEntries += batch.length
    this.#file.syncedBytes += bytesOf(batch)
    if (force) this.#file.hsyncedBytes = this.#file.syncedBytes
    for (const future of batch) {
      future.syncedWith = batch[0].edit
      future.order = this.context.nextOrder()
      future.synced.notifyAll()
    }
    if (this.#failedUs < Number.POSITIVE_INFINITY && this.#syncs.length > 0) return
    if (this.#waitingForRoll) this.#readyForRolling.notifyAll()
    else this.#checkLogRoll()
  }

  /** A DataNode dies; a server that stands still learns of it later. */
  *#die(atUs: number): Protocol {
    const { turns } = this.context
    yield* turns.pass(atUs)
    if (!turns.isSuspended) yield* turns.take(Step.streamBreaks)
    if (this.#failedUs < Number.POSITIVE_INFINITY) return
    this.#failedUs = atUs
    const lost = this.#syncs.filter(({ doneUs }) => doneUs > atUs)
    for (const { process } of lost) process?.kill()
    if (lost.length === 0) return
    const acknowledged = this.#syncs[this.#syncs.length - lost.length - 1]
    if (acknowledged?.process) yield acknowledged.process
    else if (turns.isSuspended) yield* turns.take(Step.syncReturns, this.group)
    this.#syncFailed()
  }

  /** AsyncFSWAL.syncFailed */
  #syncFailed(): void {
    const file = this.#file
    // A server that stops at the instant of the break has noticed it before.
    const received = this.#received(this.#failedUs, this.#failedUs - 1)
    file.entries = file.syncedEntries + received.length
    file.bytes = file.syncedBytes + bytesOf(received)
    if (this.#consuming) {
      this.#consuming = false
      this.#consumer.kill()
      this.#consumer = this.context.regionServer.spawn('AsyncFSWAL consumer', this.#consume())
    }
    this.#broken = true
    this.#breaks++
    this.#sentBefore = this.#synced + this.#unacked.length
    this.#inFilesBefore = Math.max(this.#inFilesBefore, file.firstEdit + file.entries)
    this.#written = this.#synced
    this.#ringBuffer.unshift(...this.#unacked.splice(0))
    this.#syncs = []
    this.#buffered = []
    this.#sentUs = 0
    if (this.#waitingForRoll) this.#readyForRolling.notifyAll()
    else if (!this.#rollNeeded) this.#needRoll()
  }

  /** What had left the server by then: a server that stops has handed over all that it wrote. */
  #received(byUs: number, stoppedByUs = byUs): FutureSync[] {
    const { suspensions } = this.context.scenario
    const sent = this.#syncs.filter(
      ({ issuedUs, sentUs }) =>
        sentUs <= byUs ||
        suspensions.some(({ fromUs }) => issuedUs <= fromUs && fromUs <= stoppedByUs),
    )
    return sent.flatMap(({ batch }) => batch)
  }

  #checkLogRoll(): void {
    if (!this.#rollNeeded && this.#file.bytes > this.context.scenario.walRollSize) this.#needRoll()
  }

  #needRoll(): void {
    this.#rollNeeded = true
    this.#rollsNeededUs.push(this.context.turns.nowUs)
    this.context.requestRoll(this)
  }

  *#periodOver(atUs: number): Protocol {
    const { turns } = this.context
    yield* turns.pass(atUs)
    yield* turns.take(Step.rollRequested)
    if (this.#file.entries > 0) this.context.requestRoll(this)
  }
}

function newFile(firstEdit: number, sinceUs: number, reappendedEntries: number): WalFile {
  return {
    firstEdit,
    entries: 0,
    bytes: 0,
    syncedEntries: 0,
    syncedBytes: 0,
    hsyncedBytes: 0,
    reappendedEntries,
    recoverableEntries: 0,
    sinceUs,
  }
}

function bytesOf(batch: readonly FutureSync[]): number {
  return batch.reduce((sum, { bytes }) => sum + bytes, 0)
}
