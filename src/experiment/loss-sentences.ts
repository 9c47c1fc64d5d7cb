import { medianInterval } from './interval.js'
import type { MeasuredRun } from './metric.js'
import type { OverSeeds } from './over-seeds.js'
import { formatDuration, formatQuantity } from './quantities.js'
import { count, list, pedigree, span, spread } from './wording.js'

/** What the disasters took with each variant, then why; none if no disaster struck. */
export function lossSentences(
  runs: readonly MeasuredRun[],
  rows: readonly OverSeeds[],
  peer: string,
): string[] {
  const losses = rows.filter((row) => row.metric === `peers.${peer}.lostEdits`)
  if (losses.length === 0) return []
  const [first, ...others] = losses.map(lossClause)
  const compared = others.length === 0 ? first : `${first} where ${list(others)}`
  const reasons = losses
    .filter(({ range }) => range[1] > 0)
    .map(({ variant }) => reason(variant, runs, peer))
  return [
    `${occasion(runs, peer)}, ${compared}: ${pedigree(losses)}.`,
    ...(reasons.length === 0 ? [] : [`Why: ${reasons.join('; ')}.`]),
  ]
}

/** `When the cluster is lost (after 27 min…29 min)`. */
function occasion(runs: readonly MeasuredRun[], peer: string): string {
  const struck = runs.flatMap((run) => [...run.clusterLoss, ...(run.peers[peer]?.disasters ?? [])])
  const kinds = [...new Set(struck.map(({ kind }) => kind))]
  const times = struck.map(({ atUs }) => atUs)
  const after = span(formatDuration(Math.min(...times)), formatDuration(Math.max(...times)))
  const what =
    kinds.length === 1 && kinds[0] === 'cluster-loss'
      ? 'the cluster is lost'
      : `${list(kinds.map((kind) => `\`${kind}\``))} ${kinds.length === 1 ? 'strikes' : 'strike'}`
  return `When ${what} (after ${after})`
}

function lossClause(loss: OverSeeds): string {
  const who = `\`${loss.variant}\` loses`
  if (loss.range[1] === 0) return `${who} nothing`
  const edits = loss.center === 1 ? 'edit' : 'edits'
  return `${who} ${formatQuantity(loss.center, loss.unit)} ${edits}${spread(loss)}`
}

/** The mechanism, read off the ledger: were edits confirmed before they were stored? */
function reason(variant: string, runs: readonly MeasuredRun[], peer: string): string {
  const peers = runs
    .filter((run) => run.variant === variant)
    .map((run) => run.peers[peer])
    .filter((figures) => figures !== undefined)
  if (peers.length === 0) return `\`${variant}\` keeps nothing outside the cluster`
  const measured = peers.filter(({ rpo }) => rpo['cluster-loss'] !== undefined)
  const early = median(measured.map((figures) => figures.confirmedNotStoredEdits.max))
  if (early === null) return `\`${variant}\` was lost before the measured window began`
  const confirms =
    early > 0
      ? `confirms edits before they are stored, up to ${count(Math.round(early), 'edit')} at once`
      : 'confirms edits only once they are stored'
  const oldest = median(
    peers.flatMap(({ disasters }) => {
      const ages = disasters.map(({ oldestLostAgeUs }) => oldestLostAgeUs ?? 0)
      return ages.length === 0 ? [] : [Math.max(...ages)]
    }),
  )
  const reach =
    oldest === null ? '' : `, and its oldest lost edit was ${formatDuration(oldest)} old`
  return `\`${variant}\` ${confirms}${reach}`
}

function median(samples: readonly number[]): number | null {
  return samples.length === 0 ? null : medianInterval(samples, 0.95).center
}
