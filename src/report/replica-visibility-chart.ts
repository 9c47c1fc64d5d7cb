import {
  figuresOf,
  replicatedTables,
  type Secondaries,
  secondariesOf,
} from '../experiment/replica-metric.js'
import type { RunResult } from '../simulation/result.js'
import { type ChartDefinition, type ChartLine, legendEntry, seedsOf } from './chart.js'
import type { Point } from './decimate.js'
import { variantStyle } from './line-labels.js'
import { logDurationAxis, shareAxis } from './ticks.js'

/**
 * How likely a read of a secondary returns a write, against the time since the write: a panel for
 * each replica id. Null if no edit of a table with replicas was acknowledged.
 */
export function replicaVisibilityChart(
  scenarioName: string,
  runs: readonly RunResult[],
): ChartDefinition | null {
  const panels = secondariesOf(runs)
    .map((secondaries) => ({ secondaries, curves: curvesOf(runs, secondaries) }))
    .filter(({ curves }) => curves.length > 0)
  if (panels.length === 0) return null
  const points = panels.flatMap(({ curves }) => curves.map((curve) => curve.points))
  const [fromUs, toUs] = rangeOf(points)
  const time = logDurationAxis('Time from the acknowledgement of a write to a read', fromUs, toUs)
  const drawn = panels.flatMap(({ curves }) => curves.map(({ variant }) => variant))
  const several = replicatedTables(runs).length > 1
  return {
    id: 'replica-visibility',
    title: 'Probability that a read of a secondary returns a write',
    subtitle: `${scenarioName}, ${seedsOf(runs)}; what is not readable by the end counts as never`,
    height: Math.max(480, 180 + 240 * panels.length),
    time,
    panels: panels.map(({ secondaries: { table, replicaId } }) =>
      shareAxis(`${several ? `${table}\n` : ''}replica ${replicaId}`),
    ),
    lines: panels.flatMap(({ curves }, panel) =>
      curves.map(({ variant, points: all }): ChartLine => {
        const style = variantStyle(variant, runs)
        const inside = all.filter(({ x }) => x >= time.min && x <= time.max)
        return { label: variant, panel, style, scattered: false, points: inside }
      }),
    ),
    bars: [],
    legend: [...new Set(drawn)].map((label) => legendEntry(label, variantStyle(label, runs))),
    faults: [],
    labelRows: 0,
  }
}

function curvesOf(runs: readonly RunResult[], secondaries: Secondaries) {
  return runs.flatMap((run) => {
    const points = figuresOf(run, secondaries)?.pbs?.map(({ afterUs, probability }) => {
      return { x: afterUs, y: probability }
    })
    return points === undefined ? [] : [{ variant: run.variant, points }]
  })
}

/** From where the first curve begins to rise to where the last one has risen, a decade at least. */
function rangeOf(curves: readonly (readonly Point[])[]): [number, number] {
  const starts = curves.map((curve) => {
    const rising = curve.findIndex(({ y }) => (y ?? 0) > 0)
    return curve[Math.max(0, rising - 1)].x
  })
  const ends = curves.map((curve) => {
    const last = curve[curve.length - 1]
    return (curve.find(({ y }) => y === last.y) ?? last).x
  })
  const fromUs = Math.min(...starts)
  return [fromUs, Math.max(10 * fromUs, ...ends)]
}
