import type { Scheduler } from '../../kernel/scheduler.js'
import { firstTry } from '../attempt.js'
import { CallKind, isRead, NO_KEY } from '../regionserver/call-kind.js'
import type { UnansweredCall } from '../regionserver/write-path-options.js'
import { AsyncProcess } from './async-process.js'
import { DeadlineQueue } from './deadline-queue.js'
import type { Consistency, ReadObserver, ReadOutcome } from './read-observer.js'
import { ReadRpcs, type ReadRpcsOptions } from './read-rpcs.js'
import {
  type ClientVersion,
  type ReplicaAnswer,
  RpcRetryingCallerWithReadReplicas,
} from './rpc-retrying-caller-with-read-replicas.js'
import { ScannerCallableWithReplicas } from './scanner-callable-with-replicas.js'
import type { TableKeys } from './table-keys.js'

/** What every operation says that reads. */
export interface ReadRequest {
  readonly operation: number
  readonly sentUs: number
  readonly table: TableKeys
  readonly key: number
  readonly consistency: Consistency
  /** The only replica that is asked; null if the client leaves it open. */
  readonly replicaId: number | null
  /** It is sent at this instant, by a client who does something with the answer. */
  readonly awaited: boolean
}

/** How long clients wait before they ask other replicas. */
export interface ReplicaTimeouts {
  /** `hbase.client.primaryCallTimeout.get` */
  readonly getUs: number
  /** `hbase.client.primaryCallTimeout.multiget` */
  readonly multigetUs: number
  /** `hbase.client.replicaCallTimeout.scan` */
  readonly scanUs: number
}

export interface ReadClientsOptions extends ReadRpcsOptions {
  readonly scheduler: Scheduler
  readonly version: ClientVersion
  readonly timeouts: ReplicaTimeouts
  readonly observer: ReadObserver
  /** Regions of all replicas of a primary's region, by replica id. */
  replicasOf(region: number): readonly number[]
  /** The name of the server that serves a region now; null if none does. */
  serverName(region: number): string | null
  /** What the phase of an operation reads with. */
  consistencyOf(operation: number): Consistency
  /** A client puts to a row of `region` now. */
  put(region: number, bytes: number, operation: number, attempt: number, key: number): void
  /** An operation that only reads is over; `endedUs` may lie ahead. */
  readOver(failed: boolean, operation: number, endedUs: number): void
  /** An operation that was to write has failed before its put. */
  writeFailed(operation: number): void
}

/** An operation that is not over. */
export interface InHand {
  readonly sentUs: number
  readonly operation: number
  readonly kind: CallKind
}

/**
 * The clients that do more than ask one primary for one row: TIMELINE gets, gets aimed at one
 * replica, multigets, scans, and reads upon whose answer they write. STRONG gets go straight to
 * their server (`Clients`); only their outcome is told here.
 */
export class ReadClients {
  readonly rpcs: ReadRpcs
  readonly #options: ReadClientsOptions
  /** Of gets generated ahead of their time, of gets sent at their time, of scanners' calls. */
  readonly #aheadGets: RpcRetryingCallerWithReadReplicas
  readonly #gets: RpcRetryingCallerWithReadReplicas
  readonly #scans: RpcRetryingCallerWithReadReplicas
  readonly #multigets: AsyncProcess
  readonly #unsent: DeadlineQueue<() => void>
  readonly #inHand = new Map<number, InHand>()

