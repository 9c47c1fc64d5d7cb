import { describe, expect, test } from 'vitest'
import type { OperationSpec } from '../../src/scenario/scenario.js'
import { complaintAbout, LEAST, load } from './fixture.js'

const PEERS = `stores: { s3: { profile: s3-express } }
peers: { backup: { endpoint: direct, store: s3 } }
`
const about = (operations: string) => complaintAbout(`${LEAST}${PEERS}operations:\n${operations}`)
const operationOf = (operation: string): OperationSpec =>
  load(`${LEAST}${PEERS}operations: [{ at: 5 s, ${operation} }]\n`).variants[0].scenario
    .operations[0]

describe('operations', () => {
  test.each<[string, object]>([
    ['do: disable-peer, peer: backup', { peer: 'backup' }],
    ['do: add-peer, peer: backup', { peer: 'backup' }],
    ['do: remove-peer, peer: backup', { peer: 'backup' }],
    ['do: roll-wal, server: rs1', { server: 'rs1' }],
    ['do: empty-wal, server: any', { server: 'any' }],
    ['do: flush, table: t', { table: 't' }],
    ['do: compact, table: t', { table: 't' }],
    ['do: major-compact, table: t', { table: 't' }],
    ['do: move, table: t, region: 0, server: rs2', { table: 't', region: 0, server: 'rs2' }],
    ['do: bulk-load, table: t, bytes: 1 GiB', { table: 't', bytes: 1_073_741_824 }],
    [
      'do: update-peer-config, peer: backup, set: { bandwidth: 1 MiB/s }',
      { peer: 'backup', set: { bandwidth: 1_048_576 } },
    ],
    [
      'do: update-peer-config, peer: backup, set: { tables: null }',
      { peer: 'backup', set: { tables: null } },
    ],
    [
      'do: update-peer-config, peer: backup, set: { tables: [t], configuration: ' +
        '{ replication.source.nb.capacity: 9 } }',
      {
        peer: 'backup',
        set: { tables: ['t'], configuration: { 'replication.source.nb.capacity': '9' } },
      },
    ],
  ])('%s', (text, meaning) => {
    const what = /^do: ([a-z-]+)/.exec(text)?.[1]
    expect(operationOf(text)).toEqual({
      do: what,
      at: { kind: 'constant', value: 5e6 },
      ...meaning,
    })
  })

  test('may be drawn', () => {
    const { at } = load(
      `${LEAST}operations: [{ do: roll-wal, at: "uniform(1 s, 2 s)", server: rs1 }]\n`,
    ).variants[0].scenario.operations[0]
    expect(at).toEqual({ kind: 'uniform', low: 1e6, high: 2e6 })
  })

  test('on what is not there, of an unknown kind, with bad or missing fields', () => {
    expect(
      about(`  - { at: 1 s, do: disable-peer, peer: bakcup }
  - { at: 1 s, do: disable, peer: backup }
  - { at: 1 s, do: roll-wal, server: rs9 }
  - { at: 1 s, do: roll-wal, peer: backup }
  - { at: 1, do: empty-wal, server: rs1 }
  - { do: empty-wal, server: rs1 }
  - { at: 1 s, peer: backup }
`),
    ).toMatchInlineSnapshot(`
      "
      bad.yaml:8:40  there is no peer "bakcup"
          8 |   - { at: 1 s, do: disable-peer, peer: bakcup }
            |                                        ^^^^^^ did you mean "backup"?
      bad.yaml:9:20  "disable" is not a value of operations[1].do
          9 |   - { at: 1 s, do: disable, peer: backup }
            |                    ^^^^^^^ expected one of disable-peer, enable-peer, add-peer, remove-peer, update-peer-config, roll-wal, empty-wal, flush, compact, major-compact, move, bulk-load
      bad.yaml:10:38  there is no region server "rs9"
         10 |   - { at: 1 s, do: roll-wal, server: rs9 }
            |                                      ^^^ did you mean "rs1"?
      bad.yaml:11:5  "server" is missing in operations[3]
         11 |   - { at: 1 s, do: roll-wal, peer: backup }
            |     ^ expected server: Name of the region server, e.g. rs1; any is drawn per seed.
      bad.yaml:11:30  unknown key "peer" in operations[3]
         11 |   - { at: 1 s, do: roll-wal, peer: backup }
            |                              ^^^^ expected one of do, at, server
      bad.yaml:12:11  1 has no unit
         12 |   - { at: 1, do: empty-wal, server: rs1 }
            |           ^ expected a duration such as 250 us, 10 ms, 2 s, 5 min, 1h30m or 30 d
      bad.yaml:13:5  "at" is missing in operations[5]
         13 |   - { do: empty-wal, server: rs1 }
            |     ^ expected at: When it is done; a distribution is drawn once per seed. Write a duration such as 250 us, 10 ms, 2 s, 5 min, 1h30m or 30 d.
      bad.yaml:14:5  "do" is missing in operations[6]
         14 |   - { at: 1 s, peer: backup }
            |     ^ expected do: one of disable-peer, enable-peer, add-peer, remove-peer, update-peer-config, roll-wal, empty-wal, flush, compact, major-compact, move, bulk-load
      "
    `)
  })

  test('change of a peer what can change', () => {
    expect(
      about(`  - { at: 1 s, do: update-peer-config, peer: backup }
  - { at: 2 s, do: update-peer-config, peer: backup, set: {} }
  - { at: 3 s, do: update-peer-config, peer: backup, set: { endpoint: direct } }
  - { at: 4 s, do: update-peer-config, peer: backup, set: { bandwith: 1 MiB/s } }
  - { at: 5 s, do: update-peer-config, peer: backup, set: { bandwidth: 1/s, tables: [tt] } }
  - at: 6 s
    do: update-peer-config
    peer: backup
    set: { configuration: { replication.source.nb.capacity: few, hbase.wal.hsync: true } }
`),
    ).toMatchInlineSnapshot(`
      "
      bad.yaml:8:5  "set" is missing in operations[0]
          8 |   - { at: 1 s, do: update-peer-config, peer: backup }
            |     ^ expected set: What changes; all else stays.
      bad.yaml:10:61  unknown key "endpoint" in operations[2].set
         10 |   - { at: 3 s, do: update-peer-config, peer: backup, set: { endpoint: direct } }
            |                                                             ^^^^^^^^ expected one of configuration, bandwidth, tables
      bad.yaml:11:61  unknown key "bandwith" in operations[3].set
         11 |   - { at: 4 s, do: update-peer-config, peer: backup, set: { bandwith: 1 MiB/s } }
            |                                                             ^^^^^^^^ did you mean "bandwidth"?
      bad.yaml:12:72  "1/s" is a rate of operations, not a rate in bytes per second
         12 | er: backup, set: { bandwidth: 1/s, tables: [tt] } }
            |                               ^^^ expected a rate such as 80 MiB/s or 1 GB/s
      bad.yaml:12:86  there is no table "tt"
         12 | t: { bandwidth: 1/s, tables: [tt] } }
            |                               ^^ did you mean "t"?
      bad.yaml:16:61  "few" is not a value of replication.source.nb.capacity
         16 |     set: { configuration: { replication.source.nb.capacity: few, hbase.wal.hsync: true } }
            |                                                             ^^^ expected a whole number of at least 1
      bad.yaml:16:66  "hbase.wal.hsync" is not read from a peer's configuration
         16 |     set: { configuration: { replication.source.nb.capacity: few, hbase.wal.hsync: true } }
            |                                                                  ^^^^^^^^^^^^^^^ expected one of replication.source.nb.capacity, hbase.replication.shipper.offset.update.size.threshold
      "
    `)
    expect(
      about('  - { at: 2 s, do: update-peer-config, peer: backup, set: {} }\n'),
    ).toMatchInlineSnapshot(`
      "
      bad.yaml:8:59  this changes nothing
          8 |   - { at: 2 s, do: update-peer-config, peer: backup, set: {} }
            |                                                           ^ expected one of configuration, bandwidth, tables
      "
    `)
  })

  test('that the run is too short for', () => {
    expect(about('  - { at: 61 s, do: roll-wal, server: rs1 }\n')).toMatchInlineSnapshot(`
      "
      bad.yaml:8:11  the workload is over before this operation
          8 |   - { at: 61 s, do: roll-wal, server: rs1 }
            |           ^^^^ expected at most duration
      "
    `)
  })
})
