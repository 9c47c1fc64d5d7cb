import type { IntervalSet } from '../kernel/interval-set.js'
import type { Acknowledgements, EditCount } from './acknowledgements.js'
import { RampHistogram } from './ramp-histogram.js'

/** The edits of one log that a disaster of the class would make unrestorable if it struck now. */
export interface Unrestorable {
  readonly acknowledgements: Acknowledgements
  /** Visits the set's ranges in ascending order. */
  forEachRange(visit: (from: number, to: number) => void): void
  /** Acknowledged members by `nowUs`. */
  count(nowUs: number): EditCount
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
 * 3. `changed(log)`: that log's oldest edit is looked up again.
 */
export class RecoveryPoint {
  readonly histogram = new RampHistogram()
  maxEdits = 0
  maxBytes = 0
  readonly #logs: readonly Unrestorable[]
  /** Acknowledgement time of each log's oldest unrestorable edit; NONE if none is known yet. */
  readonly #oldestUs: Float64Array
  #sinceUs: number
  #untilUs: number

  /** Measures the window `[fromUs, untilUs)`. */
  constructor(logs: readonly Unrestorable[], fromUs: number, untilUs: number) {
    this.#logs = logs
    this.#oldestUs = new Float64Array(logs.length).fill(NONE)
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
    const oldestUs = this.#findOldest(endUs)
    const startUs = this.#sinceUs
    this.#sinceUs = endUs
    const zeroUntilUs = Math.max(startUs, Math.min(oldestUs, endUs))
    if (zeroUntilUs > startUs) this.histogram.addConstant(0, zeroUntilUs - startUs)
    if (endUs > zeroUntilUs) this.histogram.addRamp(zeroUntilUs - oldestUs, endUs - oldestUs)
    // Also if it was answered at this very instant: a disaster may strike now.
    if (oldestUs <= endUs) this.#noteMost(endUs)
  }

  changed(log: number, nowUs: number): void {
    this.#oldestUs[log] = this.#earliest(log, nowUs)
  }

  /** RPO at `nowUs`, in microseconds. */
  valueUs(nowUs: number): number {
    const oldestUs = this.#findOldest(nowUs)
    return oldestUs === NONE ? 0 : nowUs - oldestUs
  }

  /** Acknowledgement time of the oldest unrestorable edit; Infinity if there is none. */
  oldestUs(nowUs: number): number {
    return this.#findOldest(nowUs)
  }

  /** Acknowledged unrestorable edits of all logs. */
  atRisk(nowUs: number): EditCount {
    const total = { edits: 0, bytes: 0 }
    for (const log of this.#logs) {
      const { edits, bytes } = log.count(nowUs)
      total.edits += edits
      total.bytes += bytes
    }
    return total
  }

  #noteMost(nowUs: number): void {
    const { edits, bytes } = this.atRisk(nowUs)
    this.maxEdits = Math.max(this.maxEdits, edits)
    this.maxBytes = Math.max(this.maxBytes, bytes)
  }

  #findOldest(nowUs: number): number {
    let oldestUs = NONE
    for (let log = 0; log < this.#logs.length; log++) {
      if (this.#oldestUs[log] === NONE) this.#oldestUs[log] = this.#earliest(log, nowUs)
      oldestUs = Math.min(oldestUs, this.#oldestUs[log] as number)
    }
    return oldestUs
  }

  #earliest(log: number, nowUs: number): number {
    const { acknowledgements, forEachRange } = this.#logs[log] as Unrestorable
    let best = NONE
    forEachRange((from, to) => {
      best = acknowledgements.earliest(from, to, nowUs, best)
    })
    return best
  }
}

/** Everything of a log that is not in `restorable`. */
export function allExcept(
  acknowledgements: Acknowledgements,
  restorable: IntervalSet,
): Unrestorable {
  const { log, advance } = {
    log: acknowledgements.source.log,
    advance: () => acknowledgements.source.advance(),
  }
  return {
    acknowledgements,
    forEachRange(visit) {
      advance()
      restorable.forEachGapIn(restorable.firstGapAt(0), log.length, visit)
    },
    count(nowUs) {
      advance()
      acknowledgements.settle(nowUs)
      const { settled } = acknowledgements
      const counted = acknowledgements.countUnsettled(nowUs, (edit) => !restorable.has(edit))
      // An edit may be safe before its client has the answer: the first gap may lie beyond.
      const first = Math.min(restorable.firstGapAt(0), settled)
      restorable.forEachGapIn(first, settled, (from, to) => {
        counted.edits += to - from
        counted.bytes += log.bytesOf(from, to)
      })
      return counted
    },
  }
}

/** The edits of `members`. */
export function only(acknowledgements: Acknowledgements, members: IntervalSet): Unrestorable {
  const { log } = acknowledgements.source
  return {
    acknowledgements,
    forEachRange(visit) {
      if (members.size > 0) members.forEachIn(0, log.length, visit)
    },
    count(nowUs) {
      const counted = { edits: 0, bytes: 0 }
      members.forEachIn(0, log.length, (from, to) => {
        for (let edit = from; edit < to; edit++) {
          if (!acknowledgements.isAcknowledged(edit, nowUs)) continue
          counted.edits++
          counted.bytes += log.bytesOf(edit, edit + 1)
        }
      })
      return counted
    },
  }
}
