import { CallKind, NO_KEY } from '../../../src/hbase/regionserver/call-kind.js'
import { RETRY_BACKOFF } from '../../../src/hbase/regionserver/retry-backoff.js'
import type {
  UnansweredCall,
  WritePathLatencies,
} from '../../../src/hbase/regionserver/write-path-options.js'
import { BoundedQueue } from '../../../src/kernel/bounded-queue.js'
import { Host, type Protocol, TIMED_OUT } from '../../../src/kernel/process.js'
import { Scheduler } from '../../../src/kernel/scheduler.js'
import { Signal } from '../../../src/kernel/signal.js'
import type { Variate } from '../../../src/kernel/variate.js'
import { PlainLogRoller } from '../wal/plain-log-roller.js'
import { PlainWal } from '../wal/plain-wal.js'
import { PlainClosedLoop } from './plain-closed-loop.js'
import type { LockRequest, PlainReadWriteLock } from './plain-read-write-lock.js'
import { PlainRegion } from './plain-region.js'
import { PlainRegionWork } from './plain-region-work.js'
import { PlainServerMemstore } from './plain-server-memstore.js'
import { PlainWriteLog } from './plain-write-log.js'
import { Step, Turns } from './turns.js'
import {
  type AnswerOutcome,
  clientLuck,
  latenciesOf,
  type NotServingOutcome,
  type ReadOutcome,
  readOf,
  type ScenarioPut,
  type WriteOutcome,
  type WriteScenario,
  workByRegion,
} from './write-scenario.js'

/** What a run of the plain model comes to. */
export function plainOutcome(scenario: WriteScenario): WriteOutcome {
  return new PlainWritePath(scenario).run()
}

/** What a client is told: RegionTooBusyException and the like, NotServingRegionException. */
type Answer = 'done' | 'refused' | 'elsewhere'

/** A call in a call queue or with a handler. */
interface Call {
  readonly operation: number
  readonly attempt: number
  readonly queuedUs: number
  readonly answered: Signal
}

/**
 * The write path with a process for each client operation and each thread of the server: what
 * `WritePath` computes without any of them. It reads as HBase does and is far too slow.
 */
class PlainWritePath {
  readonly #scheduler = new Scheduler()
  readonly #turns = new Turns(this.#scheduler)
  readonly #clients = new Host(this.#scheduler, 'clients')
  readonly #regionServer = new Host(this.#scheduler, 'rs1')
  readonly #dataNodes = new Host(this.#scheduler, 'DataNodes')
  readonly #latencies: WritePathLatencies
  readonly #luck: ReturnType<typeof clientLuck>
  readonly #callQueues: BoundedQueue<Call>[] = []
  readonly #regions: PlainRegion[] = []
  readonly #wals: PlainWal[] = []
  readonly #log: PlainWriteLog
  readonly #answers: Omit<AnswerOutcome, 'acknowledgedUs'>[] = []
  readonly #acknowledgedUs = new Map<number, number>()
  readonly #failedSentUs: number[] = []
  readonly #calls = new Map<number, ScenarioPut>()
  /** The attempt that each operation is at, until it is answered or has failed. */
  readonly #attempts = new Map<number, number>()
  readonly #readDraws: Variate
  readonly #visible = new Map<number, number>()
  readonly #reads: ReadOutcome[] = []
  readonly #notServingAnswers: NotServingOutcome[] = []
  readonly #memstore: PlainServerMemstore
  readonly #work: PlainRegionWork
  #synced = 0
  readonly #queued = new Set<Call>()
  #queuedUs = 0

