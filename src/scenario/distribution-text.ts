import type { DistributionSpec } from '../kernel/distribution.js'
import { bad, type Reading, unknown } from './reading.js'
import { quote } from './source-text.js'
import { type Dimension, formatQuantity, readQuantity, readWholeQuantity } from './units.js'

const LONGEST_EXPRESSION = 20_000
const MOST_PARTS = 10
const MOST_VALUES = 1000
const WIDEST_SIGMA = 10

/**
 * A distribution as scenarios write it, in the base unit of `dimension`: `uniform(1 ms, 2 ms)`,
 * `lognormal(45 ms, 0.4) + 0.015 * lognormal(250 ms, 0.8)`. A plain quantity is a constant. In a
 * mixture the first part keeps the weight that the others leave.
 */
export function readDistribution(text: string, dimension: Dimension): Reading<DistributionSpec> {
  if (text.length > LONGEST_EXPRESSION) {
    return bad('bad-distribution', `a distribution of ${text.length} characters is too long`)
  }
  const terms = splitOutside(text, '+')
  if (terms === null) return bad('bad-distribution', `unbalanced brackets in ${quote(text)}`)
  const [first, ...others] = terms
  if (others.length === 0) return readTerm(first, dimension)
  if (others.length >= MOST_PARTS) {
    return bad('bad-distribution', `a mixture of ${terms.length} parts`, `at most ${MOST_PARTS}`)
  }
  const body = readTerm(first, dimension)
  if ('complaint' in body) return body
  const tails: { weight: number; of: DistributionSpec }[] = []
  for (const other of others) {
    const tail = readWeighted(other, dimension)
    if ('complaint' in tail) return tail
    tails.push(tail.value)
  }
  const rest = 1 - tails.reduce((sum, tail) => sum + tail.weight, 0)
  if (!(rest > 0)) {
    const message = `the weights in ${quote(text)} leave nothing for its first part`
    return bad('bad-distribution', message, 'weights that sum to less than 1')
  }
  return { value: { kind: 'mixture', parts: [{ weight: rest, of: body.value }, ...tails] } }
}

/** `spec` as `readDistribution` reads it. */
export function formatDistribution(spec: DistributionSpec, dimension: Dimension): string {
  const quantity = (value: number) => formatQuantity(value, dimension)
  switch (spec.kind) {
    case 'constant':
      return quantity(spec.value)
    case 'uniform':
      return `uniform(${quantity(spec.low)}, ${quantity(spec.high)})`
    case 'exponential':
      return `exponential(${quantity(spec.mean)})`
    case 'lognormal':
      return `lognormal(${quantity(spec.median)}, ${spec.sigma})`
    case 'empirical':
      return `empirical([${spec.values.map(quantity).join(', ')}])`
    case 'mixture':
      return spec.parts
        .map(({ weight, of }, i) => {
          const part = formatDistribution(of, dimension)
          return i === 0 ? part : `${weight} * ${part}`
        })
        .join(' + ')
  }
}

/** True if no draw from `spec` can be zero. */
export function isPositive(spec: DistributionSpec): boolean {
  switch (spec.kind) {
    case 'constant':
      return spec.value > 0
    case 'uniform':
      return spec.low > 0
    case 'empirical':
      return spec.values.every((value) => value > 0)
    case 'mixture':
      return spec.parts.every((part) => isPositive(part.of))
    default:
      return true
  }
}

function readWeighted(
  text: string,
  dimension: Dimension,
): Reading<{ weight: number; of: DistributionSpec }> {
  const match = /^\s*(\d*\.?\d+)\s*\*(.*)$/s.exec(text)
  if (match === null) {
    const expected = 'a weight before each further part: 0.015 * lognormal(250 ms, 0.8)'
    return bad('bad-distribution', `${quote(text.trim())} has no weight`, expected)
  }
  const weight = Number(match[1])
  if (!(weight > 0 && weight < 1)) {
    return bad('bad-distribution', `weight ${match[1]} is out of range`, 'a weight between 0 and 1')
  }
  const part = readTerm(match[2], dimension)
  return 'complaint' in part ? part : { value: { weight, of: part.value } }
}

