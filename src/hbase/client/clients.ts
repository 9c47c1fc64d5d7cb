import type { Distribution } from '../../kernel/distribution.js'
import type { DrawStream } from '../../kernel/draws.js'
import { invariant } from '../../kernel/errors.js'
import type { Variate } from '../../kernel/variate.js'
import { CallKind, isRead, NO_KEY } from '../regionserver/call-kind.js'
import type { KeyChooser } from './key-chooser.js'
import type { ReadRequest } from './read-clients.js'
import type { Consistency } from './read-observer.js'
import type { TableKeys } from './table-keys.js'

/** Shares of operations that are not puts. */
export interface OperationMix {
  readonly get: number
  readonly multiget: number
  readonly scan: number
  /** A get, and a put when it is answered. */
  readonly readModifyWrite: number
  readonly increment: number
  readonly draws: DrawStream
}

/** How a phase reads, if it does more than STRONG gets. */
export interface PhaseReads {
  readonly table: TableKeys
  readonly consistency: Consistency
  /** The only replica that is asked; null if the client leaves it open. */
  readonly replicaId: number | null
  readonly multigetKeys: number
  /** Scans ask for 1 to so many rows, uniformly. */
  readonly scanRows: number
  readonly scanDraws: DrawStream
  /** Rows of one call of a scanner; null: all of a scan's. */
  readonly caching: number | null
}

/** Who sends what is more than a call to one primary. */
export interface ReadTarget {
  get(request: ReadRequest): void
  multiget(request: ReadRequest, keys: readonly number[]): void
  scan(request: ReadRequest, rows: number, caching: number): void
  readModifyWrite(request: ReadRequest, bytes: number): void
}

/** One phase of the workload: open-loop clients of one table. */
export interface WorkloadPhase {
  readonly fromUs: number
  readonly untilUs: number
  /** Time between two puts, in microseconds. */
  readonly interval: Distribution
  readonly arrivalDraws: DrawStream
  readonly keyDraws: DrawStream
  readonly keys: KeyChooser
  readonly keyCount: number
  /** Null if all operations are puts. */
  readonly mix: OperationMix | null
  /** Null if it reads nothing or by STRONG gets alone. */
  readonly reads: PhaseReads | null
  readonly valueSize: Variate
  /** Number of the table's first region and how many it has. */
  readonly firstRegion: number
  readonly regions: number
  /** Somebody wants to know which row a put writes. */
  readonly namesRows: boolean
}

/** Where clients send an operation. */
export interface PutTarget {
  /**
   * @param sentUs when the operation was first sent
   * @param attempt how often it was sent before
   * @param attemptUs when it is sent this time
   * @param kind a put if not given
   * @param key the row, if somebody may lock it
   */
  offer(
    sentUs: number,
    region: number,
    bytes: number,
    operation: number,
    attempt?: number,
    attemptUs?: number,
    kind?: CallKind,
    key?: number,
  ): void
}

const PHASE_STRIDE = 1_099_511_627_776

/** The number of the phase that an operation is of. */
export function phaseOf(operation: number): number {
  return Math.floor(operation / PHASE_STRIDE)
}

/** No call's kind: two calls, one after the other. */
const READ_MODIFY_WRITE = -1

function regionOf({ firstRegion, regions, keyCount }: WorkloadPhase, key: number): number {
  return firstRegion + Math.floor((key * regions) / keyCount)
}

type OperationKind = CallKind | typeof READ_MODIFY_WRITE

function kindOf(mix: OperationMix, u: number): OperationKind {
  let share = mix.get
  if (u < share) return CallKind.get
  share += mix.increment
  if (u < share) return CallKind.atomic
  share += mix.multiget
  if (u < share) return CallKind.multiget
  share += mix.scan
  if (u < share) return CallKind.scan
  share += mix.readModifyWrite
  return u < share ? READ_MODIFY_WRITE : CallKind.put
}

/**
 * The clients of all phases. They are open-loop: a put is sent when its time has come, whatever
 * became of earlier ones. Puts are generated in order of sending, some way ahead of now, and handed
 * to the server that holds the region. Operation n of phase p has the
 * number p × 2^40 + n, whatever other phases there are.
 */
export class Clients {
  readonly #phases: readonly WorkloadPhase[]
  readonly #reads: ReadTarget | null
  readonly #count: Float64Array
  /** Exact time of the phase's next put; whole microseconds are what is sent. */
  readonly #nextUs: Float64Array
  #submitted = 0
  #submittedGets = 0

