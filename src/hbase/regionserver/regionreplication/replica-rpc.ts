import { invariant } from '../../../kernel/errors.js'
import { Fifo } from '../../../kernel/fifo.js'
import type { Scheduler } from '../../../kernel/scheduler.js'
import type { Variate } from '../../../kernel/variate.js'
import type { ReplicaEntry } from '../../wal/replica-entry.js'
import { markerWork } from '../marker.js'
import type { Secondaries } from '../secondaries.js'
import type { ReplicaCallFailure, ReplicaCalls } from './replica-calls.js'

const NEVER = Number.POSITIVE_INFINITY

/** Whoever waits for a replay that is longer by so much looks for a refusal first. */
const LONG_REPLAY_US = 1000

/** A region server as somebody sees it who sends it entries to replay. */
export interface ReplayServer {
  /** Brings its write path up to now. */
  advance(): void
  readonly writePath: {
    readonly secondaries: Pick<Secondaries, 'offerReplay' | 'watchReplays' | 'unwatchReplays'>
  }
}

export interface ReplicaRpcOptions<Server extends ReplayServer> {
  readonly scheduler: Scheduler
  /** One-way latency: index 0 is the request, 1 the answer. */
  readonly network: Variate
  /** The server on which the replica is open; null while it is in transition. */
  serverOf(region: number): Server | null
  /** See `WritePathOptions.regionName`. */
  regionName(region: number): number
}

interface Call<Server> {
  readonly region: number
  readonly entries: readonly ReplicaEntry[]
  readonly server: Server | null
  readonly work: number
  readonly attempt: number
  readonly deadlineUs: number
  readonly done: (failure: ReplicaCallFailure | null) => void
  /** Its sender has an answer, or waits no longer. */
  answered: boolean
  /** When the server can be through with it at the earliest. */
  endsUs: number
  /** When the server was through with it; null before. */
  endedUs: number | null
  failure: ReplicaCallFailure | null
  watched: boolean
  /** The event that looks for the answer, or brings it. */
  event: number
}

/**
 * The calls by which entries travel to secondary replicas (`AdminService.replay` of 2.x,
 * `replicateToReplica` of 3.x): each goes to the server on which the replica is open, waits for a
 * handler there like any call, and is answered. The server's write path is lazy: somebody looks when
 * it can be through with the call at the earliest.
 *
 * Simplifications: a server whose process is gone is noticed after a round trip; the location of a
 * replica is always known, so that nobody asks a server that had it before; of a call that is refused
 * the sender hears when it could have been replayed, if that is later by no more than a millisecond.
 */
export class ReplicaRpc<Server extends ReplayServer> implements ReplicaCalls {
  readonly #options: ReplicaRpcOptions<Server>
  readonly #calls: (Call<Server> | null)[] = []
  readonly #free: number[] = []
  readonly #lookHandler: number
  readonly #answerHandler: number
  readonly #timeoutHandler: number
  /** Calls by their timeout, in order of sending. */
  readonly #byTimeout = new Map<number, Fifo<Call<Server>>>()
  /** What was sent last to a replica, and how often. */
  readonly #lastSent = new Map<number, { sequenceId: number; attempt: number }>()
  #timeoutUs = NEVER
  #timeoutHandle = 0
  /** Calls sent. */
  sent = 0

  constructor(options: ReplicaRpcOptions<Server>) {
    const { scheduler } = options
    this.#options = options
    this.#lookHandler = scheduler.handler((number) => this.#look(number))
    this.#answerHandler = scheduler.handler((number) => this.#answer(number))
    this.#timeoutHandler = scheduler.handler(() => this.#timeOut())
  }

