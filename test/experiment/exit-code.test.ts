import { describe, expect, test } from 'vitest'
import type { Outcome } from '../../src/experiment/exit-code.js'
import { exitCode, outcomeOf } from '../../src/experiment/exit-code.js'
import type { Summary, SummaryRun } from '../../src/experiment/summary.js'
import { measuredRun } from './results.js'

/** In order of precedence. */
const CODES = [
  ['interrupted', 130],
  ['internal', 70],
  ['badInput', 2],
  ['violated', 1],
  ['undecided', 3],
] as const

const QUIET: Outcome = {
  interrupted: false,
  internal: false,
  badInput: false,
  violated: false,
  undecided: false,
}

describe('exit code', () => {
  test('is 0 if everything expected held', () => {
    expect(exitCode(QUIET)).toBe(0)
  })

  test.each(CODES)('of %s is %i, whatever lesser causes there are', (cause, code) => {
    const rank = CODES.findIndex(([name]) => name === cause)
    const lesser = Object.fromEntries(CODES.slice(rank).map(([name]) => [name, true]))
    expect(exitCode({ ...QUIET, [cause]: true })).toBe(code)
    expect(exitCode({ ...QUIET, ...lesser })).toBe(code)
  })
})

describe('outcome of the results', () => {
  const of = (change: Partial<SummaryRun>) => {
    const run = measuredRun({ variant: 'base', seed: 1, backup: {} })
    return outcomeOf({ runs: [{ ...run, expectations: [], ...change }] } as unknown as Summary)
  }

  const violated = (change: Partial<SummaryRun>) => of(change).violated

  test('a violated expectation, invariant or conservation law is a violation', () => {
    const expectation = { that: 'events < 5', verdict: 'violated', value: 6 } as const
    const law = { expected: 1, actual: 2, verdict: 'violated' } as const
    for (const change of [
      { expectations: [expectation] },
      { invariants: { x: 'violated' } as const },
      { conservation: { edits: law } },
    ]) {
      expect(of(change)).toEqual({ violated: true, undecided: false })
    }
  })

  test('a violated invariant counts as held where it was expected, and only there', () => {
    const expected = {
      that: 'invariants["a b"] == violated',
      verdict: 'held',
      value: null,
    } as const
    const of = (invariants: SummaryRun['invariants'], expectations: SummaryRun['expectations']) =>
      violated({ invariants, expectations })
    expect(of({ 'a b': 'violated' }, [expected])).toBe(false)
    expect(of({ 'a b': 'violated' }, [])).toBe(true)
    expect(of({ 'a b': 'violated', c: 'violated' }, [expected])).toBe(true)
    const disappointed = { ...expected, verdict: 'violated' } as const
    expect(of({ 'a b': 'held' }, [disappointed])).toBe(true)
    const otherwise = { ...expected, that: 'invariants["a b"] != held' }
    expect(of({ 'a b': 'violated' }, [otherwise])).toBe(true)
  })

  test('an undecided expectation leaves the matter undecided, an undecided invariant does not', () => {
    const expectation = { that: 'events < 5', verdict: 'undecided', value: null } as const
    expect(of({ expectations: [expectation] })).toEqual({ violated: false, undecided: true })
    const invariants = { x: 'undecided' } as const
    expect(of({ invariants })).toEqual({ violated: false, undecided: false })
  })
})