  constructor(readonly scenario: WriteScenario) {
    const { handlers, queueFactor, queueLimit, regions } = scenario
    const queues = Math.max(1, Math.round(handlers * queueFactor))
    this.#latencies = latenciesOf(scenario)
    this.#readDraws = readOf(scenario)
    this.#luck = clientLuck(scenario, queues)
    for (let i = 0; i < regions; i++) this.#regions.push(new PlainRegion(scenario))
    this.#log = new PlainWriteLog({
      scenario,
      turns: this.#turns,
      regions: this.#regions,
      wals: this.#wals,
      nextOrder: () => this.#synced++,
    })
    this.#memstore = new PlainServerMemstore(scenario, this.#turns, this.#regions)
    this.#work = new PlainRegionWork({
      turns: this.#turns,
      regions: this.#regions,
      appendMarker: (region, sequenceId) => this.#log.appendMarker(region, sequenceId),
      sync: (region) => this.#log.walOf(region).sync(),
      free: (bytes) => this.#memstore.free(bytes),
    })
    for (let i = 0; i < queues; i++) {
      this.#callQueues.push(new BoundedQueue(this.#scheduler, queueLimit))
    }
    for (const { fromUs, untilUs } of scenario.suspensions) this.#turns.suspend(fromUs, untilUs)
    // No queue may be left without a handler.
    for (let i = 0; i < Math.max(handlers, queues); i++) {
      this.#regionServer.spawn(`handler ${i}`, this.#handle(this.#callQueues[i % queues]))
    }
    this.#startWals()
    for (const work of workByRegion(scenario)) {
      if (work.length > 0) this.#regionServer.spawn('work', this.#work.run(work))
    }
    scenario.puts.forEach((put, operation) => {
      this.#attempts.set(operation, 0)
      this.#clients.spawn(`put ${operation}`, this.#put(operation, put))
    })
    const closedLoop = new PlainClosedLoop(scenario, this.#turns, (...call) => this.#put(...call))
    for (let c = 0; c < closedLoop.clients; c++) {
      this.#clients.spawn(`client ${c}`, closedLoop.client(c))
    }
  }

  run(): WriteOutcome {
    const { lossUs, killUs } = this.scenario
    const endUs = Math.min(lossUs, killUs)
    if (endUs === Number.POSITIVE_INFINITY) this.#scheduler.run()
    else this.#turns.run(endUs)
    const groups = this.#wals.map((wal) => wal.outcome(this.#log.edits[wal.group], killUs))
    const unanswered = killUs < Number.POSITIVE_INFINITY ? this.#kill() : []
    const failedSentUs = this.#failedSentUs.slice()
    if (killUs < Number.POSITIVE_INFINITY) this.#scheduler.run()
    return {
      groups,
      skipped: this.#log.skipped,
      answers: this.#answers.map((answer) => this.#withAcknowledgement(answer)),
      failedSentUs,
      unanswered,
      queuedUs: this.#queuedUs,
      memstores: this.#regions.map((region) => ({
        heapBytes: region.heapBytes,
        lastSequenceId: region.lastSequenceId,
        oldestUs: region.oldestUs,
        flushedSequenceId: region.flushedSequenceId,
      })),
      memstoreBytes: this.#memstore.bytes,
      reads: this.#reads,
      notServing: this.#notServingAnswers,
      flushesWanted: this.#memstore.flushesWanted,
      pressureUs: this.#memstore.pressureUs,
      regionWork: this.#work.outcomes,
    }
  }

  #startWals(): void {
    const { createWalUs, groups } = this.scenario
    const context = {
      scenario: this.scenario,
      latencies: this.#latencies,
      turns: this.#turns,
      regionServer: this.#regionServer,
      dataNodes: this.#dataNodes,
      nextOrder: () => this.#synced++,
      requestRoll: (wal: PlainWal) => roller.requestRoll(wal),
    }
    for (let group = 0; group < groups; group++) {
      this.#wals.push(new PlainWal(group, context))
    }
    const roller = new PlainLogRoller(this.#wals, createWalUs, this.#turns, this.#regionServer)
  }

  /** The server dies, and what it had answered arrives. */
  #kill(): UnansweredCall[] {
    for (const call of this.#queued) this.#leaveQueue(call)
    const unanswered = this.#unanswered()
    this.#regionServer.kill()
    this.#dataNodes.kill()
    return unanswered
  }

  /** Calls that the server has not answered. */
  #unanswered(): UnansweredCall[] {
    return [...this.#attempts.entries()]
      .map(([operation, attempt]) => ({
        kind: CallKind.put,
        key: NO_KEY,
        ...this.#call(operation),
        operation,
        attempt,
      }))
      .sort((a, b) => a.sentUs - b.sentUs || a.operation - b.operation)
  }

  /**
   * A client sends its call, and again when the server refuses it; ends when it has the answer or
   * has failed, with false if it never will.
   */
  *#put(operation: number, put: ScenarioPut): Protocol<boolean> {
    const { network } = this.#latencies
    const { sentUs } = put
    this.#calls.set(operation, put)
    let travelUs = sentUs - this.#turns.nowUs + network.draw(operation, 0, 0)
    for (let attempt = 0; ; attempt++) {
      this.#attempts.set(operation, attempt)
      yield* this.#turns.pass(travelUs)
      const rank = arrivalRank(this.#turns.nowUs, operation, sentUs)
      if (attempt > 0) yield* this.#turns.take(Step.callArrivesAgain)
      else yield* this.#turns.take(Step.callArrives, rank)
      if (!this.#regionServer.alive) return false
      const queue = this.#callQueues[this.#luck.chooseQueue(operation, attempt)]
      const call = { operation, attempt, queuedUs: this.#turns.nowUs, answered: new Signal() }
      this.#queued.add(call)
      let answer: unknown = 'overloaded'
      if (queue.tryPut(call)) answer = yield call.answered
      else this.#queued.delete(call)
      if (answer === 'elsewhere') return false
      if (answer === 'done') {
        yield* this.#turns.pass(network.draw(operation, attempt, 1))
        this.#acknowledgedUs.set(operation, this.#turns.nowUs)
        return true
      }
      if (attempt === this.scenario.retries) {
        this.#attempts.delete(operation)
        this.#failedSentUs.push(sentUs)
        yield* this.#turns.pass(network.draw(operation, attempt, 1))
        return true
      }
      const { clientPauseUs, pauseUs } = this.scenario
      const pause = answer === 'overloaded' ? pauseUs : clientPauseUs
      travelUs =
        network.draw(operation, attempt, 1) +
        this.#pauseUs(operation, attempt, pause) +
        network.draw(operation, attempt + 1, 0)
    }
  }

  /** ConnectionUtils.getPauseTime */
  #pauseUs(operation: number, attempt: number, pause: number): number {
    const factor = RETRY_BACKOFF[Math.min(attempt, RETRY_BACKOFF.length - 1)]
    const pauseUs = pause * factor
    return pauseUs + Math.floor(pauseUs * 0.01 * this.#luck.jitter(operation, attempt))
  }

  /** A handler thread: one call after the other. */
  *#handle(callQueue: BoundedQueue<Call>): Protocol {
    for (;;) {
      const call = yield* callQueue.take()
      this.#leaveQueue(call)
      const answer = yield* this.#serve(call)
      call.answered.notifyAll(answer)
      // Those who were woken by it run on first.
      yield 0
    }
  }

  *#serve(call: Call): Protocol<Answer> {
    const turns = this.#turns
    const { operation } = call
    const { putCpu } = this.#latencies
    const { region: number, kind, key = NO_KEY } = this.#call(operation)
    const region = this.#regions[number]
    if (!region.open) return this.#notServing(call)
    if (kind === CallKind.get) return yield* this.#get(call)
    yield* this.#memstore.waitForRoom()
    yield* turns.compute(putCpu.draw(operation))
    yield* turns.take(Step.handle)
    if (!region.open) return this.#notServing(call)
    if (region.heapBytes > this.scenario.regionLimit) {
      this.#memstore.requestFlush(number)
      return 'refused'
    }
    region.beginOperation()
    const rowLock = key === NO_KEY ? null : region.rowLock(key)
    const locked = rowLock === null || (yield* this.#lockRow(rowLock, kind === CallKind.atomic))
    if (locked) {
      if (yield* region.updatesLock.lock(false)) yield* turns.take(Step.handle)
      yield* this.#write(call)
      if (rowLock !== null) rowLock.unlock()
      this.#written(call)
    }
    region.endOperation()
    return locked ? 'done' : 'refused'
  }

  #notServing({ operation, attempt }: Call): Answer {
    this.#notServingAnswers.push({ operation, attempt, atUs: this.#turns.nowUs })
    this.#attempts.delete(operation)
    return 'elsewhere'
  }

  *#get({ operation, attempt }: Call): Protocol<Answer> {
    const { getCpu, network } = this.#latencies
    const { region, sentUs } = this.#call(operation)
    this.#regions[region].beginOperation()
    const readUs = this.#readDraws.draw(operation, attempt)
    yield* this.#turns.compute(getCpu.draw(operation, attempt) + readUs)
    yield* this.#turns.take(Step.handle)
    const answeredUs = this.#turns.nowUs + network.draw(operation, attempt, 1)
    this.#reads.push({ sentUs, answeredUs, region })
    this.#regions[region].endOperation()
    this.#attempts.delete(operation)
    return 'done'
  }

  /** HRegion.getRowLock; false if it is not to be had in time. */
  *#lockRow(lock: PlainReadWriteLock, exclusive: boolean): Protocol<boolean> {
    const turns = this.#turns
    const request = lock.request(exclusive)
    if (request === null) return true
    this.#regionServer.spawn('row lock timeout', this.#timeOut(lock, request))
    if ((yield request.granted) === TIMED_OUT) return false
    yield* turns.take(Step.handle)
    return true
  }

  *#timeOut(lock: PlainReadWriteLock, request: LockRequest): Protocol {
    yield* this.#turns.pass(this.scenario.rowLockWaitUs)
    yield* this.#turns.take(Step.rowLockTimesOut)
    if (!lock.isQueued(request)) return
    lock.withdraw(request)
    request.granted.notifyAll(TIMED_OUT)
  }

  /** From the append until the write is visible and the region's memstore has it. */
  *#write({ operation, attempt }: Call): Protocol {
    const turns = this.#turns
    const { region: number, bytes, kind } = this.#call(operation)
    const region = this.#regions[number]
    if (kind === CallKind.atomic) {
      yield* region.await()
      yield* turns.compute(this.#readDraws.draw(operation, attempt))
      yield* turns.take(Step.handle)
    }
    const write = region.beginWrite()
    const place = yield* this.#log.write(number, write.sequenceId, bytes, operation)
    yield* turns.compute(this.#latencies.memstoreApply.draw(operation))
    yield* region.completeAndWait(write)
    yield* turns.take(Step.answer, place.order())
    region.apply(bytes, turns.nowUs)
    const { group, edit, syncedWith } = place
    this.#answers.push({ group, edit, syncedWith })
    this.#attempts.delete(operation)
    region.updatesLock.unlock()
    this.#visible.set(operation, write.sequenceId)
  }

  /** The row's lock is released, too. */
  #written({ operation }: Call): void {
    const { region: number, bytes } = this.#call(operation)
    const region = this.#regions[number]
    region.answered(this.#visible.get(operation) ?? 0)
    this.#memstore.added(number, region.heapOf(bytes))
  }

  #call(operation: number): ScenarioPut {
    const call = this.#calls.get(operation)
    if (call === undefined) throw new Error(`nobody has sent operation ${operation}`)
    return call
  }

  #leaveQueue(call: Call): void {
    this.#queued.delete(call)
    this.#queuedUs += this.#turns.nowUs - call.queuedUs
  }

  #withAcknowledgement(answer: Omit<AnswerOutcome, 'acknowledgedUs'>): AnswerOutcome {
    const edits = [...this.#log.edits, this.#log.skipped][answer.group]
    const { operation } = edits[answer.edit]
    return { ...answer, acknowledgedUs: this.#acknowledgedUs.get(operation) ?? null }
  }
}

/** Of calls that arrive at one instant those of `puts` go first, the others as they were sent. */
function arrivalRank(arrivesUs: number, operation: number, sentUs: number): number {
  const behind = operation < 2 ** 40 ? 0 : (sentUs + 1) * 2 ** 14 + (operation % 2 ** 14)
  return arrivesUs * 2 ** 32 + behind
}
