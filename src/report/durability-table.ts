import { DISASTER_CLASSES } from '../experiment/disaster-classes.js'
import { type MeasuredRun, peersOf } from '../experiment/metric.js'
import { variantsOf } from '../experiment/over-seeds.js'
import { formatDuration } from '../experiment/quantities.js'
import type { Summary } from '../experiment/summary.js'
import { count } from '../experiment/wording.js'
import type { PeerResult, RpoResult } from '../simulation/result.js'
import { ALARM, NOTHING, type Table } from './table.js'

/** What stands where no edit would have been lost at any instant. */
const HARMLESS = 'nothing'

/** What a class of disaster would have cost one design, had it struck at any instant. */
export interface Exposure {
  /** Of all instants and runs, the age of the oldest edit that it would have taken. */
  worstUs: number
  /** Median, worst instant, share of time; or that nothing would have been lost. */
  lines: string[]
  claim: string
  /** The claim did not hold. */
  broken: boolean
}

/** One class of disaster; an exposure for each variant, null where it was not measured. */
export interface ExposureRow {
  title: string
  /** Name of the class. */
  disaster: string
  cells: (Exposure | null)[]
}

/**
 * What a disaster would have cost each design, had it struck at any instant of the measured window:
 * a row for each class, a column for each variant.
 */
export function exposures({ runs }: { runs: readonly MeasuredRun[] }): ExposureRow[] {
  const variants = variantsOf(runs)
  const peers = peersOf(runs)
  const rows = peers.flatMap((peer) =>
    DISASTER_CLASSES.map((disaster) => ({
      title: peers.length > 1 ? `${peer}: ${disaster}` : disaster,
      disaster,
      cells: variants.map((variant) => exposure(resultsOf(runs, variant, peer), disaster)),
    })),
  )
  return rows.filter(({ cells }) => cells.some((cell) => cell !== null))
}

/** The same as text. */
export function durabilityTable(summary: Summary): Table {
  return table(summary, ({ lines, claim }) => [...lines, claim])
}

/** The same in few characters, without the classes that would have taken nothing from anyone. */
export function shortDurabilityTable(summary: Summary): Table {
  const { head, rows } = table(summary, ({ lines, broken }) => [
    ...lines,
    ...(broken ? [ALARM] : []),
  ])
  const costly = rows.filter(([, ...cells]) =>
    cells.some((cell) => cell !== HARMLESS && cell !== NOTHING),
  )
  return { head, rows: costly }
}

/** What the cells of the durability table say, to be read below it. */
export const DURABILITY_NOTE =
  'Age of the oldest acknowledged edit that a disaster of the class would have taken: median over ' +
  'time (mean of the runs), worst instant of all runs, share of time with anything to lose. A claim ' +
  'is about confirmed edits only; it is broken, with the most of them at one instant, if any such ' +
  'edit would have been lost.'

function table(summary: Summary, lines: (exposure: Exposure) => string[]): Table {
  return {
    head: ['if it had struck', ...variantsOf(summary.runs)],
    rows: exposures(summary).map(({ title, cells }) => [
      title,
      ...cells.map((cell) => (cell === null ? NOTHING : lines(cell).join('\n'))),
    ]),
  }
}

/** Null if the class was not measured. */
function exposure(peers: readonly PeerResult[], name: string): Exposure | null {
  const measured = peers.flatMap(({ rpo }) => rpo[name] ?? [])
  if (measured.length === 0) return null
  const worstUs = Math.max(...measured.map(({ maxUs }) => maxUs))
  const broken = brokenEdits(peers, name)
  return {
    worstUs,
    lines: exposureLines(measured, worstUs),
    claim: broken === null ? claim(peers, name) : `${ALARM}: ${count(broken, 'edit')}`,
    broken: broken !== null,
  }
}

function exposureLines(measured: readonly RpoResult[], worstUs: number): string[] {
  const mean = (of: (figures: RpoResult) => number) =>
    measured.reduce((sum, figures) => sum + of(figures), 0) / measured.length
  const share = mean(({ timeShareAboveZero }) => timeShareAboveZero)
  if (share === 0) return [HARMLESS]
  return [
    `median ${formatDuration(Math.round(mean(({ p50Us }) => p50Us)))}`,
    `worst ${formatDuration(worstUs)}`,
    `${percent(share)} of time`,
  ]
}

function claim(peers: readonly PeerResult[], name: string): string {
  // Who survives the loss of HDFS survives it all the more where streams are closed in time.
  const claimed = name === 'hdfs-loss-clean-abort' ? 'hdfs-loss' : name
  return peers.some(({ claims }) => claims.includes(claimed)) ? 'claimed' : 'not claimed'
}

/** Most confirmed edits that the class would have taken in spite of a claim; null if it held. */
function brokenEdits(peers: readonly PeerResult[], name: string): number | null {
  const broken = peers.flatMap(({ brokenClaims }) => brokenClaims[name] ?? [])
  return broken.length === 0 ? null : Math.max(...broken.map(({ maxEdits }) => maxEdits))
}

function resultsOf(runs: readonly MeasuredRun[], variant: string, peer: string): PeerResult[] {
  return runs
    .filter((run) => run.variant === variant && Object.hasOwn(run.peers, peer))
    .map((run) => run.peers[peer])
}

/** Never a plain 0 % or 100 % for something in between. */
function percent(share: number): string {
  if (share < 0.001) return '< 0.1 %'
  if (share > 0.999 && share < 1) return '> 99.9 %'
  return `${Number((100 * share).toFixed(1))} %`
}
