import type { Parameters } from '../../storage/parameter.js'

const reference = 'estimate (storage reference, section 10)'

/** Parameters of the recovery of a crashed region server. */
export const recoveryParameters = {
  walSplit: {
    quantity: 'rate',
    value: { kind: 'constant', value: 30e6 },
    doc: 'rate at which one splitter reads a WAL and writes it out by region',
    source: reference,
    grade: 'D',
  },
  regionOpen: {
    quantity: 'duration',
    value: { kind: 'lognormal', median: 300_000, sigma: 0.5 },
    doc: 'time to open a region, without the replay of its recovered edits',
    source: reference,
    grade: 'D',
  },
  recoveredEditsReplay: {
    quantity: 'rate',
    value: { kind: 'constant', value: 50e6 },
    doc: 'rate at which a region that opens replays its recovered edits',
    source: reference,
    grade: 'D',
  },
} satisfies Parameters
