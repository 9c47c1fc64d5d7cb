import { type Excerpt, locate, type Span } from './source-text.js'

export type ProblemCode =
  | 'too-large'
  | 'too-deep'
  | 'yaml-syntax'
  | 'split-distribution'
  | 'forbidden-key'
  | 'xml-syntax'
  | 'bad-file'
  | 'bad-workload'
  | 'unknown-key'
  | 'missing-key'
  | 'wrong-type'
  | 'bad-quantity'
  | 'bad-distribution'
  | 'bad-property'
  | 'bad-expectation'
  | 'bad-override'
  | 'bad-name'
  | 'out-of-range'
  | 'unknown-name'
  | 'contradiction'

/** What is wrong, before it is known where. */
export interface Complaint {
  readonly code: ProblemCode
  readonly message: string
  /** What would have been right, to be read after "expected"; empty if the message says it. */
  readonly expected: string
  /** The valid name that the given one resembles most. */
  readonly nearest?: string
}

/** One thing wrong with the input, as data. */
export interface Problem extends Complaint {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly excerpt: Excerpt
}

/** Input that cannot be used, with up to 20 reasons; the command line exits with 2. */
export class BadInput extends Error {
  override readonly name = 'BadInput'

  constructor(readonly problems: readonly Problem[]) {
    super(formatProblems(problems))
  }
}

export function problemAt(span: Span, complaint: Complaint): Problem {
  return { ...complaint, file: span.source.name, ...locate(span) }
}

/**
 * Each problem as three lines:
 *
 *     outage.yaml:12:13  unknown kind of fault "store-outtage"
 *        12 |   - kind: store-outtage
 *           |           ^^^^^^^^^^^^^ did you mean "store-outage"?
 */
export function formatProblems(problems: readonly Problem[]): string {
  return problems.map(formatProblem).join('\n')
}

function formatProblem(problem: Problem): string {
  const { excerpt } = problem
  const line = `${problem.line}`.padStart(5)
  const carets = ' '.repeat(excerpt.from) + '^'.repeat(excerpt.width)
  return [
    `${problem.file}:${problem.line}:${problem.column}  ${problem.message}`,
    `${line} | ${excerpt.text}`,
    `${' '.repeat(line.length)} | ${carets}${hint(problem)}`,
  ].join('\n')
}

function hint(problem: Problem): string {
  if (problem.nearest !== undefined) return ` did you mean "${problem.nearest}"?`
  return problem.expected === '' ? '' : ` expected ${problem.expected}`
}
