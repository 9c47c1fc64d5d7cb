import type { DistributionSpec } from '../kernel/distribution.js'

/** How trustworthy a parameter's source is. */
export const grades = {
  A: 'source code or vendor documentation',
  B: 'one published measurement',
  C: 'a well-known publication, quoted without checking it again',
  D: 'an estimate, derived from other figures',
} as const

export type Grade = keyof typeof grades

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

/** Where a parameter's value comes from, in words that say so if it is an estimate. */
export function sourceText({ source, grade }: Pick<Parameter, 'source' | 'grade'>): string {
  return grade === 'D' && !isEstimate(source) ? `${source}; an estimate` : source
}

/** Whether `sourceText` says that the value is an estimate. */
export function isEstimate(text: string): boolean {
  return /\bestimated?\b|\bgrade D\b/i.test(text)
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
