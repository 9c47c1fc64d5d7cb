import { CallKind } from '../regionserver/call-kind.js'
import type { ReadOutcome, RowsRead } from './read-observer.js'
import type {
  ClientVersion,
  ReplicaAnswer,
  RpcRetryingCallerWithReadReplicas,
} from './rpc-retrying-caller-with-read-replicas.js'
import type { TableKeys } from './table-keys.js'

/** A scan of so many rows from a row on, or to the end of the table. */
export interface Scan {
  readonly operation: number
  readonly sentUs: number
  readonly table: TableKeys
  readonly startKey: number
  readonly rows: number
  /** Rows of one call (Scan.setCaching). */
  readonly caching: number
  readonly consistency: 'strong' | 'timeline'
  /** The only replica that is asked; null if the client leaves it open. */
  readonly replicaId: number | null
}

export interface ScannerOptions {
  readonly caller: RpcRetryingCallerWithReadReplicas
  readonly version: ClientVersion
  /** Regions of all replicas of a primary's region, by replica id. */
  replicasOf(region: number): readonly number[]
  nowUs(): number
  rowsRead(rows: RowsRead): void
  ended(outcome: ReadOutcome): void
}

/**
 * The calls of one scan: region by region, beginning with the primary of each, `caching` rows at a
 * time. Who answered a call is asked first the next time; if another answers then, it goes on
 * behind the last row that the client has, so that rows neither repeat nor are left out. 2.x
 * (ScannerCallableWithReplicas) calls the other replicas whenever the present one is late; 3.x
 * (AsyncClientScanner) does so for the call that opens the scanner on a region, no other.
 *
 * Simplifications: opening and closing a scanner costs no calls of its own, nor does a call come
 * back early by size or time (`hbase.client.scanner.max.result.size`, heartbeats).
 */
export class ScannerCallableWithReplicas {
  #key: number
  #left: number
  #call = 0
  #region = -1
  #replicaId = 0
  #rows = 0
  #staleRows = 0
  #extraRpcs = 0

  constructor(
    private readonly scan: Scan,
    private readonly options: ScannerOptions,
  ) {
    const { startKey, rows, table } = scan
    this.#key = startKey
    this.#left = Math.min(rows, table.keyCount - startKey)
  }

  /** Sends its next call now; ends the scan if there is none. */
  next(): void {
    const { scan, options } = this
    const { table, operation, caching } = scan
    if (this.#left === 0) {
      this.#end(false)
      return
    }
    const region = table.regionOf(this.#key)
    const opens = region !== this.#region
    if (opens) this.#replicaId = scan.replicaId ?? 0
    this.#region = region
    const rows = Math.min(caching, this.#left, table.endOf(region) - this.#key)
    const replicas = options.replicasOf(region)
    const anyReplica = scan.consistency === 'timeline' && scan.replicaId === null
    options.caller.send(
      {
        operation,
        call: this.#call++,
        kind: CallKind.scan,
        key: this.#key,
        rows,
        sentUs: options.nowUs(),
        replicas,
        first: this.#replicaId,
        hedged: anyReplica && replicas.length > 1 && (opens || options.version === '2.x'),
        done: (answer) => this.#answered(rows, answer),
      },
      true,
    )
  }

  #answered(rows: number, answer: ReplicaAnswer): void {
    const { replicaId, answeredUs, readUs, version, extraRpcs } = answer
    const { operation, consistency, sentUs } = this.scan
    this.#extraRpcs += extraRpcs
    if (replicaId === null) {
      this.#end(true)
      return
    }
    const key = this.#key
    const region = this.#region
    this.options.rowsRead({
      operation,
      consistency,
      kind: 'scan',
      region,
      replicaId,
      key,
      rows,
      sentUs,
      answeredUs,
      readUs,
      version,
    })
    this.#replicaId = replicaId
    this.#key += rows
    this.#left -= rows
    this.#rows += rows
    if (replicaId !== 0) this.#staleRows += rows
    this.next()
  }

  #end(failed: boolean): void {
    const { operation, consistency, sentUs, table, startKey } = this.scan
    this.options.ended({
      operation,
      consistency,
      kind: 'scan',
      region: table.regionOf(startKey),
      sentUs,
      endedUs: this.options.nowUs(),
      failed,
      rows: this.#rows,
      staleRows: this.#staleRows,
      extraRpcs: this.#extraRpcs,
    })
  }
}
