import { metricsOf } from './metric.js'
import { formatQuantity } from './quantities.js'
import type { Change, Sensitivity, VariedParameter } from './sensitivity.js'
import { shareOf } from './sensitivity-changes.js'
import type { Side } from './sensitivity-twins.js'
import type { Summary } from './summary.js'
import { count, list, upTo } from './wording.js'

/** Which estimates the verdict hangs on; silent where they were not varied. */
export function sensitivitySentences(summary: Summary): string[] {
  const { sensitivity } = summary
  if (sensitivity === undefined) return []
  const { parameters, given, unfinished, seed } = sensitivity
  const changing = parameters.filter(({ changed }) => changed.length > 0)
  const sentences: string[] = []
  const all = `${count(parameters.length, 'estimate')}, each halved and doubled (seed ${seed}),`
  if (changing.length > 0) {
    const shown = changing.map((each) => changeText(summary, each))
    const verb = changing.length === 1 ? 'changes' : 'change'
    sentences.push(`Of ${all} ${changing.length} ${verb} a verdict: ${upTo(3, shown).join('; ')}.`)
  } else if (parameters.length > 0) {
    const largest = largestText(summary, parameters[0])
    const moves = largest === null ? 'no figure moves' : `the largest move: ${largest}`
    sentences.push(`Of ${all} none changes a verdict; ${moves}.`)
  } else if (unfinished === 0) {
    sentences.push('Nothing here rests on an estimate that could be halved and doubled.')
  }
  return [...sentences, ...chanceSentence(summary, changing), ...restSentences(given, unfinished)]
}

/** Of one run it cannot be told whether an order is more than chance. */
function chanceSentence({ runs }: Summary, changing: readonly VariedParameter[]): string[] {
  const isOfOne = runs.every(({ seed }) => seed === runs[0].seed)
  const turns = changing.some(({ changed }) => changed.some(({ kind }) => kind === 'order'))
  if (!isOfOne || !turns) return []
  return ['Which variant is ahead in one run may be chance: `compare` looks at several seeds.']
}

function restSentences(given: Sensitivity['given'], unfinished: number): string[] {
  const sentences: string[] = []
  if (given.length > 0) {
    const names = upTo(
      3,
      given.map((name) => `\`${name}\``),
    )
    sentences.push(`Not varied, since the scenario sets them: ${list(names)}.`)
  }
  if (unfinished > 0) {
    sentences.push(`Interrupted before ${count(unfinished, 'more estimate')} had been varied.`)
  }
  return sentences
}

/** How an estimate was scaled, in a word. */
export const SCALED: Readonly<Record<Side, string>> = { low: 'halved', high: 'doubled' }

function changeText(summary: Summary, { parameter, changed }: VariedParameter): string {
  const [first, ...others] = changed
  const more = others.length === 0 ? '' : ` (and ${count(others.length, 'more change')})`
  return `with \`${parameter}\` ${SCALED[first.at]}, ${describeChange(summary, first)}${more}`
}

/** A change of verdict in words, with names in backticks. */
export function describeChange(summary: Summary, change: Change): string {
  const { kind, variant, what, from, to } = change
  const title = metricsOf(summary.runs).find(({ name }) => name === what)?.title ?? what
  switch (kind) {
    case 'expectation':
    case 'invariant':
      return `\`${what}\` is ${to} with \`${variant}\`, not ${from}`
    case 'claim':
      return `the claim \`${what}\` of \`${variant}\` is ${to}, not ${from}`
    case 'loss':
      return `${title} of \`${variant}\` are ${to}, not ${from}`
    case 'order':
      return `the order of ${title} turns round: ${to}, not ${from}`
  }
}

/** The move that is largest in proportion; null if nothing moves. */
export function largestText(summary: Summary, { parameter, rows }: VariedParameter): string | null {
  const moves = rows.flatMap((row) => [
    { row, at: 'low' as const, to: row.low, share: shareOf(row.base, row.low) },
    { row, at: 'high' as const, to: row.high, share: shareOf(row.base, row.high) },
  ])
  if (moves.length === 0) return null
  const { row, at, to } = moves.reduce((best, move) => (move.share > best.share ? move : best))
  const { variant, metric, unit, base } = row
  if (base === null || to === null) return null
  const title = metricsOf(summary.runs).find(({ name }) => name === metric)?.title ?? metric
  const figures = `${formatQuantity(to, unit)}, not ${formatQuantity(base, unit)}`
  return `${title} of \`${variant}\` is ${figures}, with \`${parameter}\` ${SCALED[at]}`
}
