import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { type JsonSchema, scenarioJsonSchema, schemaAt } from '../../src/scenario/json-schema.js'
import { EXAMPLE, LEAST, vocabulary } from './fixture.js'
import { violations } from './schema-judge.js'

const schema = scenarioJsonSchema(vocabulary) as JsonSchema

describe('the published JSON Schema', () => {
  test.each([
    { faults: [{ kind: 'kill-data-node', at: '1 s', dataNode: 'dn1' }] },
    { faults: [{ kind: 'rack-power-loss', at: '1 s', rack: 1, for: '1 s' }] },
    { faults: [{ kind: 'rack-power-loss', at: '1 s', rack: 'any', for: null }] },
    { operations: [{ do: 'roll-wal', at: '1 s', server: 'rs1' }] },
    { operations: [{ do: 'update-peer-config', at: '1 s', peer: 'b', set: { tables: ['t'] } }] },
    { peers: { b: { endpoint: 'direct', store: 'b', copyRate: null, tables: null } } },
    { peers: { b: { endpoint: 'direct', store: 'b', configuration: { x: 5 } } } },
    { unfixed: ['HBASE-29441'] },
  ])('accepts %j', (change) => {
    expect(violations(schema, { ...parse(LEAST), ...change }, '')).toEqual([])
  })

  test("accepts the design's example as an editor would read it", () => {
    expect(violations(schema, quoted(parse(EXAMPLE)), '')).toEqual([])
    expect(violations(schema, parse(LEAST), '')).toEqual([])
  })

  test.each([
    ['an unknown key', { durations: '5 s' }, ' durations'],
    ['a bare number', { duration: 5 }, '.duration type'],
    ['a missing key', { tables: undefined }, ' tables missing'],
    [
      'a parameter of another profile',
      { stores: { b: { profile: 's3-express', partSize: '1 MiB' } } },
      '.stores.b',
    ],
    ['too many servers', { cluster: { regionServers: 1001 } }, '.cluster.regionServers range'],
    [
      'an unknown endpoint',
      { peers: { b: { endpoint: 'dual', store: 'b' } } },
      '.peers.b.endpoint',
    ],
    [
      'a number for an option of a peer',
      { peers: { b: { endpoint: 'direct', store: 'b', verify: 1 } } },
      '.peers.b.verify type',
    ],
    ['an unknown operation', { operations: [{ do: 'x', at: '1 s' }] }, '.operations.0'],
    ['no list of unfixed issues', { unfixed: 'HBASE-29441' }, '.unfixed type'],
    ['an unknown kind of fault', { faults: [{ kind: 'x', at: '1 s' }] }, '.faults.0'],
    ['a bad name', { stores: { '-b': { profile: 's3-express' } } }, '.stores.-b name'],
  ])('refuses %s', (_, change, where) => {
    const found = violations(schema, { ...parse(LEAST), ...change }, '')
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(where)
  })

  test('describes every key, and parameters with their default and source', () => {
    expect(undescribed(schema, 'scenario')).toEqual([])
    const latency = schemaAt(schema, parse(EXAMPLE), ['stores', 'backup', 'putLatency'])
    expect(latency?.description).toContain(
      'A parameter. Default: lognormal(45 ms, 0.4). Source: a publication (B).',
    )
  })

  test('names the endpoints that read an option of a peer, and the issues that can be unfixed', () => {
    const option = schemaAt(schema, {}, ['peers', 'backup', 'copyRate'])
    expect(option?.description).toContain('Read by staged-copy, dual-write.')
    expect(schemaAt(schema, {}, ['unfixed'])?.description).toContain('HBASE-29441: an empty batch')
  })

  test("names the properties of a peer's own configuration", () => {
    const configuration = schemaAt(schema, {}, ['peers', 'backup', 'configuration'])
    expect(Object.keys(configuration?.properties ?? {})).toEqual([
      'replication.source.nb.capacity',
      'hbase.replication.shipper.offset.update.size.threshold',
    ])
  })

  test('names the modelled site properties', () => {
    const property = schemaAt(schema, {}, ['site', 'hbase.regionserver.handler.count'])
    expect(property).toEqual({
      description: 'Handlers. Default: 30. Source: HConstants.',
      default: 30,
      type: ['integer', 'string'],
      minimum: 1,
      maximum: 1000,
      pattern: expect.any(String),
    })
    const numbers = new RegExp(property?.pattern ?? '')
    for (const good of ['30', ' -1 ', '0x1E', `\${handlers}`, `1\${zeros}`]) {
      expect(numbers.test(good)).toBe(true)
    }
    for (const bad of ['thirty', '3.5', '0xZ', '']) expect(numbers.test(bad)).toBe(false)
  })
})

test('a path finds its schema through lists, names and the kinds of a union', () => {
  const data = { faults: [{ kind: 'store-outage' }, { kind: 'cluster-loss' }] }
  expect(Object.keys(schemaAt(schema, data, ['faults', 0])?.properties ?? {})).toContain('as')
  const operations = { operations: [{ do: 'roll-wal' }, { do: 'update-peer-config' }] }
  const change = schemaAt(schema, operations, ['operations', 1, 'set', 'bandwidth'])
  expect(change?.type).toBe('string')
  expect(schemaAt(schema, operations, ['operations', 0, 'set'])).toBeNull()
  expect(Object.keys(schemaAt(schema, data, ['faults', 1])?.properties ?? {})).toEqual([
    'kind',
    'at',
  ])
  expect(schemaAt(schema, {}, ['cluster', 'racks'])?.default).toBe(3)
  expect(schemaAt(schema, {}, ['cluster', 'hdfs', 'hsync'])?.type).toBe('string')
  expect(schemaAt(schema, {}, ['nothing', 'here'])).toBeNull()
})

/** An editor sees `as: 500` as a number; the file's source text is what counts. */
function quoted(data: { faults: { as?: unknown }[] }): unknown {
  const faults = data.faults.map((fault) =>
    'as' in fault ? { ...fault, as: `${fault.as}` } : fault,
  )
  return { ...data, faults }
}

function undescribed(schema: JsonSchema, at: string): string[] {
  const options = schema.oneOf ?? schema.anyOf ?? []
  const { items, additionalProperties } = schema
  return [
    ...Object.entries(schema.properties ?? {}).flatMap(([key, below]) => {
      const here = below.description === undefined ? [`${at}.${key}`] : []
      return [...here, ...undescribed(below, `${at}.${key}`)]
    }),
    ...options.flatMap((option) => undescribed(option, at)),
    ...(items === undefined ? [] : undescribed(items, `${at}[]`)),
    ...(additionalProperties ? undescribed(additionalProperties, `${at}.*`) : []),
  ]
}
