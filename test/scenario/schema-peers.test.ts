import { describe, expect, test } from 'vitest'
import type { PeerSpec } from '../../src/scenario/scenario.js'
import { complaintAbout, LEAST, load } from './fixture.js'

const STORES = 'stores: { s3: { profile: s3-express } }\n'
const about = (more: string) => complaintAbout(LEAST + STORES + more)
const peerOf = (options: string): PeerSpec =>
  load(`${LEAST}${STORES}peers: { p: ${options} }\n`).variants[0].scenario.peers.p

describe('a peer', () => {
  test('needs an endpoint and a store; all else has a default', () => {
    expect(peerOf('{ endpoint: direct, store: s3 }')).toEqual({
      endpoint: 'direct',
      store: 's3',
      enabled: true,
      tables: null,
      bandwidth: 0,
      configuration: {},
      rollSize: 134_217_728,
      flushIntervalUs: 300_000_000,
      sync: 'hsync',
      copiers: 3,
      copyBytesPerSecond: null,
      perTable: false,
      verify: true,
      purgePendingUploadsUs: null,
      degrade: 'none',
      form: 'hbase-29823',
    })
  })

  test('has every option, whatever its endpoint reads', () => {
    const text = `{
      endpoint: deferred-offset, store: s3, enabled: false, tables: [t, t], bandwidth: 10 MB/s,
      rollSize: 1 MiB, flushInterval: 1 s, sync: hflush, copiers: 1, copyRate: 1.5 MiB/s,
      perTable: true, verify: false, purgePendingUploads: 1 d, degrade: staging,
      form: feature-branch, configuration: {
        replication.source.nb.capacity: 5,
        hbase.replication.shipper.offset.update.size.threshold: 128m } }`
    expect(peerOf(text)).toEqual({
      endpoint: 'deferred-offset',
      store: 's3',
      enabled: false,
      tables: ['t'],
      bandwidth: 10_000_000,
      configuration: {
        'replication.source.nb.capacity': '5',
        'hbase.replication.shipper.offset.update.size.threshold': '128m',
      },
      rollSize: 1_048_576,
      flushIntervalUs: 1_000_000,
      sync: 'hflush',
      copiers: 1,
      copyBytesPerSecond: 1_572_864,
      perTable: true,
      verify: false,
      purgePendingUploadsUs: 86_400_000_000,
      degrade: 'staging',
      form: 'feature-branch',
    })
  })

  test.each(['direct', 'staged-copy', 'dual-write', 'unsafe-flush', 'deferred-offset'])(
    'ships by %s',
    (endpoint) => {
      expect(peerOf(`{ endpoint: ${endpoint}, store: s3 }`).endpoint).toBe(endpoint)
    },
  )

  test('says without a limit or an age: null', () => {
    const peer = peerOf(
      '{ endpoint: direct, store: s3, copyRate: null, purgePendingUploads: ~, tables: null }',
    )
    expect(peer).toMatchObject({
      copyBytesPerSecond: null,
      purgePendingUploadsUs: null,
      tables: null,
    })
  })

  test('replicates the same tables in whatever order they stand', () => {
    const hashOf = (tables: string) =>
      load(`${LEAST.replace('{ t:', '{ u: { regions: 1 }, 007: { regions: 1 }, t:')}${STORES}
peers: { p: { endpoint: direct, store: s3, tables: ${tables} } }
`).hash
    expect(hashOf('[t, u, 007]')).toBe(hashOf('[u, 007, t, t]'))
    expect(hashOf('[t, u]')).not.toBe(hashOf('[t]'))
  })
})

describe("a peer's own configuration", () => {
  const configured = (configuration: string, more = '') =>
    load(`${LEAST}${STORES}peers: { p: { endpoint: direct, store: s3${configuration} } }\n${more}`)

  test('is read as source text, also in overrides', () => {
    const { variants } = configured(
      '',
      `variants:
  a: { 'peers.p.configuration["replication.source.nb.capacity"]': 7 }
  b: { peers.p.configuration: { replication.source.nb.capacity: 007 } }
`,
    )
    expect(variants.map(({ scenario }) => scenario.peers.p.configuration)).toEqual([
      {},
      { 'replication.source.nb.capacity': '7' },
      { 'replication.source.nb.capacity': '007' },
    ])
  })

  test('lists what the model does not read beside that of the site', () => {
    const { ignoredProperties } = configured(
      ', configuration: { replication.source.ratio: 1 }',
      'site: { hbase.unknown: 1 }\n',
    )
    expect(ignoredProperties).toEqual(['hbase.unknown', 'replication.source.ratio'])
  })

  test('has properties that a source reads, of their types', () => {
    expect(
      about(`peers:
  p:
    endpoint: direct
    store: s3
    configuration:
      replication.source.nb.capacity: 0
      replication.sorce.nb.capacity: 5
      hbase.wal.hsync: true
      hbase.replication.shipper.offset.update.size.threshold: 5 MiB
      replication.source.ratio: [1]
`),
    ).toMatchInlineSnapshot(`
      "
      bad.yaml:11:39  "0" is not a value of replication.source.nb.capacity
         11 |       replication.source.nb.capacity: 0
            |                                       ^ expected a whole number of at least 1
      bad.yaml:12:7  "replication.sorce.nb.capacity" is not read from a peer's configuration
         12 |       replication.sorce.nb.capacity: 5
            |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ did you mean "replication.source.nb.capacity"?
      bad.yaml:13:7  "hbase.wal.hsync" is not read from a peer's configuration
         13 |       hbase.wal.hsync: true
            |       ^^^^^^^^^^^^^^^ expected one of replication.source.nb.capacity, hbase.replication.shipper.offset.update.size.threshold
      bad.yaml:14:63  "5 MiB" is not a value of hbase.replication.shipper.offset.update.size.threshold
         14 |       hbase.replication.shipper.offset.update.size.threshold: 5 MiB
            |                                                               ^^^^^ expected a whole number of bytes, or one ending in k, m, g or t
      bad.yaml:15:33  a list is not the value of a property
         15 |       replication.source.ratio: [1]
            |                                 ^ expected one value
      "
    `)
  })
})

