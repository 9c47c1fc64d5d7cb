import { formatBytes } from '../experiment/quantities.js'
import type { ActivityInterval } from '../measure/activity-timeline.js'
import type { ServerTimeline } from '../measure/server-activity.js'
import type { RunResult } from '../simulation/result.js'
import {
  boxEntry,
  type ChartBox,
  type ChartDefinition,
  type ChartLine,
  labelRows,
  labelWidth,
  largestOf,
  legendEntry,
  markNote,
  pointsOf,
  rowOf,
} from './chart.js'
import type { Point } from './decimate.js'
import { faultMarks } from './fault-marks.js'
import type { ColourName, LineStyle } from './line-style.js'
import { type Axis, bytesAxis, countAxis, logDurationAxis, rowsAxis, timeAxis } from './ticks.js'

const FLUSH: LineStyle = { colour: 'vermillion', dash: [], width: 2 }
const COMPACTION: LineStyle = { colour: 'sky', dash: [], width: 2 }
const MEMSTORES: LineStyle = { colour: 'blue', dash: [], width: 2.6 }
const UPPER_LIMIT: LineStyle = { colour: 'ink', dash: [10, 4], width: 1.6 }
const LOWER_LIMIT: LineStyle = { colour: 'ink', dash: [2, 4], width: 1.6 }
const STORE_FILES: LineStyle = { colour: 'sky', dash: [], width: 2.6 }
const WALS: LineStyle = { colour: 'green', dash: [], width: 2.6 }
const OLD_WALS: LineStyle = { colour: 'purple', dash: [9, 5], width: 2.2 }
const WRITES_P99: LineStyle = { colour: 'grey', dash: [], width: 2.4 }
const WRITES_MAX: LineStyle = { colour: 'orange', dash: [4, 3], width: 1.6 }

/** Rows of the timeline for what a server does of one kind at once; the rest lies on the last. */
const MOST_LANES = 3

/** Parts of the memstores' upper limit below which it would only press them to the ground. */
const FAR_BELOW = 8

/**
 * What the busiest region server did, in the first run that has one, how full its memory and its
 * WALs were, and what writes had of it. Null if no server flushed or compacted anything.
 */
export function regionServerChart(
  scenarioName: string,
  runs: readonly RunResult[],
): ChartDefinition | null {
  for (const run of runs) {
    const { busiestServer } = run
    if (busiestServer !== null) return chartOf(scenarioName, run, busiestServer)
  }
  return null
}

/** Of the stalls in each such part of the run, the longest is drawn. */
const STALL_SPANS = 120

interface Drawn {
  axis: Axis
  lines: Pick<ChartLine, 'label' | 'style' | 'shape' | 'points'>[]
}

function chartOf(scenarioName: string, run: RunResult, timeline: ServerTimeline): ChartDefinition {
  const { server } = timeline
  const endUs = Math.max(1, run.durationUs)
  const rows = [
    ...lanesOf('flushes', FLUSH.colour, timeline.flushes),
    ...lanesOf('compactions', COMPACTION.colour, timeline.compactions),
  ]
  const top = rowsAxis(
    'Activity',
    rows.map(({ title }) => title),
  )
  const panels = [
    memstores(run, server),
    ...(timeline.compactions.length > 0 ? [storeFiles(run)] : []),
    wals(run, server),
    latency(run, timeline),
  ].filter(({ lines }) => lines.some(({ points }) => points.length > 0))
  const lines: ChartLine[] = panels.flatMap(({ lines: its }, index) =>
    its
      .filter(({ points }) => points.length > 0)
      .map((line) => ({ ...line, panel: index + 1, points: within(line.points, endUs) })),
  )
  const faults = faultMarks([run], endUs, labelWidth(endUs))
  return {
    kind: 'curves',
    id: 'region-server',
    title: `Region server ${server}: flushes, compactions, memstores, WALs and write latency`,
    subtitle:
      `${scenarioName}, seed ${run.seed}, variant ${run.variant}: the server that flushed most; ` +
      markNote(faults),
    description:
      'When the server flushed and compacted, how full its memstores and its WALs were over time, ' +
      'and how long writes of the cluster took meanwhile.',
    height: 200 + 36 * rows.length + 200 * panels.length,
    x: timeAxis('Simulated time', endUs, 12),
    panels: [{ ...top, weight: Math.max(0.35, rows.length * 0.18) }, ...panels.map((p) => p.axis)],
    lines,
    boxes: rows.flatMap(({ boxes }, index) =>
      boxes.map((box) => ({ ...box, ...rowOf(rows.length - 1 - index) })),
    ),
    legend: [
      ...(timeline.flushes.length > 0 ? [boxEntry('flush', { colour: FLUSH.colour })] : []),
      ...(timeline.compactions.length > 0
        ? [boxEntry('compaction', { colour: COMPACTION.colour })]
        : []),
      ...lines.map(({ label, style, shape }) =>
        legendEntry(label, style, shape === 'points' ? 'points' : 'line'),
      ),
    ],
    faults,
    labelRows: labelRows(faults),
  }
}