  constructor(options: ReadClientsOptions) {
    const { scheduler, version, timeouts } = options
    this.#options = options
    const rpcs = new ReadRpcs(options)
    this.rpcs = rpcs
    const caller = (callTimeoutUs: number) =>
      new RpcRetryingCallerWithReadReplicas({ scheduler, rpcs, version, callTimeoutUs })
    this.#aheadGets = caller(timeouts.getUs)
    this.#gets = caller(timeouts.getUs)
    this.#scans = caller(timeouts.scanUs)
    this.#multigets = new AsyncProcess({
      scheduler,
      rpcs,
      version,
      callTimeoutUs: timeouts.multigetUs,
      replicasOf: (region) => options.replicasOf(region),
      serverName: (region) => options.serverName(region),
      rowsRead: (rows) => options.observer.rowsRead(rows),
      ended: (outcome) => this.#ended(outcome),
    })
    this.#unsent = new DeadlineQueue<() => void>(
      scheduler,
      (send) => send(),
      () => false,
    )
  }

  /** A get other than a STRONG one; `sentUs` may lie ahead unless awaited, as with all that follow. */
  get(request: ReadRequest): void {
    const { awaited } = request
    this.#take(request, CallKind.get)
    const caller = awaited ? this.#gets : this.#aheadGets
    this.#sendGet(caller, request, awaited, (outcome) => this.#ended(outcome))
  }

  /** Gets of `keys`, the first of which is that of the request. */
  multiget(request: ReadRequest, keys: readonly number[]): void {
    this.#take(request, CallKind.multiget)
    this.#atItsTime(request, () => this.#multigets.submit({ ...request, keys }))
  }

  /** A scan of so many rows, `caching` of them with each call. */
  scan(request: ReadRequest, rows: number, caching: number): void {
    this.#take(request, CallKind.scan)
    const { version, scheduler, observer } = this.#options
    const scanner = new ScannerCallableWithReplicas(
      { ...request, startKey: request.key, rows, caching },
      {
        caller: this.#scans,
        version,
        replicasOf: (region) => this.#options.replicasOf(region),
        nowUs: () => scheduler.now,
        rowsRead: (read) => observer.rowsRead(read),
        ended: (outcome) => this.#ended(outcome),
      },
    )
    this.#atItsTime(request, () => scanner.next())
  }

  /** A get, and a put of `bytes` to its row when it is answered (YCSB's CoreWorkload). */
  readModifyWrite(request: ReadRequest, bytes: number): void {
    const { operation, key, table } = request
    this.#take(request, CallKind.put)
    const write = (outcome: ReadOutcome) => {
      this.#options.observer.ended(outcome)
      this.#inHand.delete(operation)
      if (outcome.failed) this.#options.writeFailed(operation)
      else this.#options.put(table.regionOf(key), bytes, operation, firstTry(1, 0), key)
    }
    this.#atItsTime(request, () => this.#sendGet(this.#gets, request, true, write))
  }

  #atItsTime({ awaited, sentUs }: ReadRequest, send: () => void): void {
    if (awaited) send()
    else this.#unsent.push(send, sentUs)
  }

  /** Operations that are not over, but for those whose put was sent. */
  pending(): InHand[] {
    return [...this.#inHand.values()]
  }

  /** Calls that wait to be tried again. */
  get waiting(): number {
    return this.rpcs.caller.waiting
  }

  /** A call that a server has not answered is one of these clients'. */
  owns({ kind, operation }: Pick<UnansweredCall, 'kind' | 'operation'>): boolean {
    if (!isRead(kind)) return false
    return this.#inHand.has(operation) || !this.#isStrongGet(kind, operation)
  }

  /** A server answers a read of anybody's. */
  read(
    sentUs: number,
    answeredUs: number,
    region: number,
    operation: number,
    attempt: number,
    readUs: number,
  ): void {
    if (this.rpcs.read(operation, attempt, answeredUs, readUs)) return
    if (!this.#isStrongGet(CallKind.get, operation)) return
    const { observer, readOver } = this.#options
    const rows = { operation, region, replicaId: 0, key: NO_KEY, rows: 1 }
    const strong = { consistency: 'strong', kind: 'get' } as const
    observer.rowsRead({ ...rows, ...strong, sentUs, answeredUs, readUs, version: 0 })
    observer.ended(strongGet(operation, region, sentUs, answeredUs, false))
    readOver(false, operation, answeredUs)
  }

  /** Nobody waits for that call of a read any more. */
  abandoned(operation: number, attempt: number): boolean {
    if (this.#inHand.has(operation)) return this.rpcs.abandoned(operation, attempt)
    return !this.#isStrongGet(CallKind.get, operation)
  }

  /** A call of a read of anybody's has used up its retries. */
  failed(
    operation: number,
    attempt: number,
    region: number,
    sentUs: number,
    failedUs: number,
  ): void {
    if (this.#inHand.has(operation)) this.rpcs.failed(operation, attempt)
    else if (this.#isStrongGet(CallKind.get, operation)) {
      const { observer, readOver, scheduler } = this.#options
      observer.ended(strongGet(operation, region, sentUs, scheduler.now, true))
      readOver(true, operation, failedUs)
    }
  }

  /** Servers will never answer these calls, all of which are these clients'. */
  handBack(calls: readonly UnansweredCall[]): void {
    this.rpcs.handBack(calls)
  }

  /** The clients are gone. */
  stop(): void {
    this.rpcs.stop()
  }

  #sendGet(
    caller: RpcRetryingCallerWithReadReplicas,
    request: ReadRequest,
    awaited: boolean,
    ended: (outcome: ReadOutcome) => void,
  ): void {
    const { operation, sentUs, table, key, consistency, replicaId } = request
    const region = table.regionOf(key)
    const replicas = this.#options.replicasOf(region)
    const anyReplica = consistency === 'timeline' && replicaId === null
    const done = (answer: ReplicaAnswer) => ended(this.#outcome(request, region, answer))
    const kind = CallKind.get
    const first = replicaId ?? 0
    const hedged = anyReplica && replicas.length > 1
    const read = { operation, call: 0, kind, key, rows: 0, sentUs, replicas, first, hedged, done }
    caller.send(read, awaited)
  }

  #outcome(request: ReadRequest, region: number, answer: ReplicaAnswer): ReadOutcome {
    const { operation, key, sentUs, consistency } = request
    const { replicaId, answeredUs, readUs, version, extraRpcs } = answer
    const failed = replicaId === null
    if (!failed) {
      const { observer } = this.#options
      observer.rowsRead({
        operation,
        consistency,
        kind: 'get',
        region,
        replicaId,
        key,
        rows: 1,
        sentUs,
        answeredUs,
        readUs,
        version,
      })
    }
    return {
      operation,
      consistency,
      kind: 'get',
      region,
      sentUs,
      endedUs: answeredUs,
      failed,
      rows: failed ? 0 : 1,
      staleRows: failed || replicaId === 0 ? 0 : 1,
      extraRpcs,
    }
  }

  #take({ operation, sentUs }: ReadRequest, kind: CallKind): void {
    this.#inHand.set(operation, { sentUs, operation, kind })
  }

  #ended(outcome: ReadOutcome): void {
    this.#inHand.delete(outcome.operation)
    this.#options.observer.ended(outcome)
    this.#options.readOver(outcome.failed, outcome.operation, outcome.endedUs)
  }

  #isStrongGet(kind: CallKind, operation: number): boolean {
    return kind === CallKind.get && this.#options.consistencyOf(operation) === 'strong'
  }
}

/** What became of a get that went straight to its server. */
function strongGet(
  operation: number,
  region: number,
  sentUs: number,
  endedUs: number,
  failed: boolean,
): ReadOutcome {
  const rows = failed ? 0 : 1
  const outcome = { operation, consistency: 'strong', kind: 'get', region } as const
  return { ...outcome, sentUs, endedUs, failed, rows, staleRows: 0, extraRpcs: 0 }
}
