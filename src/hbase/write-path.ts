import { invariant } from '../kernel/errors.js'
import type { CallQueues } from './call-queues.js'
import type { EditLog } from './edit-log.js'
import { OutstandingSyncs } from './outstanding-syncs.js'
import { Progress } from './progress.js'
import { SlotHeap } from './slot-heap.js'
import { SlotRing } from './slot-ring.js'
import type { Wal } from './wal.js'
import { WriteCalls } from './write-calls.js'
import type { WritePathOptions } from './write-path-options.js'

/** HConstants.RETRY_BACKOFF: factors of the client's pause by attempt. */
export const RETRY_BACKOFF = [1, 2, 3, 5, 10, 20, 40, 100, 100, 100, 100, 200, 200]

const NEVER = Number.POSITIVE_INFINITY

/** Kinds of steps, in the order in which they happen at one instant. */
const SYNC_RETURNS = 0
const ANSWER = 1
const PUBLISH = 2
const CONSUME = 3
const ARRIVE = 4
const ARRIVE_AGAIN = 5

/**
 * One region server's write path, advanced lazily: nothing here is a scheduler event. Calls arrive,
 * wait for a handler, use its CPU, are appended to the WAL's ring buffer, consumed and synced as
 * AsyncFSWAL does it, applied to the memstore, made visible in MVCC order and answered. `advance`
 * plays these steps in time order up to now, in one loop over typed arrays.
 *
 * At one instant the order is: syncs return, edits are applied and answered, handlers append, the
 * WAL's consumer turns, calls arrive. What the write path itself causes elsewhere (a roll, a safe
 * point) must be noticed when it happens: whoever owns it looks again by `nextCauseUs()`.
 */
export class WritePath {
  readonly calls = new WriteCalls()
  readonly #options: WritePathOptions
  readonly #log: EditLog
  /** Calls under way to the server, by time of arrival; calls that are tried again, likewise. */
  readonly #arriving = new SlotRing(1024)
  readonly #retrying = new SlotHeap()
  /** Calls whose handler computes, by the time at which it appends. */
  readonly #computing = new SlotRing()
  /** Appended to the ring buffer, not yet taken by the consumer. */
  readonly #published = new SlotRing()
  /** Taken by the consumer: being written, or written and unacknowledged by the file system. */
  readonly #unacked = new SlotRing()
  /** Applied to the memstore and waiting for MVCC, by the time at which they are visible. */
  readonly #applying = new SlotRing()
  readonly #syncs = new OutstandingSyncs()
  /** Per region, when its last edit became visible: MVCC completes in order of sequence ids. */
  readonly #visibleUs: Float64Array
  #wal: Wal
  #consumed = 0
  #synced = 0
  #batchEdits = 0
  #batchBytes = 0
  /**
   * When the next step of each kind is due, NEVER if none is. The consumer's is the end of its turn,
   * or the start if it has no batch.
   */
  readonly #dueUs = new Float64Array(6).fill(NEVER)
  /** When the last byte handed to the WAL's stream is sent: the stream sends one after another. */
  #sentUs = 0
  #lastSyncUs = 0
  /** Bytes of calls that are known and not yet written to the WAL. */
  #offeredBytes = 0
  /** The WAL cannot outgrow its roll size before this time. */
  #rollWatchUs = NEVER
  #rollNeeded = false
  #safePointWanted = false
  #suspendedUs = NEVER
  #advancedUs = 0

  constructor(options: WritePathOptions, wal: Wal) {
    this.#options = options
    this.#log = options.log
    this.#wal = wal
    this.#visibleUs = new Float64Array(options.memstores.regions)
  }

  /** Edits written to WALs, as an index into the log. */
  get consumedEdits(): number {
    return this.#consumed
  }

  /** Edits whose sync has returned, as an index into the log. */
  get syncedEdits(): number {
    return this.#synced
  }

