import { DISASTER_CLASSES } from '../experiment/disaster-classes.js'
import { peersOf } from '../experiment/metric.js'
import { variantsOf } from '../experiment/over-seeds.js'
import { formatDuration } from '../experiment/quantities.js'
import type { Summary, SummaryRun } from '../experiment/summary.js'
import { count } from '../experiment/wording.js'
import type { PeerResult, RpoResult } from '../simulation/result.js'
import { ALARM, NOTHING, type Table } from './table.js'

/** What stands where no edit would have been lost at any instant. */
const HARMLESS = 'nothing'

/**
 * What a disaster would have cost each design, had it struck at any instant of the measured window:
 * a row for each class, a column for each variant.
 */
export function durabilityTable({ runs }: Summary): Table {
  return table(runs, fullCell)
}

/** The same in few characters, without the classes that would have taken nothing from anyone. */
export function shortDurabilityTable({ runs }: Summary): Table {
  const { head, rows } = table(runs, shortCell)
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

function table(
  runs: readonly SummaryRun[],
  cell: (peers: readonly PeerResult[], name: string) => string,
): Table {
  const variants = variantsOf(runs)
  const peers = peersOf(runs)
  const rows = peers.flatMap((peer) =>
    DISASTER_CLASSES.map((name) => [
      peers.length > 1 ? `${peer}: ${name}` : name,
      ...variants.map((variant) => cell(resultsOf(runs, variant, peer), name)),
    ]),
  )
  return {
    head: ['if it had struck', ...variants],
    rows: rows.filter(([, ...cells]) => cells.some((each) => each !== NOTHING)),
  }
}

function fullCell(peers: readonly PeerResult[], name: string): string {
  const lines = exposureLines(peers, name)
  return lines === null ? NOTHING : [...lines, claim(peers, name)].join('\n')
}

function shortCell(peers: readonly PeerResult[], name: string): string {
  const lines = exposureLines(peers, name)
  if (lines === null) return NOTHING
  return (brokenEdits(peers, name) === null ? lines : [...lines, ALARM]).join('\n')
}

/** Null if the class was not measured. */
function exposureLines(peers: readonly PeerResult[], name: string): string[] | null {
  const measured = peers.flatMap(({ rpo }) => rpo[name] ?? [])
  if (measured.length === 0) return null
  const mean = (of: (figures: RpoResult) => number) =>
    measured.reduce((sum, figures) => sum + of(figures), 0) / measured.length
  const share = mean(({ timeShareAboveZero }) => timeShareAboveZero)
  if (share === 0) return [HARMLESS]
  return [
    `median ${formatDuration(Math.round(mean(({ p50Us }) => p50Us)))}`,
    `worst ${formatDuration(Math.max(...measured.map(({ maxUs }) => maxUs)))}`,
    `${percent(share)} of time`,
  ]
}

function claim(peers: readonly PeerResult[], name: string): string {
  const broken = brokenEdits(peers, name)
  if (broken !== null) return `${ALARM}: ${count(broken, 'edit')}`
  // Who survives the loss of HDFS survives it all the more where streams are closed in time.
  const claimed = name === 'hdfs-loss-clean-abort' ? 'hdfs-loss' : name
  return peers.some(({ claims }) => claims.includes(claimed)) ? 'claimed' : 'not claimed'
}

/** Most confirmed edits that the class would have taken in spite of a claim; null if it held. */
function brokenEdits(peers: readonly PeerResult[], name: string): number | null {
  const broken = peers.flatMap(({ brokenClaims }) => brokenClaims[name] ?? [])
  return broken.length === 0 ? null : Math.max(...broken.map(({ maxEdits }) => maxEdits))
}

function resultsOf(runs: readonly SummaryRun[], variant: string, peer: string): PeerResult[] {
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
