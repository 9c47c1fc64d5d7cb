import type { RunClock } from './run-clock.js'

/** How far a command is with its simulations, at one instant. */
export interface WorkState {
  readonly runs: number
  readonly finishedRuns: number
  /** Simulated time of all runs together, without what they take to drain. */
  readonly plannedUs: number
  readonly simulatedUs: number
  readonly underWay: readonly { readonly atUs: number; readonly durationUs: number }[]
  /** Simulated seconds per second, of all workers together; null before anything is known. */
  readonly speed: number | null
  /** Seconds until all runs are finished, should they go on as they did. */
  readonly leftS: number | null
}

/** Counts what has been simulated of what was planned. */
export class WorkDone {
  #runs = 0
  #finishedRuns = 0
  #plannedUs = 0
  #finishedUs = 0
  readonly #underWay = new Map<RunClock, number>()

  /** Another `runs` simulations of `durationUs` each are to come. */
  plan(durationUs: number, runs: number): void {
    this.#runs += runs
    this.#plannedUs += durationUs * runs
  }

  begin(clock: RunClock, durationUs: number): void {
    this.#underWay.set(clock, durationUs)
  }

  /** The run is over, however it ended. */
  end(clock: RunClock): void {
    const durationUs = this.#underWay.get(clock) ?? 0
    this.#underWay.delete(clock)
    this.#finishedRuns++
    this.#finishedUs += durationUs
  }

  /** @param elapsedS since the first run began */
  state(elapsedS: number): WorkState {
    const underWay = [...this.#underWay].map(([clock, durationUs]) => ({
      atUs: clock[0],
      durationUs,
    }))
    // A run that drains has nothing left that could be foreseen.
    const reachedUs = underWay.map(({ atUs, durationUs }) => Math.min(atUs, durationUs))
    const simulatedUs = reachedUs.reduce((sum, us) => sum + us, this.#finishedUs)
    const speed = elapsedS > 0 && simulatedUs > 0 ? simulatedUs / 1_000_000 / elapsedS : null
    const leftS = speed === null ? null : (this.#plannedUs - simulatedUs) / 1_000_000 / speed
    return {
      runs: this.#runs,
      finishedRuns: this.#finishedRuns,
      plannedUs: this.#plannedUs,
      simulatedUs,
      underWay,
      speed,
      leftS,
    }
  }
}
