import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { editorJsonSchema } from '../../src/scenario/json-inputs.js'
import { type JsonSchema, scenarioJsonSchema } from '../../src/scenario/json-schema.js'
import { defaultVocabulary } from '../../src/simulation/default-vocabulary.js'
import { violations } from './schema-judge.js'

const SCENARIOS = new URL('../../scenarios/', import.meta.url)
const schema: JsonSchema = editorJsonSchema(defaultVocabulary)
/** The same without the files that it may name. */
const plain = scenarioJsonSchema(defaultVocabulary)
const shipped = readdirSync(SCENARIOS).filter((file) => file.endsWith('.yaml'))

function read(file: string): string {
  return readFileSync(new URL(file, SCENARIOS), 'utf8')
}

test('scenarios/schema.json is it; `node dist/cli/main.js schema > scenarios/schema.json` renews it', () => {
  // Compared as a text: a line that differs says more than that all of it does.
  expect(read('schema.json')).toBe(`${JSON.stringify(schema, null, 2)}\n`)
})

test.each(shipped)('%s names the schema in its first line, and an editor accepts it', (file) => {
  const text = read(file)
  expect(text.split('\n', 1)).toEqual(['# yaml-language-server: $schema=schema.json'])
  expect(violations(schema, parse(text), '')).toEqual([])
})

test.each([
  ['a duration without its unit', { duration: '5' }, '.duration pattern'],
  ['a duration in units of a size', { duration: '5 MiB' }, '.duration pattern'],
  ['parts of a duration without a unit', { duration: '1h30' }, '.duration pattern'],
  ['an unknown distribution', { cluster: { network: 'about 5 ms' } }, '.cluster.network pattern'],
  ['a size as a bare number', { workload: [phase({ valueSize: 100 })] }, '.valueSize type'],
  ['a rate in bytes', { workload: [phase({ rate: '5 B/s' })] }, '.rate'],
  ['an unknown fault', { faults: [{ kind: 'storm', at: '1 s' }] }, '.faults.0'],
  ['a fault without its time', { faults: [{ kind: 'cluster-loss' }] }, '.faults.0'],
  ['an unknown profile', { stores: { backup: { profile: 's3' } } }, '.stores.backup'],
  ['a version that there is not', { hbase: '2.5' }, '.hbase enum'],
  ['a phase without a size', { workload: [{ table: 'usertable', rate: '1/s' }] }, '.workload.0'],
  ['a site that is a number', { site: 5 }, '.site'],
  ['an unknown key', { sede: 1 }, ' sede unknown'],
  [
    'a property out of its range',
    { site: { 'hbase.regionserver.handler.count': 0 } },
    'handler.count',
  ],
  ['a word for a number', { site: { 'hbase.regionserver.handler.count': 'many' } }, 'count'],
  ['a word for a truth', { site: { 'hbase.wal.hsync': 'yes' } }, '.site'],
  ['a variable without its name', { site: { 'hbase.wal.hsync': `\${}` } }, '.site'],
  ['a hexadecimal word', { site: { 'hbase.regionserver.handler.count': '0xten' } }, 'count'],
  ['an unknown choice', { site: { 'hbase.wal.provider': 'sync' } }, '.site'],
])('an editor refuses %s', (_, change, where) => {
  const found = violations(schema, { ...parse(read('quickstart.yaml')), ...change }, '')
  expect(found).toHaveLength(1)
  expect(found[0]).toContain(where)
})

test.each([
  { duration: '1h30m' },
  { hbase: 3.0 },
  { cluster: { network: 'lognormal(45 ms, 0.4) + 0.015 * lognormal(250 ms, 0.8)' } },
  { cluster: { network: 'empirical([1 ms, 2 ms])' } },
  { site: 'inputs/hbase-site.xml' },
  { site: ['inputs/hbase-site.xml', { 'hbase.wal.hsync': true }] },
  { workload: { ycsb: 'inputs/workloada.properties' } },
  { workload: [{ ycsb: 'A', table: 'usertable', rate: '1/s', valueSize: '1 KiB' }] },
  { site: { 'hbase.hregion.memstore.flush.size': '128m' } },
  { site: { 'hbase.wal.hsync': `\${hsync}`, 'hbase.wal.provider': `\${a}` } },
  {
    site: {
      'hbase.regionserver.handler.count': `\${a.b}`,
      'hbase.hregion.memstore.flush.size': `\${c}m`,
    },
  },
  { site: { 'hbase.regionserver.handler.count': '0x1E' } },
  { site: { 'hbase.wal.hsync': true, 'hbase.not.modelled': 1 } },
  { faults: [{ kind: 'store-outage', at: '1 s', for: '2 s', store: 'backup', as: 500 }] },
])('an editor accepts %j', (change) => {
  expect(violations(schema, { ...parse(read('quickstart.yaml')), ...change }, '')).toEqual([])
})

test('an editor refuses a variable in a peer, where none is expanded', () => {
  const found = (capacity: string) => {
    const configuration = { 'replication.source.nb.capacity': capacity }
    const peers = { backup: { endpoint: 'direct', store: 'backup', configuration } }
    return violations(schema, { ...parse(read('quickstart.yaml')), peers }, '')
  }
  expect(found('8')).toEqual([])
  expect(found(`\${other}`)).not.toEqual([])
})

test('every default and every example is valid itself', () => {
  const wrong = [...places(plain, '')].flatMap(({ at, place }) => {
    const { default: initial, examples = [] } = place
    const values = initial === undefined ? examples : [initial, ...examples]
    return values.flatMap((value) => violations(place, value, at))
  })
  expect(wrong).toEqual([])
})

test('every alternative has a title, and every quantity a pattern and examples', () => {
  const all = [...places(plain, '')]
  const quantities = all.filter(({ place }) => / Write an? /.test(place.description ?? ''))
  expect(quantities.length).toBeGreaterThan(80)
  const bare = quantities.filter(({ place }) => {
    const { anyOf: [leaf = place] = [] } = place
    return leaf.pattern === undefined || leaf.examples === undefined
  })
  expect(bare.map(({ at }) => at)).toEqual([])
  const faults = plain.properties?.faults?.items?.oneOf ?? []
  expect(faults.map(({ title }) => title)).toContain('store-outage')
  expect(all.filter(({ place }) => place.title === '' || place.description === '')).toEqual([])
})

function phase(change: object): object {
  return { table: 'usertable', rate: '10/s', valueSize: '1 KiB', ...change }
}

function* places(place: JsonSchema, at: string): Generator<{ place: JsonSchema; at: string }> {
  yield { place, at }
  for (const [name, key] of Object.entries(place.properties ?? {})) {
    yield* places(key, `${at}.${name}`)
  }
  if (place.items) yield* places(place.items, `${at}[]`)
  if (place.additionalProperties) yield* places(place.additionalProperties, `${at}.*`)
  for (const option of place.oneOf ?? place.anyOf ?? []) yield* places(option, at)
}
