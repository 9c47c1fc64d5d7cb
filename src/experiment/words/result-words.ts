import type { Doc, Docs } from '../../simulation/docs/doc.js'
import { hbaseMetricDocs } from '../../simulation/docs/hbase-metric-docs.js'
import { seriesDocs } from '../../simulation/docs/series-docs.js'
import { conservationLaws, invariants } from '../../simulation/invariants.js'
import { summaryDocs } from './summary-docs.js'
import { lastName, type Word } from './word.js'

const METRICS = 'peers.<peer>.hbaseMetrics'

/** Every member of summary.json; one that is the same in several places is one word. */
export function figureWords(): Word[] {
  const places = new Map<Doc, { paths: string[]; units: Set<string> }>()
  for (const { path, doc, unit } of membersOf(summaryDocs, '', '')) {
    const place = places.get(doc) ?? { paths: [], units: new Set<string>() }
    place.paths.push(path)
    if (unit !== '') place.units.add(unit)
    places.set(doc, place)
  }
  return [...places].flatMap(([{ text, see }, { paths, units }]): Word[] => {
    if (paths[0].startsWith(`${METRICS}.`)) return []
    return [
      {
        word: paths.length === 1 ? paths[0] : lastName(paths[0]),
        kind: 'figure',
        text,
        ...(units.size > 0 && { unit: [...units].join(' or ') }),
        ...(paths.length > 1 && { where: paths }),
        ...(see && { see }),
      },
    ]
  })
}

/** HBase's own metrics of a peer. */
export function metricWords(): Word[] {
  return Object.entries<Doc>(hbaseMetricDocs).map(([name, { text, unit, see }]) => ({
    word: name,
    kind: 'metric',
    text,
    unit: unit ?? unitOf(name),
    where: [`${METRICS}.${name}`],
    ...(see && { see }),
  }))
}

/** Metrics over time. */
export function seriesWords(): Word[] {
  return Object.entries(seriesDocs).map(([name, { text, unit }]) => ({
    word: name,
    kind: 'series',
    text,
    unit,
    where: ['series.csv'],
  }))
}

/** Invariants by name; `<peer>` is the id of a peer. */
export function invariantWords(): Word[] {
  return Object.entries(invariants).map(([name, finds]) => ({
    word: name,
    kind: 'invariant',
    text: `Finds ${finds}.`,
    where: ['invariants'],
  }))
}

/** Conservation laws by name. */
export function lawWords(): Word[] {
  return Object.entries(conservationLaws).map(([name, law]) => ({
    word: name,
    kind: 'law',
    text: `Holds if ${law}.`,
    where: ['conservation'],
  }))
}

interface Member {
  readonly path: string
  readonly doc: Doc
  readonly unit: string
}

/** Paths as expectations have them: those inside of a run begin with what the run has. */
function* membersOf(docs: Docs, holder: string, inherited: string): Generator<Member> {
  for (const [name, doc] of Object.entries(docs)) {
    const path = holder === '' ? name : `${holder}.${name}`
    const unit = doc.unit ?? (unitOf(name) || inherited)
    const each = path + (doc.each ?? '')
    if (doc.of === undefined) yield { path: each, doc, unit }
    else yield { path, doc, unit: doc.unit ?? '' }
    if (doc.of) yield* membersOf(doc.of, each === 'runs[]' ? '' : each, unit)
  }
}

function unitOf(name: string): string {
  if (name.endsWith('Us')) return 'us'
  return /Bytes$/.test(name) ? 'bytes' : ''
}
