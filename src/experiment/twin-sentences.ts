import type { OutcomeMatrix } from './edit-outcomes.js'
import { formatCount } from './quantities.js'
import { count, upTo } from './wording.js'

/** Where one twin kept edits that the other lost, the widest difference first. */
export function twinSentences(matrices: readonly OutcomeMatrix[], peer: string): string[] {
  const unlike = matrices
    .filter((matrix) => matrix.peer === peer && difference(matrix) > 0)
    .sort((x, y) => difference(y) - difference(x))
  if (unlike.length === 0) return []
  const seeds = Math.max(...unlike.map((matrix) => matrix.seeds))
  const runs = seeds === 1 ? '' : ` over ${seeds} runs`
  return [`Edit by edit${runs}, ${upTo(3, unlike.map(clause)).join('; ')}.`]
}

function difference({ keptOnlyByA, keptOnlyByB }: OutcomeMatrix): number {
  return keptOnlyByA + keptOnlyByB
}

function clause({ a, b, keptOnlyByA, keptOnlyByB }: OutcomeMatrix): string {
  const [better, worse, more, less] =
    keptOnlyByA >= keptOnlyByB ? [a, b, keptOnlyByA, keptOnlyByB] : [b, a, keptOnlyByB, keptOnlyByA]
  const back = less === 0 ? 'none' : formatCount(less)
  return (
    `\`${better}\` kept ${count(more, 'edit')} that \`${worse}\` lost, ` +
    `and lost ${back} that it kept`
  )
}
