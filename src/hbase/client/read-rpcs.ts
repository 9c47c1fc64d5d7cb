import { invariant } from '../../kernel/errors.js'
import type { Scheduler } from '../../kernel/scheduler.js'
import { triesOf } from '../attempt.js'
import type { CallKind } from '../regionserver/call-kind.js'
import { NO_KEY } from '../regionserver/call-kind.js'
import type { UnansweredCall } from '../regionserver/write-path-options.js'
import type { PutTarget } from './clients.js'
import { RpcRetryingCaller, type RpcRetryingCallerOptions } from './rpc-retrying-caller.js'

/** A region server as the client of a read sees it. */
export interface ReadServer extends PutTarget {
  /** Brings the server up to now. */
  advance(): void
  /** From now on each answer of the server is told of at the instant at which it leaves. */
  awaitRead(): void
  /** One that waited does so no more. */
  readAnswered(): void
}

/** Who hears what becomes of a call. */
export interface ReadListener {
  answered(rpc: ReadRpc): void
  /** The call has used up its retries or its time. */
  failed(rpc: ReadRpc): void
}

/** One call to one replica of a region with its retries, as its client sees it. */
export interface ReadRpc {
  readonly operation: number
  /** Of its first try. */
  readonly attempt: number
  /** The replica's region. */
  readonly region: number
  readonly kind: CallKind
  /** The first row asked for, and how many; 0 for a get. */
  readonly key: number
  readonly rows: number
  /** When its caller began. */
  readonly sentUs: number
  readonly listener: ReadListener
  /** When the client has the answer; Infinity while it is not known. */
  answeredUs: number
  /** When the server read. */
  readUs: number
  /** What the server saw of the first row, by `versionOf`. */
  version: number
  /** It has failed: that is what arrives. */
  gaveUp: boolean
  /** The client acts when the answer comes, and not before. */
  awaited: boolean
  /** The server that is watched for it. */
  watched: ReadServer | null
}

/** A call of which nothing is known yet. */
export function newRpc(
  call: Omit<ReadRpc, 'answeredUs' | 'readUs' | 'version' | 'gaveUp' | 'awaited' | 'watched'>,
): ReadRpc {
  const answer = { answeredUs: Number.POSITIVE_INFINITY, readUs: 0, version: 0, gaveUp: false }
  return { ...call, ...answer, awaited: false, watched: null }
}

export interface ReadRpcsOptions
  extends Omit<RpcRetryingCallerOptions, 'serverOfRegion' | 'failed' | 'abandoned'> {
  readonly scheduler: Scheduler
  /** The server that serves the region now; null if none does. */
  serverOfRegion(region: number): ReadServer | null
  /**
   * A number for the version of a row that a replica's region has, asked at the instant at which
   * its server reads; nobody wants to know if not given.
   */
  versionOf?(region: number, key: number): number
}

/**
 * The calls of clients that read from replicas, while they are under way. A call that is sent ahead
 * of its time is answered lazily: its listener hears of it when somebody looks at the server. The
 * answer to a call that is awaited is heard when it arrives.
 *
 * Simplification: that a server refuses a call for good is noticed when the server is looked at.
 */
export class ReadRpcs {
  /** Tries again what no server answers for. */
  readonly caller: RpcRetryingCaller
  readonly #options: ReadRpcsOptions
  readonly #arrival: number
  readonly #underWay = new Map<number, ReadRpc[]>()
  readonly #arriving: (ReadRpc | null)[] = []
  readonly #freeSlots: number[] = []
  #stopped = false

  constructor(options: ReadRpcsOptions) {
    this.#options = options
    this.#arrival = options.scheduler.handler((slot) => this.#arrive(slot))
    this.caller = new RpcRetryingCaller({
      ...options,
      metaAvailable: () => options.metaAvailable(),
      jitter: (...work) => options.jitter(...work),
      serverOfRegion: (region) => this.#retryTarget(region),
      failed: (_sentUs, operation, _kind, attempt) => this.failed(operation, attempt),
      abandoned: (...call) => this.abandoned(...call),
    })
  }

  get nowUs(): number {
    return this.#options.scheduler.now
  }

  /** The clients are gone: they hear nothing more and send nothing more. */
  stop(): void {
    this.#stopped = true
    this.caller.stop()
  }

  /** Nobody waits for that call of the operation. */
  abandoned(operation: number, attempt: number): boolean {
    return this.#find(operation, attempt) === undefined
  }

  /** Sends a call at `sentUs`, now or later, whose answer need not be heard at once. */
  sendAhead(rpc: ReadRpc): void {
    this.#register(rpc)
    this.#offer(rpc, this.#options.serverOfRegion(rpc.region), rpc.sentUs)
  }

  /** Sends a call now and hears its answer when it arrives. */
  send(rpc: ReadRpc): void {
    this.#register(rpc)
    rpc.awaited = true
    const server = this.#options.serverOfRegion(rpc.region)
    this.#offerNow(rpc, server, rpc.attempt)
  }

