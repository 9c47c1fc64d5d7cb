import { invariant } from '../kernel/errors.js'
import type { ReplicaMeasure } from './replica-measure.js'

const NONE = Number.POSITIVE_INFINITY

/**
 * What one secondary lacks of its primary's edits, from one change to the next. In between the
 * staleness is 0 up to the earliest acknowledgement among the missing edits, then rises by slope 1.
 */
export class ReplicaState {
  isAvailable = true
  /** Every edit up to this id is readable. */
  readableUntil = -1
  /** The highest id that it was sent; the edit may not be visible on the primary yet. */
  deliveredUntil = -1
  #missing = 0
  #earliestUs = NONE
  #firstMissing = NONE
  #newestReadable = -1
  #sinceUs = Number.NEGATIVE_INFINITY
  #gapLengthUs = 0

  /** @param bit its number among the secondaries of the region, as a bit */
  constructor(
    readonly region: number,
    readonly replica: number,
    readonly bit: number,
    readonly measure: ReplicaMeasure,
  ) {}

  get missingEdits(): number {
    return this.#missing
  }

  stalenessUs(nowUs: number): number {
    return Math.max(0, nowUs - this.#earliestUs)
  }

  /** Everything stayed as it was up to now. */
  pass(nowUs: number): void {
    invariant(nowUs >= this.#sinceUs, 'a replica is told of changes in the order of time')
    const { window } = this.measure
    const startUs = this.#sinceUs < window.fromUs ? window.fromUs : this.#sinceUs
    const endUs = nowUs < window.untilUs ? nowUs : window.untilUs
    this.#sinceUs = nowUs
    if (endUs <= startUs) return
    if (!this.isAvailable) {
      this.#gapLengthUs = 0
      this.measure.unavailable(endUs - startUs)
      return
    }
    if (this.#missing === 0) {
      this.#gapLengthUs = 0
      this.measure.lackedNothing(endUs - startUs)
      return
    }
    this.measure.lacked(this.region, startUs, endUs, this.#earliestUs, this.#missing)
    if (this.#firstMissing < this.#newestReadable) {
      this.#gapLengthUs += endUs - startUs
      this.measure.gap(endUs - startUs, this.#gapLengthUs)
    } else {
      this.#gapLengthUs = 0
    }
  }

  lacksNothing(newestReadable: number): void {
    this.#missing = 0
    this.#earliestUs = NONE
    this.#firstMissing = NONE
    this.#newestReadable = newestReadable
  }

  /** Edits from `firstId` on, which follow all that it lacks. */
  lacks(edits: number, firstId: number, earliestUs: number): void {
    this.#missing += edits
    if (earliestUs < this.#earliestUs) this.#earliestUs = earliestUs
    if (firstId < this.#firstMissing) this.#firstMissing = firstId
  }

  hasReadable(lastId: number): void {
    this.#newestReadable = lastId
  }
}
