import { violations } from './exit-code.js'
import { lossSentences } from './loss-sentences.js'
import { metricsOf } from './metric.js'
import type { OverSeeds } from './over-seeds.js'
import { overSeeds, variantsOf } from './over-seeds.js'
import { formatQuantity } from './quantities.js'
import type { Summary, SummaryRun } from './summary.js'
import { count, list, pedigree, spread, upTo } from './wording.js'

/**
 * The verdict on top of a report: sentences (with names in backticks) that give the figures, the
 * number of runs they come from and the assumptions they rest on. The most important comes first.
 */
export function verdict(summary: Summary): string[] {
  const rows = overSeeds(summary.runs)
  const peers = [...new Set(summary.runs.flatMap((run) => Object.keys(run.peers)))].sort()
  const ofPeers = peers.flatMap((peer) => {
    // Only several peers need telling apart.
    const about = peers.length > 1 ? `\`${peer}\`: ` : ''
    const sentences = [
      ...lossSentences(summary.runs, rows, peer),
      ...exposureSentences(rows, peer),
      ...priceSentence(rows, peer),
    ]
    return sentences.map((sentence) => about + sentence)
  })
  return [
    ...ofPeers,
    ...latencySentence(rows),
    ...chanceSentence(summary),
    ...findings('Violated', summary.runs, violations),
    ...findings('Undecided', summary.runs, undecidedExpectations),
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

function latencySentence(rows: readonly OverSeeds[]): string[] {
  return sentenceOf(
    rows.filter((row) => row.metric === 'writeLatencyUs.p99'),
    '99 % of writes are acknowledged within',
  )
}

function priceSentence(rows: readonly OverSeeds[], peer: string): string[] {
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

/** `opening` 5 s with `a` (4 s…6 s) and 3 s with `b`: means of 5 runs, …. None without rows. */
function sentenceOf(rows: readonly OverSeeds[], opening: string): string[] {
  if (rows.length === 0) return []
  const figures = rows.map(
    (row) => `${formatQuantity(row.center, row.unit)} with \`${row.variant}\`${spread(row)}`,
  )
  return [`${opening} ${list(figures)}; ${pedigree(rows)}.`]
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
    .filter(({ source }) => /\bestimated?\b|\bgrade D\b/i.test(source))
    .map(({ parameter, value }) => `\`${parameter}\` = ${value}`)
  const weakest =
    estimates.length === 0 ? 'none of them an estimate' : `estimated: ${list(upTo(5, estimates))}`
  const parameters = `${count(assumptions.length, 'parameter')} (${weakest})`
  return `This rests on ${experiment} of ${list(durations)}, and on ${parameters}.`
}
