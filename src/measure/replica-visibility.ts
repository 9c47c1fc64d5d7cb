import type { MeasuredWindow } from './recovery-point.js'

/** The probability that a read this long after a write's acknowledgement returns it. */
export interface VisibleAfter {
  readonly afterUs: number
  readonly probability: number
}

/**
 * How soon after its acknowledgement an edit can be read on a replica, for those acknowledged in
 * the window: probabilistically bounded staleness (Bailis et al., VLDB 2012) by count, not by
 * sampling. An edit counts when it is readable for the first time; one that never is counts as not
 * returned however late the read. Edits of one segment that become readable together are taken as
 * evenly spread between its earliest and its latest acknowledgement.
 */
export class ReplicaVisibility {
  /** Edits by the first of `POINTS_US` at which a read returns them. */
  readonly #edits = new Float64Array(POINTS_US.length + 1)
  readonly #window: MeasuredWindow
  #acknowledged = 0

  constructor(window: MeasuredWindow) {
    this.#window = window
  }

  acknowledged(acknowledgedUs: number): void {
    if (this.#isMeasured(acknowledgedUs)) this.#acknowledged++
  }

  /** `edits`, acknowledged between `earliestUs` and `latestUs`, have become readable. */
  readable(edits: number, earliestUs: number, latestUs: number, nowUs: number): void {
    if (earliestUs !== latestUs) this.#spread(edits, earliestUs, latestUs, nowUs)
    else if (this.#isMeasured(earliestUs)) this.#edits[pointOf(nowUs - earliestUs)] += edits
  }

  /** At 100 us, 200 us, 500 us and so on up to an hour; null if no edit was acknowledged. */
  result(): VisibleAfter[] | null {
    if (this.#acknowledged === 0) return null
    let returned = 0
    return POINTS_US.map((afterUs, point) => {
      returned += this.#edits[point]
      return { afterUs, probability: returned / this.#acknowledged }
    })
  }

  #isMeasured(acknowledgedUs: number): boolean {
    return acknowledgedUs >= this.#window.fromUs && acknowledgedUs < this.#window.untilUs
  }

  #spread(edits: number, earliestUs: number, latestUs: number, nowUs: number): void {
    const fromUs = Math.max(earliestUs, this.#window.fromUs)
    const untilUs = Math.min(latestUs, this.#window.untilUs)
    let below = 0
    for (let point = 0; point <= POINTS_US.length && untilUs > fromUs; point++) {
      const sinceUs = point < POINTS_US.length ? nowUs - POINTS_US[point] : fromUs
      const spanUs = untilUs - Math.max(fromUs, Math.min(sinceUs, untilUs))
      const share = spanUs / (latestUs - earliestUs)
      this.#edits[point] += edits * (share - below)
      below = share
    }
  }
}

/** The first point that is not before a delay; the number of points if it is beyond all. */
function pointOf(delayUs: number): number {
  let point = 0
  while (point < POINTS_US.length && POINTS_US[point] < delayUs) point++
  return point
}

const POINTS_US = [
  ...[100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000].flatMap((unit) => [
    unit,
    2 * unit,
    5 * unit,
  ]),
  ...[1_000_000_000, 2_000_000_000, 3_600_000_000],
]
