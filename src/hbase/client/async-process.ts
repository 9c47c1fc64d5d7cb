import type { Scheduler } from '../../kernel/scheduler.js'
import { firstTry } from '../attempt.js'
import { CallKind } from '../regionserver/call-kind.js'
import { DeadlineQueue } from './deadline-queue.js'
import type { Consistency, ReadOutcome, RowsRead } from './read-observer.js'
import { newRpc, type ReadListener, type ReadRpc, type ReadRpcs } from './read-rpcs.js'
import type { ClientVersion } from './rpc-retrying-caller-with-read-replicas.js'
import type { TableKeys } from './table-keys.js'

/** Gets of several rows at once (Table.get(List)). */
export interface Multiget {
  readonly operation: number
  readonly sentUs: number
  readonly table: TableKeys
  readonly keys: readonly number[]
  readonly consistency: Consistency
}

export interface AsyncProcessOptions {
  readonly scheduler: Scheduler
  readonly rpcs: ReadRpcs
  readonly version: ClientVersion
  /** `hbase.client.primaryCallTimeout.multiget` */
  readonly callTimeoutUs: number
  /** Regions of all replicas of a primary's region, by replica id. */
  replicasOf(region: number): readonly number[]
  /** The name of the server that serves a region now; null if none does. */
  serverName(region: number): string | null
  rowsRead(rows: RowsRead): void
  ended(outcome: ReadOutcome): void
}

/**
 * Multigets. The rows are grouped by the server that has their region, one call for each. In 2.x
 * (AsyncRequestFutureImpl), what a TIMELINE multiget has not got within the timeout is asked of all
 * secondaries, again in one call for each server; of each row the first success counts. In 3.x
 * (AsyncBatchRpcRetryingCaller) a batch asks primaries only, whatever its consistency.
 *
 * Simplification: a call is served or refused as a whole, by the state of the region of its first
 * row, and is tried again as a whole; HBase does so region by region. Effect: while one region is in
 * transition, rows of others that its server had are waited for with it.
 */
export class AsyncProcess {
  readonly #options: AsyncProcessOptions
  readonly #deadlines: DeadlineQueue<AsyncRequestFuture>

  constructor(options: AsyncProcessOptions) {
    this.#options = options
    this.#deadlines = new DeadlineQueue<AsyncRequestFuture>(
      options.scheduler,
      (request) => request.callSecondaries(),
      (request) => request.over,
    )
  }

  /** Sends the calls of a multiget now. */
  submit(multiget: Multiget): void {
    const { scheduler, version, callTimeoutUs } = this.#options
    const request = new AsyncRequestFuture(multiget, this.#options)
    request.callPrimaries()
    const hedged = version === '2.x' && multiget.consistency === 'timeline'
    if (hedged && !request.over) this.#deadlines.push(request, scheduler.now + callTimeoutUs)
  }
}

/** A row of a multiget, as one replica is asked for it. */
interface Action {
  readonly row: number
  readonly replicaId: number
}

const ASKED = 0
const READ = 1
const FAILED = 2

class AsyncRequestFuture implements ReadListener {
  over = false
  readonly #actions = new Map<ReadRpc, readonly Action[]>()
  readonly #calls: ReadRpc[] = []
  /** By row: what has become of it, and the calls that may still answer. */
  readonly #states: Uint8Array
  readonly #pending: Uint8Array
  #primaryCalls = 0
  #open: number
  #staleRows = 0
  #failed = false

  constructor(
    private readonly multiget: Multiget,
    private readonly options: AsyncProcessOptions,
  ) {
    this.#open = multiget.keys.length
    this.#states = new Uint8Array(this.#open)
    this.#pending = new Uint8Array(this.#open)
  }

  callPrimaries(): void {
    this.#send(this.multiget.keys.map((_, row) => ({ row, replicaId: 0 })))
  }

  callSecondaries(): void {
    const actions: Action[] = []
    this.#states.forEach((state, row) => {
      if (state !== ASKED) return
      const replicas = this.options.replicasOf(this.#regionOf(row)).length
      for (let replicaId = 1; replicaId < replicas; replicaId++) actions.push({ row, replicaId })
    })
    this.#send(actions)
  }

  answered(rpc: ReadRpc): void {
    const { operation, consistency, keys, sentUs } = this.multiget
    const { answeredUs, readUs, version } = rpc
    this.options.rpcs.cancel(rpc)
    for (const { row, replicaId } of this.#actions.get(rpc) ?? []) {
      if (this.#states[row] !== ASKED) continue
      this.#states[row] = READ
      this.#open--
      if (replicaId !== 0) this.#staleRows++
      const key = keys[row] as number
      const region = this.#regionOf(row)
      this.options.rowsRead({
        operation,
        consistency,
        kind: 'multiget',
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
    if (this.#open === 0) this.#end()
  }

  failed(rpc: ReadRpc): void {
    for (const { row } of this.#actions.get(rpc) ?? []) {
      const left = (this.#pending[row] as number) - 1
      this.#pending[row] = left
      if (left > 0 || this.#states[row] !== ASKED) continue
      this.#states[row] = FAILED
      this.#failed = true
      this.#open--
    }
    if (this.#open === 0) this.#end()
  }

  /** One call for each server, in order of the rows; for each region that no server has. */
  #send(actions: readonly Action[]): void {
    const groups = new Map<string | number, Action[]>()
    for (const action of actions) {
      this.#pending[action.row] = (this.#pending[action.row] as number) + 1
      const region = this.#replicaRegion(action)
      const place = this.options.serverName(region) ?? region
      const group = groups.get(place)
      if (group === undefined) groups.set(place, [action])
      else group.push(action)
    }
    const rpcs = [...groups.values()].map((group) => this.#call(group))
    for (const rpc of rpcs) this.options.rpcs.send(rpc)
  }

  #call(group: readonly Action[]): ReadRpc {
    const { operation, sentUs } = this.multiget
    const first = group[0] as Action
    const rpc = newRpc({
      operation,
      attempt: firstTry(this.#calls.length, first.replicaId),
      region: this.#replicaRegion(first),
      kind: CallKind.multiget,
      key: this.multiget.keys[first.row] as number,
      rows: group.length,
      sentUs,
      listener: this,
    })
    this.#actions.set(rpc, group)
    if (first.replicaId === 0) this.#primaryCalls++
    this.#calls.push(rpc)
    return rpc
  }

  #replicaRegion({ row, replicaId }: Action): number {
    return this.options.replicasOf(this.#regionOf(row))[replicaId] as number
  }

  #regionOf(row: number): number {
    return this.multiget.table.regionOf(this.multiget.keys[row] as number)
  }

  #end(): void {
    this.over = true
    const { operation, consistency, sentUs } = this.multiget
    for (const rpc of this.#calls) this.options.rpcs.cancel(rpc)
    this.options.ended({
      operation,
      consistency,
      kind: 'multiget',
      region: this.#regionOf(0),
      sentUs,
      endedUs: this.options.scheduler.now,
      failed: this.#failed,
      rows: this.#states.filter((state) => state === READ).length,
      staleRows: this.#staleRows,
      extraRpcs: this.#calls.length - this.#primaryCalls,
    })
  }
}
