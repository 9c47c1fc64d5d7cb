import { medianInterval } from './interval.js'
import { lossesOf, lostEdits, type MeasuredRun } from './metric.js'
import { type OverSeeds, ofEachVariant, variantsOf } from './over-seeds.js'
import { formatCount, formatDuration, formatQuantity } from './quantities.js'
import { alike, count, list, pedigree, span, spread } from './wording.js'

/** What the disasters took with each variant, kind by kind, the costliest first; then why. */
export function lossSentences(runs: readonly MeasuredRun[], peer: string): string[] {
  const costly = lossesByKind(runs, peer)
    .filter(({ rows }) => most(rows) > 0)
    .sort((a, b) => most(b.rows) - most(a.rows))
  const losers = variantsOf(runs).filter((variant) =>
    costly.some(({ rows }) => most(rows.filter((row) => row.variant === variant)) > 0),
  )
  const reasons = alike(
    losers.map((variant) => ({ variant })),
    ({ variant }) => reason(variant, runs, peer),
  ).map(({ text, who }) => `with ${who}, ${text}`)
  return [
    ...costly.map(({ kind, rows }) => lossSentence(occasion(kind, runs, peer), rows)),
    ...(reasons.length === 0 ? [] : [`Why: ${reasons.join('; ')}.`]),
  ]
}

/** The disasters that struck and took nothing. */
export function harmlessSentence(runs: readonly MeasuredRun[], peer: string): string[] {
  const harmless = lossesByKind(runs, peer).filter(({ rows }) => most(rows) === 0)
  if (harmless.length === 0) return []
  const occasions = harmless.map(({ kind }) => occasion(kind, runs, peer))
  const rows = harmless.flatMap((each) => each.rows)
  const who = new Set(rows.map(({ variant }) => variant)).size === 1 ? '' : ' with any variant'
  return [`Nothing is lost${who} when ${list(occasions)}: ${pedigree(rows)}.`]
}

function lossesByKind(
  runs: readonly MeasuredRun[],
  peer: string,
): { kind: string; rows: OverSeeds[] }[] {
  const kinds = new Set(runs.flatMap((run) => lossesOf(run, peer).map(({ kind }) => kind)))
  return [...kinds].map((kind) => ({ kind, rows: lossesTo(kind, runs, peer) }))
}

function lossesTo(kind: string, runs: readonly MeasuredRun[], peer: string): OverSeeds[] {
  return ofEachVariant(runs, {
    name: `peers.${peer}.lostEdits to ${kind}`,
    title: `edits lost to ${kind}`,
    unit: 'edits',
    center: 'median',
    verdict: false,
    of: (run) => lostEdits(run, peer, kind),
  })
}

function lossSentence(when: string, rows: readonly OverSeeds[]): string {
  const [first, ...others] = alike(rows, lossText).map(
    ({ text, who, several }) => `${who} ${several ? 'lose' : 'loses'} ${text}`,
  )
  const compared = others.length === 0 ? first : `${first} where ${list(others)}`
  return `When ${when}, ${compared}: ${pedigree(rows)}.`
}

function lossText(loss: OverSeeds): string {
  if (loss.range[1] === 0) return 'nothing'
  const edits = loss.center === 1 ? 'edit' : 'edits'
  return `${formatQuantity(loss.center, loss.unit)} ${edits}${spread(loss)}`
}

/** `a region server is killed (rs2, after 8 min…9 min)`. */
function occasion(kind: string, runs: readonly MeasuredRun[], peer: string): string {
  const struck = runs.flatMap((run) => lossesOf(run, peer)).filter((loss) => loss.kind === kind)
  const times = struck.map(({ atUs }) => atUs)
  const after = span(formatDuration(Math.min(...times)), formatDuration(Math.max(...times)))
  const targets = new Set(struck.flatMap((loss) => loss.target ?? []))
  const which = targets.size === 0 ? '' : `${list([...targets].map((each) => `\`${each}\``))}, `
  return `${EVENTS.get(kind) ?? `\`${kind}\` strikes`} (${which}after ${after})`
}

const EVENTS: ReadonlyMap<string, string> = new Map([
  ['region-server-crash', 'a region server crashes'],
  ['kill-region-server', 'a region server is killed'],
  ['restart-region-server', 'a region server is restarted'],
  ['abort-region-server', 'a region server aborts'],
  ['data-node-crash', 'a DataNode crashes'],
  ['kill-data-node', 'a DataNode is killed'],
  ['rack-power-loss', 'a rack loses power'],
  ['cluster-power-loss', 'the cluster loses power'],
  ['hdfs-loss', 'HDFS is lost'],
  ['cluster-loss', 'the cluster is lost'],
  ['store-loss', 'the store is lost'],
])

/** The mechanism, read off the ledger: confirmed before stored, holes. */
function reason(variant: string, runs: readonly MeasuredRun[], peer: string): string {
  const peers = runs
    .filter((run) => run.variant === variant && Object.hasOwn(run.peers, peer))
    .map((run) => run.peers[peer])
  if (peers.length === 0) return 'nothing is kept outside the cluster'
  const measured = peers.filter(({ rpo }) => Object.keys(rpo).length > 0)
  const early = median(measured.map((figures) => figures.confirmedNotStoredEdits.max))
  if (early === null) return 'all was lost before the measured window began'
  const confirms =
    early > 0
      ? `edits are confirmed before they are stored, up to ${formatCount(Math.round(early))} at once`
      : 'edits are confirmed only once they are stored'
  const holes = median(measured.map((figures) => figures.holes.edits)) ?? 0
  const gone =
    holes > 0 ? `, ${count(Math.round(holes), 'edit')} had been passed over for good` : ''
  const ages = peers.flatMap(({ disasters }) => {
    const oldest = disasters.flatMap(({ oldestLostAgeUs }) => oldestLostAgeUs ?? [])
    return oldest.length === 0 ? [] : [Math.max(...oldest)]
  })
  const oldest = median(ages)
  const reach =
    oldest === null ? '' : `, and the oldest lost edit was ${formatDuration(oldest)} old`
  return `${confirms}${gone}${reach}`
}

function most(rows: readonly OverSeeds[]): number {
  return Math.max(0, ...rows.map(({ range }) => range[1]))
}

function median(samples: readonly number[]): number | null {
  return samples.length === 0 ? null : medianInterval(samples, 0.95).center
}
