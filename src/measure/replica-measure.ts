import { Histogram } from './histogram.js'
import { RampHistogram } from './ramp-histogram.js'
import type { MeasuredWindow } from './recovery-point.js'
import type { StalenessResult } from './replica-result.js'
import { ReplicaVisibility } from './replica-visibility.js'
import { SteppedSum } from './stepped-sum.js'

/** What is measured of the replicas of one table with one replica id, all regions together. */
export class ReplicaMeasure {
  readonly visibility: ReplicaVisibility
  readonly memstoreBytes: SteppedSum
  readonly #stalenessUs = new RampHistogram()
  /** Microseconds by how many edits were missing. */
  readonly #edits = new Histogram()
  /** Time in which no edit was missing, and time in which none that was acknowledged was. */
  #lackingNothingUs = 0
  #freshUs = 0
  #stalenessArea = 0
  #editsArea = 0
  #worstUs = 0
  #worstRegion = -1
  #worstAtUs = -1
  #gapUs = 0
  #longestGapUs = 0
  #unavailableUs = 0

  constructor(
    readonly replicaId: number,
    readonly window: MeasuredWindow,
  ) {
    this.visibility = new ReplicaVisibility(window)
    this.memstoreBytes = new SteppedSum(window)
  }

  lackedNothing(us: number): void {
    this.#lackingNothingUs += us
    this.#freshUs += us
  }

  /** From `startUs` to `endUs` a replica lacked `edits`, of which the oldest is of `oldestUs`. */
  lacked(region: number, startUs: number, endUs: number, oldestUs: number, edits: number): void {
    this.#edits.record(edits, endUs - startUs)
    this.#editsArea += edits * (endUs - startUs)
    const zeroUntilUs = oldestUs < startUs ? startUs : oldestUs < endUs ? oldestUs : endUs
    this.#freshUs += zeroUntilUs - startUs
    if (zeroUntilUs === endUs) return
    const reachedUs = endUs - oldestUs
    this.#stalenessUs.addRamp(zeroUntilUs - oldestUs, reachedUs)
    this.#stalenessArea += ((endUs - zeroUntilUs) * (zeroUntilUs - oldestUs + reachedUs)) / 2
    if (reachedUs <= this.#worstUs) return
    this.#worstUs = reachedUs
    this.#worstRegion = region
    this.#worstAtUs = endUs
  }

  /** A gap went on for `us` and has lasted `lengthUs` by now. */
  gap(us: number, lengthUs: number): void {
    this.#gapUs += us
    if (lengthUs > this.#longestGapUs) this.#longestGapUs = lengthUs
  }

  unavailable(us: number): void {
    this.#unavailableUs += us
  }

  result(nowUs: number): StalenessResult {
    this.#settle()
    const measuredUs = this.#stalenessUs.totalUs
    const allUs = measuredUs + this.#unavailableUs
    return {
      replicaId: this.replicaId,
      stalenessUs: {
        p50: this.#stalenessUs.quantile(0.5),
        p99: this.#stalenessUs.quantile(0.99),
        max: this.#stalenessUs.maxUs,
        mean: ratio(this.#stalenessArea, measuredUs),
        timeShareAboveZero: this.#stalenessUs.timeShareAboveZero,
        worst: this.#worstRegion < 0 ? null : { region: this.#worstRegion, atUs: this.#worstAtUs },
      },
      stalenessEdits: {
        p50: this.#edits.quantile(0.5),
        p99: this.#edits.quantile(0.99),
        max: this.#edits.max,
        mean: ratio(this.#editsArea, measuredUs),
      },
      gapUs: {
        total: this.#gapUs,
        longest: this.#longestGapUs,
        timeShare: ratio(this.#gapUs, measuredUs),
      },
      unavailableUs: this.#unavailableUs,
      unavailableTimeShare: ratio(this.#unavailableUs, allUs),
      memstoreBytes: this.memstoreBytes.result(nowUs),
      pbs: this.visibility.result(),
    }
  }

  #settle(): void {
    this.#stalenessUs.addConstant(0, this.#freshUs)
    if (this.#lackingNothingUs > 0) this.#edits.record(0, this.#lackingNothingUs)
    this.#freshUs = 0
    this.#lackingNothingUs = 0
  }
}

function ratio(a: number, b: number): number | null {
  return b === 0 ? null : a / b
}
