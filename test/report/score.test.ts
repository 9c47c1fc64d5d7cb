import { expect, test } from 'vitest'
import { checksOf, scoreTable } from '../../src/report/score.js'
import { summaryOf } from './experiment.js'
import { run } from './fixture.js'

test('a check of a variant is as bad as its worst run', () => {
  const results = [1, 2, 3].map((seed) => run('direct', seed))
  results[1].invariants = { 'time never goes back': 'undecided' }
  results[2].invariants = { 'time never goes back': 'violated' }
  results[0].invariants = { 'time never goes back': 'held' }
  expect(checksOf(summaryOf(results).runs)).toEqual([
    {
      kind: 'invariant',
      name: 'time never goes back',
      variant: 'direct',
      verdict: 'violated',
      runs: { held: 1, violated: 1, undecided: 1 },
      expectedViolations: 0,
    },
  ])
})

test('an invariant that is violated as the scenario expects counts as held', () => {
  const summary = summaryOf([run('direct', 1, { invariants: { 'a promise': 'violated' } })])
  const that = 'invariants["a promise"] == violated'
  summary.runs[0].expectations.push({ that, verdict: 'held', value: null })
  const [, invariant] = checksOf(summary.runs)
  expect(invariant).toMatchObject({ verdict: 'held', expectedViolations: 1 })
})

test('verdicts are counted by kind of check, for each variant', () => {
  const results = ['a', 'b'].map((variant) => run(variant, 1))
  results[0].conservation = { bytes: { expected: 1, actual: 2, verdict: 'violated' } }
  expect(scoreTable(summaryOf(results))).toEqual({
    head: ['checked with each variant', 'held', 'VIOLATED', 'undecided'],
    rows: [
      ['expectations of the scenario', '0', '0', '0'],
      ['invariants', '2', '0', '0'],
      ['conservation laws', '0', '1', '0'],
    ],
  })
})
