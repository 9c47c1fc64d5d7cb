import type { Signal } from '../../kernel/signal.js'
import { triesOf } from '../attempt.js'
import { CallKind, isRead } from './call-kind.js'
import type { Refusal } from './refusal.js'
import { RegionOperations } from './region-operations.js'
import type { RegionServerAccounting } from './region-server-accounting.js'
import { arrivesAgainUs } from './retry-backoff.js'
import { RowLockWaits } from './row-lock-waits.js'
import type { Secondaries } from './secondaries.js'
import { UpdatesLocks } from './updates-locks.js'
import type { WriteCalls } from './write-calls.js'
import type { WritePathOptions } from './write-path-options.js'
import type { WriteSteps } from './write-steps.js'

/** What a handler goes on with at its next step. */
const COMPUTED = 0
const HAS_ROW_LOCK = 1
const HAS_UPDATES_LOCK = 2
const HAS_READ = 3

/** What the handlers of a server work with. */
export interface CallHandlersContext {
  readonly options: WritePathOptions
  readonly calls: WriteCalls
  readonly steps: WriteSteps
  readonly accounting: RegionServerAccounting
  readonly secondaries: Secondaries
  /** Told when a write lock is held or a region has no operation under way. */
  readonly changed: Signal
  append(slot: number, timeUs: number): void
  /** A write that will not be appended here. */
  withdrawn(slot: number): void
}

/**
 * What the handlers of a region server do with a call from its arrival to its append, and when it
 * is answered (RSRpcServices, HRegion.doMiniBatchMutate): wait for the global memstore, compute,
 * check the region's memstore, lock the row, lock the region's updates for reading; an atomic
 * operation then waits for MVCC and reads its row. Whatever a call waits for, it keeps its handler.
 *
 * Simplification: an atomic operation checks resources before it locks its row, as increment and
 * append do; checkAndMutate does it after its read. Effect: it is refused somewhat earlier.
 */
export class CallHandlers {
  readonly updatesLocks: UpdatesLocks
  readonly #context: CallHandlersContext
  readonly regions: RegionOperations
  /** Edits of clients appended and made visible, by region: what is between is in MVCC's queue. */
  readonly #appended: Float64Array
  readonly #visible: Float64Array
  readonly #rowLocks: RowLockWaits
  /** Wait for the global memstore, for MVCC. */
  readonly #waitingForMemory: number[] = []
  readonly #awaitingMvcc: number[] = []

