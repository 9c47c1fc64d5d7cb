import type { DistributionSpec } from '../kernel/distribution.js'

/** How trustworthy a parameter's source is: A code or vendor documentation … D estimate. */
export type Grade = 'A' | 'B' | 'C' | 'D'

/**
 * What a parameter measures. Durations are microseconds, sizes bytes, rates bytes per second; these
 * three may be distributions. Counts, probabilities, factors and prices (US dollars) are numbers.
 */
export type Quantity = 'duration' | 'size' | 'rate' | 'factor' | 'count' | 'probability' | 'price'

/** One parameter of the model with its pedigree; registries of them make schema and reference. */
export interface Parameter {
  readonly quantity: Quantity
  /** A distribution for durations, sizes, rates and factors; a number for the others. */
  readonly value: DistributionSpec | number
  readonly doc: string
  readonly source: string
  readonly grade: Grade
}

/** Parameters by name, e.g. a storage profile. */
export type Parameters = Readonly<Record<string, Parameter>>

/** Values that replace those of a registry's parameters, by name. */
export type ParameterValues = Readonly<Record<string, DistributionSpec | number>>

/** `parameters` with `values` in place of their defaults; the scenario becomes their source. */
export function override<T extends Parameters>(parameters: T, values: ParameterValues): T {
  const result: Record<string, Parameter> = { ...parameters }
  for (const [name, value] of Object.entries(values)) {
    const parameter = result[name]
    if (parameter === undefined) throw new RangeError(`no parameter "${name}"`)
    result[name] = { ...parameter, value, source: 'scenario', grade: 'A' }
  }
  return result as T
}
