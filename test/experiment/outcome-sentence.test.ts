import { expect, test } from 'vitest'
import { outcomeSentence } from '../../src/experiment/outcome-sentence.js'
import type { Summary, SummaryRun } from '../../src/experiment/summary.js'
import type { Verdict } from '../../src/simulation/result.js'
import { measuredRun } from './results.js'

/** Runs of one variant, each with verdicts on `a`, `b`, … */
function summaryOf(runs: Verdict[][], invariants: Record<string, Verdict> = {}): Summary {
  return {
    schema: 'hbsim-summary/2',
    hbsim: '0',
    scenario: { name: 'x', hash: '' },
    assumptions: [],
    comparison: null,
    runs: runs.map(
      (verdicts, seed): SummaryRun => ({
        ...measuredRun({ variant: 'v', seed, backup: null }),
        invariants,
        expectations: verdicts.map((verdict, i) => ({ that: 'abc'[i], verdict, value: null })),
      }),
    ),
  }
}

test.each([
  [[['held', 'held']], 'HELD: all 2 expectations, and every invariant.'],
  [[['held']], 'HELD: the expectation, and every invariant.'],
  [[[]], 'HELD: every invariant; the scenario expects nothing.'],
  [[['held', 'violated', 'undecided']], 'VIOLATED: 1 of 3 expectations; 1 undecided and 1 held.'],
  [[['held', 'undecided', 'undecided']], 'UNDECIDED: 2 of 3 expectations; 1 held.'],
] as [Verdict[][], string][])('%j is told in a line', (runs, line) => {
  const { word, text } = outcomeSentence(summaryOf(runs))
  expect(`${word}: ${text}`).toBe(line)
})

test('an expectation counts once, as the worst of its runs', () => {
  const { word, text } = outcomeSentence(
    summaryOf([
      ['held', 'held'],
      ['undecided', 'held'],
      ['violated', 'held'],
    ]),
  )
  expect(`${word}: ${text}`).toBe('VIOLATED: 1 of 2 expectations; 1 held.')
})

test('an invariant that nobody expected to be violated is told, too', () => {
  const { word, text } = outcomeSentence(
    summaryOf([['held'], ['held']], { 'time goes on': 'violated' }),
  )
  expect(`${word}: ${text}`).toBe('VIOLATED: 1 invariant; 1 held.')
})
