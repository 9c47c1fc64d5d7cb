import type { Distribution } from './distribution.js'
import type { DrawStream } from './draws.js'
import { TabulatedDistribution } from './tabulated-distribution.js'

/** Below every uniform draw but for 0, which none is. */
const LEAST_DRAW = 1e-17

/**
 * A quantity drawn for named pieces of work: a distribution and the stream that it draws from.
 * Results are integers (microseconds or bytes), rounded to the nearest and never negative.
 */
export class Variate {
  readonly #stream: DrawStream
  /** The value when it never varies: no draw is needed then. */
  readonly #constant: number | null
  /** The same distribution if it is of that class: a call that is known is a cheap one. */
  readonly #tabulated: TabulatedDistribution | null

  constructor(
    readonly distribution: Distribution,
    stream: DrawStream,
  ) {
    const { spec } = distribution
    this.#stream = stream
    this.#constant = spec.kind === 'constant' ? Math.round(spec.value) : null
    this.#tabulated = distribution instanceof TabulatedDistribution ? distribution : null
  }

  /** No draw is less. */
  get least(): number {
    if (this.#constant !== null) return this.#constant
    return Math.max(0, Math.floor(this.distribution.quantile(LEAST_DRAW)))
  }

  /** The value for piece `work` of the work, its attempt `attempt` and the draw `index` in it. */
  draw(work: number, attempt = 0, index = 0): number {
    if (this.#constant !== null) return this.#constant
    const u = this.#stream.uniform(work, attempt, index)
    const tabulated = this.#tabulated
    const value = tabulated === null ? this.distribution.quantile(u) : tabulated.quantile(u)
    return value > 0 ? Math.floor(value + 0.5) : 0
  }
}
