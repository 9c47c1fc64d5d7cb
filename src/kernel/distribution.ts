import { exp, inverseNormal, ln } from './exact-math.js'

/**
 * A distribution as plain data, in the base unit of its use (microseconds, bytes, bytes per
 * second). All numbers are finite and not negative.
 */
export type DistributionSpec =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'exponential'; readonly mean: number }
  /** `median` times e to the power of a normal variate of standard deviation `sigma`. */
  | { readonly kind: 'lognormal'; readonly median: number; readonly sigma: number }
  /** Each of `values` equally likely. */
  | { readonly kind: 'empirical'; readonly values: readonly number[] }
  /** Weights sum to 1; the body comes first, tails follow. */
  | { readonly kind: 'mixture'; readonly parts: readonly MixturePart[] }

export interface MixturePart {
  readonly weight: number
  readonly of: DistributionSpec
}

/** A distribution ready to be drawn from: one uniform per variate, by its inverse CDF. */
export interface Distribution {
  readonly spec: DistributionSpec
  readonly mean: number
  /**
   * The variate that belongs to the uniform `u` in (0, 1), not rounded. It grows with `u`, so a
   * changed parameter moves outcomes monotonically; a mixture does so within each part.
   */
  quantile(u: number): number
}

/** @throws RangeError naming the parameter and its value when `spec` is no distribution */
export function distribution(spec: DistributionSpec): Distribution {
  switch (spec.kind) {
    case 'constant':
      return new Constant(spec, notNegative('value', spec.value))
    case 'uniform':
      return new Uniform(spec, notNegative('low', spec.low), notNegative('high', spec.high))
    case 'exponential':
      return new Exponential(spec, notNegative('mean', spec.mean))
    case 'lognormal':
      return new Lognormal(
        spec,
        notNegative('median', spec.median),
        notNegative('sigma', spec.sigma),
      )
    case 'empirical':
      return new Empirical(spec, spec.values)
    case 'mixture':
      return new Mixture(spec, spec.parts)
  }
}

/** Always `value`. */
export function constant(value: number): DistributionSpec {
  return { kind: 'constant', value }
}

export function lognormal(median: number, sigma: number): DistributionSpec {
  return { kind: 'lognormal', median, sigma }
}

/** `body`, except for a share `weight` of the variates, which come from `tail`. */
export function withTail(
  body: DistributionSpec,
  weight: number,
  tail: DistributionSpec,
): DistributionSpec {
  return {
    kind: 'mixture',
    parts: [
      { weight: 1 - weight, of: body },
      { weight, of: tail },
    ],
  }
}

class Constant implements Distribution {
  constructor(
    readonly spec: DistributionSpec,
    readonly mean: number,
  ) {}

  quantile(_u: number): number {
    return this.mean
  }
}

class Uniform implements Distribution {
  readonly mean: number
  private readonly width: number

  constructor(
    readonly spec: DistributionSpec,
    private readonly low: number,
    high: number,
  ) {
    if (high < low) throw new RangeError(`uniform: low ${low} is above high ${high}`)
    this.width = high - low
    this.mean = low + this.width / 2
  }

  quantile(u: number): number {
    return this.low + u * this.width
  }
}

class Exponential implements Distribution {
  constructor(
    readonly spec: DistributionSpec,
    readonly mean: number,
  ) {}

  quantile(u: number): number {
    return -this.mean * ln(1 - u)
  }
}

class Lognormal implements Distribution {
  readonly mean: number

  constructor(
    readonly spec: DistributionSpec,
    private readonly median: number,
    private readonly sigma: number,
  ) {
    this.mean = median * exp((sigma * sigma) / 2)
  }

  quantile(u: number): number {
    return this.median * exp(this.sigma * inverseNormal(u))
  }
}

class Empirical implements Distribution {
  readonly mean: number
  private readonly sorted: Float64Array

  constructor(
    readonly spec: DistributionSpec,
    values: readonly number[],
  ) {
    if (values.length === 0) throw new RangeError('empirical: no values')
    this.sorted = Float64Array.from(values, (value) => notNegative('value', value)).sort()
    this.mean = this.sorted.reduce((sum, value) => sum + value, 0) / values.length
  }

  quantile(u: number): number {
    return this.sorted[Math.floor(u * this.sorted.length)]
  }
}

class Mixture implements Distribution {
  readonly mean: number
  private readonly of: readonly Distribution[]
  private readonly weights: readonly number[]

  constructor(
    readonly spec: DistributionSpec,
    parts: readonly MixturePart[],
  ) {
    this.of = parts.map((part) => distribution(part.of))
    this.weights = parts.map((part) => notNegative('weight', part.weight))
    const sum = this.weights.reduce((total, weight) => total + weight, 0)
    if (Math.abs(sum - 1) > 1e-9) throw new RangeError(`mixture: weights sum to ${sum}, not to 1`)
    this.mean = parts.reduce((total, { weight }, i) => total + weight * this.of[i].mean, 0)
  }

  /** `u` chooses the part; where it lies within that part's share is the uniform for the part. */
  quantile(u: number): number {
    let rest = u
    const last = this.of.length - 1
    for (let i = 0; i < last; i++) {
      const weight = this.weights[i]
      if (rest < weight) return this.of[i].quantile(insideUnit(rest / weight))
      rest -= weight
    }
    return this.of[last].quantile(insideUnit(rest / this.weights[last]))
  }
}

const SMALLEST_UNIFORM = 1.1102230246251565e-16

/** A rescaled uniform may round to an end of its range, or past it; parts need it inside. */
function insideUnit(u: number): number {
  return u > SMALLEST_UNIFORM ? Math.min(u, 1 - SMALLEST_UNIFORM) : SMALLEST_UNIFORM
}

function notNegative(name: string, value: number): number {
  if (value >= 0 && value < Infinity) return value
  throw new RangeError(`distribution: ${name} is ${value}, not a finite number from 0 up`)
}
