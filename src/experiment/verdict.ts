import { isEstimate } from '../storage/parameter.js'
import {
  brokenClaimSentences,
  defectSentences,
  duplicateSentence,
  startFaultSentences,
} from './audit-sentences.js'
import { DISASTER_CLASSES } from './disaster-classes.js'
import { violations } from './exit-code.js'
import { harmlessSentence, lossSentences } from './loss-sentences.js'
import { metricsOf, peerFigure, peersOf } from './metric.js'
import type { OverSeeds } from './over-seeds.js'
import { ofEachVariant, overSeeds, variantsOf } from './over-seeds.js'
import { formatDuration, formatQuantity } from './quantities.js'
import { regionServerSentences } from './region-server-sentences.js'
import { replicaSentences } from './replica-sentences.js'
import { roomSentences } from './room-sentences.js'
import { sensitivitySentences } from './sensitivity-sentences.js'
import type { Summary, SummaryRun } from './summary.js'
import { twinSentences } from './twin-sentences.js'
import { alike, count, list, sentenceOf, upTo } from './wording.js'

/**
 * The verdict on top of a report: sentences (with names in backticks) that give the figures, the
 * number of runs they come from and the assumptions they rest on. The most important comes first.
 */
export function verdict(summary: Summary): string[] {
  const rows = overSeeds(summary.runs)
  const { runs } = summary
  const peers = peersOf(runs)
  const ofPeers = (sentencesOf: (peer: string) => string[]) =>
    peers.flatMap((peer) => {
      // Only several peers need telling apart.
      const about = peers.length > 1 ? `\`${peer}\`: ` : ''
      return sentencesOf(peer).map((sentence) => about + sentence)
    })
  return [
    ...ofPeers((peer) => [
      ...startFaultSentences(runs, peer),
      ...lossSentences(runs, peer),
      ...twinSentences(summary.comparison?.edits ?? [], peer),
      ...brokenClaimSentences(runs, peer),
      ...defectSentences(runs, peer),
    ]),
    ...findings('Violated', runs, violations),
    ...ofPeers((peer) => [
      ...harmlessSentence(runs, peer),
      ...exposureSentences(rows, peer),
      ...mildestSentence(runs, peer),
    ]),
    ...replicaSentences(runs),
    ...roomSentences(runs),
    ...ofPeers((peer) => [
      ...priceSentences(rows, peer),
      ...pendingSentence(runs, peer),
      ...duplicateSentence(runs, peer),
    ]),
    ...latencySentence(rows),
    ...regionServerSentences(runs),
    ...chanceSentence(summary),
    ...findings('Undecided', runs, undecidedExpectations),
    ...sensitivitySentences(summary),
    basisSentence(summary),
  ]
}

function exposureSentences(rows: readonly OverSeeds[], peer: string): string[] {
  const rpo = (quantile: string) =>
    rows.filter((row) => row.metric === `peers.${peer}.rpo["cluster-loss"].${quantile}`)
  return [
    ...sentenceOf(
      rpo('p50Us'),
      'Half of the time, loss of the cluster would cost at most the last',
    ),
    ...sentenceOf(rpo('p99Us'), 'At 99 % of instants, it would cost at most the last'),
  ]
}

/** The mildest class of disaster that could have cost each variant an edit. */
function mildestSentence(runs: readonly SummaryRun[], peer: string): string[] {
  const exposed = variantsOf(runs).flatMap((variant) => {
    const measured = runs
      .filter((run) => run.variant === variant)
      .flatMap((run) => (Object.hasOwn(run.peers, peer) ? run.peers[peer] : []))
    const worst = (name: string) => Math.max(0, ...measured.map(({ rpo }) => rpo[name]?.maxUs ?? 0))
    const mildest = DISASTER_CLASSES.find((name) => worst(name) > 0)
    if (mildest === undefined || mildest === 'cluster-loss' || mildest === 'store-loss') return []
    return [{ variant, mildest, worstUs: worst(mildest) }]
  })
  if (exposed.length === 0) return []
  const cases = alike(
    exposed,
    ({ mildest, worstUs }) => `\`${mildest}\` (at worst the last ${formatDuration(worstUs)})`,
  )
  const texts = cases.map(({ text, who }) => `${text} with ${who}`)
  return [`The mildest disaster that could have cost an edit: ${list(texts)}.`]
}

