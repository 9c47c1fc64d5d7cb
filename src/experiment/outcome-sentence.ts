import { violations } from './exit-code.js'
import type { Summary } from './summary.js'
import { count, list } from './wording.js'

/** How an experiment came out, in a word and then in a sentence. */
export interface OutcomeSentence {
  readonly word: 'HELD' | 'VIOLATED' | 'UNDECIDED'
  readonly text: string
}

/**
 * The first line of everything that reports an experiment. An expectation counts once, whatever the
 * number of its variants and seeds: violated if any run violates it, else undecided if any is.
 */
export function outcomeSentence({ runs }: Summary): OutcomeSentence {
  const verdicts = new Map<string, Set<string>>()
  for (const { that, verdict } of runs.flatMap(({ expectations }) => expectations)) {
    verdicts.set(that, (verdicts.get(that) ?? new Set()).add(verdict))
  }
  const all = [...verdicts.values()]
  const violated = all.filter((each) => each.has('violated')).length
  const undecided = all.filter((each) => !each.has('violated') && each.has('undecided')).length
  const held = all.length - violated - undecided
  // An expectation is named by its text, so what is left are invariants and laws.
  const broken = new Set(runs.flatMap(violations).filter((name) => !verdicts.has(name))).size
  const of = (number: number) => `${number} of ${count(all.length, 'expectation')}`
  const rest = [
    ...(violated > 0 && undecided > 0 ? [`${undecided} undecided`] : []),
    ...(held > 0 ? [`${held} held`] : []),
  ]
  const after = rest.length === 0 ? '' : `; ${list(rest)}`
  if (violated + broken > 0) {
    const found = [
      ...(violated > 0 ? [of(violated)] : []),
      ...(broken > 0 ? [count(broken, 'invariant')] : []),
    ]
    return { word: 'VIOLATED', text: `${list(found)}${after}.` }
  }
  if (undecided > 0) return { word: 'UNDECIDED', text: `${of(undecided)}${after}.` }
  if (held === 0) return { word: 'HELD', text: 'every invariant; the scenario expects nothing.' }
  const what = held === 1 ? 'the expectation' : `all ${held} expectations`
  return { word: 'HELD', text: `${what}, and every invariant.` }
}
