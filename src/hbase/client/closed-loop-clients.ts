import type { DrawStream } from '../../kernel/draws.js'
import { invariant } from '../../kernel/errors.js'
import type { Scheduler } from '../../kernel/scheduler.js'
import type { Variate } from '../../kernel/variate.js'
import { ClientQueue } from './client-queue.js'
import { PHASE_STRIDE, phaseOf, type WorkloadPhase } from './clients.js'

/** Operation n of client c of a phase has the number n × 2^14 + c in it, n modulo 2^26. */
const CLIENT_STRIDE = 16_384
const NAMES_OF_A_CLIENT = 67_108_864
const NOTHING = -1

/** How the clients of a phase go on when they have an answer. */
export interface ClosedLoop {
  readonly clients: number
  /** From an answer to the next operation, drawn for the operation that is answered. */
  readonly thinkTime: Variate
  /** From one operation of a client to its next at the target throughput; 0 if there is none. */
  readonly tickUs: number
  /** Clients begin within so long from the beginning of the phase. */
  readonly spreadUs: number
  readonly startDraws: DrawStream
}

/** Hears of every operation; clients are counted from 0 in each phase. */
export interface ClosedLoopObserver {
  /** @param isLate it was due before, but its client did not have its answer or still thought */
  sent(phase: number, client: number, timeUs: number, isLate: boolean): void
  /** It is answered, or has failed for good; `endedUs` may lie ahead. */
  answered(phase: number, client: number, sentUs: number, endedUs: number): void
}

export interface ClosedLoopClientsOptions {
  readonly scheduler: Scheduler
  readonly phases: readonly WorkloadPhase[]
  readonly observer: ClosedLoopObserver
  /** Sends operation number `n` of phase `p` at this instant. */
  send(p: number, n: number): void
}

/**
 * Closed-loop clients: each sends its next operation when it has the answer to its last and has
 * thought, and with a target throughput not before that is due: its k-th operation so many ticks
 * after its first, a late one at once (`throttleNanos` of YCSB's ClientThread, `-target`). An
 * operation that fails for good is answered by that, and the client goes on. During bursts, thinking
 * and ticks go `times` as fast.
 *
 * An operation is named by its client and how many that has sent before. So twins draw the same for
 * it, although they send it at different times; but rows that come in turn (`sequential`, and what
 * `latest` adds) are those that are due when it is sent.
 *
 * A client that waits for an answer sends nothing: while a server stands still, at most one operation
 * of each client is held up, and latency, counted from the instant of sending, tells of no more
 * (coordinated omission; YCSB's `measurement.interval=intended` would count from when one was due).
 */
export class ClosedLoopClients {
  /** Operations that are sent and not over. */
  waiting = 0
  readonly #options: ClosedLoopClientsOptions
  /** Of each phase the number of its first client; NOTHING if it has none. */
  readonly #first: number[] = []
  readonly #phaseOf: Int32Array
  readonly #queue: ClientQueue
  /** By client: when it sent first and last, how many it has sent, the one it waits for. */
  readonly #beganUs: Float64Array
  readonly #sentUs: Float64Array
  readonly #sent: Float64Array
  readonly #awaited: Float64Array
  /** By client: when its next operation is due. */
  readonly #dueUs: Float64Array
  readonly #turn: number
  #stopped = false

  constructor(options: ClosedLoopClientsOptions) {
    const { phases, scheduler } = options
    this.#options = options
    let clients = 0
    for (const { closedLoop } of phases) {
      this.#first.push(closedLoop === undefined ? NOTHING : clients)
      clients += closedLoop?.clients ?? 0
    }
    this.#phaseOf = new Int32Array(clients)
    this.#queue = new ClientQueue(clients)
    this.#beganUs = new Float64Array(clients)
    this.#sentUs = new Float64Array(clients)
    this.#sent = new Float64Array(clients)
    this.#dueUs = new Float64Array(clients)
    this.#awaited = new Float64Array(clients).fill(NOTHING)
    this.#turn = scheduler.handler(() => this.#takeTurns())
    phases.forEach((phase, p) => {
      this.#begin(phase, p)
    })
  }

