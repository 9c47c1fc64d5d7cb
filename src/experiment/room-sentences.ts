import type { MeasuredRun } from './metric.js'
import { ofEachVariant, variantsOf } from './over-seeds.js'
import { formatBytes, formatQuantity } from './quantities.js'
import { list, pedigree, spread, withVariants } from './wording.js'

/** Use of HDFS from which on it counts as full. */
const FULL = 0.95

/** How much longer each outage of a store could have gone on, before HDFS had no room left. */
export function roomSentences(runs: readonly MeasuredRun[]): string[] {
  const faults = [...new Set(runs.flatMap(({ hdfs }) => hdfs.fillsUs.map(({ fault }) => fault)))]
  return [...fullSentence(runs), ...faults.flatMap((fault) => fillSentence(fault, runs))]
}

function fullSentence(runs: readonly MeasuredRun[]): string[] {
  const full = variantsOf(runs).filter((variant) =>
    runs.some(
      ({ variant: each, hdfs }) =>
        each === variant && hdfs.maxUsedBytes >= FULL * hdfs.capacityBytes,
    ),
  )
  if (full.length === 0) return []
  return [`HDFS was full with ${list(full.map((variant) => `\`${variant}\``))}.`]
}

function fillSentence(fault: string, runs: readonly MeasuredRun[]): string[] {
  const rows = ofEachVariant(runs, fillMetric(fault))
  if (rows.length === 0) return []
  const figures = withVariants(
    rows,
    (row) =>
      formatQuantity(row.center, 'us') +
      spread(row) +
      filler(runs.filter(({ variant }) => variant === row.variant)),
  )
  const capacities = [...new Set(runs.map(({ hdfs }) => formatBytes(hdfs.capacityBytes)))]
  return [
    `At the growth during \`${fault}\`, HDFS (${list(capacities)}) would have been full after ` +
      `${list(figures)}; ${pedigree(rows)}.`,
  ]
}

/** How long `fault` could have lasted until HDFS was full. */
export function fillMetric(fault: string) {
  return {
    name: `hdfs.fillsUs ${fault}`,
    title: `HDFS would be full after ${fault} of`,
    unit: 'us' as const,
    center: 'median' as const,
    verdict: false,
    of: ({ hdfs }: MeasuredRun) => hdfs.fillsUs.find((each) => each.fault === fault)?.us ?? null,
  }
}

/** Whether it is staging or the cluster's own archived WALs that take the room. */
function filler(runs: readonly MeasuredRun[]): string {
  const peers = runs.flatMap((run) => Object.values(run.peers))
  const staging = Math.max(0, ...peers.map((peer) => peer.staging?.maxBytes ?? 0))
  const oldWALs = Math.max(0, ...peers.map((peer) => peer.oldWALs.maxBytes))
  if (staging + oldWALs === 0) return ''
  return staging > oldWALs ? ' (mostly of staging)' : ' (mostly of oldWALs)'
}
