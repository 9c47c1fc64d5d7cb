import { violations } from '../experiment/exit-code.js'
import { variantsOf } from '../experiment/over-seeds.js'
import type { Summary, SummaryRun } from '../experiment/summary.js'
import type { Verdict } from '../simulation/result.js'
import type { Table } from './table.js'

/** How a verdict is written where it must be seen: in words, whatever the colours. */
export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  held: 'held',
  violated: 'VIOLATED',
  undecided: 'undecided',
}

/** A check of one variant in all its runs. */
export interface Check {
  kind: 'expectation' | 'invariant' | 'conservation law'
  name: string
  variant: string
  /** The worst of its runs. */
  verdict: Verdict
  /** Runs by verdict. */
  runs: Record<Verdict, number>
  /** Runs in which it was violated, as the scenario expects: counted as held. */
  expectedViolations: number
}

/** Every check of every variant, in order of variants. */
export function checksOf(runs: readonly SummaryRun[]): Check[] {
  const checks = new Map<string, Check>()
  const add = (
    { kind, name, variant }: Pick<Check, 'kind' | 'name' | 'variant'>,
    verdict: Verdict,
    expected: boolean,
  ) => {
    const key = JSON.stringify([variant, kind, name])
    const counts = { held: 0, violated: 0, undecided: 0 }
    const check = checks.get(key) ?? {
      ...{ kind, name, variant, verdict: 'held', runs: counts, expectedViolations: 0 },
    }
    check.runs[verdict]++
    if (expected) check.expectedViolations++
    checks.set(key, { ...check, verdict: worst(check.runs) })
  }
  for (const run of inOrder(runs)) {
    const { variant } = run
    const violated = violations(run)
    for (const { that, verdict } of run.expectations) {
      add({ kind: 'expectation', name: that, variant }, verdict, false)
    }
    for (const [name, verdict] of Object.entries(run.invariants)) {
      const expected = verdict === 'violated' && !violated.includes(name)
      add({ kind: 'invariant', name, variant }, expected ? 'held' : verdict, expected)
    }
    for (const [name, { verdict }] of Object.entries(run.conservation)) {
      add({ kind: 'conservation law', name, variant }, verdict, false)
    }
  }
  return [...checks.values()]
}

/** Counts of checks by kind and verdict. */
export function scoreTable({ runs }: Summary): Table {
  const checks = checksOf(runs)
  const kinds = [
    ['expectation', 'expectations of the scenario'],
    ['invariant', 'invariants'],
    ['conservation law', 'conservation laws'],
  ] as const
  const rows = kinds.map(([kind, title]) => {
    const its = checks.filter((check) => check.kind === kind)
    const times = (verdict: Verdict) => {
      return String(its.filter((check) => check.verdict === verdict).length)
    }
    return [title, times('held'), times('violated'), times('undecided')]
  })
  const { held, violated, undecided } = VERDICT_WORDS
  return { head: ['checked with each variant', held, violated, undecided], rows }
}

function worst(times: Readonly<Record<Verdict, number>>): Verdict {
  if (times.violated > 0) return 'violated'
  return times.undecided > 0 ? 'undecided' : 'held'
}

function inOrder(runs: readonly SummaryRun[]): SummaryRun[] {
  return variantsOf(runs).flatMap((variant) => runs.filter((run) => run.variant === variant))
}