  /** Whoever notices an answer no later than so long after it came notices it in time. */
  get leastThinkUs(): number {
    const thinking = this.#options.phases.flatMap(({ closedLoop, bursts }) => {
      if (closedLoop === undefined) return []
      return [Math.floor(closedLoop.thinkTime.least / (bursts?.times ?? 1))]
    })
    return Math.min(...thinking)
  }

  /** How many operations each client has sent, in order of the phases. */
  get sentByClient(): number[] {
    return [...this.#sent]
  }

  /** An operation of anybody's is answered, or has failed; `endedUs` may lie ahead. */
  over(operation: number, endedUs: number): void {
    const client = this.clientOf(operation)
    if (client === null || this.#awaited[client] !== operation) return
    this.#awaited[client] = NOTHING
    this.waiting--
    const p = this.#phaseOf[client] as number
    const sentUs = this.#sentUs[client] as number
    this.#options.observer.answered(p, client - (this.#first[p] as number), sentUs, endedUs)
    this.#sendNext(client, operation - phaseOf(operation) * PHASE_STRIDE, endedUs)
  }

  /** The number of the client that sends an operation; null if it is an open-loop one. */
  clientOf(operation: number): number | null {
    const first = this.#first[phaseOf(operation)] as number
    return first === NOTHING ? null : first + (operation % CLIENT_STRIDE)
  }

  /** The clients are gone. */
  stop(): void {
    this.#stopped = true
  }

  #begin({ closedLoop, fromUs }: WorkloadPhase, p: number): void {
    if (closedLoop === undefined) return
    const { clients, spreadUs, startDraws } = closedLoop
    for (let c = 0; c < clients; c++) {
      const client = (this.#first[p] as number) + c
      const beganUs = fromUs + Math.floor(startDraws.uniform(c) * spreadUs)
      this.#phaseOf[client] = p
      this.#beganUs[client] = beganUs
      this.#dueUs[client] = beganUs
      this.#sendAt(client, beganUs)
    }
  }

  #sendNext(client: number, n: number, endedUs: number): void {
    const { closedLoop, bursts } = this.#phase(client)
    invariant(closedLoop !== undefined, 'an operation of open-loop clients is awaited')
    const thinkUs = closedLoop.thinkTime.draw(n)
    const readyUs = bursts === undefined ? endedUs + thinkUs : bursts.after(endedUs, thinkUs)
    const tickUs = (this.#sent[client] as number) * closedLoop.tickUs
    const beganUs = this.#beganUs[client] as number
    const dueUs = bursts === undefined ? beganUs + tickUs : bursts.after(beganUs, tickUs)
    this.#dueUs[client] = Math.round(dueUs)
    this.#sendAt(client, Math.round(Math.max(readyUs, dueUs)))
  }

  #sendAt(client: number, timeUs: number): void {
    if (timeUs >= this.#phase(client).untilUs || this.#stopped) return
    this.#queue.push(client, timeUs)
    this.#options.scheduler.schedule(timeUs, this.#turn)
  }

  /** However late it became known that two send at one instant, the first client goes first. */
  #takeTurns(): void {
    if (this.#stopped) return
    const { scheduler, send, observer } = this.#options
    while (this.#queue.firstUs <= scheduler.now) {
      const client = this.#queue.pop()
      const p = this.#phaseOf[client] as number
      const sent = this.#sent[client] as number
      const c = client - (this.#first[p] as number)
      const n = (sent % NAMES_OF_A_CLIENT) * CLIENT_STRIDE + c
      const isLate = scheduler.now > (this.#dueUs[client] as number)
      this.#sent[client] = sent + 1
      this.#sentUs[client] = scheduler.now
      this.#awaited[client] = p * PHASE_STRIDE + n
      this.waiting++
      observer.sent(p, c, scheduler.now, isLate)
      send(p, n)
    }
  }

  #phase(client: number): WorkloadPhase {
    return this.#options.phases[this.#phaseOf[client] as number] as WorkloadPhase
  }
}
