import { describe, expect, test } from 'vitest'
import { complaintAbout, LEAST, load } from './fixture.js'

const BACKUP = `${LEAST}stores: { s3: { profile: s3-standard } }
peers: { backup: { endpoint: direct, store: s3 } }
`

function variant(overrides: string) {
  const { variants } = load(`${BACKUP}variants:\n  v: ${overrides}\n`)
  return variants[1].scenario
}

describe('an override', () => {
  test('replaces a value and leaves the base as it was', () => {
    const { variants } = load(`${BACKUP}variants: { v: { peers.backup.endpoint: staged-copy } }\n`)
    expect(variants.map(({ name }) => name)).toEqual(['base', 'v'])
    expect(variants[0].scenario.peers.backup.endpoint).toBe('direct')
    expect(variants[1].scenario.peers.backup.endpoint).toBe('staged-copy')
    expect(variants[1].overrides).toEqual({ 'peers.backup.endpoint': 'staged-copy' })
  })

  test('may name a key that the schema knows and the document lacks', () => {
    expect(variant('{ peers.backup.copiers: 7 }').peers.backup.copiers).toBe(7)
  })

  test('may reach into maps that have a default', () => {
    const { cluster } = variant('{ cluster.hdfs.dataNodes: 9, cluster.networkLatency: 1 ms }')
    expect(cluster.hdfs.dataNodes).toBe(9)
    expect(cluster.parameters).toEqual({ networkLatency: { kind: 'constant', value: 1000 } })
    expect(cluster.regionServers).toBe(3)
  })

  test('reaches into lists by index and into dotted keys by brackets', () => {
    const scenario = variant(`{ 'workload[0].rate': 9/s, 'site["hbase.wal.hsync"]': true }`)
    expect(scenario.workload[0].rate).toBe(9)
    expect(scenario.site).toEqual({ 'hbase.wal.hsync': 'true' })
  })

  test('with a map replaces the whole subtree', () => {
    const { peers } = variant('{ peers: { other: { endpoint: direct, store: s3 } } }')
    expect(Object.keys(peers)).toEqual(['other'])
  })

  test('sees what the ones before it did', () => {
    const { stores } = variant('{ stores.b: { profile: s3-standard }, stores.b.connections: 5 }')
    expect(stores.b.parameters).toEqual({ connections: 5 })
  })
})

test('a property whose dots were taken for steps is shown in brackets', () => {
  const text = `${BACKUP}site: { a: 1 }\nvariants:\n  v:\n    site.hbase.wal.hsync: true\n`
  expect(complaintAbout(text)).toContain('site.hbase.wal.hsync is read as a path of 4 steps')
  expect(complaintAbout(text)).toContain('site["hbase.wal.hsync"]')
})

