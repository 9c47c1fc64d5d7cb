import { describe, expect, test } from 'vitest'
import { compare } from '../../src/experiment/compare.js'
import { summarize } from '../../src/experiment/summary.js'
import { BadInput, problemAt } from '../../src/scenario/bad-input.js'
import { readComparison } from '../../src/scenario/comparison.js'
import type { Expectation } from '../../src/scenario/expectation.js'
import type { RunResult } from '../../src/simulation/result.js'
import { runResult } from './results.js'

function expecting(that: string, variants: string[] | null = null): Expectation {
  const comparison = readComparison(that)
  if ('complaint' in comparison) throw new Error(comparison.complaint.message)
  const span = { source: { name: 'test.yaml', text: that }, from: 0, to: that.length }
  const complaint = { code: 'bad-expectation', message: `no ${that}`, expected: '' } as const
  return { ...comparison.value, variants, line: 1, unknownPath: problemAt(span, complaint) }
}

const scenario = (...expectations: Expectation[]) => ({ name: 'drill', hash: 'f00d', expectations })

const RUNS: RunResult[] = [
  runResult({ variant: 'direct', seed: 1, backup: { lostEdits: 4 }, clusterLost: 9 }),
  runResult({ variant: 'direct', seed: 2, backup: { lostEdits: 6 }, clusterLost: 9 }),
  runResult({ variant: 'no-backup', seed: 1, backup: null, clusterLost: 9 }),
  runResult({ variant: 'no-backup', seed: 2, backup: null, clusterLost: 9 }),
]

describe('summary', () => {
  test('keeps each run without its series, and says what was run by which version', () => {
    const comparison = compare(RUNS)
    const summary = summarize(scenario(), RUNS, comparison, '1.2.3')
    expect(summary).toMatchObject({
      schema: 'hbsim-summary/2',
      hbsim: '1.2.3',
      scenario: { name: 'drill', hash: 'f00d' },
    })
    expect(summary.comparison).toBe(comparison)
    expect(summary.runs.map(({ variant, seed }) => [variant, seed])).toEqual([
      ['direct', 1],
      ['direct', 2],
      ['no-backup', 1],
      ['no-backup', 2],
    ])
    expect(summary.runs[0]).toMatchObject({ traceHash: 'direct-1', faults: [], expectations: [] })
    expect(summary.runs[0]).not.toHaveProperty('series')
    expect(summary.runs[0]).not.toHaveProperty('distributions')
    expect(summary.runs[0]).not.toHaveProperty('assumptions')
    expect(summary.runs[0]).not.toHaveProperty('busiestServer')
  })

  test('holds each run against the expectations for its variant', () => {
    const lost = expecting('peers.backup.disasters[0].lostEdits <= 5', ['direct'])
    const age = expecting('peers.backup.disasters[0].oldestLostAgeUs < 1 s', ['direct'])
    const all = expecting('clusterLoss[0].lostEdits > 5')
    const { runs } = summarize(scenario(lost, age, all), RUNS, null, '1.2.3')
    expect(runs.map(({ expectations }) => expectations.map(({ verdict }) => verdict))).toEqual([
      ['held', 'undecided', 'held'],
      ['violated', 'undecided', 'held'],
      ['held'],
      ['held'],
    ])
    expect(runs[1].expectations[0]).toEqual({ that: lost.that, verdict: 'violated', value: 6 })
  })

  test('an expectation can ask for what region servers never did', () => {
    const none = expecting('regionServers.refused["region too busy"] == 0')
    const { runs } = summarize(scenario(none), RUNS, null, '1.2.3')
    expect(runs[0].expectations).toEqual([{ that: none.that, verdict: 'held', value: 0 }])
  })

  test('refuses expectations about what no run has, all of them at once, each once', () => {
    const wrong = [expecting('peers.backup.lost > 5', ['direct']), expecting('evens > 5')]
    let problems: BadInput['problems'] = []
    try {
      summarize(scenario(...wrong), RUNS, null, '1.2.3')
    } catch (error) {
      if (error instanceof BadInput) problems = error.problems
    }
    expect(problems.map(({ message }) => message)).toEqual([
      'no peers.backup.lost > 5',
      'no evens > 5',
    ])
  })

  test('lists assumptions once, by parameter, with the variants where not all rest on it', () => {
    const assume = (value: string) => ({ parameter: 'rollSize', value, source: 'scenario' })
    const common = { parameter: 'hbase.wal.hsync', value: 'false', source: 'default of 2.6' }
    const runs = RUNS.map((run) => ({
      ...run,
      assumptions: run.variant === 'direct' ? [assume('1 MiB'), common] : [common, assume('2 MiB')],
    }))
    expect(summarize(scenario(), runs, null, '1.2.3').assumptions).toEqual([
      common,
      { ...assume('1 MiB'), variants: ['direct'] },
      { ...assume('2 MiB'), variants: ['no-backup'] },
    ])
  })
})
