import { describe, expect, test } from 'vitest'
import { canonicalJson } from '../../src/scenario/canonical-json.js'
import { complaintAbout, EXAMPLE, LEAST, load, messageOf } from './fixture.js'

test('the least scenario gets every default', () => {
  const { variants, ...rest } = load(LEAST)
  expect(rest).toMatchObject({ name: 'least', lesson: '', expectations: [], ignoredProperties: [] })
  expect(variants).toHaveLength(1)
  expect(`\n${canonicalJson(variants[0], 2)}\n`).toMatchInlineSnapshot(`
    "
    {
      "name": "base",
      "overrides": {},
      "scenario": {
        "cluster": {
          "hdfs": {
            "dataNodes": 5,
            "parameters": {},
            "profile": "hdfs-nvme"
          },
          "parameters": {},
          "racks": 3,
          "regionServers": 3,
          "start": "steady"
        },
        "description": "",
        "drainUs": 7200000000,
        "durationUs": 60000000,
        "epoch": "2026-01-01",
        "faults": [],
        "hbase": "2.6",
        "name": "least",
        "operations": [],
        "peers": {},
        "seed": 1,
        "site": {},
        "stores": {},
        "tables": {
          "t": {
            "durability": "USE_DEFAULT",
            "families": {
              "cf": 1
            },
            "memstoreReplication": true,
            "readOnly": false,
            "regionReplication": 1,
            "regions": 1,
            "size": 0
          }
        },
        "unfixed": [],
        "warmupUs": 0,
        "workload": [
          {
            "arrivals": "poisson",
            "caching": null,
            "consistency": "strong",
            "fromUs": 0,
            "keyCount": 1000000,
            "keys": "zipfian",
            "mix": {
              "get": 0,
              "increment": 0,
              "multiget": 0,
              "put": 1,
              "readModifyWrite": 0,
              "scan": 0
            },
            "multigetKeys": 10,
            "rate": 1,
            "replicaId": null,
            "scanRows": 100,
            "table": "t",
            "untilUs": null,
            "valueSize": {
              "kind": "constant",
              "value": 1024
            }
          }
        ]
      }
    }
    "
  `)
})

test("the design's example becomes two scenarios with what is expected of them", () => {
  const loaded = load(EXAMPLE)
  expect(loaded.variants.map(({ name, overrides }) => [name, overrides])).toEqual([
    ['option-1', {}],
    ['option-2', { 'peers.backup.endpoint': 'direct' }],
  ])
  expect(loaded.variants[0].scenario.faults).toEqual([
    {
      kind: 'store-outage',
      at: { kind: 'constant', value: 480_000_000 },
      forUs: 360_000_000,
      store: 'backup',
      as: '500',
    },
    {
      kind: 'suspend-region-server',
      at: { kind: 'constant', value: 1_200_000_000 },
      forUs: 10_000_000,
      server: 'rs2',
    },
    { kind: 'cluster-loss', at: { kind: 'uniform', low: 1_620_000_000, high: 1_740_000_000 } },
  ])
  expect(loaded.expectations).toMatchObject([
    {
      that: 'peers.backup.disasters[0].lostEdits > 0',
      variants: ['option-1', 'option-2'],
      left: ['peers', 'backup', 'disasters', 0, 'lostEdits'],
      op: '>',
      right: { number: 0 },
      line: 21,
      unknownPath: { line: 21, column: 45, message: 'the results have no such figure' },
    },
    { variants: null, op: '<', right: { number: 1_800_000_000 }, line: 22 },
  ])
})

test('a resolved scenario is plain data', () => {
  const { variants } = load(EXAMPLE)
  expect(structuredClone(variants)).toEqual(variants)
  expect(JSON.parse(JSON.stringify(variants))).toEqual(variants)
})

test('hbase: 3.0 and "3.0" are equal', () => {
  const version = (text: string) => load(`${LEAST}hbase: ${text}\n`).variants[0].scenario.hbase
  expect([version('3.0'), version('"3.0"'), version('2.6')]).toEqual(['3.0', '3.0', '2.6'])
})