test('bad options of peers', () => {
  expect(
    about(`peers:
  p:
    endpoint: dual-wrte
    store: s3
    enabled: yes
    bandwidth: 5 MiB
    copyRate: 0 B/s
    perTable: 1
    verify: no
    purgePendingUploads: 1 ms
    degrade: stagin
    form: HBASE-29823
    tables: []
  q:
    endpoint: direct
    store: s3
    tables: [t, tt]
    bandwidth: 1.5 B/s
    copyrate: 1 MiB/s
    purgePendingUploads: 5
    configuration: 5
`),
  ).toMatchInlineSnapshot(`
    "
    bad.yaml:8:15  "dual-wrte" is not a value of peers.p.endpoint
        8 |     endpoint: dual-wrte
          |               ^^^^^^^^^ did you mean "dual-write"?
    bad.yaml:10:14  "yes" is of the wrong type
       10 |     enabled: yes
          |              ^^^ expected true or false
    bad.yaml:11:16  "5 MiB" is a size, not a rate in bytes per second
       11 |     bandwidth: 5 MiB
          |                ^^^^^ expected a rate such as 80 MiB/s or 1 GB/s
    bad.yaml:12:15  "0 B/s" is out of range
       12 |     copyRate: 0 B/s
          |               ^^^^^ expected a rate from 1 B/s to 5 TiB/s
    bad.yaml:13:15  1 is of the wrong type
       13 |     perTable: 1
          |               ^ expected true or false
    bad.yaml:14:13  "no" is of the wrong type
       14 |     verify: no
          |             ^^ expected true or false
    bad.yaml:15:26  "1 ms" is out of range
       15 |     purgePendingUploads: 1 ms
          |                          ^^^^ expected a duration from 1 s to 400 d
    bad.yaml:16:14  "stagin" is not a value of peers.p.degrade
       16 |     degrade: stagin
          |              ^^^^^^ did you mean "staging"?
    bad.yaml:17:11  "HBASE-29823" is not a value of peers.p.form
       17 |     form: HBASE-29823
          |           ^^^^^^^^^^^ did you mean "hbase-29823"?
    bad.yaml:18:13  the number of entries is out of range
       18 |     tables: []
          |             ^ expected at least 1
    bad.yaml:22:17  there is no table "tt"
       22 |     tables: [t, tt]
          |                 ^^ did you mean "t"?
    bad.yaml:23:16  "1.5 B/s" is not a whole number of bytes per second
       23 |     bandwidth: 1.5 B/s
          |                ^^^^^^^
    bad.yaml:24:5  unknown key "copyrate" in peers.q
       24 |     copyrate: 1 MiB/s
          |     ^^^^^^^^ did you mean "copyRate"?
    bad.yaml:25:26  5 has no unit
       25 |     purgePendingUploads: 5
          |                          ^ expected a duration such as 250 us, 10 ms, 2 s, 5 min, 1h30m or 30 d
    bad.yaml:26:20  5 is of the wrong type
       26 |     configuration: 5
          |                    ^ expected a map
    "
  `)
})

test('HBase issues that stay unfixed are known ones, in any order', () => {
  const unfixed = (list: string) => load(`${LEAST}unfixed: ${list}\n`)
  expect(unfixed('[HBASE-29441, HBASE-27778, HBASE-29441]').variants[0].scenario.unfixed).toEqual([
    'HBASE-27778',
    'HBASE-29441',
  ])
  expect(unfixed('[HBASE-27778, HBASE-29441]').hash).toBe(
    unfixed('[HBASE-29441, HBASE-27778]').hash,
  )
  expect(about('unfixed: [HBASE-29442, H-1, 5]\n')).toMatchInlineSnapshot(`
    "
    bad.yaml:6:11  there is no switch for the fix of "HBASE-29442"
        6 | unfixed: [HBASE-29442, H-1, 5]
          |           ^^^^^^^^^^^ did you mean "HBASE-29441"?
    bad.yaml:6:24  there is no switch for the fix of "H-1"
        6 | unfixed: [HBASE-29442, H-1, 5]
          |                        ^^^ expected one of HBASE-29441, HBASE-27778
    bad.yaml:6:29  5 is of the wrong type
        6 | unfixed: [HBASE-29442, H-1, 5]
          |                             ^ expected a text
    "
  `)
  expect(about('unfixed: HBASE-29441\n')).toMatchInlineSnapshot(`
    "
    bad.yaml:6:10  "HBASE-29441" is of the wrong type
        6 | unfixed: HBASE-29441
          |          ^^^^^^^^^^^ expected a list
    "
  `)
})
