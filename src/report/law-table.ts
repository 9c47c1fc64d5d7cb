import { variantsOf } from '../experiment/over-seeds.js'
import type { Summary } from '../experiment/summary.js'
import { conservationLaws, invariants } from '../simulation/invariants.js'
import type { Verdict } from '../simulation/result.js'
import { type Check, checksOf, VERDICT_WORDS } from './score.js'
import { NOTHING, type Table } from './table.js'

/** Every invariant with what it would find, and in how many runs of each variant it held. */
export function invariantTable(summary: Summary): Table {
  return lawTable(summary, 'invariant', 'invariant', 'guards against', (name) => [
    name,
    textOf(invariants, name)?.text ?? NOTHING,
  ])
}

/** The same of the conservation laws; those of servers, groups and peers are counted together. */
export function conservationTable(summary: Summary): Table {
  return lawTable(summary, 'conservation law', 'law', 'in words', (name) => {
    const law = textOf(conservationLaws, name)
    return [law?.pattern ?? name, law?.text ?? NOTHING]
  })
}

function lawTable(
  { runs }: Summary,
  kind: Check['kind'],
  title: string,
  words: string,
  describe: (name: string) => [name: string, text: string],
): Table {
  const checks = checksOf(runs).filter((check) => check.kind === kind)
  const variants = variantsOf(runs)
  const names = [...new Set(checks.map(({ name }) => describe(name)[0]))].sort()
  const rows = names.map((name) => {
    const its = checks.filter((check) => describe(check.name)[0] === name)
    const cells = variants.map((variant) => {
      return cell(its.filter((check) => check.variant === variant))
    })
    return [name, describe(its[0].name)[1], ...cells]
  })
  return { head: [title, words, ...variants], rows }
}

/** `held 5 of 5`, worst first. */
function cell(checks: readonly Check[]): string {
  if (checks.length === 0) return NOTHING
  const times = (verdict: Verdict) => checks.reduce((sum, { runs }) => sum + runs[verdict], 0)
  const all = times('held') + times('violated') + times('undecided')
  const expected = checks.reduce((sum, { expectedViolations }) => sum + expectedViolations, 0)
  const count = (text: string, number: number, rest = '') =>
    number === 0 ? [] : [`${text} ${number} of ${all}${rest}`]
  return [
    ...count(VERDICT_WORDS.violated, times('violated')),
    ...count(VERDICT_WORDS.undecided, times('undecided')),
    ...count(VERDICT_WORDS.held, times('held') - expected),
    ...count('broken', expected, ', as expected'),
  ].join('\n')
}

/** The entry whose name, with `<…>` for what differs, fits. */
function textOf(
  docs: Readonly<Record<string, string>>,
  name: string,
): { pattern: string; text: string } | null {
  for (const [pattern, text] of Object.entries(docs)) {
    const parts = pattern
      .split(/<[^>]*>/)
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    if (new RegExp(`^${parts.join('.+')}$`).test(name)) return { pattern, text }
  }
  return null
}