  /** The server that the call was sent to catches up with now: what it has answered is told. */
  catchUp(rpc: ReadRpc): void {
    this.#options.serverOfRegion(rpc.region)?.advance()
  }

  /** A call that was sent ahead is awaited from now on; its server has caught up. */
  await(rpc: ReadRpc): void {
    rpc.awaited = true
    if (rpc.answeredUs === Number.POSITIVE_INFINITY) {
      this.#watch(rpc, this.#options.serverOfRegion(rpc.region))
    } else this.#scheduleArrival(rpc)
  }

  /** Nobody waits for the call any more: it is not tried again, and its answer is not heard. */
  cancel(rpc: ReadRpc): void {
    this.#watch(rpc, null)
    const rpcs = this.#underWay.get(rpc.operation)
    const rest = rpcs?.filter((other) => other !== rpc) ?? []
    if (rest.length > 0) this.#underWay.set(rpc.operation, rest)
    else this.#underWay.delete(rpc.operation)
  }

  /**
   * A server answers a read.
   *
   * @returns false if nobody waits for it
   */
  read(operation: number, attempt: number, answeredUs: number, readUs: number): boolean {
    const rpc = this.#find(operation, attempt)
    if (rpc === undefined) return false
    if (this.#stopped) return true
    rpc.answeredUs = answeredUs
    rpc.readUs = readUs
    rpc.version = this.#options.versionOf?.(rpc.region, rpc.key) ?? 0
    this.#watch(rpc, null)
    if (rpc.awaited) this.#scheduleArrival(rpc)
    else rpc.listener.answered(rpc)
    return true
  }

  /** A call has failed for good, here or at its server; its listener hears of it at this instant. */
  failed(operation: number, attempt: number): void {
    const rpc = this.#find(operation, attempt)
    if (rpc === undefined) return
    this.#watch(rpc, null)
    rpc.gaveUp = true
    rpc.answeredUs = this.nowUs
    this.#scheduleArrival(rpc)
  }

  /** Servers will never answer these calls: those that somebody waits for are tried again. */
  handBack(calls: readonly UnansweredCall[]): void {
    const wanted = calls.filter((call) => {
      const rpc = this.#find(call.operation, call.attempt)
      if (rpc !== undefined) this.#watch(rpc, null)
      return rpc !== undefined
    })
    this.caller.handBack(wanted)
  }

  #register(rpc: ReadRpc): void {
    const rpcs = this.#underWay.get(rpc.operation)
    if (rpcs === undefined) this.#underWay.set(rpc.operation, [rpc])
    else rpcs.push(rpc)
  }

  #find(operation: number, attempt: number): ReadRpc | undefined {
    const first = attempt - triesOf(attempt)
    return this.#underWay.get(operation)?.find((rpc) => rpc.attempt === first)
  }

  #offer(rpc: ReadRpc, target: PutTarget | null, atUs: number, attempt = rpc.attempt): void {
    if (this.#stopped) return
    const { sentUs, region, rows, operation, kind } = rpc
    const to = target ?? this.caller
    to.offer(sentUs, region, rows, operation, attempt, atUs, kind, NO_KEY)
  }

  #offerNow(rpc: ReadRpc, server: ReadServer | null, attempt: number): void {
    const { now } = this.#options.scheduler
    server?.advance()
    this.#offer(rpc, server, now, attempt)
    this.#watch(rpc, server)
    server?.advance()
  }

  /** What is sent again comes between two looks at the server. */
  #retryTarget(region: number): PutTarget | null {
    const server = this.#options.serverOfRegion(region)
    if (server === null) return null
    return {
      offer: (_sentUs, _region, _rows, operation, attempt = 0) => {
        const rpc = this.#find(operation, attempt)
        invariant(rpc !== undefined, 'only what somebody waits for is tried again')
        rpc.awaited = true
        this.#offerNow(rpc, server, attempt)
      },
    }
  }

  #watch(rpc: ReadRpc, server: ReadServer | null): void {
    if (rpc.watched === server) return
    rpc.watched?.readAnswered()
    rpc.watched = server
    server?.awaitRead()
  }

  #scheduleArrival(rpc: ReadRpc): void {
    const { scheduler } = this.#options
    const slot = this.#freeSlots.pop() ?? this.#arriving.length
    this.#arriving[slot] = rpc
    scheduler.schedule(Math.max(rpc.answeredUs, scheduler.now), this.#arrival, slot)
  }

  #arrive(slot: number): void {
    if (this.#stopped) return
    const rpc = this.#arriving[slot]
    this.#arriving[slot] = null
    this.#freeSlots.push(slot)
    if (!rpc || this.#find(rpc.operation, rpc.attempt) !== rpc) return
    if (rpc.gaveUp) {
      this.cancel(rpc)
      rpc.listener.failed(rpc)
    } else rpc.listener.answered(rpc)
  }
}
