import type { ClosedLoopResult } from '../closed-loop-results.js'
import type { Doc } from './doc.js'

export const closedLoopDocs: Readonly<Record<keyof ClosedLoopResult, Doc>> = {
  phase: { text: 'Place of the phase in workload, counted from 0.' },
  clients: { text: 'How many there are, each with one operation under way at most.' },
  operations: {
    text: 'Puts and reads answered, or failed for good, between warm-up and the end of the phase.',
    unit: 'operations',
  },
  operationsPerSecond: {
    text:
      'Throughput of that time: clients / (mean response + mean thinking) while nothing is late; ' +
      'null if a disaster came before.',
    unit: 'operations/s',
  },
  meanResponseUs: { text: 'From sending an operation to its answer; null without.', unit: 'us' },
  lateShare: {
    text:
      'Of the operations sent, those that were due before at the target rate: their clients still ' +
      'waited or thought; null without a target.',
    unit: 'share (0 to 1)',
  },
}
