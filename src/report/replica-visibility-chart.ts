import {
  figuresOf,
  replicatedTables,
  type Secondaries,
  secondariesOf,
} from '../experiment/replica-metric.js'
import type { RunResult } from '../simulation/result.js'
import {
  type ChartDefinition,
  type ChartLine,
  firstOfEachVariant,
  legendEntry,
  seedsOf,
} from './chart.js'
import { bandOf, eachBandOnce } from './chart-bands.js'
import type { Point } from './decimate.js'
import { variantStyle } from './line-labels.js'
import { logDurationAxis, shareAxis } from './ticks.js'

/**
 * How likely a read of a secondary returns a write, against the time since the write: a panel for
 * each replica id. Null if no edit of a table with replicas was acknowledged.
 */
export function replicaVisibilityChart(
  scenarioName: string,
  results: readonly RunResult[],
): ChartDefinition | null {
  const runs = firstOfEachVariant(results)
  const panels = secondariesOf(runs)
    .map((secondaries) => ({ secondaries, curves: curvesOf(runs, results, secondaries) }))
    .filter(({ curves }) => curves.length > 0)
  if (panels.length === 0) return null
  const points = panels.flatMap(({ curves }) => curves.flatMap(({ alike }) => alike))
  const [fromUs, toUs] = rangeOf(points)
  const x = logDurationAxis('Time from the acknowledgement of a write to a read', fromUs, toUs)
  const drawn = panels.flatMap(({ curves }) => curves.map(({ variant }) => variant))
  const several = replicatedTables(runs).length > 1
  const lines = panels.flatMap(({ curves }, panel) =>
    curves.map(({ variant, points: all, alike }): ChartLine => {
      const style = variantStyle(variant, runs)
      const isInside = (place: { x: number }) => place.x >= x.min && place.x <= x.max
      const band = bandOf(alike).filter(isInside)
      return { label: variant, panel, style, shape: 'line', points: all.filter(isInside), band }
    }),
  )
  return {
    kind: 'curves',
    id: 'replica-visibility',
    title: 'Probability that a read of a secondary returns a write',
    subtitle:
      `${scenarioName}, ${seedsOf(results, lines)}; ` +
      'what is not readable by the end counts as never',
    description:
      'How likely a read of a secondary, sent so long after the acknowledgement of a write, returns ' +
      'that write: the further left a curve rises, the fresher the secondary.',
    height: Math.max(480, 180 + 240 * panels.length),
    x,
    panels: panels.map(({ secondaries: { table, replicaId } }) =>
      shareAxis(`${several ? `${table}\n` : ''}replica ${replicaId}`),
    ),
    lines: eachBandOnce(lines),
    boxes: [],
    legend: [...new Set(drawn)].map((label) => legendEntry(label, variantStyle(label, runs))),
    faults: [],
    labelRows: 0,
  }
}

interface Curve {
  variant: string
  points: Point[]
  /** The same in all runs of the variant. */
  alike: Point[][]
}

function curvesOf(
  runs: readonly RunResult[],
  results: readonly RunResult[],
  secondaries: Secondaries,
): Curve[] {
  const pointsOf = (run: RunResult): Point[][] => {
    const pbs = figuresOf(run, secondaries)?.pbs
    return pbs ? [pbs.map(({ afterUs, probability }) => ({ x: afterUs, y: probability }))] : []
  }
  return runs.flatMap((run) => {
    const alike = results.filter(({ variant }) => variant === run.variant).flatMap(pointsOf)
    return pointsOf(run).map((points) => ({ variant: run.variant, points, alike }))
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