  /** @param reads needed if a phase has `reads` */
  constructor(phases: readonly WorkloadPhase[], reads: ReadTarget | null = null) {
    this.#phases = phases
    this.#reads = reads
    this.#count = new Float64Array(phases.length)
    this.#nextUs = Float64Array.from(phases, (phase) => phase.fromUs)
    phases.forEach((_, p) => {
      this.#prepareNext(p)
    })
  }

  /** Operations sent so far, including those generated ahead of now. */
  get submitted(): number {
    return this.#submitted
  }

  /** Of `submitted`, those that only read. */
  get submittedGets(): number {
    return this.#submittedGets
  }

  /** Generates every put that is sent at or before `untilUs`. */
  generate(untilUs: number, serverOfRegion: (region: number) => PutTarget): void {
    for (;;) {
      const p = this.#earliest()
      if (p < 0) return
      const phase = this.#phases[p] as WorkloadPhase
      const sentUs = Math.round(this.#nextUs[p] as number)
      if (sentUs > untilUs) return
      const n = (this.#count[p] as number) - 1
      const operation = p * PHASE_STRIDE + n
      if (phase.mix === null) {
        const key = phase.keys.key(phase.keyDraws.uniform(n))
        const region = regionOf(phase, key)
        const bytes = Math.max(1, phase.valueSize.draw(n))
        const target = serverOfRegion(region)
        if (!phase.namesRows) target.offer(sentUs, region, bytes, operation)
        else target.offer(sentUs, region, bytes, operation, 0, sentUs, CallKind.put, key)
      } else this.#offer(phase, phase.mix, n, sentUs, operation, serverOfRegion)
      this.#submitted++
      this.#prepareNext(p)
    }
  }

  #offer(
    phase: WorkloadPhase,
    mix: OperationMix,
    n: number,
    sentUs: number,
    operation: number,
    serverOfRegion: (region: number) => PutTarget,
  ): void {
    const kind = kindOf(mix, mix.draws.uniform(n))
    const { keys, reads } = phase
    const inserted = kind === CallKind.put ? keys.insert?.() : undefined
    const key = inserted ?? keys.key(phase.keyDraws.uniform(n))
    if (isRead(kind)) this.#submittedGets++
    const strongGet = kind === CallKind.get && reads?.consistency !== 'timeline'
    if (!strongGet && (isRead(kind) || kind === READ_MODIFY_WRITE)) {
      this.#read(phase, n, kind, { sentUs, operation, key })
      return
    }
    const region = regionOf(phase, key)
    const bytes = strongGet ? 0 : Math.max(1, phase.valueSize.draw(n))
    // Rows need names only where somebody locks them for himself.
    const isNamed = (mix.increment > 0 || phase.namesRows) && !strongGet
    const row = isNamed ? key : NO_KEY
    const target = serverOfRegion(region)
    target.offer(sentUs, region, bytes, operation, 0, sentUs, kind as CallKind, row)
  }

  #read(
    phase: WorkloadPhase,
    n: number,
    kind: OperationKind,
    call: { sentUs: number; operation: number; key: number },
  ): void {
    const { reads } = phase
    const target = this.#reads
    invariant(target !== null && reads !== null, 'nobody sends what a phase reads')
    const { table, consistency, replicaId } = reads
    const request = { ...call, table, consistency, replicaId }
    if (kind === CallKind.get) target.get(request)
    else if (kind === CallKind.multiget) {
      const keys = [call.key]
      while (keys.length < reads.multigetKeys) {
        keys.push(phase.keys.key(phase.keyDraws.uniform(n, 0, keys.length)))
      }
      target.multiget(request, keys)
    } else if (kind === CallKind.scan) {
      const rows = 1 + Math.floor(reads.scanDraws.uniform(n) * reads.scanRows)
      target.scan(request, rows, reads.caching ?? rows)
    } else target.readModifyWrite(request, Math.max(1, phase.valueSize.draw(n)))
  }

  #earliest(): number {
    let earliest = -1
    let time = Number.POSITIVE_INFINITY
    for (let p = 0; p < this.#nextUs.length; p++) {
      if ((this.#nextUs[p] as number) < time) {
        time = this.#nextUs[p] as number
        earliest = p
      }
    }
    return earliest
  }

  #prepareNext(p: number): void {
    const phase = this.#phases[p] as WorkloadPhase
    const n = this.#count[p] as number
    this.#count[p] = n + 1
    const { spec } = phase.interval
    // Multiplied, not added up: rounding errors must not shift a periodic put by a microsecond.
    const nextUs =
      spec.kind === 'constant'
        ? phase.fromUs + (n + 1) * spec.value
        : (this.#nextUs[p] as number) + phase.interval.quantile(phase.arrivalDraws.uniform(n))
    this.#nextUs[p] = Math.round(nextUs) < phase.untilUs ? nextUs : Number.POSITIVE_INFINITY
  }
}
