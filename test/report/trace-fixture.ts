import type { Details, Occurrence } from '../../src/kernel/tracer.js'
import type { RunTrace } from '../../src/measure/run-trace.js'
import type { TracedRun } from '../../src/report/traced-run.js'

export const EXPERIMENT = { hbsim: '1.2.3', scenario: { name: 'by hand', hash: 'abc' } }

interface Told {
  kind: string
  host: string
  fromUs: number
  /** `fromUs` if it is left out. */
  untilUs?: number | null
  cause?: number
  details?: Details
}

/** A run in which this happened, numbered in this order. */
export function tracedRun(told: readonly Told[], rest: Partial<RunTrace> = {}): TracedRun {
  const occurrences = told.map((one, i): Occurrence => {
    const { untilUs = one.fromUs } = one
    return { cause: 0, details: {}, ...one, id: i + 1, untilUs }
  })
  const nothing = { droppedOccurrences: 0, ranges: [], droppedRanges: 0, counters: [] }
  const logs = [{ log: 0, server: 'rs1' }]
  return {
    variant: 'base',
    seed: 1,
    trace: { endedUs: 1_000, occurrences, ...nothing, logs, ...rest },
  }
}

/** A fault, a request that fails under it and one that does not, in the thread that asks. */
export const OUTAGE_AND_REQUESTS: readonly Told[] = [
  { kind: 'fault begins', host: 'faults', fromUs: 10, details: { label: 'backup answers 500' } },
  {
    kind: 'fault',
    host: 'faults',
    fromUs: 10,
    untilUs: 60,
    cause: 1,
    details: { label: 'backup answers 500' },
  },
  { kind: 'replicate', host: 'rs1', fromUs: 20, untilUs: 90, details: { peer: 'backup' } },
  { kind: 'store request', host: 'rs1', fromUs: 20, untilUs: 50, cause: 3 },
  { kind: 'store attempt', host: 'rs1', fromUs: 20, untilUs: 50, cause: 4, details: { fault: 2 } },
  { kind: 'store request', host: 'rs1', fromUs: 40, untilUs: 90, cause: 3 },
  { kind: 'object stored', host: 'backup', fromUs: 90, cause: 6 },
]