function latencySentence(rows: readonly OverSeeds[]): string[] {
  return sentenceOf(
    rows.filter((row) => row.metric === 'writeLatencyUs.p99'),
    '99 % of writes are acknowledged within',
  )
}

function priceSentences(rows: readonly OverSeeds[], peer: string): string[] {
  const objects = rows.filter((row) => row.metric === `peers.${peer}.objects.count`)
  return [
    ...sentenceOf(
      rows.filter((row) => row.metric === `peers.${peer}.costUsdPerMonth.total`),
      'A month of backup costs',
    ),
    ...sentenceOf(
      objects.filter(({ range }) => range[1] > 0),
      'Objects left in the store:',
    ),
  ]
}

/** Uploads that nobody has completed or aborted: no reader sees them, and they are paid for. */
function pendingSentence(runs: readonly SummaryRun[], peer: string): string[] {
  const left = ofEachVariant(runs, {
    name: `peers.${peer}.pendingUploads.endBytes`,
    title: 'pending uploads at the end',
    unit: 'bytes',
    center: 'median',
    verdict: false,
    of: peerFigure(peer, (of) => of.pendingUploads.endBytes),
  })
  return sentenceOf(
    left.filter(({ range }) => range[1] > 0),
    'Pending uploads left behind, invisible and billed:',
  )
}

/** Which of the compared differences may be chance; silent for a single seed. */
function chanceSentence(summary: Summary): string[] {
  const tested = (summary.comparison?.pairs ?? []).filter(({ holm }) => holm !== undefined)
  const doubtful = tested.filter(({ holm }) => (holm ?? 1) >= 0.05)
  if (doubtful.length === 0) return []
  const metrics = metricsOf(summary.runs)
  const shown = doubtful.map(({ a, b, metric, holm, seeds }) => {
    const title = metrics.find(({ name }) => name === metric)?.title ?? metric
    return `${title} of \`${a}\` and \`${b}\` (${seeds} seeds, p = ${(holm ?? 1).toFixed(2)})`
  })
  const share = `${doubtful.length} of ${count(tested.length, 'paired difference')}`
  return [
    `Not beyond chance (p >= 0.05 after Holm's correction) are ${share}: ` +
      `${list(upTo(3, shown))}.`,
  ]
}

function undecidedExpectations(run: SummaryRun): string[] {
  return run.expectations.filter(({ verdict }) => verdict === 'undecided').map(({ that }) => that)
}

/** Each name found, with the variant and the number of its runs in which it was found. */
function findings(
  opening: string,
  all: readonly SummaryRun[],
  namesOf: (run: SummaryRun) => string[],
): string[] {
  const found: string[] = []
  for (const variant of variantsOf(all)) {
    const runs = all.filter((run) => run.variant === variant)
    const names = runs.flatMap((run) => [...new Set(namesOf(run))])
    for (const name of new Set(names)) {
      const times = names.filter((other) => other === name).length
      const where = times === runs.length ? '' : ` in ${times} of ${runs.length} runs`
      found.push(`\`${name}\` with \`${variant}\`${where}`)
    }
  }
  return found.length === 0 ? [] : [`${opening}: ${found.join('; ')}.`]
}

function basisSentence({ runs, assumptions }: Summary): string {
  const seeds = [...new Set(runs.map((run) => run.seed))].sort((a, b) => a - b)
  const experiment =
    seeds.length === 1
      ? `one run of each variant (seed ${seeds[0]})`
      : `${seeds.length} runs of each variant (seeds ${seeds[0]} to ${seeds[seeds.length - 1]})`
  const durations = [...new Set(runs.map((run) => formatQuantity(run.durationUs, 'us')))]
  const estimates = assumptions
    .filter(({ source }) => isEstimate(source))
    .map(({ parameter, value }) => `\`${parameter}\` = ${value}`)
  const weakest =
    estimates.length === 0 ? 'none of them an estimate' : `estimated: ${list(upTo(5, estimates))}`
  const parameters = `${count(assumptions.length, 'parameter')} (${weakest})`
  return `This rests on ${experiment} of ${list(durations)}, and on ${parameters}.`
}