describe('the hash of a scenario', () => {
  test('is that of its meaning, however it is written', () => {
    const { hash } = load(LEAST)
    expect(hash).toMatch(/^[0-9a-f]{64}$/)
    const json = {
      duration: '60 s',
      name: 'least',
      seed: 1,
      workload: [{ valueSize: '1024 B', rate: '1/s', table: 't' }],
      tables: { t: { regions: 1 } },
    }
    expect(load(JSON.stringify(json)).hash).toBe(hash)
    expect(load(`# A comment.\n${LEAST}lesson: Learn.\n`).hash).toBe(hash)
    expect(load(LEAST, { set: ['seed=1'] }).hash).toBe(hash)
  })

  test('differs with any value, variant or seed', () => {
    const hashes = [
      load(LEAST),
      load(LEAST, { set: ['cluster.racks=2'] }),
      load(LEAST, { seed: 2 }),
      load(`${LEAST}variants: { v: { cluster.racks: 2 } }\n`),
      load(`${LEAST}variants: { w: { cluster.racks: 2 } }\n`),
    ].map(({ hash }) => hash)
    expect(new Set(hashes).size).toBe(hashes.length)
  })

  test('is a promise', () => {
    expect(load(LEAST).hash).toMatchInlineSnapshot(
      `"63781e57f0ec42fc765c2db10f2db55606b114108460ab133e866c6e49fad390"`,
    )
  })
})

test('a given seed replaces that of the file in all variants', () => {
  const { variants } = load(`${EXAMPLE}`, { seed: 42 })
  expect(variants.map(({ scenario }) => scenario.seed)).toEqual([42, 42])
  expect(complaintAbout(LEAST, { seed: -1 })).toMatchInlineSnapshot(`
    "
    --seed:1:6  -1 is out of range
        1 | seed=-1
          |      ^^ expected a whole number of at least 0
    "
  `)
})

test('parameters of profiles and of the cluster are read by what they measure', () => {
  const { scenario } = load(`${LEAST}cluster: { networkLatency: "uniform(100 us, 1 ms)" }
stores:
  s3:
    profile: s3-standard
    retention: 7 d
    putLatency: lognormal(30 ms, 0.4) + 0.01 * 1 s
    partSize: 8 MiB
    bandwidth: 1 GB/s
    slowdown: 1.5
    connections: 10
    putPrice: 0.00001
`).variants[0]
  expect(scenario.cluster.parameters).toEqual({
    networkLatency: { kind: 'uniform', low: 100, high: 1000 },
  })
  expect(scenario.stores.s3).toEqual({
    profile: 's3-standard',
    retentionUs: 604_800_000_000,
    parameters: {
      putLatency: {
        kind: 'mixture',
        parts: [
          { weight: 0.99, of: { kind: 'lognormal', median: 30_000, sigma: 0.4 } },
          { weight: 0.01, of: { kind: 'constant', value: 1_000_000 } },
        ],
      },
      partSize: { kind: 'constant', value: 8_388_608 },
      bandwidth: { kind: 'constant', value: 1_000_000_000 },
      slowdown: { kind: 'constant', value: 1.5 },
      connections: 10,
      putPrice: 0.00001,
    },
  })
})

describe('the base among the variants', () => {
  const names = (variants: string) => load(`${LEAST}variants: ${variants}\n`).variants.map(nameOf)

  test('goes first under its own name unless a variant without overrides is it', () => {
    expect(names('{}')).toEqual(['base'])
    expect(names('{ a: { cluster.racks: 2 } }')).toEqual(['base', 'a'])
    expect(names('{ a: { cluster.racks: 2 }, b: {} }')).toEqual(['a', 'b'])
    expect(names('{ a: { cluster.racks: 2 }, base: {} }')).toEqual(['a', 'base'])
  })

  test('keeps its name for itself', () => {
    const text = `${LEAST}variants: { base: { cluster.racks: 2 } }\n`
    expect(complaintAbout(text)).toMatchInlineSnapshot(`
      "
      bad.yaml:5:13  "base" is the name of the scenario without overrides
          5 | variants: { base: { cluster.racks: 2 } }
            |             ^^^^
      "
    `)
  })
})

test('no bad input escapes as another error', () => {
  const pieces = ['workload', 'tables', 'peers', 'stores', 'faults', 'variants', 'expect', 'site']
  const later = ['operations', 'unfixed']
  const values = ['5', '[]', '{}', '[5]', '{ a: 5 }', '{ a: [] }', '[{}]', 'null', '"x"', '[[]]']
  const deeper = [
    '{ a: { tables: 5, configuration: [], bandwidth: {} } }',
    '[{ do: update-peer-config, peer: [], set: 5 }]',
    '[{ do: 5, at: [], set: { configuration: 5, tables: {} } }]',
    '[{ kind: rack-power-loss, rack: {}, at: 1 s }]',
  ]
  for (const key of [
    ...pieces,
    ...later,
    'cluster',
    'name',
    'hbase',
    'seed',
    'epoch',
    'duration',
  ]) {
    for (const value of [...values, ...deeper]) {
      const text = `${LEAST.replace(new RegExp(`^${key}:.*\n`, 'm'), '')}${key}: ${value}\n`
      expect(messageOf(() => load(text))).toBeTypeOf('string')
    }
  }
})

function nameOf({ name }: { name: string }): string {
  return name
}
