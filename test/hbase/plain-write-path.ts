import { RETRY_BACKOFF } from '../../src/hbase/write-path.js'
import type { WritePathLatencies } from '../../src/hbase/write-path-options.js'
import { BoundedQueue } from '../../src/kernel/bounded-queue.js'
import { Host, type Protocol } from '../../src/kernel/process.js'
import { Scheduler } from '../../src/kernel/scheduler.js'
import { Signal } from '../../src/kernel/signal.js'
import { PlainRegion } from './plain-region.js'
import { PlainWal } from './plain-wal.js'
import { Step, Turns } from './turns.js'
import {
  type AnswerOutcome,
  clientLuck,
  type EditOutcome,
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
  readonly #latencies: WritePathLatencies
  readonly #luck: ReturnType<typeof clientLuck>
  readonly #callQueues: BoundedQueue<Call>[] = []
  readonly #regions: PlainRegion[] = []
  readonly #wal: PlainWal
  readonly #edits: EditOutcome[] = []
  readonly #answers: { edit: number; syncedWith: number }[] = []
  readonly #acknowledgedUs = new Map<number, number>()
  readonly #failedSentUs: number[] = []
  #queuedUs = 0

  constructor(readonly scenario: WriteScenario) {
    const { handlers, queueFactor, queueLimit, regions, flushSize } = scenario
    const queues = Math.max(1, Math.round(handlers * queueFactor))
    this.#latencies = latenciesOf(scenario)
    this.#luck = clientLuck(scenario, queues)
    for (let i = 0; i < regions; i++) this.#regions.push(new PlainRegion(flushSize))
    for (let i = 0; i < queues; i++) {
      this.#callQueues.push(new BoundedQueue(this.#scheduler, queueLimit))
    }
    // No queue may be left without a handler.
    for (let i = 0; i < Math.max(handlers, queues); i++) {
      this.#regionServer.spawn(`handler ${i}`, this.#handle(this.#callQueues[i % queues]))
    }
    this.#wal = new PlainWal(scenario, this.#latencies, this.#turns, this.#regionServer)
    scenario.puts.forEach((_, operation) => {
      this.#clients.spawn(`put ${operation}`, this.#put(operation))
    })
    for (const { fromUs, untilUs } of scenario.suspensions) this.#turns.suspend(fromUs, untilUs)
  }

  run(): WriteOutcome {
    if (this.scenario.lossUs === Number.POSITIVE_INFINITY) this.#scheduler.run()
    else this.#turns.run(this.scenario.lossUs)
    const wal = this.#wal
    return {
      edits: this.#edits,
      answers: this.#answers.map((answer) => this.#withAcknowledgement(answer)),
      failedSentUs: this.#failedSentUs,
      wals: wal.files,
      rollsNeededUs: wal.rollsNeededUs,
      safePointsUs: wal.safePointsUs,
      writtenEdits: wal.writtenEdits,
      syncedEdits: wal.syncedEdits,
      queuedUs: this.#queuedUs,
      memstores: this.#regions.map(({ bytes, oldestUs, flushedSequenceId }) => ({
        bytes,
        oldestUs,
        flushedSequenceId,
      })),
    }
  }

  /** A client puts, and tries again when the server answers CallQueueTooBigException. */
  *#put(operation: number): Protocol {
    const { network } = this.#latencies
    const { sentUs } = this.scenario.puts[operation]
    let travelUs = sentUs + network.draw(operation, 0, 0)
    for (let attempt = 0; ; attempt++) {
      yield* this.#turns.pass(travelUs)
      yield* this.#turns.take(attempt === 0 ? Step.callArrives : Step.callArrivesAgain)
      const queue = this.#callQueues[this.#luck.chooseQueue(operation, attempt)]
      const call = { operation, queuedUs: this.#turns.nowUs, answered: new Signal() }
      if (queue.tryPut(call)) {
        yield call.answered
        yield* this.#turns.pass(network.draw(operation, attempt, 1))
        this.#acknowledgedUs.set(operation, this.#turns.nowUs)
        return
      }
      if (attempt === this.scenario.retries) {
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
      const { operation, queuedUs, answered } = yield* callQueue.take()
      this.#queuedUs += turns.nowUs - queuedUs
      yield* turns.compute(putCpu.draw(operation))

      yield* turns.take(Step.append)
      const { region, bytes } = this.scenario.puts[operation]
      const write = this.#regions[region].begin()
      const { sequenceId } = write
      const writtenUs = turns.nowUs
      const edit = this.#edits.push({ operation, region, sequenceId, bytes, writtenUs }) - 1
      const future = this.#wal.append(edit, operation, bytes)
      yield future.synced

      yield* turns.compute(memstoreApply.draw(operation))
      yield* this.#regions[region].completeAndWait(write)
      yield* turns.take(Step.answer, edit)
      this.#regions[region].apply(sequenceId, bytes, turns.nowUs)
      this.#answers.push({ edit, syncedWith: future.syncedWith })
      answered.notifyAll()
    }
  }

  #withAcknowledgement(answer: { edit: number; syncedWith: number }): AnswerOutcome {
    const { operation } = this.#edits[answer.edit]
    return { ...answer, acknowledgedUs: this.#acknowledgedUs.get(operation) ?? null }
  }
}
