import type { Problem } from './bad-input.js'
import { type Comparison, type Operator, readComparison } from './comparison.js'
import type { Path } from './path.js'

/** What a scenario file expects of its runs. */
export interface Expectation extends Comparison {
  /** Null means all. */
  readonly variants: string[] | null
  readonly line: number
  /** What to report if a run has nothing at one of the paths. */
  readonly unknownPath: Problem
}

export interface ExpectationVerdict {
  /** `unknown-path` if the run has no number at a path of the expectation. */
  readonly verdict: 'held' | 'violated' | 'undecided' | 'unknown-path'
  /** What the left path led to; null if undecided or unknown. */
  readonly value: number | null
}

/**
 * Compares what `run` has at the paths of `expectation`. Null on the way, or a list that ends before,
 * means: not decided, unless null is what was asked for.
 */
export function evaluateExpectation(
  expectation: Pick<Comparison, 'left' | 'op' | 'right'>,
  run: unknown,
): ExpectationVerdict {
  const { left: path, op, right: operand } = expectation
  if ('word' in operand && operand.word !== 'null') {
    return { verdict: ofVerdict(valueAtPath(run, path), op, operand.word), value: null }
  }
  const left = numberAt(run, path)
  if (left === undefined) return { verdict: 'unknown-path', value: null }
  if ('word' in operand) {
    return { verdict: (left === null) === (op === '==') ? 'held' : 'violated', value: left }
  }
  const right = 'number' in operand ? operand.number : numberAt(run, operand.path)
  if (right === undefined) return { verdict: 'unknown-path', value: null }
  if (left === null || right === null) return { verdict: 'undecided', value: left }
  return { verdict: compare(left, op, right) ? 'held' : 'violated', value: left }
}

/**
 * The invariant that an expectation says is violated, as written in `that`; null if it says
 * something else. Where it holds, the violation is what the scenario is there to show.
 */
export function expectedViolation(that: string): string | null {
  const reading = readComparison(that)
  if ('complaint' in reading) return null
  const { left, op, right } = reading.value
  const [top, name] = left
  if (op !== '==' || !('word' in right) || right.word !== 'violated') return null
  return left.length === 2 && top === 'invariants' && typeof name === 'string' ? name : null
}

function ofVerdict(
  given: unknown,
  op: Operator,
  word: 'held' | 'violated',
): ExpectationVerdict['verdict'] {
  if (given === null || given === 'undecided') return 'undecided'
  if (given !== 'held' && given !== 'violated') return 'unknown-path'
  return (given === word) === (op === '==') ? 'held' : 'violated'
}

/** The number at `path`, null if it or a holder of it is null, undefined if there is none. */
function numberAt(run: unknown, path: Path): number | null | undefined {
  const value = valueAtPath(run, path)
  return value === null || typeof value === 'number' ? value : undefined
}

/** What is at `path`; null for null on the way, or beyond a list; undefined if there is nothing. */
function valueAtPath(run: unknown, path: Path): unknown {
  let value = run
  for (const key of path) {
    if (value === null) return null
    // How many recoveries or disasters there are is up to the run.
    if (Array.isArray(value) && typeof key === 'number' && key >= value.length) return null
    if (typeof value !== 'object' || !Object.hasOwn(value, key)) return undefined
    value = Reflect.get(value, key)
  }
  return value
}

function compare(left: number, op: Operator, right: number): boolean {
  switch (op) {
    case '==':
      return left === right
    case '!=':
      return left !== right
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '>':
      return left > right
    case '>=':
      return left >= right
  }
}
