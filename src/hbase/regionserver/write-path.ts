import { invariant } from '../../kernel/errors.js'
import { Progress } from '../progress.js'
import { AsyncFSWAL } from '../wal/async-fs-wal.js'
import type { Wal } from '../wal/wal.js'
import type { CallQueues } from './call-queues.js'
import { SlotHeap } from './slot-heap.js'
import { SlotRing } from './slot-ring.js'
import { WriteCalls } from './write-calls.js'
import type { UnansweredCall, WritePathOptions } from './write-path-options.js'

/** HConstants.RETRY_BACKOFF: factors of the client's pause by attempt. */
export const RETRY_BACKOFF = [1, 2, 3, 5, 10, 20, 40, 100, 100, 100, 100, 200, 200]

const NEVER = Number.POSITIVE_INFINITY
const UNASSIGNED = -1

/** Kinds of steps, in the order in which they happen at one instant. */
const SYNC_RETURNS = 0
const ANSWER = 1
const PUBLISH = 2
const CONSUME = 3
const ARRIVE = 4
const ARRIVE_AGAIN = 5

/**
 * One region server's write path, advanced lazily: nothing here is a scheduler event. Calls arrive,
 * wait for a handler, use its CPU, are appended to the ring buffer of their region's WAL group,
 * consumed and synced as AsyncFSWAL does it, applied to the memstore, made visible in MVCC order and
 * answered. `advance` plays these steps in time order up to now, in one loop over typed arrays.
 *
 * At one instant the order is: syncs return, edits are applied and answered, handlers append, the
 * WALs' consumers turn, calls arrive; of WAL groups, the first goes first. What the write path itself
 * causes elsewhere (a roll, a safe point) must be noticed when it happens: whoever owns it looks
 * again by `nextCauseUs()`.
 */
export class WritePath {
  readonly calls = new WriteCalls()
  readonly wals: readonly AsyncFSWAL[]
  readonly #options: WritePathOptions
  /** The only WAL, as it is by default: then no region's has to be looked up. */
  readonly #onlyWal: AsyncFSWAL | null
  /** The WAL group of each region (BoundedGroupingStrategy: in turn, by first use). */
  readonly #groupOf: Int32Array
  #groupsAssigned = 0
  /** Calls under way to the server, by time of arrival; calls that are tried again, likewise. */
  readonly #arriving = new SlotRing(1024)
  readonly #retrying = new SlotHeap()
  /** Calls whose handler computes, by the time at which it appends. */
  readonly #computing = new SlotRing()
  /** Applied to the memstore and waiting for MVCC, by the time at which they are visible. */
  readonly #applying = new SlotRing()
  /** Per region, when its last edit became visible: MVCC completes in order of sequence ids. */
  readonly #visibleUs: Float64Array
  /** When the next step of each kind is due, NEVER if none is. */
  readonly #dueUs = new Float64Array(6).fill(NEVER)
  #suspendedUs = NEVER
  #closed = false
  #advancedUs = 0

  constructor(options: WritePathOptions) {
    this.#options = options
    this.wals = options.groups.map((group) => new AsyncFSWAL(this.calls, group, options))
    this.#onlyWal = this.wals.length === 1 ? (this.wals[0] as AsyncFSWAL) : null
    this.#visibleUs = new Float64Array(options.memstores.regions)
    this.#groupOf = new Int32Array(options.memstores.regions).fill(UNASSIGNED)
  }