  constructor(context: CallHandlersContext) {
    const { calls, steps, options } = context
    const { regions } = options.memstores
    this.#context = context
    this.#rowLocks = new RowLockWaits({
      calls,
      steps,
      regions,
      rowLockWaitUs: options.rowLockWaitUs,
      granted: (slot, timeUs) => {
        calls.stage[slot] = HAS_ROW_LOCK
        steps.handleAt(slot, timeUs)
      },
    })
    this.updatesLocks = new UpdatesLocks(regions)
    this.regions = new RegionOperations(regions, context.changed)
    this.#appended = new Float64Array(regions)
    this.#visible = new Float64Array(regions)
  }

  /** A call is known. */
  offered(slot: number): void {
    const { calls } = this.#context
    this.regions.offered(calls.region[slot] as number)
    if (calls.kind[slot] === CallKind.atomic && !this.#rowLocks.locked) {
      this.#rowLocks.begin(calls.slotsInUse().filter((other) => calls.stage[other] !== COMPUTED))
    }
  }

  /** A call arrives: to an idle handler, into its queue, or back with CallQueueTooBigException. */
  dispatch(slot: number, time: number): void {
    const { calls, options } = this.#context
    const { callQueues } = options
    const operation = calls.operation[slot] as number
    const queue = options.chooseQueue(operation, calls.attempt[slot] as number)
    calls.queue[slot] = queue
    if (callQueues.takeHandler(queue)) {
      if (!this.#begin(slot, time)) callQueues.releaseHandler(queue)
    } else if (!callQueues.offer(queue, slot, time)) {
      this.#refuse(slot, 'call queue too big', time)
    }
  }

  /** A handler goes on with its call. */
  handle(time: number): void {
    const { calls, steps } = this.#context
    const slot = steps.takeHandled()
    const stage = calls.stage[slot] as number
    const kind = calls.kind[slot] as number
    if (stage === COMPUTED) {
      if (isRead(kind)) {
        this.#answerRead(slot, time)
        return
      }
      if (kind === CallKind.replay) {
        this.#replay(slot, time)
        return
      }
      if (!this.#admit(slot, time)) return
    }
    if (stage < HAS_UPDATES_LOCK) {
      calls.stage[slot] = HAS_ROW_LOCK
      if (!this.updatesLocks.lockRead(calls.region[slot] as number, slot)) return
    }
    if (kind === CallKind.atomic && stage !== HAS_READ) this.#awaitMvcc(slot, time)
    else this.#append(slot, time)
  }

  /** A write is visible: it lets its locks go. */
  completed(slot: number, time: number): void {
    const { calls, changed } = this.#context
    const region = calls.region[slot] as number
    this.#visible[region] = (this.#visible[region] as number) + 1
    if (this.updatesLocks.unlockRead(region)) changed.notifyAll()
    this.#rowLocks.unlock(slot, time)
    if (this.#awaitingMvcc.length > 0) this.#wakeAwaiting(region, time)
  }

  /** The handler answers, and turns to the next call of its queue. */
  answered(slot: number, time: number): void {
    this.regions.end(this.#context.calls.region[slot] as number)
    this.#release(slot, time)
  }

  /** The first wait for a row lock is over without it. */
  rowLockTimedOut(time: number): void {
    const slot = this.#rowLocks.timeOut(time)
    this.regions.end(this.#context.calls.region[slot] as number)
    this.#refuseWithHandler(slot, 'row lock', time)
  }

  /** Calls that waited have the read lock. */
  updatesUnlocked(region: number, nowUs: number): void {
    const { calls, steps } = this.#context
    for (const slot of this.updatesLocks.unlockWrite(region)) {
      calls.stage[slot] = HAS_UPDATES_LOCK
      steps.handleAt(slot, nowUs)
    }
  }

  /** The memstores may be below their limit again (MemStoreFlusher.wakeUpIfBlocking). */
  memstoreFreed(nowUs: number): void {
    if (this.#context.accounting.isAboveHighWaterMark) return
    for (const slot of this.#waitingForMemory.splice(0)) this.#compute(slot, nowUs)
  }

  /** The server stood still: a wait for a row lock that is over ends now. */
  resume(nowUs: number): void {
    this.#rowLocks.resume(nowUs)
  }

  /** Calls that are not appended will never be; only those that are hold locks. */
  close(): void {
    const { changed } = this.#context
    this.#waitingForMemory.length = 0
    this.#awaitingMvcc.length = 0
    this.#rowLocks.close()
    this.updatesLocks.clearWaiting()
    for (let region = 0; region < this.#appended.length; region++) {
      const underWay = (this.#appended[region] as number) - (this.#visible[region] as number)
      this.regions.setUnderWay(region, underWay)
      this.updatesLocks.setReaders(region, underWay)
    }
    changed.notifyAll()
  }

  /** A call begins with its handler; false if that is free again. */
  #begin(slot: number, time: number): boolean {
    const { calls, accounting, options, secondaries } = this.#context
    const region = calls.region[slot] as number
    calls.stage[slot] = COMPUTED
    if (!this.regions.isOpen(region)) {
      if (calls.kind[slot] === CallKind.replay) this.#refuseReplay(slot, 'not serving', time)
      else this.#notServing(slot)
      return false
    }
    if (isRead(calls.kind[slot] as number)) {
      const why = options.refusesReads?.(region) ?? null
      if (why !== null) {
        this.#refuse(slot, why, time)
        return false
      }
      this.regions.begin(region)
      this.#read(slot, time)
      return true
    }
    let waits = true
    if (calls.kind[slot] === CallKind.replay) {
      this.regions.begin(region)
      waits = secondaries.replaysWaitForMemory
    }
    if (waits && accounting.isAboveHighWaterMark && region !== options.metaRegion) {
      this.#waitingForMemory.push(slot)
    } else this.#compute(slot, time)
    return true
  }

  #read(slot: number, time: number): void {
    const { calls, options, steps } = this.#context
    const operation = calls.operation[slot] as number
    const attempt = calls.attempt[slot] as number
    const readUs = options.readUs(
      calls.region[slot] as number,
      operation,
      attempt,
      calls.kind[slot] as CallKind,
      calls.bytes[slot] as number,
    )
    steps.handleAt(slot, time + options.latencies.getCpu.draw(operation, attempt) + readUs)
  }

  #compute(slot: number, time: number): void {
    const { calls, options, steps, secondaries } = this.#context
    const { putCpu } = options.latencies
    const isReplay = calls.kind[slot] === CallKind.replay
    const us = isReplay ? secondaries.replayUs(slot) : putCpu.draw(calls.operation[slot] as number)
    steps.handleAt(slot, time + us)
  }

  /** startRegionOperation, checkResources and the row lock; false if it does not go on now. */
  #admit(slot: number, time: number): boolean {
    const { calls, accounting, options } = this.#context
    const region = calls.region[slot] as number
    if (!this.regions.isOpen(region)) {
      const queue = calls.queue[slot] as number
      this.#notServing(slot)
      this.#turnToNext(queue, time)
      return false
    }
    const tooBusy = options.memstores.heapBytes(region) > options.memstoreLimits.region
    if (tooBusy && region !== options.metaRegion) {
      accounting.requestFlush(region)
      this.#refuseWithHandler(slot, 'region too busy', time)
      return false
    }
    this.regions.begin(region)
    return this.#rowLocks.lock(slot, calls.kind[slot] === CallKind.atomic, time)
  }

  /** MultiVersionConcurrencyControl.await: a sequence id, and every write before it is visible. */
  #awaitMvcc(slot: number, time: number): void {
    const { calls, options } = this.#context
    const region = calls.region[slot] as number
    options.memstores.beginSequenceId(region)
    calls.stage[slot] = HAS_UPDATES_LOCK
    const appended = this.#appended[region] as number
    if ((this.#visible[region] as number) === appended) this.#readRow(slot, time)
    else {
      calls.sequenceId[slot] = appended
      this.#awaitingMvcc.push(slot)
    }
  }

  #wakeAwaiting(region: number, time: number): void {
    const { calls } = this.#context
    for (let i = 0; i < this.#awaitingMvcc.length; ) {
      const slot = this.#awaitingMvcc[i] as number
      const awaited = calls.sequenceId[slot] as number
      if (calls.region[slot] === region && (this.#visible[region] as number) >= awaited) {
        this.#awaitingMvcc.splice(i, 1)
        this.#readRow(slot, time)
      } else i++
    }
  }

  #readRow(slot: number, time: number): void {
    const { calls, options, steps } = this.#context
    const operation = calls.operation[slot] as number
    calls.stage[slot] = HAS_READ
    const attempt = calls.attempt[slot] as number
    const region = calls.region[slot] as number
    steps.handleAt(slot, time + options.readUs(region, operation, attempt, CallKind.get, 1))
  }

  #append(slot: number, time: number): void {
    const region = this.#context.calls.region[slot] as number
    this.#appended[region] = (this.#appended[region] as number) + 1
    this.#context.append(slot, time)
  }

  /** The entries of a primary are in its secondary. */
  #replay(slot: number, time: number): void {
    if (this.#context.secondaries.replay(slot, time)) this.memstoreFreed(time)
    this.answered(slot, time)
  }

  #refuseReplay(slot: number, why: Refusal, time: number): void {
    this.#context.secondaries.refuseReplay(slot, why, time)
    this.#forget(slot)
  }

  #answerRead(slot: number, time: number): void {
    const { calls, options } = this.#context
    const operation = calls.operation[slot] as number
    const attempt = calls.attempt[slot] as number
    const answeredUs = time + options.latencies.network.draw(operation, attempt, 1)
    const region = calls.region[slot] as number
    const sentUs = calls.sentUs[slot] as number
    options.observer.read(sentUs, answeredUs, region, operation, attempt, time)
    this.answered(slot, time)
  }

  #refuseWithHandler(slot: number, why: Refusal, time: number): void {
    const queue = this.#context.calls.queue[slot] as number
    this.#refuse(slot, why, time)
    this.#turnToNext(queue, time)
  }

  /** Back to the client with an IOException, who tries again or gives up. */
  #refuse(slot: number, why: Refusal, time: number): void {
    if (this.#context.calls.kind[slot] === CallKind.replay) {
      this.#refuseReplay(slot, why, time)
      return
    }
    const { calls, options, steps, withdrawn } = this.#context
    const operation = calls.operation[slot] as number
    const attempt = calls.attempt[slot] as number
    const { limit, clientPauseUs, serverOverloadedPauseUs } = options.retries
    options.observer.refused(why, time)
    const kind = calls.kind[slot] as CallKind
    if (isRead(kind) && options.observer.abandoned?.(operation, attempt)) {
      this.#forget(slot)
      return
    }
    if (triesOf(attempt) >= limit) {
      withdrawn(slot)
      const sentUs = calls.sentUs[slot] as number
      const region = calls.region[slot] as number
      const failedUs = time + options.latencies.network.draw(operation, attempt, 1)
      options.observer.failed(sentUs, operation, kind, attempt, region, failedUs)
      this.#forget(slot)
      return
    }
    const pauseUs = why === 'call queue too big' ? serverOverloadedPauseUs : clientPauseUs
    calls.attempt[slot] = attempt + 1
    steps.arriveAgainAt(slot, arrivesAgainUs(options, operation, attempt, pauseUs, time))
  }

  #notServing(slot: number): void {
    const { calls, options, withdrawn } = this.#context
    withdrawn(slot)
    const call = calls.unanswered(slot)
    this.#forget(slot)
    options.observer.notServing(call)
  }

  #release(slot: number, time: number): void {
    const queue = this.#context.calls.queue[slot] as number
    this.#forget(slot)
    this.#turnToNext(queue, time)
  }

  #turnToNext(queue: number, time: number): void {
    const { callQueues } = this.#context.options
    for (;;) {
      const next = callQueues.poll(queue, this.#context.calls.atUs, time)
      if (next < 0) {
        callQueues.releaseHandler(queue)
        return
      }
      if (this.#begin(next, time)) return
    }
  }

  #forget(slot: number): void {
    const { calls } = this.#context
    this.regions.forgotten(calls.region[slot] as number)
    calls.free(slot)
  }
}