  /** A client sends a put; `sentUs` must not lie before the last `advance`. */
  offer(sentUs: number, region: number, bytes: number, operation: number): void {
    const arrivesUs = sentUs + this.#options.latencies.network.draw(operation, 0, 0)
    const slot = this.calls.allocate(sentUs, arrivesUs, region, bytes, operation)
    this.#insert(ARRIVE, this.#arriving, slot)
    this.#offeredBytes += bytes
    if (this.#rollWatchUs === NEVER && this.#exceedsRollSize(this.#offeredBytes)) {
      this.#rollWatchUs = sentUs
    }
  }

  /**
   * A time before which the write path needs no look: at the latest then, `advance` must be called,
   * so that a roll or safe point is noticed at its own instant.
   */
  nextCauseUs(): number {
    if (this.#suspendedUs !== NEVER) return NEVER
    const roll = this.#rollNeeded ? NEVER : this.#rollWatchUs
    const watch = this.#safePointWanted ? this.#advancedUs : roll
    if (watch === NEVER) return NEVER
    if (watch > this.#advancedUs) return watch
    return this.#syncs.length > 0 ? this.#syncs.firstDoneUs : this.#nextStepUs()
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
    this.#syncs.postponeTo(nowUs)
    this.#arriving.raiseAllTo(nowUs, atUs)
    this.#retrying.raiseAllTo(nowUs, atUs)
    const due = this.#dueUs
    due[CONSUME] = (due[CONSUME] as number) + lostUs
    due[SYNC_RETURNS] = this.#syncs.firstDoneUs
    for (const step of [ANSWER, PUBLISH]) due[step] = (due[step] as number) + lostUs
    due[ARRIVE] = Math.max(due[ARRIVE] as number, nowUs)
    due[ARRIVE_AGAIN] = this.#retrying.firstUs
    this.#suspendedUs = NEVER
    this.#advancedUs = nowUs
  }

  /** Asks the consumer to stop at a safe point; `onSafePoint` tells when it is reached. */
  requestSafePoint(nowUs: number): void {
    this.advance(nowUs)
    this.#safePointWanted = true
    this.#noticeSafePoint()
  }

  /** Continues in a new WAL after a safe point. */
  switchTo(wal: Wal, nowUs: number): void {
    invariant(this.#synced === this.#consumed, 'a WAL is switched only at a safe point')
    this.#wal = wal
    this.#rollNeeded = false
    this.#safePointWanted = false
    this.#rollWatchUs = this.#exceedsRollSize(this.#offeredBytes) ? nowUs : NEVER
    if (this.#published.length > 0) this.#dueUs[CONSUME] = nowUs
  }

  /** Calls known and not yet answered. */
  get unanswered(): number {
    return this.calls.inUse
  }

  get callQueues(): CallQueues {
    return this.#options.callQueues
  }

  /** Edits appended to the ring buffer and not yet written to a WAL. */
  get unwrittenEdits(): number {
    return this.#published.length + this.#batchEdits
  }

  #exceedsRollSize(moreBytes: number): boolean {
    return this.#wal.bytes + moreBytes > this.#options.walRollSize
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
      this.#offeredBytes -= calls.bytes[slot] as number
      this.#options.observer.failed(calls.sentUs[slot] as number)
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
    calls.edit[slot] = this.#log.append(
      time,
      region,
      sequenceId,
      calls.bytes[slot] as number,
      calls.operation[slot] as number,
    )
    calls.sequenceId[slot] = sequenceId
    this.#published.push(slot)
    if (this.#dueUs[CONSUME] === NEVER && !this.#safePointWanted) this.#dueUs[CONSUME] = time
  }

  /** A turn of AsyncFSWAL's consumer ends: sync what was written, then drain the ring buffer. */
  #consume(time: number): void {
    if (this.#batchEdits > 0) this.#sync(time)
    this.#dueUs[CONSUME] = NEVER
    if (this.#safePointWanted) this.#noticeSafePoint()
    else if (this.#published.length > 0) this.#write(time)
  }

  /** Writes what the ring buffer holds, until it is drained or a sync is due by size. */
  #write(time: number): void {
    const { calls } = this
    const { walBatchSize, latencies } = this.#options
    let durationUs = 0
    while (this.#published.length > 0 && this.#batchBytes < walBatchSize) {
      const slot = this.#published.shift()
      this.#unacked.push(slot)
      this.#batchEdits++
      this.#batchBytes += calls.bytes[slot] as number
      durationUs += latencies.walAppend.draw(calls.operation[slot] as number)
      this.#wal.noteSequenceId(calls.region[slot] as number, calls.sequenceId[slot] as number)
    }
    this.#dueUs[CONSUME] = time + durationUs
  }

  /** Issues a sync; syncs are pipelined and return in order. */
  #sync(time: number): void {
    const { calls } = this
    const { latencies } = this.#options
    const first = this.#unacked.at(this.#unacked.length - this.#batchEdits)
    const latencyUs = latencies.sync.draw(calls.operation[first] as number)
    const transferUs = Math.round((this.#batchBytes * 1e6) / latencies.walBytesPerSecond)
    this.#sentUs = Math.max(this.#sentUs, time) + transferUs
    this.#lastSyncUs = Math.max(this.#lastSyncUs, this.#sentUs + latencyUs)
    this.#syncs.push(this.#lastSyncUs, this.#batchEdits, this.#batchBytes)
    this.#dueUs[SYNC_RETURNS] = this.#syncs.firstDoneUs
    this.#consumed += this.#batchEdits
    this.#wal.written(this.#batchEdits, this.#batchBytes)
    this.#offeredBytes -= this.#batchBytes
    this.#batchEdits = 0
    this.#batchBytes = 0
  }

  /** A sync returns: its edits are durable; each handler applies its own to the memstore. */
  #finishSync(time: number): void {
    const { calls } = this
    const { memstoreApply } = this.#options.latencies
    const edits = this.#syncs.firstEdits
    this.#synced += edits
    this.#wal.synced(edits, this.#syncs.firstBytes)
    this.#syncs.shift()
    this.#dueUs[SYNC_RETURNS] = this.#syncs.firstDoneUs
    const first = calls.edit[this.#unacked.first()] as number
    for (let i = 0; i < edits; i++) {
      const slot = this.#unacked.shift()
      const region = calls.region[slot] as number
      const appliedUs = time + memstoreApply.draw(calls.operation[slot] as number)
      const visibleUs = Math.max(this.#visibleUs[region] as number, appliedUs)
      this.#visibleUs[region] = visibleUs
      calls.atUs[slot] = visibleUs
      calls.syncedWith[slot] = first
      this.#insert(ANSWER, this.#applying, slot)
    }
    if (this.#safePointWanted) this.#noticeSafePoint()
    else if (!this.#rollNeeded && this.#exceedsRollSize(0)) {
      this.#rollNeeded = true
      this.#options.onRollNeeded()
    }
  }

  /** The edit is visible: the handler answers and turns to the next call of its queue. */
  #answer(time: number): void {
    const { calls } = this
    const { callQueues, latencies, memstores, observer, events } = this.#options
    const slot = this.#shift(ANSWER, this.#applying)
    const operation = calls.operation[slot] as number
    const edit = calls.edit[slot] as number
    const bytes = calls.bytes[slot] as number
    memstores.apply(calls.region[slot] as number, calls.sequenceId[slot] as number, bytes, time)
    const acknowledgedUs =
      time + latencies.network.draw(operation, calls.attempt[slot] as number, 1)
    this.#log.acknowledge(edit, acknowledgedUs)
    observer.answered(calls.sentUs[slot] as number, acknowledgedUs, bytes)
    const cause = calls.syncedWith[slot] as number
    events.progress(Progress.acknowledged, acknowledgedUs, this.#log.id, edit, edit + 1, cause)
    const queue = calls.queue[slot] as number
    calls.free(slot)
    const next = callQueues.poll(queue, calls.atUs, time)
    if (next >= 0) this.#compute(next, time)
    else callQueues.releaseHandler(queue)
  }

  #noticeSafePoint(): void {
    if (this.#syncs.length === 0 && this.#batchEdits === 0) this.#options.onSafePoint()
  }
}