  /**
   * A client sends a put; `attemptUs` must not lie before the last `advance`.
   *
   * @param sentUs when the operation was first sent
   * @param attempt how often it was sent before, here or elsewhere
   * @param attemptUs when it is sent this time
   */
  offer(
    sentUs: number,
    region: number,
    bytes: number,
    operation: number,
    attempt = 0,
    attemptUs = sentUs,
  ): void {
    const { network } = this.#options.latencies
    const travelUs = network.draw(operation, attempt, 0)
    const slot = this.calls.allocate(sentUs, attemptUs + travelUs, region, bytes, operation)
    this.#walOf(region).offered(attemptUs, bytes)
    if (attempt > 0) this.calls.attempt[slot] = attempt
    if (this.#closed) return
    if (attempt === 0) this.#insert(ARRIVE, this.#arriving, slot)
    else this.#retry(slot)
  }

  /** The region is opened here: it gets its WAL group, for good. */
  useRegion(region: number): void {
    this.#walOf(region)
  }

  /**
   * A time before which the write path needs no look: at the latest then, `advance` must be called,
   * so that a roll or safe point is noticed at its own instant.
   */
  nextCauseUs(): number {
    if (this.#suspendedUs !== NEVER) return NEVER
    const nextStepUs = this.#nextStepUs()
    let causeUs = this.#closed ? nextStepUs : NEVER
    for (const wal of this.wals) {
      causeUs = Math.min(causeUs, wal.nextCauseUs(this.#advancedUs, nextStepUs))
    }
    return causeUs
  }

  /** Plays everything up to and including `nowUs`. */
  advance(nowUs: number): void {
    invariant(nowUs >= this.#advancedUs, 'the write path never goes back in time')
    if (this.#suspendedUs === NEVER) {
      for (let time = this.#nextStepUs(); time <= nowUs; time = this.#nextStepUs()) this.#step(time)
    }
    this.#advancedUs = nowUs
  }

  /** The server's threads stop; what the network and the DataNodes do goes on. */
  suspend(nowUs: number): void {
    invariant(this.#suspendedUs === NEVER, 'a server is suspended once at a time')
    this.advance(nowUs)
    for (const wal of this.wals) wal.suspend(nowUs)
    this.#suspendedUs = nowUs
  }

  /**
   * The threads go on: computations end later by the time they were stopped, while answers and
   * calls that came in meanwhile are found at once.
   */
  resume(nowUs: number): void {
    invariant(this.#suspendedUs !== NEVER, 'only a suspended server resumes')
    const lostUs = nowUs - this.#suspendedUs
    const atUs = this.calls.atUs
    this.#computing.addToAll(lostUs, atUs)
    this.#applying.addToAll(lostUs, atUs)
    for (let i = 0; i < this.#visibleUs.length; i++) {
      if ((this.#visibleUs[i] as number) > this.#suspendedUs) {
        this.#visibleUs[i] = (this.#visibleUs[i] as number) + lostUs
      }
    }
    this.#arriving.raiseAllTo(nowUs, atUs)
    this.#retrying.raiseAllTo(nowUs, atUs)
    const due = this.#dueUs
    for (const step of [ANSWER, PUBLISH]) due[step] = (due[step] as number) + lostUs
    due[ARRIVE] = Math.max(due[ARRIVE] as number, nowUs)
    due[ARRIVE_AGAIN] = this.#retrying.firstUs
    this.#suspendedUs = NEVER
    this.#advancedUs = nowUs
    for (const wal of this.wals) wal.resume(nowUs, lostUs)
    this.#noteWals()
  }

  /** Asks the consumer of a WAL to stop at a safe point; `onSafePoint` tells when it is reached. */
  requestSafePoint(wal: AsyncFSWAL, nowUs: number): void {
    this.advance(nowUs)
    wal.requestSafePoint()
  }

  /** The stream of a WAL has failed; see `AsyncFSWAL.streamFailed`. */
  streamFailed(wal: AsyncFSWAL, nowUs: number): void {
    this.advance(nowUs)
    wal.streamFailed(nowUs, this.#suspendedUs !== NEVER)
    this.#noteWals()
  }

  /** Continues in a new file; see `AsyncFSWAL.switchTo`. */
  switchTo(wal: AsyncFSWAL, file: Wal, nowUs: number): void {
    wal.switchTo(file, nowUs)
    this.#noteWals()
  }

  /**
   * The server takes no more calls and its regions close: calls that are not yet appended will
   * never be, those that are will still be answered.
   */
  close(nowUs: number): void {
    this.advance(nowUs)
    this.#closed = true
    this.#options.callQueues.clear(this.calls.atUs, nowUs)
    this.#arriving.clear()
    this.#retrying.clear()
    this.#computing.clear()
    for (const step of [PUBLISH, ARRIVE, ARRIVE_AGAIN]) this.#dueUs[step] = NEVER
  }

  /** Every call whose edit is appended is answered. */
  get drained(): boolean {
    return this.#applying.length === 0 && this.wals.every((wal) => wal.idle)
  }

  /** The process is gone; answers all calls that it did not. */
  kill(nowUs: number): UnansweredCall[] {
    this.close(nowUs)
    for (const wal of this.wals) wal.abandon(nowUs)
    this.#dueUs.fill(NEVER)
    return this.calls.takeAll()
  }

  /** Calls known and not yet answered. */
  get unanswered(): number {
    return this.calls.inUse
  }

  get callQueues(): CallQueues {
    return this.#options.callQueues
  }

  #walOf(region: number): AsyncFSWAL {
    return this.#onlyWal ?? (this.wals[this.#groupOfRegion(region)] as AsyncFSWAL)
  }

  #groupOfRegion(region: number): number {
    const group = this.#groupOf[region] as number
    if (group !== UNASSIGNED) return group
    const next = this.#groupsAssigned++ % this.wals.length
    this.#groupOf[region] = next
    return next
  }

  #nextStepUs(): number {
    const due = this.#dueUs
    return Math.min(
      due[SYNC_RETURNS] as number,
      due[ANSWER] as number,
      due[PUBLISH] as number,
      due[CONSUME] as number,
      due[ARRIVE] as number,
      due[ARRIVE_AGAIN] as number,
    )
  }

  /** Of the steps due at one instant, the one listed first goes first. */
  #step(time: number): void {
    const due = this.#dueUs
    if (due[SYNC_RETURNS] === time) this.#finishSync(time)
    else if (due[ANSWER] === time) this.#answer(time)
    else if (due[PUBLISH] === time) this.#publish(time)
    else if (due[CONSUME] === time) this.#consume(time)
    else if (due[ARRIVE] === time) this.#dispatch(this.#shift(ARRIVE, this.#arriving), time)
    else {
      const slot = this.#retrying.pop()
      this.#dueUs[ARRIVE_AGAIN] = this.#retrying.firstUs
      this.#dispatch(slot, time)
    }
  }

  /** Puts a call in its place in the ring of a kind of step, by the call's time. */
  #insert(step: number, ring: SlotRing, slot: number): void {
    ring.insert(slot, this.calls.atUs)
    this.#dueUs[step] = this.calls.atUs[ring.first()] as number
  }

  #shift(step: number, ring: SlotRing): number {
    const slot = ring.shift()
    this.#dueUs[step] = ring.length > 0 ? (this.calls.atUs[ring.first()] as number) : NEVER
    return slot
  }

  /** When the first of the WALs has something to do. */
  #noteWals(): void {
    let syncUs = NEVER
    let consumeUs = NEVER
    for (let i = 0; i < this.wals.length; i++) {
      const wal = this.wals[i] as AsyncFSWAL
      syncUs = Math.min(syncUs, wal.syncDueUs)
      consumeUs = Math.min(consumeUs, wal.consumerDueUs)
    }
    this.#dueUs[SYNC_RETURNS] = syncUs
    this.#dueUs[CONSUME] = consumeUs
  }

  /** A call arrives: to an idle handler, into its queue, or back with CallQueueTooBigException. */
  #dispatch(slot: number, time: number): void {
    const { calls } = this
    const { callQueues } = this.#options
    const operation = calls.operation[slot] as number
    const attempt = calls.attempt[slot] as number
    const queue = this.#options.chooseQueue(operation, attempt)
    calls.queue[slot] = queue
    if (callQueues.takeHandler(queue)) this.#compute(slot, time)
    else if (!callQueues.offer(queue, slot, time)) this.#refuse(slot, operation, attempt, time)
  }

  #refuse(slot: number, operation: number, attempt: number, time: number): void {
    const { network } = this.#options.latencies
    const { retries } = this.#options
    const { calls } = this
    if (attempt >= retries.limit) {
      this.#walOf(calls.region[slot] as number).withdrawn(calls.bytes[slot] as number)
      this.#options.observer.failed(calls.sentUs[slot] as number, operation)
      calls.free(slot)
      return
    }
    const backoff = RETRY_BACKOFF[Math.min(attempt, RETRY_BACKOFF.length - 1)] as number
    const pause = retries.pauseUs * backoff
    const jitter = Math.floor(pause * 0.01 * retries.jitter(operation, attempt))
    const sentAgainUs = time + network.draw(operation, attempt, 1) + pause + jitter
    calls.attempt[slot] = attempt + 1
    calls.atUs[slot] = sentAgainUs + network.draw(operation, attempt + 1, 0)
    this.#retry(slot)
  }

  #retry(slot: number): void {
    this.#retrying.push(slot, this.calls.atUs[slot] as number)
    this.#dueUs[ARRIVE_AGAIN] = this.#retrying.firstUs
  }