describe('bad overrides are reported at their own line', () => {
  const complaint = (overrides: string) => complaintAbout(`${BACKUP}variants:\n  v:\n${overrides}`)

  test('missing parents, indices beyond the end, words into lists, parts of single values', () => {
    expect(
      complaint(`    peers.bakcup.copiers: 5
    workload[1].rate: 5/s
    workload[1]: { table: t }
    workload.rate: 5/s
    duration.us: 5
    peers[0]: 5
    a b: 5
`),
    ).toMatchInlineSnapshot(`
      "
      bad.yaml:9:5  there is no peers.bakcup to override a part of
          9 |     peers.bakcup.copiers: 5
            |     ^^^^^^^^^^^^^^^^^^^^ did you mean "backup"?
      bad.yaml:10:5  workload is a list of 1 without "1"
         10 |     workload[1].rate: 5/s
            |     ^^^^^^^^^^^^^^^^ expected an index from [0] to [0]
      bad.yaml:11:5  workload is a list of 1 without "1"
         11 |     workload[1]: { table: t }
            |     ^^^^^^^^^^^ expected an index from [0] to [0]
      bad.yaml:12:5  workload is a list of 1 without "rate"
         12 |     workload.rate: 5/s
            |     ^^^^^^^^^^^^^ expected an index from [0] to [0]
      bad.yaml:13:5  duration is a single value without parts
         13 |     duration.us: 5
            |     ^^^^^^^^^^^
      bad.yaml:14:5  peers is a map: it has keys, no indices
         14 |     peers[0]: 5
            |     ^^^^^^^^
      bad.yaml:15:5  "a b" is not a path
         15 |     a b: 5
            |     ^^^ expected a path such as peers.backup.copiers, workload[0].rate or site["a.b"]
      "
    `)
  })

  test('keys that reach into prototypes', () => {
    expect(
      complaint(`    __proto__.polluted: 1
    constructor.prototype.polluted: 1
    peers.__proto__.polluted: 1
    'site["__proto__"]': 1
    'peers["constructor"].polluted': 1
`),
    ).toMatchInlineSnapshot(`
      "
      bad.yaml:9:5  "__proto__" cannot be a key
          9 |     __proto__.polluted: 1
            |     ^^^^^^^^^^^^^^^^^^
      bad.yaml:10:5  "constructor" cannot be a key
         10 |     constructor.prototype.polluted: 1
            |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      bad.yaml:11:5  "__proto__" cannot be a key
         11 |     peers.__proto__.polluted: 1
            |     ^^^^^^^^^^^^^^^^^^^^^^^^
      bad.yaml:12:5  "__proto__" cannot be a key
         12 |     'site["__proto__"]': 1
            |     ^^^^^^^^^^^^^^^^^^^
      bad.yaml:13:5  "constructor" cannot be a key
         13 |     'peers["constructor"].polluted': 1
            |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      "
    `)
    expect(complaint('    peers: { __proto__: { polluted: 1 } }\n')).toMatchInlineSnapshot(`
      "
      bad.yaml:9:14  "__proto__" cannot be a key
          9 |     peers: { __proto__: { polluted: 1 } }
            |              ^^^^^^^^^
      "
    `)
    expect({}).not.toHaveProperty('polluted')
  })

  test('keys and values that the schema refuses', () => {
    expect(
      complaint(`    peers.backup.copeirs: 5
    peers.backup.endpoint: direkt
    duration: 5
    cluster: { regionServers: 0 }
    stores.s3: { retention: 5 d }
`),
    ).toMatchInlineSnapshot(`
      "
      bad.yaml:9:5  unknown key "copeirs" in peers.backup
          9 |     peers.backup.copeirs: 5
            |     ^^^^^^^^^^^^^^^^^^^^ did you mean "copiers"?
      bad.yaml:10:28  "direkt" is not a value of peers.backup.endpoint
         10 |     peers.backup.endpoint: direkt
            |                            ^^^^^^ did you mean "direct"?
      bad.yaml:11:15  5 has no unit
         11 |     duration: 5
            |               ^ expected a duration such as 250 us, 10 ms, 2 s, 5 min, 1h30m or 30 d
      bad.yaml:12:31  0 is out of range
         12 |     cluster: { regionServers: 0 }
            |                               ^ expected a whole number from 1 to 1000
      bad.yaml:13:5  "profile" is missing in stores.s3
         13 |     stores.s3: { retention: 5 d }
            |     ^^^^^^^^^ expected profile: one of s3-standard, s3-express
      "
    `)
  })

  test('what twins must have in common', () => {
    expect(complaint('    seed: 5\n    expect: []\n')).toMatchInlineSnapshot(`
      "
      bad.yaml:9:5  a variant cannot override seed
          9 |     seed: 5
            |     ^^^^
      bad.yaml:10:5  a variant cannot override expect
         10 |     expect: []
            |     ^^^^^^
      "
    `)
  })

  test('values that contradict the base', () => {
    const text = `${BACKUP}warmup: 30 s
faults: [{ at: 1 s, for: 1 s, kind: suspend-region-server, server: rs3 }]
variants:
  short:
    duration: 20 s
  small:
    racks: 1
    cluster.regionServers: 2
  express:
    peers.backup.store: express
    stores: { express: { profile: s3-express } }
  elsewhere:
    stores: { other: { profile: s3-express } }
`
    expect(complaintAbout(text)).toMatchInlineSnapshot(`
      "
      bad.yaml:11:5  warmup: nothing is left to measure
         11 |     duration: 20 s
            |     ^^^^^^^^ expected less than duration
      bad.yaml:13:5  unknown key "racks"
         13 |     racks: 1
            |     ^^^^^ expected one of name, description, lesson, seed, duration, warmup, drain, epoch, hbase, site, cluster, stores, … (20 in all)
      bad.yaml:14:5  faults[0].server: there is no region server "rs3"
         14 |     cluster.regionServers: 2
            |     ^^^^^^^^^^^^^^^^^^^^^ did you mean "rs1"?
      bad.yaml:19:5  peers.backup.store: there is no store "s3"
         19 |     stores: { other: { profile: s3-express } }
            |     ^^^^^^ expected other
      "
    `)
  })

  test('a parameter that another profile lacks is blamed on the change of profile', () => {
    const text = `${LEAST}stores: { s3: { profile: s3-standard, partSize: 1 MiB } }
variants: { express: { stores.s3.profile: s3-express } }
`
    expect(complaintAbout(text)).toMatchInlineSnapshot(`
      "
      bad.yaml:6:24  unknown key "partSize" in stores.s3
          6 | variants: { express: { stores.s3.profile: s3-express } }
            |                        ^^^^^^^^^^^^^^^^^ expected one of profile, retention, putLatency
      "
    `)
  })

  test('what is wrong with the base is not repeated for its variants', () => {
    const text = `${LEAST}warmup: 5\nvariants: { a: { seeds: 1 }, b: { cluster.racks: 2 } }\n`
    expect(complaintAbout(text)).toMatchInlineSnapshot(`
      "
      bad.yaml:5:9  5 has no unit
          5 | warmup: 5
            |         ^ expected a duration such as 250 us, 10 ms, 2 s, 5 min, 1h30m or 30 d
      bad.yaml:6:18  unknown key "seeds"
          6 | variants: { a: { seeds: 1 }, b: { cluster.racks: 2 } }
            |                  ^^^^^ did you mean "seed"?
      "
    `)
  })
})

