import { nearestName } from './nearest.js'
import { bad, type Reading } from './reading.js'
import { quote } from './source-text.js'

/**
 * What a quantity in a file measures, and so its unit here: `duration` microseconds, `size` bytes,
 * `byteRate` bytes per second, `rate` operations per second, `number` itself.
 */
export type Dimension = 'duration' | 'size' | 'byteRate' | 'rate' | 'number'

type Units = Readonly<Record<string, number>>

const DURATIONS: Units = {
  us: 1,
  µs: 1,
  ms: 1000,
  s: 1_000_000,
  min: 60_000_000,
  m: 60_000_000,
  h: 3_600_000_000,
  d: 86_400_000_000,
}

const SIZES: Units = {
  B: 1,
  kB: 1000,
  KiB: 1024,
  MB: 1_000_000,
  MiB: 1_048_576,
  GB: 1_000_000_000,
  GiB: 1_073_741_824,
  TB: 1_000_000_000_000,
  TiB: 1_099_511_627_776,
}

const BYTE_RATES: Units = Object.fromEntries(
  Object.entries(SIZES).map(([unit, bytes]) => [`${unit}/s`, bytes]),
)

const UNITS: Readonly<Record<Dimension, Units>> = {
  duration: DURATIONS,
  size: SIZES,
  byteRate: BYTE_RATES,
  rate: { '/s': 1 },
  number: { '': 1 },
}

export const NOUNS: Readonly<Record<Dimension, string>> = {
  duration: 'a duration',
  size: 'a size',
  byteRate: 'a rate in bytes per second',
  rate: 'a rate of operations',
  number: 'a plain number',
}

const EXAMPLES: Readonly<Record<Dimension, readonly string[]>> = {
  duration: ['250 us', '10 ms', '2 s', '5 min', '1h30m', '30 d'],
  size: ['100 B', '10 KiB', '128 MiB', '1 MB'],
  byteRate: ['80 MiB/s', '1 GB/s'],
  rate: ['5000/s'],
  number: ['0.5'],
}

/** `a duration`, for messages. */
export function nounOf(dimension: Dimension): string {
  return NOUNS[dimension]
}

/** `a duration such as 10 ms …`: what would have been right, with the units that fit. */
export function examplesOf(dimension: Dimension): string {
  const noun = dimension === 'byteRate' || dimension === 'rate' ? 'a rate' : NOUNS[dimension]
  const all = EXAMPLES[dimension]
  const [last, ...others] = [...all].reverse()
  const list = others.length === 0 ? last : `${others.reverse().join(', ')} or ${last}`
  return `${noun} such as ${list}`
}

/** Quantities as a file has them. */
export function exampleListOf(dimension: Dimension): readonly string[] {
  return EXAMPLES[dimension]
}

/** A regular expression, without anchors, that finds every quantity of `dimension`, for editors. */
export function patternOf(dimension: Dimension): string {
  const amount = '\\d+(\\.\\d+)?'
  if (dimension === 'number') return amount
  const part = `${amount}\\s*(${Object.keys(UNITS[dimension]).join('|')})`
  return dimension === 'duration' ? `${part}(\\s*${part})*` : part
}

const LONGEST_QUANTITY = 60
const AMOUNT_AND_UNIT = /^\s*(\d{1,18})(?:\.(\d{1,18}))?\s*([A-Za-zµ]*(?:\/[a-z]+)?)/

/**
 * A quantity with its unit: `10 ms`, `1h30m`, `128 MiB`, `5000/s`, `80 MiB/s`. Decimals are exact.
 * The value may be a fraction of the base unit; see `readWholeQuantity`.
 */
export function readQuantity(text: string, dimension: Dimension): Reading<number> {
  const garbage = () =>
    bad('bad-quantity', `${quote(text)} is not ${NOUNS[dimension]}`, examplesOf(dimension))
  if (text.length > LONGEST_QUANTITY || text.trim() === '') return garbage()
  // Sum of amount × unit over all parts, in units of 10^-decimals.
  let sum = 0n
  let scale = 1n
  let coarsest = Infinity
  for (let rest = text.trim(); rest !== ''; ) {
    const match = AMOUNT_AND_UNIT.exec(rest)
    if (match === null) return garbage()
    const [all, whole, decimals = '', unit] = match
    const factor = factorOf(unit, dimension)
    if (factor === null) {
      return all === rest ? unknownUnit(text, unit, dimension) : garbage()
    }
    // Parts get finer and finer: `30m1h` is a slip, not a duration.
    if (factor >= coarsest) return garbage()
    coarsest = factor
    const digits = BigInt(`1${'0'.repeat(decimals.length)}`)
    const amount = BigInt(whole + decimals) * BigInt(factor)
    sum = sum * digits + amount * scale
    scale *= digits
    rest = rest.slice(all.length).trim()
    if (rest !== '' && dimension !== 'duration') return garbage()
  }
  if (sum / scale > BigInt(Number.MAX_SAFE_INTEGER)) {
    return bad('out-of-range', `${quote(text)} is too large for this simulator`)
  }
  return { value: sum % scale === 0n ? Number(sum / scale) : Number(sum) / Number(scale) }
}

/** A quantity that must be an integer in its base unit unless it is a rate of operations. */
export function readWholeQuantity(text: string, dimension: Dimension): Reading<number> {
  const reading = readQuantity(text, dimension)
  if ('complaint' in reading || Number.isInteger(reading.value)) return reading
  if (dimension === 'duration') {
    return bad('bad-quantity', `${quote(text)} is not a whole number of microseconds`)
  }
  if (dimension === 'size') {
    return bad('bad-quantity', `${quote(text)} is not a whole number of bytes`)
  }
  if (dimension === 'byteRate') {
    return bad('bad-quantity', `${quote(text)} is not a whole number of bytes per second`)
  }
  return reading
}

/** `value` in the coarsest unit that divides it, as `readQuantity` reads it. */
export function formatQuantity(value: number, dimension: Dimension): string {
  if (dimension === 'rate') return `${value}/s`
  if (dimension === 'number') return `${value}`
  const units = Object.entries(UNITS[dimension]).filter(([unit]) => unit !== 'm' && unit !== 'µs')
  let best = units[0]
  for (const unit of units) {
    if (value !== 0 && value % unit[1] === 0 && unit[1] > best[1]) best = unit
  }
  return `${value / best[1]} ${best[0]}`
}

function factorOf(unit: string, dimension: Dimension): number | null {
  const units = UNITS[dimension]
  return Object.hasOwn(units, unit) ? units[unit] : null
}

function unknownUnit(text: string, unit: string, dimension: Dimension) {
  const examples = examplesOf(dimension)
  if (unit === '') return bad('bad-quantity', `${quote(text)} has no unit`, examples)
  for (const other of ['duration', 'size', 'byteRate', 'rate'] as const) {
    if (factorOf(unit, other) === null) continue
    return bad(
      'bad-quantity',
      `${quote(text)} is ${NOUNS[other]}, not ${NOUNS[dimension]}`,
      examples,
    )
  }
  const nearest = nearestName(unit, Object.keys(UNITS[dimension]))
  const message = `"${unit}" is no unit of ${NOUNS[dimension]}`
  return bad('bad-quantity', message, examples, nearest === '' ? null : nearest)
}
