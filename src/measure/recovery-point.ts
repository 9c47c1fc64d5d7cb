import type { EditCount } from './acknowledgements.js'
import { RampHistogram } from './ramp-histogram.js'

/** The window `[fromUs, untilUs)` in which time-weighted measures are taken. */
export interface MeasuredWindow {
  readonly fromUs: number
  readonly untilUs: number
}

/** The edits of one log that a disaster of the class would make unrestorable if it struck now. */
export interface UnrestorableLog {
  /** When the first of them to be acknowledged was; Infinity if none is by `nowUs`. */
  earliestUs(nowUs: number): number
}

const NONE = Number.POSITIVE_INFINITY

/**
 * Exact RPO(t) of one peer under one disaster class: t less the acknowledgement time of the oldest
 * edit acknowledged by t that would not be restorable, over the worst log. Between two changes of
 * the sets the oldest such edit stays the same, so RPO(t) is 0 or rises with slope 1, and every
 * stretch is a ramp of the histogram. The order that makes this exact:
 *
 * 1. `changing` before a set changes: the stretch since the last change is now known to its end.
 * 2. the set changes.
 * 3. `changed(log)`: that log's oldest edit has to be looked up again.
 */
export class RecoveryPoint {
  readonly histogram = new RampHistogram()
  maxEdits = 0
  maxBytes = 0
  /** Begin of the first stretch in the window with an edit at risk; null while there is none. */
  firstUs: number | null = null
  readonly #logs: readonly UnrestorableLog[]
  readonly #atRisk: (nowUs: number) => EditCount
  /** Acknowledgement time of each log's oldest unrestorable edit; NONE if none is known yet. */
  readonly #oldestUs: number[] = []
  #sinceUs: number
  #untilUs: number

  /**
   * @param logs may grow
   * @param atRisk acknowledged edits that one disaster would take, at worst
   */
  constructor(
    logs: readonly UnrestorableLog[],
    atRisk: (nowUs: number) => EditCount,
    { fromUs, untilUs }: MeasuredWindow,
  ) {
    this.#logs = logs
    this.#atRisk = atRisk
    this.#untilUs = untilUs
    this.#sinceUs = fromUs
  }

  /** The window ends here: a total disaster has struck, or the workload is over. */
  close(nowUs: number): void {
    this.changing(nowUs)
    this.#untilUs = Math.min(this.#untilUs, nowUs)
  }

  changing(nowUs: number): void {
    const endUs = Math.min(nowUs, this.#untilUs)
    if (endUs <= this.#sinceUs) return
    const oldestUs = this.oldestUs(endUs)
    const startUs = this.#sinceUs
    this.#sinceUs = endUs
    const zeroUntilUs = Math.max(startUs, Math.min(oldestUs, endUs))
    if (zeroUntilUs > startUs) this.histogram.addConstant(0, zeroUntilUs - startUs)
    if (endUs > zeroUntilUs) {
      this.histogram.addRamp(zeroUntilUs - oldestUs, endUs - oldestUs)
      this.firstUs ??= zeroUntilUs
    }
    // Also if it was answered at this very instant: a disaster may strike now.
    if (oldestUs <= endUs) this.#noteMost(endUs)
  }

  changed(log: number): void {
    this.#oldestUs[log] = NONE
  }

  /** RPO at `nowUs`, in microseconds. */
  valueUs(nowUs: number): number {
    const oldestUs = this.oldestUs(nowUs)
    return oldestUs === NONE ? 0 : nowUs - oldestUs
  }

  /** Acknowledgement time of the oldest unrestorable edit; Infinity if there is none. */
  oldestUs(nowUs: number): number {
    let oldestUs = NONE
    for (let log = 0; log < this.#logs.length; log++) {
      const known = this.#oldestUs[log] ?? NONE
      const logOldestUs = known === NONE ? this.#logs[log].earliestUs(nowUs) : known
      this.#oldestUs[log] = logOldestUs
      if (logOldestUs < oldestUs) oldestUs = logOldestUs
    }
    return oldestUs
  }

  #noteMost(nowUs: number): void {
    const { edits, bytes } = this.#atRisk(nowUs)
    this.maxEdits = Math.max(this.maxEdits, edits)
    this.maxBytes = Math.max(this.maxBytes, bytes)
  }
}
