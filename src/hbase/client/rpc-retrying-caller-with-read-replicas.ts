import type { Scheduler } from '../../kernel/scheduler.js'
import { firstTry } from '../attempt.js'
import type { CallKind } from '../regionserver/call-kind.js'
import { DeadlineQueue } from './deadline-queue.js'
import { newRpc, type ReadListener, type ReadRpc, type ReadRpcs } from './read-rpcs.js'

/** Clients of HBase 2.x (HTable) and 3.x (RawAsyncTableImpl) hedge differently. */
export type ClientVersion = '2.x' | '3.x'

/** A read of one region, for which several replicas may be called. */
export interface ReplicaRead {
  readonly operation: number
  /** Which read of the operation, from 0. */
  readonly call: number
  readonly kind: CallKind
  /** The first row asked for, and how many; 0 for a get. */
  readonly key: number
  readonly rows: number
  readonly sentUs: number
  /** Regions of all replicas, by replica id. */
  readonly replicas: readonly number[]
  /** Replica id that is called at once. */
  readonly first: number
  /** The others are called if that does not answer in time. */
  readonly hedged: boolean
  /** Told when the client has the answer, or gives up. */
  done(answer: ReplicaAnswer): void
}

export interface ReplicaAnswer {
  /** Who answered; null: nobody, the read has failed. */
  readonly replicaId: number | null
  /** When the client had it, or gave up. */
  readonly answeredUs: number
  /** When the server read, and what it saw of the first row. */
  readonly readUs: number
  readonly version: number
  /** Calls to replicas beyond the first one's. */
  readonly extraRpcs: number
}

export interface ReadReplicasOptions {
  readonly scheduler: Scheduler
  readonly rpcs: ReadRpcs
  readonly version: ClientVersion
  /** `hbase.client.primaryCallTimeout.get` or `hbase.client.replicaCallTimeout.scan` */
  readonly callTimeoutUs: number
}

/**
 * Reads from replicas of a region. One is called; has it no answer within the timeout, the others
 * are called, all at once; the first success is the answer, and the other calls are cancelled: the
 * client hears no more of them, while their servers work on. Retries and timeouts are each call's
 * own, so a primary whose region is in transition is asked again and again while its secondaries
 * are.
 *
 * 2.x (RpcRetryingCallerWithReadReplicas): has the first call failed for good before the timeout,
 * the others are made at once, and it is not waited for; the read fails when all have. 3.x
 * (ConnectionUtils.timelineConsistentRead): the first call to fail for good is the end of the read.
 */
export class RpcRetryingCallerWithReadReplicas {
  readonly #options: ReadReplicasOptions
  readonly #deadlines: DeadlineQueue<HedgedRead>

  constructor(options: ReadReplicasOptions) {
    this.#options = options
    this.#deadlines = new DeadlineQueue<HedgedRead>(
      options.scheduler,
      (read) => read.deadlineCame(),
      (read) => read.over,
    )
  }

  /**
   * Sends a read at its time, which may lie ahead; reads are sent in order of time. Whoever does
   * something as soon as it is answered sends it now, and `awaited`.
   */
  send(read: ReplicaRead, awaited: boolean): void {
    const { rpcs, version, callTimeoutUs } = this.#options
    const deadlineUs = read.hedged ? read.sentUs + callTimeoutUs : Number.POSITIVE_INFINITY
    const hedged = new HedgedRead(read, rpcs, version, deadlineUs)
    hedged.begin(awaited)
    if (read.hedged) this.#deadlines.push(hedged, deadlineUs)
  }
}

class HedgedRead implements ReadListener {
  over = false
  readonly #calls: ReadRpc[] = []
  #failed = 0

  constructor(
    private readonly read: ReplicaRead,
    private readonly rpcs: ReadRpcs,
    private readonly version: ClientVersion,
    private readonly deadlineUs: number,
  ) {}

  begin(awaited: boolean): void {
    const rpc = this.#call(this.read.first)
    if (awaited) this.rpcs.send(rpc)
    else this.rpcs.sendAhead(rpc)
  }

  answered(rpc: ReadRpc): void {
    // The client does not know yet what it will have after its deadline.
    if (!rpc.awaited && rpc.answeredUs > this.deadlineUs) return
    const { answeredUs, readUs, version } = rpc
    this.#end({ replicaId: this.#replicaIdOf(rpc), answeredUs, readUs, version })
  }

  failed(): void {
    this.#failed++
    const { hedged, replicas } = this.read
    const othersLeft = hedged && this.#calls.length === 1 && replicas.length > 1
    if (this.version === '2.x' && othersLeft) this.#callOthers()
    else if (this.version === '3.x' || this.#failed === this.#calls.length) {
      this.#end({ replicaId: null, answeredUs: this.rpcs.nowUs, readUs: 0, version: 0 })
    }
  }

  deadlineCame(): void {
    const first = this.#calls[0] as ReadRpc
    if (!first.awaited) this.rpcs.catchUp(first)
    const answered = this.over || first.answeredUs <= this.deadlineUs
    if (answered || this.#calls.length > 1) return
    if (!first.awaited) this.rpcs.await(first)
    this.#callOthers()
  }

  #callOthers(): void {
    const { replicas, first } = this.read
    for (let id = 0; id < replicas.length && !this.over; id++) {
      if (id !== first) this.rpcs.send(this.#call(id))
    }
  }

  #call(replicaId: number): ReadRpc {
    const { operation, call, kind, key, rows, sentUs, replicas } = this.read
    const region = replicas[replicaId] as number
    const attempt = firstTry(call, replicaId)
    const rpc = newRpc({ operation, attempt, region, kind, key, rows, sentUs, listener: this })
    this.#calls.push(rpc)
    return rpc
  }

  #end(answer: Omit<ReplicaAnswer, 'extraRpcs'>): void {
    this.over = true
    for (const rpc of this.#calls) this.rpcs.cancel(rpc)
    this.read.done({ ...answer, extraRpcs: this.#calls.length - 1 })
  }

  #replicaIdOf(rpc: ReadRpc): number {
    return this.read.replicas.indexOf(rpc.region)
  }
}
