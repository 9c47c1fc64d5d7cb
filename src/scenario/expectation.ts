import type { Problem } from './bad-input.js'
import type { Comparison, Operator } from './comparison.js'
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

/** Compares what `run` has at the paths of `expectation`. Null on the way means: not decided. */
export function evaluateExpectation(
  expectation: Pick<Comparison, 'left' | 'op' | 'right'>,
  run: unknown,
): ExpectationVerdict {
  const left = numberAt(run, expectation.left)
  const right =
    'number' in expectation.right ? expectation.right.number : numberAt(run, expectation.right.path)
  if (left === undefined || right === undefined) return { verdict: 'unknown-path', value: null }
  if (left === null || right === null) return { verdict: 'undecided', value: left }
  return { verdict: compare(left, expectation.op, right) ? 'held' : 'violated', value: left }
}

/** The number at `path`, null if it or a holder of it is null, undefined if there is none. */
function numberAt(run: unknown, path: Path): number | null | undefined {
  let value = run
  for (const key of path) {
    if (value === null) return null
    if (typeof value !== 'object' || !Object.hasOwn(value, key)) return undefined
    value = Reflect.get(value, key)
  }
  return value === null || typeof value === 'number' ? value : undefined
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