function readTerm(text: string, dimension: Dimension): Reading<DistributionSpec> {
  const call = /^\s*([A-Za-z_]+)\s*\((.*)\)\s*$/s.exec(text)
  if (call !== null) return readCall(call[1], call[2], text.trim(), dimension)
  if (/^\s*[\d.]+\s*\*/.test(text)) {
    const expected = 'no weight on the first part: it keeps what the others leave'
    return bad('bad-distribution', `${quote(text.trim())} comes first`, expected)
  }
  const quantity = readWholeQuantity(text.trim(), dimension)
  if ('complaint' in quantity) return quantity
  return { value: { kind: 'constant', value: quantity.value } }
}

const SHAPES: Readonly<Record<string, string>> = {
  constant: 'constant(5 ms)',
  uniform: 'uniform(1 ms, 2 ms)',
  exponential: 'exponential(10 ms)',
  lognormal: 'lognormal(45 ms, 0.4)',
  empirical: 'empirical([1 ms, 2 ms])',
}

function readCall(
  name: string,
  inside: string,
  text: string,
  dimension: Dimension,
): Reading<DistributionSpec> {
  if (!Object.hasOwn(SHAPES, name)) {
    const names = Object.keys(SHAPES)
    return {
      complaint: unknown('bad-distribution', `unknown distribution ${quote(name)}`, name, names),
    }
  }
  const shape = SHAPES[name]
  if (name === 'empirical') return readEmpirical(inside, text, shape, dimension)
  const args = (splitOutside(inside, ',') ?? []).map((arg) => arg.trim())
  const wanted = name === 'uniform' || name === 'lognormal' ? 2 : 1
  if (args.length !== wanted) {
    return bad('bad-distribution', `${quote(text)} has not ${wanted} arguments`, shape)
  }
  if (name === 'constant') return readTerm(inside, dimension)
  const one = readQuantity(args[0], dimension)
  if ('complaint' in one) return one
  if (name === 'exponential') return exponential(one.value, text)
  const two = readQuantity(args[1], name === 'lognormal' ? 'number' : dimension)
  if ('complaint' in two) return two
  return name === 'uniform'
    ? uniform(one.value, two.value, text)
    : lognormal(one.value, two.value, text)
}

function exponential(mean: number, text: string): Reading<DistributionSpec> {
  if (mean > 0) return { value: { kind: 'exponential', mean } }
  return bad('bad-distribution', `the mean of ${quote(text)} is not above 0`)
}

function uniform(low: number, high: number, text: string): Reading<DistributionSpec> {
  if (low <= high) return { value: { kind: 'uniform', low, high } }
  return bad('bad-distribution', `the bounds of ${quote(text)} are in the wrong order`)
}

function lognormal(median: number, sigma: number, text: string): Reading<DistributionSpec> {
  if (median > 0 && sigma <= WIDEST_SIGMA) return { value: { kind: 'lognormal', median, sigma } }
  const expected = `a median above 0 and a log-sigma of at most ${WIDEST_SIGMA}`
  return bad('bad-distribution', `${quote(text)} is out of range`, expected)
}

function readEmpirical(
  inside: string,
  text: string,
  shape: string,
  dimension: Dimension,
): Reading<DistributionSpec> {
  const list = /^\s*\[(.*)\]\s*$/s.exec(inside)
  const items = list === null ? null : splitOutside(list[1], ',')
  if (items === null) return bad('bad-distribution', `${quote(text)} has no list of values`, shape)
  if (items.length > MOST_VALUES) {
    const expected = `at most ${MOST_VALUES}`
    return bad('bad-distribution', `an empirical distribution of ${items.length} values`, expected)
  }
  const values: number[] = []
  for (const item of items) {
    const value = readWholeQuantity(item.trim(), dimension)
    if ('complaint' in value) return value
    values.push(value.value)
  }
  return { value: { kind: 'empirical', values } }
}

/** `text` cut at each `separator` outside brackets; null if its brackets do not balance. */
function splitOutside(text: string, separator: string): string[] | null {
  const parts: string[] = []
  const open: string[] = []
  let start = 0
  for (let i = 0; i < text.length; i++) {
    const character = text[i]
    if (character === '(' || character === '[') open.push(character)
    if (character === ')' && open.pop() !== '(') return null
    if (character === ']' && open.pop() !== '[') return null
    if (character === separator && open.length === 0) {
      parts.push(text.slice(start, i))
      start = i + 1
    }
  }
  parts.push(text.slice(start))
  return open.length === 0 ? parts : null
}
