import type { Signal } from '../../kernel/signal.js'
import { CallKind, NO_KEY } from './call-kind.js'
import type { Refusal } from './refusal.js'
import { RegionOperations } from './region-operations.js'
import type { RegionServerAccounting } from './region-server-accounting.js'
import { arrivesAgainUs } from './retry-backoff.js'
import { RowLocks } from './row-locks.js'
import { UpdatesLocks } from './updates-locks.js'
import type { WriteCalls } from './write-calls.js'
import type { WritePathOptions } from './write-path-options.js'
import { Step, type WriteSteps } from './write-steps.js'

const NEVER = Number.POSITIVE_INFINITY

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
  /** Null until an atomic operation is offered: shared locks alone keep nobody waiting. */
  #rowLocks: RowLocks | null = null
  /** Wait for the global memstore, for a row lock (by deadline), for MVCC. */
  readonly #waitingForMemory: number[] = []
  readonly #waitingForRow: number[] = []
  readonly #awaitingMvcc: number[] = []
  #grantUs = 0

  constructor(context: CallHandlersContext) {
    const { regions } = context.options.memstores
    this.#context = context
    this.updatesLocks = new UpdatesLocks(regions)
    this.regions = new RegionOperations(regions, context.changed)
    this.#appended = new Float64Array(regions)
    this.#visible = new Float64Array(regions)
  }

  /** A call is known. */
  offered(slot: number): void {
    const { calls } = this.#context
    this.regions.offered(calls.region[slot] as number)
    if (this.#rowLocks === null && calls.kind[slot] === CallKind.atomic) this.#beginRowLocks()
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
      if (kind === CallKind.get) {
        this.#answerRead(slot, time)
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
    if (this.#rowLocks !== null) this.#unlockRow(slot, time)
    if (this.#awaitingMvcc.length > 0) this.#wakeAwaiting(region, time)
  }

  /** The handler answers, and turns to the next call of its queue. */
  answered(slot: number, time: number): void {
    this.regions.end(this.#context.calls.region[slot] as number)
    this.#release(slot, time)
  }

  /** The first wait for a row lock is over without it. */
  rowLockTimedOut(time: number): void {
    const { calls } = this.#context
    const slot = this.#waitingForRow[0] as number
    this.#grantUs = time
    this.#rowLocks?.withdraw(this.#row(slot), slot)
    this.#endRowWait(slot)
    this.regions.end(calls.region[slot] as number)
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
    const { calls } = this.#context
    for (const slot of this.#waitingForRow) {
      calls.atUs[slot] = Math.max(calls.atUs[slot] as number, nowUs)
    }
    this.#noteRowWaits()
  }

  /** Calls that are not appended will never be; only those that are hold locks. */
  close(): void {
    const { changed } = this.#context
    this.#waitingForMemory.length = 0
    this.#waitingForRow.length = 0
    this.#awaitingMvcc.length = 0
    this.#noteRowWaits()
    this.#rowLocks = null
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
    const { calls, accounting, options, steps } = this.#context
    const region = calls.region[slot] as number
    calls.stage[slot] = COMPUTED
    if (!this.regions.isOpen(region)) {
      this.#notServing(slot)
      return false
    }
    if (calls.kind[slot] === CallKind.get) {
      const operation = calls.operation[slot] as number
      this.regions.begin(region)
      const readUs = options.readUs(region, operation, calls.attempt[slot] as number)
      steps.handleAt(slot, time + options.latencies.getCpu.draw(operation) + readUs)
    } else if (accounting.isAboveHighWaterMark) this.#waitingForMemory.push(slot)
    else this.#compute(slot, time)
    return true
  }

  #compute(slot: number, time: number): void {
    const { calls, options, steps } = this.#context
    const operation = calls.operation[slot] as number
    steps.handleAt(slot, time + options.latencies.putCpu.draw(operation))
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
    if (options.memstores.heapBytes(region) > options.memstoreLimits.region) {
      accounting.requestFlush(region)
      this.#refuseWithHandler(slot, 'region too busy', time)
      return false
    }
    this.regions.begin(region)
    if (this.#rowLocks === null || calls.key[slot] === NO_KEY) return true
    const exclusive = calls.kind[slot] === CallKind.atomic
    if (this.#rowLocks.lock(this.#row(slot), slot, exclusive)) return true
    calls.atUs[slot] = time + options.rowLockWaitUs
    this.#waitingForRow.push(slot)
    this.#noteRowWaits()
    return false
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
    steps.handleAt(slot, time + options.readUs(calls.region[slot] as number, operation, attempt))
  }

  #append(slot: number, time: number): void {
    const region = this.#context.calls.region[slot] as number
    this.#appended[region] = (this.#appended[region] as number) + 1
    this.#context.append(slot, time)
  }

  #answerRead(slot: number, time: number): void {
    const { calls, options } = this.#context
    const travelUs = options.latencies.network.draw(
      calls.operation[slot] as number,
      calls.attempt[slot] as number,
      1,
    )
    const region = calls.region[slot] as number
    options.observer.read(calls.sentUs[slot] as number, time + travelUs, region)
    this.answered(slot, time)
  }

  #refuseWithHandler(slot: number, why: Refusal, time: number): void {
    const queue = this.#context.calls.queue[slot] as number
    this.#refuse(slot, why, time)
    this.#turnToNext(queue, time)
  }

  /** Back to the client with an IOException, who tries again or gives up. */
  #refuse(slot: number, why: Refusal, time: number): void {
    const { calls, options, steps, withdrawn } = this.#context
    const operation = calls.operation[slot] as number
    const attempt = calls.attempt[slot] as number
    const { limit, clientPauseUs, serverOverloadedPauseUs } = options.retries
    options.observer.refused(why, time)
    if (attempt >= limit) {
      withdrawn(slot)
      const kind = calls.kind[slot] as CallKind
      options.observer.failed(calls.sentUs[slot] as number, operation, kind)
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

  #row(slot: number): number {
    const { calls, options } = this.#context
    return (calls.key[slot] as number) * options.memstores.regions + (calls.region[slot] as number)
  }

  /** From now on rows are locked; who is past that point has its lock already. */
  #beginRowLocks(): void {
    const { calls } = this.#context
    this.#rowLocks = new RowLocks((slot) => {
      this.#endRowWait(slot)
      calls.stage[slot] = HAS_ROW_LOCK
      this.#context.steps.handleAt(slot, this.#grantUs)
    })
    for (const slot of calls.slotsInUse()) {
      if (calls.stage[slot] !== COMPUTED && calls.key[slot] !== NO_KEY) {
        this.#rowLocks.lock(this.#row(slot), slot, false)
      }
    }
  }

  #unlockRow(slot: number, time: number): void {
    if (this.#context.calls.key[slot] === NO_KEY) return
    this.#grantUs = time
    this.#rowLocks?.unlock(this.#row(slot))
  }

  #endRowWait(slot: number): void {
    this.#waitingForRow.splice(this.#waitingForRow.indexOf(slot), 1)
    this.#noteRowWaits()
  }

  #noteRowWaits(): void {
    const { calls, steps } = this.#context
    const first = this.#waitingForRow[0]
    steps.dueUs[Step.rowLockTimesOut] = first === undefined ? NEVER : (calls.atUs[first] as number)
  }
}
