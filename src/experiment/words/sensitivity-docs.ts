import type { Doc } from '../../simulation/docs/doc.js'
import type { Change, Move, Sensitivity, VariedParameter } from '../sensitivity.js'

const moveDocs: Readonly<Record<keyof Move, Doc>> = {
  variant: { text: 'The variant whose figure moves.' },
  metric: { text: 'Path of the figure that moves.' },
  unit: { text: 'What the figure counts.' },
  base: { text: 'The figure under the estimate; null if the run has none.' },
  low: { text: 'The figure under the scaled-down value; null if the run has none.' },
  high: { text: 'The figure under the scaled-up value; null if the run has none.' },
  seeds: { text: 'Smallest and largest under the estimate over several seeds.', each: '[]' },
}

const changeDocs: Readonly<Record<keyof Change, Doc>> = {
  kind: {
    text: 'What changes: an expectation, an invariant, a claim, a loss, or the order of variants.',
  },
  variant: { text: 'Where it changes; of an order the variant that is ahead under the estimate.' },
  what: { text: 'The expectation, the invariant, the claimed class with its peer, or the figure.' },
  at: { text: 'Which way the parameter was scaled: low or high.' },
  from: { text: 'The verdict under the estimate.' },
  to: { text: 'The verdict under the scaled value.' },
}

const parameterDocs: Readonly<Record<keyof VariedParameter, Doc>> = {
  parameter: { text: 'Name of the parameter, as in the assumptions.' },
  grade: { text: 'How trustworthy its source is; D is an estimate.' },
  source: { text: 'Where its value comes from.' },
  variants: { text: 'Variants that rest on the value; absent if all do.', each: '[]' },
  base: { text: 'Its value as a scenario would write it.' },
  low: { text: 'The value scaled down.' },
  high: { text: 'The value scaled up.' },
  cut: { text: 'Where its range ends before the factor is reached.', each: '[]' },
  traced: { text: 'Whether any event of a run came differently.' },
  rows: { text: 'The figures that move.', each: '[]', of: moveDocs },
  largestMove: {
    text: 'The largest move, as a share of the larger of both figures; 0 if none moves.',
    unit: 'share (0 to 1)',
  },
  changed: { text: 'The verdicts that come differently.', each: '[]', of: changeDocs },
}

/** `sensitivity` of summary.json. */
export const sensitivityDocs: Readonly<Record<keyof Sensitivity, Doc>> = {
  factors: { text: 'What parameters were scaled by: low, then high.', each: '[]' },
  seed: { text: 'The one seed of all its twins.', unit: 'number' },
  runs: { text: 'Simulations that it took.', unit: 'runs' },
  parameters: {
    text: 'Estimated parameters; what changes a verdict comes first.',
    each: '[]',
    of: parameterDocs,
  },
  given: { text: 'Estimates that the scenario replaces, which are not varied.', each: '[]' },
  unfinished: { text: 'Estimates that an interruption left out.', unit: 'parameters' },
}
