import { describe, expect, test } from 'vitest'
import { complaintAbout, LEAST } from './fixture.js'

const about = (more: string) => complaintAbout(LEAST + more)

describe('what the command line prints about', () => {
  test('unknown keys anywhere', () => {
    expect(
      about(`durations: 5 s
cluster: { regionServer: 3, hdfs: { dataNode: 1 }, flux: 1 }
stores: { s3: { profile: s3-express, partSize: 1 MiB } }
faults: [{ kind: cluster-loss, at: 1 s, for: 2 s }]
expect: [{ taht: a < 5 }]
`),
    ).toMatchInlineSnapshot(`
      "
      bad.yaml:5:1  unknown key "durations"
          5 | durations: 5 s
            | ^^^^^^^^^ did you mean "duration"?
      bad.yaml:6:12  unknown key "regionServer" in cluster
          6 | cluster: { regionServer: 3, hdfs: { dataNode: 1 }, flux: 1 }
            |            ^^^^^^^^^^^^ did you mean "regionServers"?
      bad.yaml:6:37  unknown key "dataNode" in cluster.hdfs
          6 | cluster: { regionServer: 3, hdfs: { dataNode: 1 }, flux: 1 }
            |                                     ^^^^^^^^ did you mean "dataNodes"?
      bad.yaml:6:52  unknown key "flux" in cluster
          6 | cluster: { regionServer: 3, hdfs: { dataNode: 1 }, flux: 1 }
            |                                                    ^^^^ expected one of regionServers, racks, start, hdfs, networkLatency
      bad.yaml:7:38  unknown key "partSize" in stores.s3
          7 | stores: { s3: { profile: s3-express, partSize: 1 MiB } }
            |                                      ^^^^^^^^ expected one of profile, retention, putLatency
      bad.yaml:8:41  unknown key "for" in faults[0]
          8 | faults: [{ kind: cluster-loss, at: 1 s, for: 2 s }]
            |                                         ^^^ expected one of kind, at
      bad.yaml:9:10  "that" is missing in expect[0]
          9 | expect: [{ taht: a < 5 }]
            |          ^ expected that: path (== != < <= > >=) number with unit, another path, or the word held, violated or null.
      bad.yaml:9:12  unknown key "taht" in expect[0]
          9 | expect: [{ taht: a < 5 }]
            |            ^^^^ did you mean "that"?
      "
    `)
  })

  test('missing keys, at what lacks them', () => {
    expect(
      complaintAbout(`duration: 1 min
tables: { t: {} }
workload:
  - { table: t, rate: 1/s }
peers:
  backup: { endpoint: direct }
faults: [{ at: 1 s }, { kind: cluster-loss }]
`),
    ).toMatchInlineSnapshot(`
      "
      bad.yaml:1:1  "name" is missing
          1 | duration: 1 min
            | ^ expected name: Name of the scenario; letters, digits, dots and dashes.
      bad.yaml:2:11  "regions" is missing in tables.t
          2 | tables: { t: {} }
            |           ^ expected regions: Regions, spread evenly over the servers.
      bad.yaml:4:5  "valueSize" is missing in workload[0]
          4 |   - { table: t, rate: 1/s }
            |     ^ expected valueSize: Bytes of one value. Write a size such as 100 B, 10 KiB, 128 MiB or 1 MB.
      bad.yaml:6:3  "store" is missing in peers.backup
          6 |   backup: { endpoint: direct }
            |   ^^^^^^ expected store: Name of the store.
      bad.yaml:7:10  "kind" is missing in faults[0]
          7 | faults: [{ at: 1 s }, { kind: cluster-loss }]
            |          ^ expected kind: one of store-outage, slow-store, store-errors, store-throttling, store-loss, suspend-region-server, delay-rpc, kill-region-server, restart-region-server, stop-region-server, abort-region-server, kill-data-node, … (16 in all)
      bad.yaml:7:23  "at" is missing in faults[1]
          7 | faults: [{ at: 1 s }, { kind: cluster-loss }]
            |                       ^ expected at: When it strikes; a distribution is drawn once per seed. Write a duration such as 250 us, 10 ms, 2 s, 5 min, 1h30m or 30 d.
      "
    `)
  })

  test('bare numbers and other wrong types', () => {
    expect(
      about(`warmup: 0
drain: [1 h]
seed: 1.5
cluster: { regionServers: three, racks: true, start: 5, hdfs: 7 }
stores: { s3: { profile: s3-standard, connections: 1.5, slowdown: fast, putPrice: 1 USD } }
peers: []
expect: [{ that: 5 }, 5]
description: 5
`),
    ).toMatchInlineSnapshot(`
      "
      bad.yaml:5:9  0 has no unit
          5 | warmup: 0
            |         ^ expected a duration such as 250 us, 10 ms, 2 s, 5 min, 1h30m or 30 d
      bad.yaml:6:8  a list is not a duration
          6 | drain: [1 h]
            |        ^ expected a duration such as 250 us, 10 ms, 2 s, 5 min, 1h30m or 30 d
      bad.yaml:7:7  1.5 is of the wrong type
          7 | seed: 1.5
            |       ^^^ expected a whole number of at least 0
      bad.yaml:8:27  "three" is of the wrong type
          8 | cluster: { regionServers: three, racks: true, start: 5, hdfs: 7 }
            |                           ^^^^^ expected a whole number from 1 to 1000
      bad.yaml:8:41  true is of the wrong type
          8 | cluster: { regionServers: three, racks: true, start: 5, hdfs: 7 }
            |                                         ^^^^ expected a whole number from 1 to 1000
      bad.yaml:8:54  5 is not a value of cluster.start
          8 | cluster: { regionServers: three, racks: true, start: 5, hdfs: 7 }
            |                                                      ^ expected one of steady, cold
      bad.yaml:8:63  7 is of the wrong type
          8 | cluster: { regionServers: three, racks: true, start: 5, hdfs: 7 }
            |                                                               ^ expected a map
      bad.yaml:9:52  1.5 is of the wrong type
          9 | le: s3-standard, connections: 1.5, slowdown: fast, putPrice: 1 USD } }
            |                               ^^^ expected a whole number from 0 to 1000000000000
      bad.yaml:9:67  "fast" is not a plain number
          9 | , connections: 1.5, slowdown: fast, putPrice: 1 USD } }
            |                               ^^^^ expected a plain number such as 0.5
      bad.yaml:9:83  "1 USD" is of the wrong type
          9 | .5, slowdown: fast, putPrice: 1 USD } }
            |                               ^^^^^ expected a number from 0 to 1000000000000
      bad.yaml:10:8  a list is of the wrong type
         10 | peers: []
            |        ^ expected a map
      bad.yaml:11:18  5 is not a comparison
         11 | expect: [{ that: 5 }, 5]
            |                  ^ expected path < value
      bad.yaml:11:23  5 is of the wrong type
         11 | expect: [{ that: 5 }, 5]
            |                       ^ expected a map
      bad.yaml:12:14  5 is of the wrong type
         12 | description: 5
            |              ^ expected a text
      "
    `)
  })

  test('bad quantities and distributions', () => {
    expect(
      about(`warmup: 10 sec
drain: 0.5 us
stores:
  s3:
    profile: s3-standard
    retention: 30 MiB
    putLatency: unifrom(1 ms, 2 ms)
    partSize: 8 mib
    bandwidth: 0 B/s
`),
    ).toMatchInlineSnapshot(`
      "
      bad.yaml:5:9  "sec" is no unit of a duration
          5 | warmup: 10 sec
            |         ^^^^^^ expected a duration such as 250 us, 10 ms, 2 s, 5 min, 1h30m or 30 d
      bad.yaml:6:8  "0.5 us" is not a whole number of microseconds
          6 | drain: 0.5 us
            |        ^^^^^^
      bad.yaml:10:16  "30 MiB" is a size, not a duration
         10 |     retention: 30 MiB
            |                ^^^^^^ expected a duration such as 250 us, 10 ms, 2 s, 5 min, 1h30m or 30 d
      bad.yaml:11:17  unknown distribution "unifrom"
         11 |     putLatency: unifrom(1 ms, 2 ms)
            |                 ^^^^^^^^^^^^^^^^^^^ did you mean "uniform"?
      bad.yaml:12:15  "mib" is no unit of a size
         12 |     partSize: 8 mib
            |               ^^^^^ did you mean "MiB"?
      bad.yaml:13:16  "0 B/s" can be 0
         13 |     bandwidth: 0 B/s
            |                ^^^^^ expected a rate in bytes per second above 0
      "
    `)
  })

  test('values out of range', () => {
    expect(
      about(`seed: -1
cluster: { regionServers: 1001, hdfs: { slowNodeProbability: 1.5 } }
drain: 1000 d
peers: { p: { endpoint: direct, store: s, rollSize: 0 B, flushInterval: 0 s, copiers: 0 } }
stores: { s: { profile: s3-express } }
`),
    ).toMatchInlineSnapshot(`
      "
      bad.yaml:5:7  -1 is out of range
          5 | seed: -1
            |       ^^ expected a whole number of at least 0
      bad.yaml:6:27  1001 is out of range
          6 | cluster: { regionServers: 1001, hdfs: { slowNodeProbability: 1.5 } }
            |                           ^^^^ expected a whole number from 1 to 1000
      bad.yaml:6:62  1.5 is out of range
          6 | cluster: { regionServers: 1001, hdfs: { slowNodeProbability: 1.5 } }
            |                                                              ^^^ expected a number from 0 to 1
      bad.yaml:7:8  "1000 d" is out of range
          7 | drain: 1000 d
            |        ^^^^^^ expected a duration of at most 400 d
      bad.yaml:8:53  "0 B" is out of range
          8 | : direct, store: s, rollSize: 0 B, flushInterval: 0 s, copiers: 0 } }
            |                               ^^^ expected a size from 1 B to 5 TiB
      bad.yaml:8:73  "0 s" is out of range
          8 | rollSize: 0 B, flushInterval: 0 s, copiers: 0 } }
            |                               ^^^ expected a duration from 1 ms to 400 d
      bad.yaml:8:87  0 is out of range
          8 |  flushInterval: 0 s, copiers: 0 } }
            |                               ^ expected a whole number from 1 to 100
      "
    `)
  })

  test('an empty value size and an empty workload', () => {
    expect(complaintAbout(LEAST.replace('1 KiB', '"uniform(0 B, 1 KiB)"'))).toMatchInlineSnapshot(`
      "
      bad.yaml:4:46  "uniform(0 B, 1 KiB)" can be 0
          4 | workload: [{ table: t, rate: 1/s, valueSize: "uniform(0 B, 1 KiB)" }]
            |                                              ^^^^^^^^^^^^^^^^^^^^^ expected a size above 0
      "
    `)
    expect(complaintAbout(LEAST.replace(/\[\{.*\}\]/, '[]'))).toMatchInlineSnapshot(`
      "
      bad.yaml:4:11  the number of entries is out of range
          4 | workload: []
            |           ^ expected at least 1
      "
    `)
    expect(complaintAbout(LEAST.replace('1/s', '0/s'))).toMatchInlineSnapshot(`
      "
      bad.yaml:4:30  "0/s" is out of range
          4 | workload: [{ table: t, rate: 0/s, valueSize: 1 KiB }]
            |                              ^^^ expected a rate above 0/s, at most 1000000000/s
      "
    `)
  })

  test('unknown names, with the nearest', () => {
    expect(
      about(`hbase: 2.7
stores: { backup: { profile: s3-standart } }
peers: { p: { endpoint: staged-cpy, store: bakcup, sync: fsync } }
faults:
  - { kind: store-outtage, at: 1 s }
  - { kind: store-outage, at: 1 s, for: 1 s, store: b, as: 404 }
  - { kind: suspend-region-server, at: 1 s, for: 1 s, server: rs4 }
expect: [{ that: a < 5, variants: [bass] }]
`),
    ).toMatchInlineSnapshot(`
      "
      bad.yaml:5:8  "2.7" is not a value of hbase
          5 | hbase: 2.7
            |        ^^^ did you mean "2.6"?
      bad.yaml:6:30  "s3-standart" is not a value of stores.backup.profile
          6 | stores: { backup: { profile: s3-standart } }
            |                              ^^^^^^^^^^^ did you mean "s3-standard"?
      bad.yaml:7:25  "staged-cpy" is not a value of peers.p.endpoint
          7 | peers: { p: { endpoint: staged-cpy, store: bakcup, sync: fsync } }
            |                         ^^^^^^^^^^ did you mean "staged-copy"?
      bad.yaml:7:44  there is no store "bakcup"
          7 | peers: { p: { endpoint: staged-cpy, store: bakcup, sync: fsync } }
            |                                            ^^^^^^ did you mean "backup"?
      bad.yaml:7:58  "fsync" is not a value of peers.p.sync
          7 | peers: { p: { endpoint: staged-cpy, store: bakcup, sync: fsync } }
            |                                                          ^^^^^ did you mean "hsync"?
      bad.yaml:9:13  "store-outtage" is not a value of faults[0].kind
          9 |   - { kind: store-outtage, at: 1 s }
            |             ^^^^^^^^^^^^^ did you mean "store-outage"?
      bad.yaml:10:53  there is no store "b"
         10 |   - { kind: store-outage, at: 1 s, for: 1 s, store: b, as: 404 }
            |                                                     ^ expected backup
      bad.yaml:10:60  "404" is not a value of faults[1].as
         10 |   - { kind: store-outage, at: 1 s, for: 1 s, store: b, as: 404 }
            |                                                            ^^^ expected one of 500, 503, refuse, timeout
      bad.yaml:11:63  there is no region server "rs4"
         11 |   - { kind: suspend-region-server, at: 1 s, for: 1 s, server: rs4 }
            |                                                               ^^^ did you mean "rs1"?
      bad.yaml:12:36  there is no variant "bass"
         12 | expect: [{ that: a < 5, variants: [bass] }]
            |                                    ^^^^ did you mean "base"?
      "
    `)
    expect(complaintAbout(LEAST.replace('table: t', 'table: tt'))).toMatchInlineSnapshot(`
      "
      bad.yaml:4:21  there is no table "tt"
          4 | workload: [{ table: tt, rate: 1/s, valueSize: 1 KiB }]
            |                     ^^ did you mean "t"?
      "
    `)
  })

  test('names that are none', () => {
    expect(
      about('stores: { -x: { profile: s3-express } }\nepoch: 2026-02-29\n'),
    ).toMatchInlineSnapshot(`
      "
      bad.yaml:5:11  "-x" cannot be a name
          5 | stores: { -x: { profile: s3-express } }
            |           ^^ expected letters, digits, dots and dashes
      bad.yaml:6:8  "2026-02-29" is not a date
          6 | epoch: 2026-02-29
            |        ^^^^^^^^^^ expected a date such as 2026-01-01
      "
    `)
    expect(complaintAbout(LEAST.replace('least', '"../x"'))).toMatchInlineSnapshot(`
      "
      bad.yaml:1:7  "../x" cannot be a name
          1 | name: "../x"
            |       ^^^^^^ expected letters, digits, dots and dashes
      "
    `)
  })

  test('modelled site properties', () => {
    expect(
      about(`site:
  hbase.wal.hsync: maybe
  hbase.regionserver.handler.count: 0
  hbase.unknown: anything
  a.list: [1]
  nothing:
`),
    ).toMatchInlineSnapshot(`
      "
      bad.yaml:6:20  "maybe" is not a value of hbase.wal.hsync
          6 |   hbase.wal.hsync: maybe
            |                    ^^^^^ expected true or false
      bad.yaml:7:37  "0" is not a value of hbase.regionserver.handler.count
          7 |   hbase.regionserver.handler.count: 0
            |                                     ^ expected a whole number from 1 to 1000
      bad.yaml:9:11  a list is not the value of a property
          9 |   a.list: [1]
            |           ^ expected one value
      bad.yaml:10:3  nothing is not the value of a property
         10 |   nothing:
            |   ^^^^^^^ expected one value
      "
    `)
  })

  test('expectations', () => {
    expect(
      about(`expect:
  - { that: peers.backup.disasters }
  - { that: 'peers.backup.rpo["cluster-loss"].maxUs < 30' }
`),
    ).toMatchInlineSnapshot(`
      "
      bad.yaml:6:13  "peers.backup.disasters" does not compare
          6 |   - { that: peers.backup.disasters }
            |             ^^^^^^^^^^^^^^^^^^^^^^ expected path < number with unit, or path < path; also == != <= > >=, and path == held
      bad.yaml:7:13  peers.backup.rpo.cluster-loss.maxUs: "30" has no unit
          7 |   - { that: 'peers.backup.rpo["cluster-loss"].maxUs < 30' }
            |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ expected a duration such as 250 us, 10 ms, 2 s, 5 min, 1h30m or 30 d
      "
    `)
  })

  test('contradictions', () => {
    expect(
      complaintAbout(`name: odd
duration: 1 min
warmup: 1 min
drain: 0 s
tables: { t: { regions: 100000 } }
workload:
  - { table: t, rate: 1/s, valueSize: 1 B, from: 2 min }
  - { table: t, rate: 1/s, valueSize: 1 B, from: 20 s, until: 10 s }
  - { table: t, rate: 1/s, valueSize: 1 B, mix: { put: 0.5 } }
  - { table: t, rate: 900000000/s, valueSize: 1 B }
faults: [{ kind: cluster-loss, at: 61 s }]
`),
    ).toMatchInlineSnapshot(`
      "
      bad.yaml:3:9  nothing is left to measure
          3 | warmup: 1 min
            |         ^^^^^ expected less than duration
      bad.yaml:7:50  the phase begins after the end of the run
          7 |   - { table: t, rate: 1/s, valueSize: 1 B, from: 2 min }
            |                                                  ^^^^^ expected less than duration
      bad.yaml:8:63  the phase ends before it begins
          8 |   - { table: t, rate: 1/s, valueSize: 1 B, from: 20 s, until: 10 s }
            |                                                               ^^^^ expected more than from
      bad.yaml:9:49  the shares do not sum to 1
          9 |   - { table: t, rate: 1/s, valueSize: 1 B, mix: { put: 0.5 } }
            |                                                 ^ expected put: 1.0
      bad.yaml:10:23  the workload comes to more than 10000000000 operations
         10 |   - { table: t, rate: 900000000/s, valueSize: 1 B }
            |                       ^^^^^^^^^^^ expected a lower rate or a shorter run
      bad.yaml:11:36  the workload is over before this fault
         11 | faults: [{ kind: cluster-loss, at: 61 s }]
            |                                    ^^^^ expected at most duration
      "
    `)
  })

  test('more than anyone reads: the first twenty', () => {
    const wrong = Array.from({ length: 30 }, (_, i) => `wrong${i}: 1\n`).join('')
    expect(about(wrong).match(/unknown key/g)).toHaveLength(20)
  })
})