  #compute(slot: number, time: number): void {
    const { calls } = this
    calls.atUs[slot] = time + this.#options.latencies.putCpu.draw(calls.operation[slot] as number)
    this.#insert(PUBLISH, this.#computing, slot)
  }

  /** The handler appends: sequence id and place in the ring buffer under one lock. */
  #publish(time: number): void {
    const { calls } = this
    const slot = this.#shift(PUBLISH, this.#computing)
    const region = calls.region[slot] as number
    const sequenceId = this.#options.memstores.beginSequenceId(region)
    const wal = this.#walOf(region)
    wal.append(slot, time, region, sequenceId)
    if (wal.consumerDueUs < (this.#dueUs[CONSUME] as number)) {
      this.#dueUs[CONSUME] = wal.consumerDueUs
    }
  }

  #consume(time: number): void {
    for (let i = 0; i < this.wals.length; i++) {
      const wal = this.wals[i] as AsyncFSWAL
      if (wal.consumerDueUs !== time) continue
      wal.consume(time)
      break
    }
    this.#noteWals()
  }

  /** A sync returns: its edits are durable; each handler applies its own to the memstore. */
  #finishSync(time: number): void {
    let i = 0
    while ((this.wals[i] as AsyncFSWAL).syncDueUs !== time) i++
    const wal = this.wals[i] as AsyncFSWAL
    const { calls } = this
    const { memstoreApply } = this.#options.latencies
    const { unacked } = wal
    const edits = wal.returnSync()
    const first = calls.edit[unacked.first()] as number
    for (let n = 0; n < edits; n++) {
      const slot = unacked.shift()
      const region = calls.region[slot] as number
      const appliedUs = time + memstoreApply.draw(calls.operation[slot] as number)
      const visibleUs = Math.max(this.#visibleUs[region] as number, appliedUs)
      this.#visibleUs[region] = visibleUs
      calls.atUs[slot] = visibleUs
      calls.syncedWith[slot] = first
      this.#insert(ANSWER, this.#applying, slot)
    }
    wal.syncReturned()
    this.#noteWals()
  }

  /** The edit is visible: the handler answers and turns to the next call of its queue. */
  #answer(time: number): void {
    const { calls } = this
    const { callQueues, latencies, memstores, observer, events } = this.#options
    const slot = this.#shift(ANSWER, this.#applying)
    const operation = calls.operation[slot] as number
    const edit = calls.edit[slot] as number
    const bytes = calls.bytes[slot] as number
    const region = calls.region[slot] as number
    const { log } = this.#walOf(region)
    memstores.apply(region, calls.sequenceId[slot] as number, bytes, time)
    const acknowledgedUs =
      time + latencies.network.draw(operation, calls.attempt[slot] as number, 1)
    log.acknowledge(edit, acknowledgedUs)
    observer.answered(calls.sentUs[slot] as number, acknowledgedUs, bytes)
    const cause = calls.syncedWith[slot] as number
    events.progress(Progress.acknowledged, acknowledgedUs, log.id, edit, edit + 1, cause)
    const queue = calls.queue[slot] as number
    calls.free(slot)
    const next = callQueues.poll(queue, calls.atUs, time)
    if (next >= 0) this.#compute(next, time)
    else callQueues.releaseHandler(queue)
  }
}
