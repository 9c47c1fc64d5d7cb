import { z } from 'zod'
import type { DistributionSpec } from '../kernel/distribution.js'
import type { Parameter } from '../storage/parameter.js'
import { describe } from './describe.js'
import { dimensionOf } from './describe-parameter.js'
import { formatDistribution, isPositive, readDistribution } from './distribution-text.js'
import { bad, type Reading } from './reading.js'
import { mostOf } from './scaled-parameter.js'
import { sentence } from './sentence.js'
import {
  type Dimension,
  exampleListOf,
  examplesOf,
  nounOf,
  patternOf,
  readWholeQuantity,
} from './units.js'

/**
 * A schema for one value of the file that `read` turns into its meaning. Its complaint travels in
 * the issue's `params`; `json` is what editors get to see.
 */
export function leaf<T>(read: (value: unknown) => Reading<T>, json: Record<string, unknown>) {
  return z
    .unknown()
    .transform((value, context): T => {
      const reading = read(value)
      if ('value' in reading) return reading.value
      const { complaint } = reading
      context.addIssue({ code: 'custom', message: complaint.message, params: { complaint } })
      return z.NEVER
    })
    .meta(json)
}

interface Bounds {
  readonly min: number
  readonly max: number
  /** The bounds as the user would write them. */
  readonly says: string
}

const MOST_NAMES = 100

/** Bounds of a rate of operations. */
export const ANY_RATE: Bounds = {
  min: 1e-9,
  max: 1e9,
  says: 'a rate above 0/s, at most 1000000000/s',
}

/** A quantity with a unit, whole in its base unit unless it is a rate of operations. */
export function quantity(dimension: Dimension, doc: string, bounds?: Bounds) {
  return leaf(
    (value) => {
      const reading = readText(value, dimension, (text) => readWholeQuantity(text, dimension))
      if ('complaint' in reading || bounds === undefined) return reading
      if (reading.value >= bounds.min && reading.value <= bounds.max) return reading
      return bad('out-of-range', `${describe(value)} is out of range`, bounds.says)
    },
    jsonQuantity(dimension, doc, `^\\s*${patternOf(dimension)}\\s*$`),
  )
}

/** A quantity that is null if it is left out. */
export function optionalQuantity(dimension: Dimension, doc: string, bounds?: Bounds) {
  return quantity(dimension, doc, bounds).nullable().prefault(null).describe(doc)
}

/** A quantity that may be drawn from a distribution; `positive` if no draw may be zero. */
export function drawn(dimension: Dimension, doc: string, positive = false, initial?: string) {
  return leaf<DistributionSpec>(
    (value) => {
      const reading = readDrawn(value, dimension)
      if ('complaint' in reading || !positive || isPositive(reading.value)) return reading
      return bad('out-of-range', `${describe(value)} can be 0`, `${nounOf(dimension)} above 0`)
    },
    {
      ...jsonQuantity(dimension, doc, distributionPattern(dimension)),
      examples: [...exampleListOf(dimension), `exponential(${exampleListOf(dimension).at(-1)})`],
      ...(initial !== undefined && { default: initial }),
    },
  )
}

/** The schema of a registry's parameter: what overrides it in a file. */
export function parameterLeaf({ quantity, value, doc, source, grade }: Parameter): z.ZodType {
  const dimension = dimensionOf(quantity)
  const initial = typeof value === 'number' ? `${value}` : formatDistribution(value, dimension)
  const words = `${sentence(doc)} Default: ${initial}. Source: ${source} (${grade}).`
  if (typeof value !== 'number') return drawn(dimension, words, quantity === 'rate', initial)
  const number = quantity === 'count' ? z.int() : z.number()
  return number.min(0).max(mostOf(quantity)).meta({ description: words, default: value })
}

function readDrawn(value: unknown, dimension: Dimension): Reading<DistributionSpec> {
  if (typeof value === 'number' && dimension === 'number' && value >= 0) {
    return { value: { kind: 'constant', value } }
  }
  return readText(value, dimension, (text) => readDistribution(text, dimension))
}

/** What carries a unit is a text; a bare 0 gets no mercy. */
function readText<T>(
  value: unknown,
  dimension: Dimension,
  read: (text: string) => Reading<T>,
): Reading<T> {
  if (typeof value === 'string') return read(value)
  if (typeof value === 'number' && dimension !== 'number') {
    return bad('bad-quantity', `${value} has no unit`, examplesOf(dimension))
  }
  const message = `${describe(value)} is not ${nounOf(dimension)}`
  return bad('wrong-type', message, examplesOf(dimension))
}

function jsonQuantity(dimension: Dimension, doc: string, pattern: string): Record<string, unknown> {
  const type = dimension === 'number' ? ['number', 'string'] : 'string'
  const description = `${doc} Write ${examplesOf(dimension)}.`
  return { type, description, pattern, examples: exampleListOf(dimension) }
}

/** Lets every distribution pass, and little else. */
function distributionPattern(dimension: Dimension): string {
  const term = `(${patternOf(dimension)}|[A-Za-z]+\\s*\\(.*\\))`
  return `^\\s*${term}(\\s*\\+\\s*\\d*\\.?\\d+\\s*\\*\\s*${term})*\\s*$`
}

/** One of several words, each with its own meaning. */
export function choice<K extends string>(docs: Readonly<Record<K, string>>, doc = '') {
  const names = Object.keys(docs) as K[]
  const meanings = Object.values<string>(docs)
  const list = names.map((name, i) => `${name}: ${meanings[i]}`).join('; ')
  const description = `${doc} ${list}.`.trim()
  return z.enum(names).meta({ description, enumDescriptions: meanings })
}

/** At least `fewest` names as a list of the file in any order: sorted, each once. */
export function names(fewest = 0) {
  return z
    .array(z.string())
    .min(fewest)
    .max(MOST_NAMES)
    .transform((all) => [...new Set(all)].sort())
}
