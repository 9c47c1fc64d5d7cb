import { RETRY_BACKOFF } from '../../../src/hbase/regionserver/write-path.js'
import type {
  UnansweredCall,
  WritePathLatencies,
} from '../../../src/hbase/regionserver/write-path-options.js'
import { BoundedQueue } from '../../../src/kernel/bounded-queue.js'
import { Host, type Protocol } from '../../../src/kernel/process.js'
import { Scheduler } from '../../../src/kernel/scheduler.js'
import { Signal } from '../../../src/kernel/signal.js'
import { PlainLogRoller } from '../wal/plain-log-roller.js'
import { PlainWal } from '../wal/plain-wal.js'
import { PlainRegion } from './plain-region.js'
import { Step, Turns } from './turns.js'
import {
  type AnswerOutcome,
  clientLuck,
  type EditOutcome,
  groupsOfRegions,
  latenciesOf,
  type WriteOutcome,
  type WriteScenario,
} from './write-scenario.js'

/** What a run of the plain model comes to. */
export function plainOutcome(scenario: WriteScenario): WriteOutcome {
  return new PlainWritePath(scenario).run()
}

/** A call in a call queue or with a handler. */
interface Call {
  readonly operation: number
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
  readonly #groupOf: Map<number, number>
  readonly #wals: PlainWal[] = []
  readonly #edits: EditOutcome[][] = []
  readonly #answers: Omit<AnswerOutcome, 'acknowledgedUs'>[] = []
  readonly #acknowledgedUs = new Map<number, number>()
  readonly #failedSentUs: number[] = []
  /** The attempt that each operation is at, until it is answered or has failed. */
  readonly #attempts = new Map<number, number>()
  #synced = 0
  readonly #queued = new Set<Call>()
  #queuedUs = 0

  constructor(readonly scenario: WriteScenario) {
    const { handlers, queueFactor, queueLimit, regions, flushSize } = scenario
    const queues = Math.max(1, Math.round(handlers * queueFactor))
    this.#latencies = latenciesOf(scenario)
    this.#luck = clientLuck(scenario, queues)
    this.#groupOf = groupsOfRegions(scenario)
    for (let i = 0; i < regions; i++) this.#regions.push(new PlainRegion(flushSize))
    for (let i = 0; i < queues; i++) {
      this.#callQueues.push(new BoundedQueue(this.#scheduler, queueLimit))
    }
    for (const { fromUs, untilUs } of scenario.suspensions) this.#turns.suspend(fromUs, untilUs)
    // No queue may be left without a handler.
    for (let i = 0; i < Math.max(handlers, queues); i++) {
      this.#regionServer.spawn(`handler ${i}`, this.#handle(this.#callQueues[i % queues]))
    }
    this.#startWals()
    scenario.puts.forEach((_, operation) => {
      this.#attempts.set(operation, 0)
      this.#clients.spawn(`put ${operation}`, this.#put(operation))
    })
  }

  run(): WriteOutcome {
    const { lossUs, killUs } = this.scenario
    const endUs = Math.min(lossUs, killUs)
    if (endUs === Number.POSITIVE_INFINITY) this.#scheduler.run()
    else this.#turns.run(endUs)
    const groups = this.#wals.map((wal) => wal.outcome(this.#edits[wal.group], killUs))
    const unanswered = killUs < Number.POSITIVE_INFINITY ? this.#kill() : []
    const failedSentUs = this.#failedSentUs.slice()
    if (killUs < Number.POSITIVE_INFINITY) this.#scheduler.run()
    return {
      groups,
      answers: this.#answers.map((answer) => this.#withAcknowledgement(answer)),
      failedSentUs,
      unanswered,
      queuedUs: this.#queuedUs,
      memstores: this.#regions.map(({ bytes, oldestUs, flushedSequenceId }) => ({
        bytes,
        oldestUs,
        flushedSequenceId,
      })),
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
      this.#edits.push([])
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
      .map(([operation, attempt]) => ({ ...this.scenario.puts[operation], operation, attempt }))
      .sort((a, b) => a.sentUs - b.sentUs || a.operation - b.operation)
  }

  /** A client puts, and tries again when the server answers CallQueueTooBigException. */
  *#put(operation: number): Protocol {
    const { network } = this.#latencies
    const { sentUs } = this.scenario.puts[operation]
    let travelUs = sentUs + network.draw(operation, 0, 0)
    for (let attempt = 0; ; attempt++) {
      this.#attempts.set(operation, attempt)
      yield* this.#turns.pass(travelUs)
      yield* this.#turns.take(attempt === 0 ? Step.callArrives : Step.callArrivesAgain)
      if (!this.#regionServer.alive) return
      const queue = this.#callQueues[this.#luck.chooseQueue(operation, attempt)]
      const call = { operation, queuedUs: this.#turns.nowUs, answered: new Signal() }
      this.#queued.add(call)
      if (queue.tryPut(call)) {
        yield call.answered
        yield* this.#turns.pass(network.draw(operation, attempt, 1))
        this.#acknowledgedUs.set(operation, this.#turns.nowUs)
        return
      }
      this.#queued.delete(call)
      if (attempt === this.scenario.retries) {
        this.#attempts.delete(operation)
        this.#failedSentUs.push(sentUs)
        return
      }
      travelUs =
        network.draw(operation, attempt, 1) +
        this.#pauseUs(operation, attempt) +
        network.draw(operation, attempt + 1, 0)
    }
  }

  /** ConnectionUtils.getPauseTime */
  #pauseUs(operation: number, attempt: number): number {
    const factor = RETRY_BACKOFF[Math.min(attempt, RETRY_BACKOFF.length - 1)]
    const pauseUs = this.scenario.pauseUs * factor
    return pauseUs + Math.floor(pauseUs * 0.01 * this.#luck.jitter(operation, attempt))
  }

  /** A handler thread: HRegion.doMiniBatchMutate for one call after the other. */
  *#handle(callQueue: BoundedQueue<Call>): Protocol {
    const turns = this.#turns
    const { putCpu, memstoreApply } = this.#latencies
    for (;;) {
      const call = yield* callQueue.take()
      const { operation, answered } = call
      this.#leaveQueue(call)
      yield* turns.compute(putCpu.draw(operation))

      yield* turns.take(Step.append)
      const { region, bytes } = this.scenario.puts[operation]
      const group = this.#groupOf.get(region) ?? 0
      const write = this.#regions[region].begin()
      const { sequenceId } = write
      const writtenUs = turns.nowUs
      const edits = this.#edits[group]
      const edit = edits.push({ operation, region, sequenceId, bytes, writtenUs }) - 1
      const future = this.#wals[group].append(edit, operation, bytes)
      yield future.synced

      yield* turns.compute(memstoreApply.draw(operation))
      yield* this.#regions[region].completeAndWait(write)
      yield* turns.take(Step.answer, future.order)
      this.#regions[region].apply(sequenceId, bytes, turns.nowUs)
      this.#answers.push({ group, edit, syncedWith: future.syncedWith })
      this.#attempts.delete(operation)
      answered.notifyAll()
    }
  }

  #leaveQueue(call: Call): void {
    this.#queued.delete(call)
    this.#queuedUs += this.#turns.nowUs - call.queuedUs
  }

  #withAcknowledgement(answer: Omit<AnswerOutcome, 'acknowledgedUs'>): AnswerOutcome {
    const { operation } = this.#edits[answer.group][answer.edit]
    return { ...answer, acknowledgedUs: this.#acknowledgedUs.get(operation) ?? null }
  }
}
