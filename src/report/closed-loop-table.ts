import type { Metric } from '../experiment/metric.js'
import type { Summary } from '../experiment/summary.js'
import type { ClosedLoopResult } from '../simulation/closed-loop-results.js'
import { metricTable, type Table } from './table.js'

/** What closed-loop clients got done, phase by phase; a column for each variant. */
export function closedLoopTable({ runs }: Summary): Table {
  const phases = new Set(
    runs.flatMap(({ closedLoop = [] }) => closedLoop.map(({ phase }) => phase)),
  )
  const metrics = [...phases]
    .sort((a, b) => a - b)
    .flatMap((phase) => FIGURES.map((figure) => metricOf(phase, figure)))
  return metricTable(runs, metrics)
}

/** What the figures of the table are, to be read below it. */
export const CLOSED_LOOP_NOTE =
  'Between warm-up and the end of the phase. Each client sends its next operation when it has the ' +
  'answer to its last, so the slower the answers, the less is sent. Late: sent after it was due at ' +
  'the target rate.'

interface Figure extends Pick<Metric, 'title' | 'unit'> {
  of: (clients: ClosedLoopResult) => number | null
}

const FIGURES: readonly Figure[] = [
  { title: 'operations', unit: 'objects', of: ({ operations }) => operations },
  { title: 'operations a second', unit: 'objects', of: (each) => each.operationsPerSecond },
  { title: 'mean response', unit: 'us', of: ({ meanResponseUs }) => meanResponseUs },
  { title: 'sent late', unit: 'share', of: ({ lateShare }) => lateShare },
]

function metricOf(phase: number, { title, unit, of }: Figure): Metric {
  return {
    name: `closedLoop[${phase}] ${title}`,
    title: `workload[${phase}]: ${title}`,
    unit,
    center: 'mean',
    verdict: false,
    of: ({ closedLoop = [] }) => {
      const clients = closedLoop.find((each) => each.phase === phase)
      return clients === undefined ? null : of(clients)
    },
  }
}
