import type { Distribution } from '../../kernel/distribution.js'
import type { DrawStream } from '../../kernel/draws.js'
import { invariant } from '../../kernel/errors.js'
import type { Variate } from '../../kernel/variate.js'
import { CallKind, isRead, NO_KEY } from '../regionserver/call-kind.js'
import type { Bursts } from './bursts.js'
import type { ClosedLoop } from './closed-loop-clients.js'
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
  /** How many rows a scan asks for, by a uniform draw. */
  scanRows(u: number): number
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

/** One phase of the workload: clients of one table, open-loop ones if not told otherwise. */
export interface WorkloadPhase {
  readonly fromUs: number
  readonly untilUs: number
  /** Not given if they are open-loop. */
  readonly closedLoop?: ClosedLoop
  /** Time between two operations of open-loop clients, in microseconds. */
  readonly interval: Distribution
  /** Not given if there are none. */
  readonly bursts?: Bursts
  /** Of open-loop clients in a burst: time between two operations beyond the usual ones. */
  readonly burstInterval?: Distribution
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

/** 2^40 */
export const PHASE_STRIDE = 1_099_511_627_776

/** 2^39: operations of bursts come behind the usual ones of their phase; 2^27 for each burst. */
const FIRST_OF_BURSTS = 549_755_813_888
const BURST_STRIDE = 134_217_728
const NEVER = Number.POSITIVE_INFINITY

/** The number of the phase that an operation is of. */
export function phaseOf(operation: number): number {
  return Math.floor(operation / PHASE_STRIDE)
}

/** No call's kind: two calls, one after the other. */
const READ_MODIFY_WRITE = -1

function regionOf({ firstRegion, regions, keyCount }: WorkloadPhase, key: number): number {
  return firstRegion + Math.floor((key * regions) / keyCount)
}

/** What is known of an operation before its row. */
interface Sending {
  readonly sentUs: number
  readonly operation: number
  readonly awaited: boolean
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
 * The clients of all phases. Open-loop ones send an operation when its time has come, whatever
 * became of earlier ones. Their operations are generated in order of sending, some way ahead of now,
 * and handed to the server that holds the region. Operation n of phase p has the number
 * p × 2^40 + n, whatever other phases there are. What a burst adds are operations of their own, so
 * that the usual ones are the same with and without it; their n is 2^39 + b × 2^27 + i.
 * When closed-loop clients send, `ClosedLoopClients` knows.
 */
export class Clients {
  readonly #phases: readonly WorkloadPhase[]
  readonly #reads: ReadTarget | null
  /** By phase, and behind them by phase again for the operations that bursts add. */
  readonly #count: Float64Array
  /** Exact time of the next operation; whole microseconds are what is sent. */
  readonly #nextUs: Float64Array
  #submitted = 0
  #submittedGets = 0

