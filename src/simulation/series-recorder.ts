import type { Series } from './result.js'

/** A quantity that is looked at now and then over a run. */
export interface Gauge {
  readonly metric: string
  readonly unit: string
  readonly labels: Record<string, string>
  /** Null where the quantity is not defined (any more). */
  read(nowUs: number): number | null
}

/** Reads gauges at equal distances; a run of any length has the same number of points. */
export class SeriesRecorder {
  readonly #gauges: readonly Gauge[]
  readonly #timesUs: number[] = []
  readonly #values: (number | null)[][]

  constructor(gauges: readonly Gauge[]) {
    this.#gauges = gauges
    this.#values = gauges.map(() => [])
  }

  sample(nowUs: number): void {
    if (this.#timesUs.at(-1) === nowUs) return
    this.#timesUs.push(nowUs)
    this.#gauges.forEach((gauge, i) => {
      this.#values[i]?.push(gauge.read(nowUs))
    })
  }

  series(): Series[] {
    return this.#gauges.map(({ metric, unit, labels }, i) => ({
      metric,
      unit,
      labels,
      timesUs: this.#timesUs,
      values: this.#values[i] ?? [],
    }))
  }
}
