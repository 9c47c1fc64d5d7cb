import { formatBytes } from '../experiment/quantities.js'
import type { ActivityInterval } from '../measure/activity-timeline.js'
import type { ServerTimeline } from '../measure/server-activity.js'
import type { RunResult } from '../simulation/result.js'
import {
  type ChartBar,
  type ChartDefinition,
  type ChartLine,
  labelRows,
  labelWidth,
  largestOf,
  legendEntry,
  markNote,
  pointsOf,
} from './chart.js'
import type { Point } from './decimate.js'
import { faultMarks } from './fault-marks.js'
import type { LineStyle } from './line-style.js'
import { type Axis, bytesAxis, countAxis, logDurationAxis, rowsAxis, timeAxis } from './ticks.js'

const FLUSH = { colour: '#d55e00', dash: [], width: 2 }
const COMPACTION = { colour: '#56b4e9', dash: [], width: 2 }
const MEMSTORES = { colour: '#0072b2', dash: [], width: 2.6 }
const UPPER_LIMIT = { colour: '#000000', dash: [10, 4], width: 1.6 }
const LOWER_LIMIT = { colour: '#000000', dash: [2, 4], width: 1.6 }
const STORE_FILES = { colour: '#56b4e9', dash: [], width: 2.6 }
const WALS = { colour: '#009e73', dash: [], width: 2.6 }
const OLD_WALS = { colour: '#cc79a7', dash: [9, 5], width: 2.2 }
const WRITES_P99 = { colour: '#444444', dash: [], width: 2.4 }
const WRITES_MAX = { colour: '#e69f00', dash: [4, 3], width: 1.6 }

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
  lines: { label: string; style: LineStyle; scattered: boolean; points: Point[] }[]
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
    id: 'region-server',
    title: `Region server ${server}: flushes, compactions, memstores, WALs and write latency`,
    subtitle:
      `${scenarioName}, seed ${run.seed}, variant ${run.variant}: the server that flushed most; ` +
      markNote(faults),
    height: 200 + 36 * rows.length + 200 * panels.length,
    time: timeAxis('Simulated time', endUs, 12),
    panels: [{ ...top, weight: Math.max(0.35, rows.length * 0.18) }, ...panels.map((p) => p.axis)],
    lines,
    bars: rows.flatMap(({ bars }, index) =>
      bars.map((bar) => ({ ...bar, row: rows.length - 1 - index })),
    ),
    legend: [
      ...(timeline.flushes.length > 0 ? [legendEntry('flush', FLUSH, 'bar')] : []),
      ...(timeline.compactions.length > 0 ? [legendEntry('compaction', COMPACTION, 'bar')] : []),
      ...lines.map(({ label, style, scattered }) =>
        legendEntry(label, style, scattered ? 'points' : 'line'),
      ),
    ],
    faults,
    labelRows: labelRows(faults),
  }
}

/** Bars of one kind, those that overlap in rows below each other; only the first row has a title. */
function lanesOf(title: string, colour: string, intervals: readonly ActivityInterval[]) {
  const lanes: { title: string; endUs: number; bars: ChartBar[] }[] = []
  for (const { fromUs, untilUs } of intervals) {
    let lane = lanes.find(({ endUs }) => endUs <= fromUs)
    if (lane === undefined && lanes.length < MOST_LANES) {
      lane = { title: lanes.length === 0 ? title : '', endUs: 0, bars: [] }
      lanes.push(lane)
    }
    lane ??= lanes[lanes.length - 1]
    lane.endUs = Math.max(lane.endUs, untilUs)
    const place = { panel: 0, row: 0, fromUs, toUs: untilUs }
    lane.bars.push({ ...place, colour, text: '', textColour: '' })
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
    { ...line('flush stall', FLUSH, stalls), scattered: true },
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
  return { label, style, scattered: false, points }
}

/** Zero has no place on a logarithmic scale. */
function positive(points: readonly Point[]): Point[] {
  return points.map(({ x, y }) => ({ x, y: y === null ? null : Math.max(1, y) }))
}

function within(points: readonly Point[], endUs: number): Point[] {
  return points.filter(({ x }) => x <= endUs)
}
