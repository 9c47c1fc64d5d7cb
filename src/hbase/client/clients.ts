import type { Distribution } from '../../kernel/distribution.js'
import type { DrawStream } from '../../kernel/draws.js'
import type { Variate } from '../../kernel/variate.js'
import { CallKind, NO_KEY } from '../regionserver/call-kind.js'
import type { KeyChooser } from './key-chooser.js'

/** Shares of operations that are not puts. */
export interface OperationMix {
  readonly get: number
  readonly increment: number
  readonly draws: DrawStream
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
  readonly valueSize: Variate
  /** Number of the table's first region and how many it has. */
  readonly firstRegion: number
  readonly regions: number
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

/**
 * The clients of all phases. They are open-loop: a put is sent when its time has come, whatever
 * became of earlier ones. Puts are generated in order of sending, some way ahead of now, and handed
 * to the server that holds the region. Operation n of phase p has the
 * number p × 2^40 + n, whatever other phases there are.
 */
export class Clients {
  readonly #phases: readonly WorkloadPhase[]
  readonly #count: Float64Array
  /** Exact time of the phase's next put; whole microseconds are what is sent. */
  readonly #nextUs: Float64Array
  #submitted = 0
  #submittedGets = 0

  constructor(phases: readonly WorkloadPhase[]) {
    this.#phases = phases
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
      const key = phase.keys.key(phase.keyDraws.uniform(n))
      const region = phase.firstRegion + Math.floor((key * phase.regions) / phase.keyCount)
      const operation = p * PHASE_STRIDE + n
      const target = serverOfRegion(region)
      if (phase.mix === null) {
        target.offer(sentUs, region, Math.max(1, phase.valueSize.draw(n)), operation)
      } else this.#offer(target, phase, phase.mix, n, { sentUs, region, operation, key })
      this.#submitted++
      this.#prepareNext(p)
    }
  }

  /** Rows need names only where somebody locks them for himself. */
  #offer(
    target: PutTarget,
    phase: WorkloadPhase,
    { get, increment, draws }: OperationMix,
    n: number,
    call: { sentUs: number; region: number; operation: number; key: number },
  ): void {
    const { sentUs, region, operation } = call
    const u = draws.uniform(n)
    const kind = u < get ? CallKind.get : u < get + increment ? CallKind.atomic : CallKind.put
    const bytes = kind === CallKind.get ? 0 : Math.max(1, phase.valueSize.draw(n))
    if (kind === CallKind.get) this.#submittedGets++
    const key = increment > 0 && kind !== CallKind.get ? call.key : NO_KEY
    target.offer(sentUs, region, bytes, operation, 0, sentUs, kind, key)
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
