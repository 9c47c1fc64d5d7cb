import type { Doc } from '../../simulation/docs/doc.js'
import type { Comparison, Pair } from '../compare.js'
import type { OutcomeMatrix } from '../edit-outcomes.js'

const pairDocs: Readonly<Record<keyof Pair, Doc>> = {
  a: { text: 'The earlier of two variants.' },
  b: { text: 'The later of two variants.' },
  metric: { text: 'Path of the figure that is compared.' },
  unit: { text: 'What the figure counts.' },
  difference: { text: 'What b has more than a: mean or median, over seeds, of b less a.' },
  interval95: { text: '95 % interval over seeds; null if there are too few of them.', each: '[]' },
  coverage: { text: 'Probability that the interval, or the range where it is null, covers.' },
  pValue: {
    text: 'Two-sided paired t-test for means, sign test for medians; absent for one seed.',
  },
  holm: {
    text: 'pValue corrected (Holm) over all pairs of the metrics that the verdict rests on.',
  },
  seeds: { text: 'Seeds for which both variants have the figure.', unit: 'seeds' },
  luckShared: {
    text: "Correlation of the twins' values over seeds; null if constant or for fewer than 3 seeds.",
    see: ['twin'],
  },
}

type Outcome = Comparison['outcomes'][string][string]

const outcomeDocs: Readonly<Record<keyof Outcome, Doc>> = {
  unit: { text: 'What the figure counts.' },
  center: { text: 'Mean or median over seeds, as statistic says.' },
  statistic: { text: 'mean for quantiles and averages, median for maxima and losses.' },
  interval95: pairDocs.interval95,
  range: { text: 'Smallest and largest value of a seed.', each: '[]' },
  seeds: { text: 'Seeds that have the figure.', unit: 'seeds' },
}

const editDocs: Readonly<Record<keyof OutcomeMatrix, Doc>> = {
  a: pairDocs.a,
  b: pairDocs.b,
  peer: { text: 'Id of the peer.' },
  keptByBoth: { text: 'Client operations that both variants kept.', unit: 'edits' },
  lostByBoth: { text: 'Client operations that both variants lost.', unit: 'edits' },
  keptOnlyByA: { text: 'Kept by a, lost by b.', unit: 'edits' },
  keptOnlyByB: { text: 'Kept by b, lost by a.', unit: 'edits' },
  notComparable: {
    text: 'Not acknowledged in both runs: there was no promise to keep.',
    unit: 'edits',
  },
  seeds: { text: 'Seeds that are summed up.', unit: 'seeds' },
}

/** `comparison` of summary.json. */
export const comparisonDocs: Readonly<Record<keyof Comparison, Doc>> = {
  pairs: {
    text: 'Every two variants under every figure that both have.',
    each: '[]',
    of: pairDocs,
  },
  outcomes: {
    text: 'Each variant by itself over its seeds, by figure.',
    each: '.<variant>.<figure>',
    of: outcomeDocs,
  },
  edits: { text: 'Edit by edit, between twins.', each: '[]', of: editDocs, see: ['twin'] },
}