  /** @param reads needed if a phase has `reads` */
  constructor(phases: readonly WorkloadPhase[], reads: ReadTarget | null = null) {
    this.#phases = phases
    this.#reads = reads
    const bursts = phases.some(({ burstInterval }) => burstInterval !== undefined)
    const begin = phases.map((phase) => phase.fromUs)
    this.#nextUs = Float64Array.from(bursts ? [...begin, ...begin] : begin)
    this.#count = new Float64Array(this.#nextUs.length)
    this.#nextUs.forEach((_, source) => {
      this.#prepareNext(source)
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

  /** Generates every operation that open-loop clients send at or before `untilUs`. */
  generate(untilUs: number, serverOfRegion: (region: number) => PutTarget): void {
    const phases = this.#phases.length
    for (;;) {
      const source = this.#earliest()
      if (source < 0) return
      const sentUs = Math.round(this.#nextUs[source] as number)
      if (sentUs > untilUs) return
      const p = source < phases ? source : source - phases
      this.#send(p, (this.#count[source] as number) - 1, sentUs, false, serverOfRegion)
      this.#prepareNext(source)
    }
  }

  /** A closed-loop client sends operation number `n` of phase `p` at this instant. */
  sendNow(
    p: number,
    n: number,
    nowUs: number,
    serverOfRegion: (region: number) => PutTarget,
  ): void {
    this.#send(p, n, nowUs, true, serverOfRegion)
  }

  #send(
    p: number,
    n: number,
    sentUs: number,
    awaited: boolean,
    serverOfRegion: (region: number) => PutTarget,
  ): void {
    const phase = this.#phases[p] as WorkloadPhase
    const operation = p * PHASE_STRIDE + n
    this.#submitted++
    if (phase.mix === null) {
      const key = phase.keys.key(phase.keyDraws.uniform(n))
      const region = regionOf(phase, key)
      const bytes = Math.max(1, phase.valueSize.draw(n))
      const target = serverOfRegion(region)
      if (!phase.namesRows) target.offer(sentUs, region, bytes, operation)
      else target.offer(sentUs, region, bytes, operation, 0, sentUs, CallKind.put, key)
    } else this.#offer(phase, phase.mix, n, { sentUs, operation, awaited }, serverOfRegion)
  }

  #offer(
    phase: WorkloadPhase,
    mix: OperationMix,
    n: number,
    sending: Sending,
    serverOfRegion: (region: number) => PutTarget,
  ): void {
    const kind = kindOf(mix, mix.draws.uniform(n))
    const { keys, reads } = phase
    const { sentUs, operation } = sending
    const inserted = kind === CallKind.put ? keys.insert?.() : undefined
    const key = inserted ?? keys.next?.() ?? keys.key(phase.keyDraws.uniform(n))
    if (isRead(kind)) this.#submittedGets++
    const strongGet = kind === CallKind.get && reads?.consistency !== 'timeline'
    if (!strongGet && (isRead(kind) || kind === READ_MODIFY_WRITE)) {
      this.#read(phase, n, kind, { ...sending, key })
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
    call: Sending & { readonly key: number },
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
        const u = phase.keyDraws.uniform(n, 0, keys.length)
        keys.push(phase.keys.next?.() ?? phase.keys.key(u))
      }
      target.multiget(request, keys)
    } else if (kind === CallKind.scan) {
      const rows = reads.scanRows(reads.scanDraws.uniform(n))
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

  #prepareNext(source: number): void {
    const phases = this.#phases.length
    if (source >= phases) {
      this.#prepareBurst(source, this.#phases[source - phases] as WorkloadPhase)
      return
    }
    const phase = this.#phases[source] as WorkloadPhase
    const n = this.#count[source] as number
    this.#count[source] = n + 1
    if (phase.closedLoop !== undefined) {
      this.#nextUs[source] = NEVER
      return
    }
    const { spec } = phase.interval
    // Multiplied, not added up: rounding errors must not shift a periodic put by a microsecond.
    const nextUs =
      spec.kind === 'constant'
        ? phase.fromUs + (n + 1) * spec.value
        : (this.#nextUs[source] as number) + phase.interval.quantile(phase.arrivalDraws.uniform(n))
    this.#nextUs[source] = Math.round(nextUs) < phase.untilUs ? nextUs : NEVER
  }

  /** The next operation that a burst adds: in the present one, or else in one of those to come. */
  #prepareBurst(source: number, phase: WorkloadPhase): void {
    const { bursts, burstInterval, fromUs, untilUs } = phase
    let n = this.#count[source] as number
    let nextUs = this.#nextUs[source] as number
    if (n === 0) {
      n = FIRST_OF_BURSTS
      nextUs = bursts?.beginUs(0) ?? NEVER
    }
    for (;;) {
      if (bursts === undefined || burstInterval === undefined || nextUs >= untilUs) break
      const burst = Math.floor((n - FIRST_OF_BURSTS) / BURST_STRIDE)
      const i = (n - FIRST_OF_BURSTS) % BURST_STRIDE
      const { spec } = burstInterval
      nextUs =
        spec.kind === 'constant'
          ? bursts.beginUs(burst) + (i + 1) * spec.value
          : nextUs + burstInterval.quantile(phase.arrivalDraws.uniform(n))
      const sentUs = Math.round(nextUs)
      n++
      if (sentUs >= bursts.beginUs(burst) + bursts.forUs) {
        n = FIRST_OF_BURSTS + (burst + 1) * BURST_STRIDE
        nextUs = bursts.beginUs(burst + 1)
      } else if (sentUs >= fromUs) {
        this.#count[source] = n
        this.#nextUs[source] = sentUs < untilUs ? nextUs : NEVER
        return
      }
    }
    this.#nextUs[source] = NEVER
  }
}
