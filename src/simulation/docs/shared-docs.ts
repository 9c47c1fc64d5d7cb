import type { LatencyQuantiles } from '../result.js'
import type { Doc } from './doc.js'

const EMPTY = 'null if nothing was recorded'

export const latencyDocs: Readonly<Record<keyof LatencyQuantiles, Doc>> = {
  count: { text: 'How many values were recorded in the measured window.', unit: 'values' },
  p50: { text: `Median of the recorded values, each counting once; ${EMPTY}.` },
  p99: { text: `Value that 99 % of the recorded ones do not exceed; ${EMPTY}.` },
  p999: { text: `Value that 99.9 % of the recorded ones do not exceed; ${EMPTY}.` },
  max: { text: `Greatest of the recorded values; ${EMPTY}.` },
}

export const lostDocs = {
  lostEdits: {
    text: 'Edits that the disaster really took: acknowledged by then, and nowhere any more.',
    unit: 'edits',
    see: ['acknowledged', 'stored'],
  },
  lostBytes: { text: 'Bytes of the lost edits.' },
} as const satisfies Record<string, Doc>

export const faultDoc: Doc = { text: 'Which fault, by its label.' }