  call(
    region: number,
    entries: readonly ReplicaEntry[],
    timeoutUs: number,
    done: (failure: ReplicaCallFailure | null) => void,
  ): void {
    const { scheduler, network, serverOf, regionName } = this.#options
    const { now } = scheduler
    const server = serverOf(region)
    const { sequenceId } = entries[entries.length - 1]
    const work = markerWork(regionName(region), sequenceId)
    const attempt = this.#attempt(region, sequenceId)
    const number = this.#free.pop() ?? this.#calls.length
    const call: Call<Server> = {
      region,
      entries,
      server,
      work,
      attempt,
      deadlineUs: now + timeoutUs,
      done,
      answered: false,
      endsUs: now,
      endedUs: null,
      failure: null,
      watched: false,
      event: 0,
    }
    this.#calls[number] = call
    this.sent++
    if (server === null) {
      const roundTripUs = network.draw(work, attempt, 0) + network.draw(work, attempt, 1)
      this.#end(number, call, 'not serving', now + roundTripUs)
      return
    }
    this.#expire(call, timeoutUs)
    call.endsUs = server.writePath.secondaries.offerReplay(region, number, work, attempt)
    // A server that has no room for the call refuses it as it arrives.
    const refusedUs = now + network.draw(work, attempt, 0) + this.#travelUs(call)
    const isLong = call.endsUs > refusedUs + LONG_REPLAY_US
    const lookUs = isLong ? refusedUs : call.endsUs
    call.event = scheduler.schedule(lookUs, this.#lookHandler, number)
  }

  /** What a call brings to its replica. */
  entriesOf(number: number): readonly ReplicaEntry[] {
    return this.#callOf(number).entries
  }

  /** What its draws are named by. */
  workOf(number: number): number {
    return this.#callOf(number).work
  }

  /** The server is through with a call at `timeUs`. */
  ended(number: number, failure: ReplicaCallFailure | null, timeUs: number): void {
    const call = this.#callOf(number)
    if (!call.watched) {
      call.endedUs = timeUs
      call.failure = failure
      return
    }
    call.server?.writePath.secondaries.unwatchReplays()
    this.#end(number, call, failure, timeUs + this.#travelUs(call))
  }

  /** The server's process is gone: its connections are closed. */
  serverGone(server: Server): void {
    const { now } = this.#options.scheduler
    this.#calls.forEach((call, number) => {
      if (call === null || call.server !== server || call.endedUs !== null) return
      if (!call.watched) this.#options.scheduler.cancel(call.event)
      this.#end(number, call, 'refused', now + this.#travelUs(call))
    })
  }

  #attempt(region: number, sequenceId: number): number {
    const last = this.#lastSent.get(region)
    if (last === undefined || last.sequenceId !== sequenceId) {
      this.#lastSent.set(region, { sequenceId, attempt: 0 })
      return 0
    }
    return ++last.attempt
  }

  /** When the server can have refused it, or be through with it. */
  #look(number: number): void {
    const { scheduler } = this.#options
    const call = this.#callOf(number)
    call.server?.advance()
    if (call.endedUs === null && scheduler.now < call.endsUs) {
      call.event = scheduler.schedule(call.endsUs, this.#lookHandler, number)
      return
    }
    if (call.endedUs === null) {
      call.watched = true
      call.server?.writePath.secondaries.watchReplays()
      return
    }
    this.#end(number, call, call.failure, call.endedUs + this.#travelUs(call))
  }

  #end(
    number: number,
    call: Call<Server>,
    failure: ReplicaCallFailure | null,
    answerUs: number,
  ): void {
    const { scheduler } = this.#options
    call.endedUs = Math.max(answerUs, scheduler.now)
    call.failure = failure
    call.event = scheduler.schedule(call.endedUs, this.#answerHandler, number)
  }

  #answer(number: number): void {
    const call = this.#callOf(number)
    this.#calls[number] = null
    this.#free.push(number)
    if (!call.answered) call.done(call.failure)
    call.answered = true
  }

  #travelUs({ work, attempt }: Call<Server>): number {
    return this.#options.network.draw(work, attempt, 1)
  }

  /** Calls of one timeout expire in order of sending. */
  #expire(call: Call<Server>, timeoutUs: number): void {
    let waiting = this.#byTimeout.get(timeoutUs)
    if (waiting === undefined) {
      waiting = new Fifo()
      this.#byTimeout.set(timeoutUs, waiting)
    }
    dropAnswered(waiting)
    waiting.push(call)
    if (call.deadlineUs < this.#timeoutUs) this.#arm(call.deadlineUs)
  }

  /** An event for the first call that may be too late; if it is answered by then, for the next. */
  #arm(atUs: number): void {
    const { scheduler } = this.#options
    if (this.#timeoutUs !== NEVER) scheduler.cancel(this.#timeoutHandle)
    this.#timeoutUs = atUs
    if (atUs !== NEVER) this.#timeoutHandle = scheduler.schedule(atUs, this.#timeoutHandler)
  }

  #timeOut(): void {
    const { now } = this.#options.scheduler
    this.#timeoutUs = NEVER
    let nextUs = NEVER
    for (const [timeoutUs, waiting] of this.#byTimeout) {
      dropAnswered(waiting)
      while (waiting.length > 0) {
        const call = waiting.shift()
        if (call.deadlineUs > now) {
          waiting.unshift(call)
          nextUs = Math.min(nextUs, call.deadlineUs)
          break
        }
        call.answered = true
        call.done('timeout')
        dropAnswered(waiting)
      }
      if (waiting.length === 0) this.#byTimeout.delete(timeoutUs)
    }
    this.#arm(nextUs)
  }

  #callOf(number: number): Call<Server> {
    const call = this.#calls[number]
    invariant(call !== null && call !== undefined, 'a replay is answered that nobody sent')
    return call
  }
}

function dropAnswered(waiting: Fifo<Pick<Call<unknown>, 'answered'>>): void {
  while (waiting.length > 0) {
    const call = waiting.shift()
    if (call.answered) continue
    waiting.unshift(call)
    return
  }
}
