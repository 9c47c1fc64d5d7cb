import { expectedViolation } from '../scenario/expectation.js'
import { DISASTER_CLASSES } from './disaster-classes.js'
import { violations } from './exit-code.js'
import { type Metric, type PeerFigure, peerFigure } from './metric.js'
import { type OverSeeds, ofEachVariant, variantsOf } from './over-seeds.js'
import { formatDuration, formatQuantity } from './quantities.js'
import type { SummaryRun } from './summary.js'
import { alike, count, list, pedigree, spread, withVariants } from './wording.js'

/** Endpoints that could not be started, and what they say. */
export function startFaultSentences(runs: readonly SummaryRun[], peer: string): string[] {
  const refused = variantsOf(runs).flatMap((variant) => {
    const its = runs.filter((run) => run.variant === variant)
    const why = its.flatMap((run) => run.peers[peer]?.startFault ?? [])
    if (why.length === 0) return []
    return [{ variant, text: `${why[0]}${partOf(why.length, its.length)}` }]
  })
  return alike(refused, ({ text }) => text).map(
    ({ text, who }) => `The endpoint does not start with ${who}: ${text}.`,
  )
}

/** Claims of endpoints that did not hold, whether or not a disaster was there to prove it. */
export function brokenClaimSentences(runs: readonly SummaryRun[], peer: string): string[] {
  return variantsOf(runs).flatMap((variant) => {
    const its = runs.filter((run) => run.variant === variant && Object.hasOwn(run.peers, peer))
    const broken = DISASTER_CLASSES.flatMap((name) => {
      const found = its.flatMap((run) => run.peers[peer].brokenClaims[name] ?? [])
      if (found.length === 0) return []
      const edits = Math.max(...found.map(({ maxEdits }) => maxEdits))
      const first = Math.min(...found.map(({ firstUs }) => firstUs))
      return [{ name, edits, first, runs: found.length }]
    })
    if (broken.length === 0) return []
    // Classes that cost the same are named together: most claims break all at once.
    const costs = new Map<string, string[]>()
    for (const { name, edits, first, runs: times } of broken) {
      const cost =
        `up to ${count(edits, 'confirmed edit')} ` +
        `(first after ${formatDuration(first)}${partOf(times, its.length)})`
      costs.set(cost, [...(costs.get(cost) ?? []), `\`${name}\``])
    }
    const losses = [...costs].map(([cost, names]) => `${list(names)} would have taken ${cost}`)
    const expected = its.every(expectsItsViolations) ? ', as this scenario expects' : ''
    return [
      `What \`${variant}\` claims of a confirmed edit did not hold${expected}: ${losses.join('; ')}.`,
    ]
  })
}

function partOf(times: number, all: number): string {
  return times === all ? '' : `, in ${times} of ${all} runs`
}

/** Whether the run violated something, and an expectation says so of everything that it violated. */
function expectsItsViolations(run: SummaryRun): boolean {
  const names = run.expectations.map(({ that }) => expectedViolation(that))
  return violations(run).length === 0 && names.some((name) => name !== null)
}

/** Edits that the copy lacks although no disaster took them, and edits that it has twice. */
export function defectSentences(runs: readonly SummaryRun[], peer: string): string[] {
  const found = (title: string, figure: PeerFigure) =>
    ofEachVariant(runs, editsMetric(peer, title, figure)).filter(({ range }) => range[1] > 0)
  const holes = found('holes', (of) => of.holes.edits)
  const missing = found('missing', (of) => of.missingAfterQuiescence)
  return [
    ...defectSentence(holes, 'Passed over for good although no disaster struck'),
    ...defectSentence(missing, 'Missing from the store when all was quiet again'),
  ]
}

/** Edits that the store holds more than once, and what they were sent again for. */
export function duplicateSentence(runs: readonly SummaryRun[], peer: string): string[] {
  const causes = [
    ...new Set(runs.flatMap((run) => Object.keys(run.peers[peer]?.duplicateEdits ?? {}))),
  ].sort()
  const rows = ofEachVariant(
    runs,
    editsMetric(peer, 'duplicates', ({ duplicateEdits }) =>
      Object.values(duplicateEdits).reduce((sum, edits) => sum + edits, 0),
    ),
  ).filter(({ range }) => range[1] > 0)
  if (rows.length === 0) return []
  const figures = withVariants(rows, (row) => {
    const its = causes.filter((cause) =>
      runs.some(
        (run) => run.variant === row.variant && (run.peers[peer]?.duplicateEdits[cause] ?? 0) > 0,
      ),
    )
    return `${edits(row)} by ${list(its)}`
  })
  return [`Stored more than once: ${list(figures)}; ${pedigree(rows)}.`]
}

function defectSentence(rows: readonly OverSeeds[], opening: string): string[] {
  if (rows.length === 0) return []
  const figures = withVariants(rows, edits)
  return [`${opening}: ${list(figures)}; ${pedigree(rows)}.`]
}

function edits(row: OverSeeds): string {
  const noun = row.center === 1 ? 'edit' : 'edits'
  return `${formatQuantity(row.center, 'edits')} ${noun}${spread(row)}`
}

function editsMetric(peer: string, title: string, figure: PeerFigure): Metric {
  const name = `peers.${peer}.${title}`
  const of = peerFigure(peer, figure)
  return { name, title, unit: 'edits', center: 'median', verdict: false, of }
}
