import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { glossary } from '../../src/experiment/glossary.js'
import { lookUp } from '../../src/experiment/look-up.js'
import { simplifications } from '../../src/experiment/simplifications.js'
import { terms } from '../../src/experiment/words/terms.js'
import { kinds } from '../../src/experiment/words/word.js'
import { endpointDocs } from '../../src/replication/endpoints/endpoint-docs.js'
import { type JsonSchema, scenarioJsonSchema } from '../../src/scenario/json-schema.js'
import { defaultVocabulary } from '../../src/simulation/default-vocabulary.js'
import { simulate } from '../../src/simulation/simulate.js'
import { scenarioOf } from '../simulation/random-scenario.js'

const words = glossary(defaultVocabulary)
const explained = (query: string) => lookUp(words, query).length > 0
const unexplained = (queries: Iterable<string>) =>
  [...new Set(queries)].filter((query) => !explained(query))

const OUTCOMES = 'comparison.outcomes.variant'
const GALLERY = new URL('../../reports/gallery/', import.meta.url)
const summaries = readdirSync(GALLERY)
  .map((name) => new URL(`${name}/summary.json`, GALLERY))
  .filter((file) => existsSync(file))
  .map((file) => JSON.parse(readFileSync(file, 'utf8')))

test('the first words of verdicts are explained, in capitals, too', () => {
  expect(unexplained(['HELD', 'VIOLATED', 'UNDECIDED', 'held', 'violated'])).toEqual([])
})

test('every figure of the gallery is explained', () => {
  const all = summaries.flatMap((summary) => [...figures(summary, '')])
  // Hundreds of variants have the same figures.
  const paths = new Set(all.map((path) => path.replace(/^comparison\.outcomes\.[^.]+/, OUTCOMES)))
  expect(paths.size).toBeGreaterThan(300)
  expect(unexplained(paths)).toEqual([])
})

test('every invariant, law, fault and disaster of the gallery is explained by its name', () => {
  const runs = summaries.flatMap(({ runs: all }) => all)
  const ofPeers = runs.flatMap((run) => Object.values<{ rpo: object }>(run.peers))
  const names = [
    ...runs.flatMap((run) => Object.keys(run.invariants)),
    ...runs.flatMap((run) => Object.keys(run.conservation)),
    ...ofPeers.flatMap(({ rpo }) => Object.keys(rpo)),
  ]
  expect(new Set(names).size).toBeGreaterThan(30)
  expect(unexplained(names)).toEqual([])
  for (const name of Object.keys(runs[0].invariants)) {
    expect(lookUp(words, name).map(({ kind }) => kind)).toEqual(['invariant'])
  }
})

test('every key of a scenario is explained, by its path and by its last name', () => {
  const paths = [...keys(scenarioJsonSchema(defaultVocabulary), '')]
  expect(paths.length).toBeGreaterThan(150)
  expect(unexplained(paths)).toEqual([])
  expect(unexplained(paths.map((path) => path.replace(/^.*\./, '').replace('[]', '')))).toEqual([])
})

test('every name of the model is explained', () => {
  const { clusterParameters, hdfsProfiles, storeProfiles, properties, fixes } = defaultVocabulary
  const profiles = { ...hdfsProfiles, ...storeProfiles }
  const names = [
    ...Object.keys(clusterParameters),
    ...Object.entries(profiles).flatMap(([name, of]) => [name, ...Object.keys(of)]),
    ...Object.keys(properties),
    ...Object.keys(fixes ?? {}),
    ...Object.keys(endpointDocs),
  ]
  expect(unexplained(names)).toEqual([])
})

test('every metric over time is explained', () => {
  const scenario = scenarioOf({
    duration: '2 s',
    stores: { backup: { profile: 's3-standard' } },
    tables: { usertable: { regions: 3, regionReplication: 2 } },
    workload: [{ table: 'usertable', rate: '10/s', valueSize: '100 B' }],
    peers: { backup: { endpoint: 'staged-copy', store: 'backup' } },
  })
  const { series, peers } = simulate(scenario, 1, 'base')
  const metrics = series.map(({ metric, unit }) => ({ metric, unit }))
  expect(new Set(metrics.map(({ metric }) => metric)).size).toBe(
    words.filter(({ kind }) => kind === 'series').length,
  )
  for (const { metric, unit } of metrics) {
    const meanings = lookUp(words, metric).filter(({ kind }) => kind === 'series')
    expect([metric, ...meanings.map((word) => word.unit)]).toEqual([metric, unit])
  }
  expect(unexplained(Object.keys(peers.backup.hbaseMetrics))).toEqual([])
})

test('a design claims nothing that its text does not tell', () => {
  for (const { runs } of summaries) {
    for (const run of runs) {
      for (const { endpoint, claims } of Object.values<Claiming>(run.peers)) {
        expect(endpointDocs[endpoint].claims).toEqual(expect.arrayContaining(claims))
      }
    }
  }
})

interface Claiming {
  endpoint: keyof typeof endpointDocs
  claims: string[]
}

test('words that are referred to are there', () => {
  const related = words.flatMap(({ see = [] }) => see)
  expect(unexplained(related)).toEqual([])
  expect(Object.keys(terms).filter((term) => !explained(term))).toEqual([])
  const about = Object.values(simplifications).flatMap((all) => all.flatMap((each) => each.about))
  expect(unexplained(about)).toEqual([])
})

test('every text is a sentence, and every kind has words', () => {
  const broken = words.filter(({ kind, text }) => kind !== 'simplification' && !/\S\.$/.test(text))
  expect(broken).toEqual([])
  const without = Object.keys(kinds).filter((kind) => !words.some((word) => word.kind === kind))
  expect(without).toEqual([])
})

test('several meanings come in the order of kinds, the exact word first', () => {
  const meanings = (query: string) => lookUp(words, query).map(({ word, kind }) => [word, kind])
  expect(meanings('RPO')).toEqual([
    ['RPO', 'term'],
    ['peers.<peer>.rpo', 'figure'],
  ])
  expect(meanings('rpo')[0]).toEqual(['peers.<peer>.rpo', 'figure'])
  expect(meanings('handler.count')).toEqual([['hbase.regionserver.handler.count', 'property']])
  expect(meanings('periodic')).toEqual([['workload[].arrivals', 'key']])
  expect(meanings('direct')).toEqual([['direct', 'endpoint']])
  expect(meanings('peers.backup.rollSize')).toEqual([['peers.<peer>.rollSize', 'key']])
  expect(meanings('constructor')).toEqual([])
})

/** Paths of all that is no map or list, as expectations have them, numbers of lists left out. */
function* figures(value: unknown, path: string): Generator<string> {
  if (Array.isArray(value)) {
    for (const item of value) yield* figures(item, path === 'runs' ? '' : `${path}[]`)
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      yield* figures(member, path === '' ? key : `${path}.${key}`)
    }
  } else {
    yield path
  }
}

/** Paths of all keys, those of properties left out. */
function* keys(schema: JsonSchema, path: string): Generator<string> {
  for (const [name, key] of Object.entries(schema.properties ?? {})) {
    const below = path === '' ? name : `${path}.${name}`
    yield below
    if (name !== 'site' && name !== 'configuration') yield* keys(key, below)
  }
  if (schema.items) yield* keys(schema.items, `${path}[]`)
  if (schema.additionalProperties) yield* keys(schema.additionalProperties, `${path}.any`)
  for (const option of schema.oneOf ?? schema.anyOf ?? []) yield* keys(option, path)
}
