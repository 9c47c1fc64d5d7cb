import type { DistributionSpec } from '../kernel/distribution.js'
import type { Parameter, Quantity } from '../storage/parameter.js'
import { dimensionOf } from './describe-parameter.js'

/** The largest number that a scenario may set a parameter to that is no distribution. */
export function mostOf(quantity: Quantity): number {
  return quantity === 'probability' ? 1 : 1e12
}

/** Whether `factor` would take a parameter out of its range. */
export function isCut({ quantity, value }: Parameter, factor: number): boolean {
  return typeof value === 'number' && value * factor > mostOf(quantity)
}

/**
 * The value of a parameter times `factor`: of a distribution every quantile, so that its variates
 * keep their luck; a number goes no further than its range. What is counted in whole microseconds,
 * bytes or things is rounded, and to 1 at least unless it was 0.
 */
export function scaledValue({ quantity, value }: Parameter, factor: number): Parameter['value'] {
  const whole = (of: number) => (of === 0 ? 0 : Math.max(1, Math.round(of * factor)))
  if (typeof value === 'number') {
    return Math.min(mostOf(quantity), quantity === 'count' ? whole(value) : value * factor)
  }
  const single = dimensionOf(quantity) === 'number' ? (of: number) => of * factor : whole
  return scaledSpec(value, factor, single)
}

/** `single` scales what a scenario writes as a quantity by itself, which must be whole. */
function scaledSpec(
  spec: DistributionSpec,
  factor: number,
  single: (of: number) => number,
): DistributionSpec {
  switch (spec.kind) {
    case 'constant':
      return { kind: 'constant', value: single(spec.value) }
    case 'uniform':
      return { kind: 'uniform', low: spec.low * factor, high: spec.high * factor }
    case 'exponential':
      return { kind: 'exponential', mean: spec.mean * factor }
    case 'lognormal':
      return { kind: 'lognormal', median: spec.median * factor, sigma: spec.sigma }
    case 'empirical':
      return { kind: 'empirical', values: spec.values.map(single) }
    case 'mixture': {
      const parts = spec.parts.map(({ weight, of }) => {
        return { weight, of: scaledSpec(of, factor, single) }
      })
      return { kind: 'mixture', parts }
    }
  }
}
