import { formatDuration } from '../experiment/quantities.js'
import type { RecoveryResult, RunResult } from '../simulation/result.js'
import {
  boxEntry,
  type ChartBox,
  type ChartDefinition,
  type Fill,
  labelRows,
  labelWidth,
  largestOf,
  legendEntry,
  pointsOf,
  rowOf,
} from './chart.js'
import type { Point } from './decimate.js'
import { faultMarks } from './fault-marks.js'
import type { ColourName, LineStyle } from './line-style.js'
import { countAxis, rowsAxis, timeAxis } from './ticks.js'

const REGIONS: LineStyle = { colour: 'ink', dash: [], width: 2.4 }

/** Boxes alternate between light and dark, and so can be told apart in grey. */
const PHASES: readonly { colour: ColourName; pale?: boolean }[] = [
  { colour: 'grey', pale: true },
  { colour: 'blue' },
  { colour: 'orange', pale: true },
  { colour: 'green' },
  { colour: 'sky', pale: true },
  { colour: 'vermillion' },
]

/**
 * What became of the servers that died, in the first run that has any: phase by phase, with the
 * regions that nobody served meanwhile. Null if no server died.
 */
export function recoveryChart(
  scenarioName: string,
  runs: readonly RunResult[],
): ChartDefinition | null {
  const run = runs.find(({ recoveries }) => recoveries.length > 0)
  if (run === undefined) return null
  const { recoveries } = run
  const firstUs = Math.min(...recoveries.map(({ diedUs }) => diedUs))
  const endUs = endOf(run, firstUs)
  const lengthUs = endUs - firstUs
  const x = timeAxis('', lengthUs, 12)
  x.min = -Math.round(lengthUs / 40)
  const { server } = recoveries.find(({ diedUs }) => diedUs === firstUs) ?? recoveries[0]
  x.title = `Time since the death of ${server} (after ${formatDuration(firstUs)})`

  const names = [...new Set(recoveries.flatMap(({ phases }) => phases.map(({ name }) => name)))]
  const looks = new Map(names.map((name, index) => [name, PHASES[index % PHASES.length]]))
  const regions = clipped(pointsOf(run, 'unavailableRegions'), firstUs, x.min, lengthUs)
  const rows = recoveries.map(({ server: each, how }) => `${each} ${how}`)
  const faults = marksOf(run, firstUs, endUs)
  return {
    kind: 'curves',
    id: 'recovery',
    title: 'Recovery of region servers, and the regions that nobody served meanwhile',
    subtitle: `${scenarioName}, seed ${run.seed}, variant ${run.variant}; faults are shaded`,
    description:
      'A row for each server that died, with how long each step took until its regions were open ' +
      'again; below, how many regions nobody served at that time.',
    height: 430 + 44 * rows.length,
    x,
    panels: [
      { ...rowsAxis('Recovery', rows), weight: 0.35 + 0.2 * rows.length },
      ...(regions.length === 0
        ? []
        : [countAxis('Unavailable\nregions', Math.max(1, largestOf(regions)))]),
    ],
    lines:
      regions.length === 0
        ? []
        : [
            {
              ...{ label: 'unavailable regions', panel: 1, style: REGIONS, shape: 'line' },
              points: regions,
            },
          ],
    boxes: recoveries.flatMap((recovery, index) =>
      boxesOf(recovery, endUs, looks).map((box) => ({
        ...box,
        from: box.from - firstUs,
        to: box.to - firstUs,
        ...rowOf(recoveries.length - 1 - index),
      })),
    ),
    legend: [
      ...[...looks].map(([name, fill]) => boxEntry(name, fill)),
      ...(regions.length === 0 ? [] : [legendEntry('unavailable regions', REGIONS)]),
    ],
    faults,
    labelRows: labelRows(faults),
  }
}

/** A little after the last phase; one that never ended goes on to the edge. */
function endOf({ recoveries, endedUs }: RunResult, firstUs: number): number {
  const ends = recoveries.flatMap(({ phases }) =>
    phases.map(({ fromUs, untilUs }) => untilUs ?? fromUs),
  )
  const lastUs = Math.max(firstUs + 1, ...ends)
  const open = recoveries.some(({ phases }) => phases.some(({ untilUs }) => untilUs === null))
  const marginUs = Math.ceil((lastUs - firstUs) / (open ? 3 : 25))
  return Math.max(lastUs, Math.min(lastUs + marginUs, endedUs))
}

function boxesOf(
  { server, phases }: RecoveryResult,
  endUs: number,
  looks: ReadonlyMap<string, Fill>,
): ChartBox[] {
  return phases.map(({ name, fromUs, untilUs }) => {
    const took = untilUs === null ? 'not finished' : formatDuration(untilUs - fromUs)
    const text = [untilUs === null ? `${name}: ${took}` : took]
    const fill = looks.get(name) ?? PHASES[0]
    const place = { panel: 0, from: fromUs, to: untilUs ?? endUs, low: 0, high: 1 }
    return { ...place, fill, text, note: `${server}, ${name}: ${took}` }
  })
}

/** Points of `[minUs, lengthUs]` after the shift, with the value at the left edge. */
function clipped(
  points: readonly Point[],
  shiftUs: number,
  minUs: number,
  lengthUs: number,
): Point[] {
  const shifted = points.map(({ x, y }) => ({ x: x - shiftUs, y }))
  const inside = shifted.filter(({ x }) => x >= minUs && x <= lengthUs)
  const before = shifted.findLast(({ x }) => x < minUs)
  const last = shifted.findLast(({ x }) => x <= lengthUs)
  return [
    ...(before === undefined ? [] : [{ x: minUs, y: before.y }]),
    ...inside,
    ...(last === undefined || shifted.at(-1) === last ? [] : [{ x: lengthUs, y: last.y }]),
  ]
}

/** Faults alone: the bars show the recoveries. */
function marksOf(run: RunResult, firstUs: number, endUs: number) {
  const faults = run.faults
    .filter(({ atUs, untilUs }) => atUs <= endUs && (untilUs ?? atUs) >= firstUs)
    .map((fault) => ({
      ...fault,
      atUs: Math.max(0, fault.atUs - firstUs),
      untilUs: fault.untilUs === null ? null : fault.untilUs - firstUs,
    }))
  const lengthUs = endUs - firstUs
  return faultMarks([{ ...run, faults, recoveries: [] }], lengthUs, labelWidth(lengthUs))
}