describe('settings of the command line', () => {
  test('lie over the base and under the variants', () => {
    const { variants } = load(`${BACKUP}variants: { v: { peers.backup.copiers: 7 } }\n`, {
      set: ['peers.backup.copiers=5', 'site["a.b"]=3.0', 'workload[0].valueSize=uniform(1 B, 2 B)'],
    })
    expect(variants.map(({ scenario }) => scenario.peers.backup.copiers)).toEqual([5, 7])
    for (const { scenario } of variants) {
      expect(scenario.site).toEqual({ 'a.b': '3.0' })
      expect(scenario.workload[0].valueSize).toEqual({ kind: 'uniform', low: 1, high: 2 })
    }
  })

  test('may change a variant itself', () => {
    const { variants } = load(`${BACKUP}variants: { v: { peers.backup.copiers: 7 } }\n`, {
      set: ['variants.v["peers.backup.copiers"]=9'],
    })
    expect(variants[1].scenario.peers.backup.copiers).toBe(9)
  })

  test('are reported as the user typed them', () => {
    const set = [
      'duration=5',
      'cluster.regionServer=2',
      'duration',
      '=5',
      'peers.nobody.copiers=1',
      '__proto__.polluted=1',
      'warmup=2 min',
    ]
    expect(complaintAbout(BACKUP, { set })).toMatchInlineSnapshot(`
      "
      --set:1:1  this sets nothing
          1 | duration
            | ^^^^^^^^ expected path=value, e.g. peers.backup.copiers=5
      --set:1:1  this sets nothing
          1 | =5
            | ^ expected path=value, e.g. peers.backup.copiers=5
      --set:1:1  there is no peers.nobody to override a part of
          1 | peers.nobody.copiers=1
            | ^^^^^^^^^^^^^^^^^^^^ expected backup
      --set:1:1  "__proto__" cannot be a key
          1 | __proto__.polluted=1
            | ^^^^^^^^^^^^^^^^^^
      --set:1:10  5 has no unit
          1 | duration=5
            |          ^ expected a duration such as 250 us, 10 ms, 2 s, 5 min, 1h30m or 30 d
      --set:1:1  unknown key "regionServer" in cluster
          1 | cluster.regionServer=2
            | ^^^^^^^^^^^^^^^^^^^^ did you mean "regionServers"?
      "
    `)
    expect(complaintAbout(BACKUP, { set: ['duration=[1'] })).toMatchInlineSnapshot(`
      "
      --set:1:12  Flow sequence must end with a ]
          1 | duration=[1
            |            ^
      "
    `)
    expect({}).not.toHaveProperty('polluted')
  })

  test('that contradict the file are to blame', () => {
    const text = `${LEAST}warmup: 30 s\n`
    expect(complaintAbout(text, { set: ['duration=20 s'] })).toMatchInlineSnapshot(`
      "
      --set:1:1  warmup: nothing is left to measure
          1 | duration=20 s
            | ^^^^^^^^ expected less than duration
      "
    `)
  })
})
