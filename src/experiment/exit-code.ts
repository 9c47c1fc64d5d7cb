import { expectedViolation } from '../scenario/expectation.js'
import type { Summary, SummaryRun } from './summary.js'

/** What went on in a command; more than one may be true. */
export interface Outcome {
  interrupted: boolean
  /** A broken assertion of the simulator itself. */
  internal: boolean
  badInput: boolean
  /** An expectation or an invariant was violated. */
  violated: boolean
  /** An expectation could not be decided. */
  undecided: boolean
}

/** What the exit codes of a command say. */
export const exitCodes = {
  0: 'done, and everything expected held',
  1: 'an expectation or invariant was violated; results are written all the same',
  2: 'bad input: a scenario, an option, or a folder for results that cannot be used',
  3: 'an expectation could not be decided',
  70: 'a bug of hbsim: an assertion of its own is broken',
  130: 'interrupted; finished runs are kept',
} as const

export type ExitCode = keyof typeof exitCodes

/** The exit code of a command; the earlier cause wins. */
export function exitCode(outcome: Outcome): ExitCode {
  if (outcome.interrupted) return 130
  if (outcome.internal) return 70
  if (outcome.badInput) return 2
  if (outcome.violated) return 1
  if (outcome.undecided) return 3
  return 0
}

/**
 * What the results say. An invariant may be undecided without consequence: whether an edit would
 * still have been stored is undecidable once the cluster is lost, however well all else went.
 */
export function outcomeOf(summary: Summary): Pick<Outcome, 'violated' | 'undecided'> {
  const violated = summary.runs.some((run) => violations(run).length > 0)
  const undecided = summary.runs.some((run) =>
    run.expectations.some(({ verdict }) => verdict === 'undecided'),
  )
  return { violated, undecided }
}

/**
 * Names of what a run violated: expectations, then invariants, then conservation laws. An invariant
 * that was expected to be violated, and is, counts as held.
 */
export function violations(run: SummaryRun): string[] {
  const expected = run.expectations
    .filter(({ verdict }) => verdict === 'held')
    .map(({ that }) => expectedViolation(that))
  return [
    ...run.expectations.filter(({ verdict }) => verdict === 'violated').map(({ that }) => that),
    ...Object.keys(run.invariants)
      .filter((name) => run.invariants[name] === 'violated' && !expected.includes(name))
      .sort(),
    ...Object.keys(run.conservation)
      .filter((law) => run.conservation[law].verdict === 'violated')
      .sort()
      .map((law) => `conservation of ${law}`),
  ]
}
