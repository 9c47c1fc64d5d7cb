import { formatPath, type Path, scanPath } from './path.js'
import { bad, type Reading } from './reading.js'
import { quote } from './source-text.js'
import { type Dimension, examplesOf, readQuantity } from './units.js'

const OPERATORS = ['==', '!=', '<=', '>=', '<', '>'] as const
export type Operator = (typeof OPERATORS)[number]

/** Words that stand for no path: the verdict on an invariant, or no figure at all. */
const WORDS = ['held', 'violated', 'null'] as const
export type Word = (typeof WORDS)[number]

/**
 * `path operator number-with-unit`, `path operator path` or `path == word`; numbers in us, bytes or
 * as they are.
 */
export interface Comparison {
  /** As written. */
  readonly that: string
  readonly left: Path
  readonly op: Operator
  readonly right: { readonly number: number } | { readonly path: Path } | { readonly word: Word }
}

const FORM = 'path < number with unit, or path < path; also == != <= > >=, and path == held'

/**
 * Reads `peers.backup.rpo["cluster-loss"].maxUs < 30 min`. The unit must fit the path: keys ending
 * in `Us` are durations, in `Bytes` sizes, all others plain numbers or `edits`.
 */
export function readComparison(text: string): Reading<Comparison> {
  const start = text.length - text.trimStart().length
  const left = scanPath(text, start)
  if (left === null) return bad('bad-expectation', `${quote(text)} begins with no path`, FORM)
  const rest = text.slice(left.end).trim()
  const op = OPERATORS.find((operator) => rest.startsWith(operator))
  if (op === undefined) {
    return bad('bad-expectation', `${quote(text)} does not compare`, FORM)
  }
  const operand = rest.slice(op.length).trim()
  const word = WORDS.find((each) => each === operand)
  if (word !== undefined && op !== '==' && op !== '!=') {
    return bad('bad-expectation', `"${word}" is no number: it only equals or not`, '== or !=')
  }
  const right = word === undefined ? readRight(operand, left.path) : { value: { word } }
  if ('complaint' in right) return right
  return { value: { that: text, left: left.path, op, right: right.value } }
}

function readRight(text: string, left: Path): Reading<Comparison['right']> {
  if (/^[A-Za-z_$]/.test(text)) {
    const scan = scanPath(text)
    if (scan === null || scan.end !== text.length) {
      return bad('bad-expectation', `${quote(text)} is no path`, FORM)
    }
    return { value: { path: scan.path } }
  }
  if (text === '') return bad('bad-expectation', 'nothing to compare with', FORM)
  const dimension = dimensionOf(left)
  const number = readQuantity(dimension === 'number' ? withoutEdits(text) : text, dimension)
  if (!('complaint' in number)) return { value: { number: number.value } }
  const { message } = number.complaint
  return bad('bad-expectation', `${formatPath(left)}: ${message}`, examplesOf(dimension))
}

function withoutEdits(text: string): string {
  return text.replace(/\s*\bedits?$/, '')
}

/**
 * The innermost key that names a unit decides: `confirmLatencyUs.p99` is a duration, and
 * `stalenessUs.timeShareAboveZero` none.
 */
export function dimensionOf(path: Path): Dimension {
  for (const key of path.toReversed()) {
    if (typeof key === 'number') continue
    if (key === 'us' || key.endsWith('Us')) return 'duration'
    if (key === 'bytes' || key.endsWith('Bytes')) return 'size'
    if (/^(count|region)$|Edits$|[sS]hare(AboveZero)?$/.test(key)) return 'number'
  }
  return 'number'
}
