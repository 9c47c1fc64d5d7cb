import type { WritePathLatencies } from '../../src/hbase/write-path-options.js'
import { Host, type Process, type Protocol } from '../../src/kernel/process.js'
import { Signal } from '../../src/kernel/signal.js'
import { Step, type Turns } from './turns.js'
import type { WalOutcome, WriteScenario } from './write-scenario.js'

/** An append in the ring buffer, for whose sync a handler waits. */
export interface FutureSync {
  readonly edit: number
  readonly operation: number
  readonly bytes: number
  readonly synced: Signal
  /** First edit of the sync that made it durable. */
  syncedWith: number
}

type WalFile = { -readonly [field in keyof WalOutcome]: WalOutcome[field] }

/**
 * AsyncFSWAL with its threads: a consumer of the ring buffer, each sync that is under way, the log
 * roller.
 */
export class PlainWal {
  readonly files: WalFile[] = [newFile(0, 0)]
  readonly rollsNeededUs: number[] = []
  readonly safePointsUs: number[] = []
  writtenEdits = 0
  syncedEdits = 0
  readonly #ringBuffer: FutureSync[] = []
  readonly #consumable = new Signal()
  #consuming = false
  #syncsUnderWay = 0
  #sentUs = 0
  #lastSync: Process | null = null
  #rollNeeded = false
  #waitingForRoll = false
  readonly #readyForRolling = new Signal()
  #rollPending = false
  readonly #rollRequested = new Signal()
  readonly #dataNodes: Host

  constructor(
    private readonly scenario: WriteScenario,
    private readonly latencies: WritePathLatencies,
    private readonly turns: Turns,
    regionServer: Host,
  ) {
    this.#dataNodes = new Host(turns.scheduler, 'DataNodes')
    regionServer.spawn('AsyncFSWAL consumer', this.#consume())
    regionServer.spawn('LogRoller', this.#rollLogs())
    for (const atUs of scenario.rollsUs) regionServer.spawn('period', this.#periodOver(atUs))
  }

  append(edit: number, operation: number, bytes: number): FutureSync {
    const future = { edit, operation, bytes, synced: new Signal(), syncedWith: -1 }
    this.#ringBuffer.push(future)
    this.#consumable.notifyAll()
    return future
  }

  get #file(): WalFile {
    return this.files[this.files.length - 1]
  }

  *#consume(): Protocol {
    const { latencies, turns } = this
    for (;;) {
      if (this.#mustWait()) {
        while (this.#mustWait()) yield this.#consumable
        yield* turns.take(Step.consume)
      }
      this.#consuming = true
      const batch = this.#drain()
      for (const { operation } of batch) yield* turns.compute(latencies.walAppend.draw(operation))
      yield* turns.take(Step.consume)
      this.#write(batch)
      this.#syncsUnderWay++
      this.#lastSync = this.#dataNodes.spawn('sync', this.#sync(batch, this.#lastSync))
      this.#consuming = false
    }
  }

  #mustWait(): boolean {
    return this.#ringBuffer.length === 0 || this.#waitingForRoll
  }

  /** Takes what the ring buffer holds, but no more than makes a sync due by size. */
  #drain(): FutureSync[] {
    const batch: FutureSync[] = []
    let bytes = 0
    while (this.#ringBuffer.length > 0 && bytes < this.scenario.walBatchSize) {
      const [next] = this.#ringBuffer.splice(0, 1)
      batch.push(next)
      bytes += next.bytes
    }
    return batch
  }

  #write(batch: readonly FutureSync[]): void {
    this.writtenEdits += batch.length
    this.#file.entries += batch.length
    this.#file.bytes += bytesOf(batch)
  }

  /** A sync is a packet to the DataNodes; acknowledged are packets in the order they were sent. */
  *#sync(batch: readonly FutureSync[], previous: Process | null): Protocol {
    const { latencies, turns } = this
    const transferUs = Math.round((bytesOf(batch) * 1e6) / latencies.walBytesPerSecond)
    // The stream sends one batch after another.
    this.#sentUs = Math.max(this.#sentUs, turns.nowUs) + transferUs
    yield* turns.pass(this.#sentUs - turns.nowUs + latencies.sync.draw(batch[0].operation))
    if (previous !== null) yield previous
    yield* turns.take(Step.syncReturns)
    this.#syncsUnderWay--
    this.syncedEdits += batch.length
    this.#file.syncedEntries += batch.length
    this.#file.syncedBytes += bytesOf(batch)
    for (const future of batch) {
      future.syncedWith = batch[0].edit
      future.synced.notifyAll()
    }
    if (this.#waitingForRoll) this.#readyForRolling.notifyAll()
    else this.#checkLogRoll()
  }

  #checkLogRoll(): void {
    if (this.#rollNeeded || this.#file.bytes <= this.scenario.walRollSize) return
    this.#rollNeeded = true
    this.rollsNeededUs.push(this.turns.nowUs)
    this.#requestRoll()
  }

  #requestRoll(): void {
    this.#rollPending = true
    this.#rollRequested.notifyAll()
  }

  *#periodOver(atUs: number): Protocol {
    yield* this.turns.pass(atUs)
    yield* this.turns.take(Step.rollRequested)
    if (this.#file.entries > 0) this.#requestRoll()
  }

  *#rollLogs(): Protocol {
    const { turns } = this
    for (;;) {
      while (!this.#rollPending) yield this.#rollRequested
      yield* turns.pass(this.scenario.createWalUs)
      yield* turns.take(Step.roll)
      this.#waitingForRoll = true
      while (this.#consuming || this.#syncsUnderWay > 0) yield this.#readyForRolling
      this.safePointsUs.push(turns.nowUs)
      yield* turns.take(Step.roll)
      this.files.push(newFile(this.writtenEdits, turns.nowUs))
      this.#rollPending = false
      this.#rollNeeded = false
      this.#waitingForRoll = false
      this.#consumable.notifyAll()
    }
  }
}

function newFile(firstEdit: number, sinceUs: number): WalFile {
  return { firstEdit, entries: 0, bytes: 0, syncedEntries: 0, syncedBytes: 0, sinceUs }
}

function bytesOf(batch: readonly FutureSync[]): number {
  return batch.reduce((sum, { bytes }) => sum + bytes, 0)
}