/** Boxes of one kind, those that overlap in rows below each other; only the first row has a title. */
function lanesOf(title: string, colour: ColourName, intervals: readonly ActivityInterval[]) {
  const lanes: { title: string; endUs: number; boxes: ChartBox[] }[] = []
  for (const { fromUs, untilUs } of intervals) {
    let lane = lanes.find(({ endUs }) => endUs <= fromUs)
    if (lane === undefined && lanes.length < MOST_LANES) {
      lane = { title: lanes.length === 0 ? title : '', endUs: 0, boxes: [] }
      lanes.push(lane)
    }
    lane ??= lanes[lanes.length - 1]
    lane.endUs = Math.max(lane.endUs, untilUs)
    const place = { panel: 0, from: fromUs, to: untilUs, low: 0, high: 1 }
    lane.boxes.push({ ...place, fill: { colour }, text: [], note: title })
  }
  return lanes
}

function memstores(run: RunResult, server: string): Drawn {
  const points = pointsOf(run, 'memstoreBytes', { server })
  const upper = pointsOf(run, 'memstoreLimitBytes', { limit: 'upper' })
  const lower = pointsOf(run, 'memstoreLimitBytes', { limit: 'lower' })
  const most = largestOf(points)
  const limit = largestOf(upper)
  const lines = [line('memstores', MEMSTORES, points)]
  if (limit > FAR_BELOW * most) {
    return { axis: bytesAxis(`Memstores\n(limit: ${formatBytes(limit)})`, most), lines }
  }
  lines.push(line('limit: writes wait', UPPER_LIMIT, upper))
  lines.push(line('lower limit: forced flushes', LOWER_LIMIT, lower))
  return { axis: bytesAxis('Memstores', 1.05 * Math.max(most, limit)), lines }
}

/** What compactions owe. */
function storeFiles(run: RunResult): Drawn {
  const points = pointsOf(run, 'storeFilesMax')
  const axis = countAxis('Most files\nof a store', largestOf(points))
  return { axis, lines: [line('files of the store that has most', STORE_FILES, points)] }
}

function wals(run: RunResult, server: string): Drawn {
  const wanted = line('WALs', WALS, pointsOf(run, 'walFiles', { server }))
  const old = line('oldWALs', OLD_WALS, pointsOf(run, 'oldWALFiles', { server }))
  const most = Math.max(largestOf(wanted.points), largestOf(old.points))
  return { axis: countAxis('WAL files', most), lines: [wanted, old] }
}

/** Stalls lie on the same scale as the writes that they held up. */
function latency(run: RunResult, { flushes }: ServerTimeline): Drawn {
  const stalls = longestStalls(flushes, Math.max(1, run.durationUs))
  const lines = [
    { ...line('flush stall', FLUSH, stalls), shape: 'points' as const },
    line('write p99', WRITES_P99, pointsOf(run, 'writeLatencyP99Us')),
    line('slowest write', WRITES_MAX, pointsOf(run, 'writeLatencyMaxUs')),
  ]
  const values = lines.flatMap(({ points }) => points.flatMap(({ y }) => (y ? [y] : [])))
  const least = values.reduce((min, value) => Math.min(min, value), Number.POSITIVE_INFINITY)
  const most = values.reduce((max, value) => Math.max(max, value), 1)
  const title = 'Writes of the cluster\nand stalls (log scale)'
  const axis = logDurationAxis(title, Math.min(least, most), most)
  return { axis, lines: lines.map((each) => ({ ...each, points: positive(each.points) })) }
}

/** The longest in each of equal spans of time: more would hide the writes. */
function longestStalls(flushes: readonly ActivityInterval[], endUs: number): Point[] {
  const longest = new Map<number, ActivityInterval>()
  for (const flush of flushes) {
    const span = Math.floor((flush.stalledAtUs / endUs) * STALL_SPANS)
    if (flush.stallUs > (longest.get(span)?.stallUs ?? 0)) longest.set(span, flush)
  }
  return [...longest.values()]
    .map(({ stallUs, stalledAtUs }) => ({ x: stalledAtUs, y: stallUs }))
    .sort((a, b) => a.x - b.x)
}

function line(label: string, style: LineStyle, points: Point[]) {
  return { label, style, shape: 'line' as const, points }
}

/** Zero has no place on a logarithmic scale. */
function positive(points: readonly Point[]): Point[] {
  return points.map(({ x, y }) => ({ x, y: y === null ? null : Math.max(1, y) }))
}

function within(points: readonly Point[], endUs: number): Point[] {
  return points.filter(({ x }) => x <= endUs)
}
