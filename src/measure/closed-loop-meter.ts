import type { ClosedLoopObserver } from '../hbase/client/closed-loop-clients.js'

/** When clients of a phase are measured, `[fromUs, untilUs)`, and how many there are. */
export interface ClosedLoopWindow {
  readonly fromUs: number
  readonly untilUs: number
  readonly clients: number
  /** They aim at a throughput, thus can be late. */
  readonly paced: boolean
}

/** What closed-loop clients of one phase did while measured. */
export interface ClosedLoopFigures {
  readonly clients: number
  /** Operations that were answered or failed for good. */
  readonly operations: number
  /** Null if nothing was measured: a disaster came first, or the phase was over. */
  readonly operationsPerSecond: number | null
  /** From sending to answer; null without an answer. */
  readonly meanResponseUs: number | null
  /** Of the operations sent, those that were sent later than due; null without a target. */
  readonly lateShare: number | null
}

interface Answer {
  readonly sentUs: number
  readonly endedUs: number
}

/**
 * Counts what closed-loop clients get done, phase by phase. An answer may be known before its time:
 * it counts when its client sends again, or at the end if that is not before it.
 */
export class ClosedLoopMeter implements ClosedLoopObserver {
  readonly #windows: readonly (ClosedLoopWindow | null)[]
  readonly #phases: { answered: number; responseUs: number; sent: number; late: number }[]
  /** By phase and client: the last answer. */
  readonly #last: (Answer | undefined)[][]

  /** @param windows by phase; null for open-loop clients */
  constructor(windows: readonly (ClosedLoopWindow | null)[]) {
    this.#windows = windows
    this.#phases = windows.map(() => ({ answered: 0, responseUs: 0, sent: 0, late: 0 }))
    this.#last = windows.map(() => [])
  }

  sent(phase: number, client: number, timeUs: number, isLate: boolean): void {
    this.#count(phase, client, Infinity)
    const window = this.#windows[phase]
    if (window === null || timeUs < window.fromUs || timeUs >= window.untilUs) return
    this.#phases[phase].sent++
    if (isLate) this.#phases[phase].late++
  }

  answered(phase: number, client: number, sentUs: number, endedUs: number): void {
    this.#last[phase][client] = { sentUs, endedUs }
  }

  /** Of a phase up to `endUs`, after which nobody asks again; null for open-loop clients. */
  figures(phase: number, endUs: number): ClosedLoopFigures | null {
    const window = this.#windows[phase]
    if (window === null) return null
    for (let client = 0; client < window.clients; client++) this.#count(phase, client, endUs)
    const { answered, responseUs, sent, late } = this.#phases[phase]
    const measuredUs = Math.min(window.untilUs, endUs) - window.fromUs
    return {
      clients: window.clients,
      operations: answered,
      operationsPerSecond: measuredUs > 0 ? (answered * 1e6) / measuredUs : null,
      meanResponseUs: answered > 0 ? responseUs / answered : null,
      lateShare: window.paced && sent > 0 ? late / sent : null,
    }
  }

  #count(phase: number, client: number, endUs: number): void {
    const answer = this.#last[phase][client]
    if (answer === undefined) return
    const { sentUs, endedUs } = answer
    this.#last[phase][client] = undefined
    const window = this.#windows[phase]
    if (window === null || endedUs < window.fromUs || endedUs >= window.untilUs) return
    if (endedUs > endUs) return
    this.#phases[phase].answered++
    this.#phases[phase].responseUs += endedUs - sentUs
  }
}
