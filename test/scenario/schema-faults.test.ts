import { describe, expect, test } from 'vitest'
import type { FaultSpec } from '../../src/scenario/scenario.js'
import { complaintAbout, LEAST, load } from './fixture.js'

const STORES = 'stores: { s3: { profile: s3-express } }\n'
const about = (faults: string) => complaintAbout(`${LEAST}${STORES}faults:\n${faults}`)
const faultOf = (fault: string): FaultSpec =>
  load(`${LEAST}${STORES}faults: [{ at: 5 s, ${fault} }]\n`).variants[0].scenario.faults[0]

describe('faults', () => {
  test.each<[string, object]>([
    ['kind: slow-store, store: s3, for: 1 s, factor: 3', { forUs: 1e6, store: 's3', factor: 3 }],
    [
      'kind: store-errors, store: s3, for: 1 s, rate: 0.25',
      { forUs: 1e6, store: 's3', rate: 0.25, operation: null },
    ],
    [
      'kind: store-errors, store: s3, for: 1 s, rate: 1, operation: UploadPart',
      { forUs: 1e6, store: 's3', rate: 1, operation: 'UploadPart' },
    ],
    [
      'kind: store-throttling, store: s3, for: 1 s, limit: 20/s',
      { forUs: 1e6, store: 's3', limit: 20 },
    ],
    ['kind: store-loss, store: s3', { store: 's3' }],
    ['kind: suspend-region-server, server: rs1, for: 1 s', { forUs: 1e6, server: 'rs1' }],
    ['kind: kill-region-server, server: any', { server: 'any' }],
    ['kind: restart-region-server, server: rs3', { forUs: 60e6, server: 'rs3' }],
    ['kind: restart-region-server, server: rs3, for: 1 s', { forUs: 1e6, server: 'rs3' }],
    ['kind: stop-region-server, server: rs1', { server: 'rs1' }],
    ['kind: abort-region-server, server: rs1', { server: 'rs1' }],
    ['kind: kill-data-node, dataNode: dn5', { forUs: null, dataNode: 'dn5' }],
    ['kind: kill-data-node, dataNode: any, for: 1 s', { forUs: 1e6, dataNode: 'any' }],
    ['kind: rack-power-loss, rack: 3', { forUs: null, rack: 3 }],
    ['kind: rack-power-loss, rack: any, for: 1 s', { forUs: 1e6, rack: 'any' }],
    ['kind: cluster-power-loss', { forUs: null }],
    ['kind: cluster-power-loss, for: 1 s', { forUs: 1e6 }],
    ['kind: hdfs-loss', {}],
    ['kind: cluster-loss', {}],
  ])('%s', (text, meaning) => {
    const kind = /^kind: ([a-z-]+)/.exec(text)?.[1]
    expect(faultOf(text)).toEqual({ kind, at: { kind: 'constant', value: 5e6 }, ...meaning })
  })

  test('may strike one server again and again', () => {
    const kill = '{ kind: kill-region-server, at: 5 s, server: rs1 }'
    expect(load(`${LEAST}faults: [${kill}, ${kill}]\n`).variants[0].scenario.faults).toHaveLength(2)
  })

  test('of unknown targets name the nearest', () => {
    expect(
      about(`  - { kind: kill-region-server, at: 1 s, server: rs4 }
  - { kind: restart-region-server, at: 1 s, server: regionserver1 }
  - { kind: kill-data-node, at: 1 s, dataNode: dn6 }
  - { kind: kill-data-node, at: 1 s, dataNode: dn-2 }
  - { kind: rack-power-loss, at: 1 s, rack: 4 }
  - { kind: rack-power-loss, at: 1 s, rack: rack1 }
  - { kind: rack-power-loss, at: 1 s, rack: 1.5 }
  - { kind: store-loss, at: 1 s, store: s4 }
  - { kind: kill-regionserver, at: 1 s, server: rs1 }
`),
    ).toMatchInlineSnapshot(`
      "
      bad.yaml:7:50  there is no region server "rs4"
          7 |   - { kind: kill-region-server, at: 1 s, server: rs4 }
            |                                                  ^^^ did you mean "rs1"?
      bad.yaml:8:53  there is no region server "regionserver1"
          8 |   - { kind: restart-region-server, at: 1 s, server: regionserver1 }
            |                                                     ^^^^^^^^^^^^^ expected one of rs1, rs2, rs3, any
      bad.yaml:9:48  there is no DataNode "dn6"
          9 |   - { kind: kill-data-node, at: 1 s, dataNode: dn6 }
            |                                                ^^^ did you mean "dn1"?
      bad.yaml:10:48  there is no DataNode "dn-2"
         10 |   - { kind: kill-data-node, at: 1 s, dataNode: dn-2 }
            |                                                ^^^^ did you mean "dn2"?
      bad.yaml:11:45  there is no rack 4
         11 |   - { kind: rack-power-loss, at: 1 s, rack: 4 }
            |                                             ^ expected a number from 1 to 3, or any
      bad.yaml:12:45  "rack1" is not the number of a rack
         12 |   - { kind: rack-power-loss, at: 1 s, rack: rack1 }
            |                                             ^^^^^ expected a number or any
      bad.yaml:13:45  1.5 is not the number of a rack
         13 |   - { kind: rack-power-loss, at: 1 s, rack: 1.5 }
            |                                             ^^^ expected a number or any
      bad.yaml:14:41  there is no store "s4"
         14 |   - { kind: store-loss, at: 1 s, store: s4 }
            |                                         ^^ did you mean "s3"?
      bad.yaml:15:13  "kill-regionserver" is not a value of faults[8].kind
         15 |   - { kind: kill-regionserver, at: 1 s, server: rs1 }
            |             ^^^^^^^^^^^^^^^^^ did you mean "kill-region-server"?
      "
    `)
  })

  test('with bad or missing fields', () => {
    expect(
      about(`  - { kind: slow-store, at: 1 s, for: 1 s, store: s3, factor: 0.5 }
  - { kind: store-errors, at: 1 s, for: 1 s, store: s3, rate: 2/s }
  - { kind: store-errors, at: 1 s, for: 1 s, store: s3, rate: 2, operation: Upload }
  - { kind: store-throttling, at: 1 s, for: 1 s, store: s3, limit: 20 }
  - { kind: store-throttling, at: 1 s, for: 1 s, store: s3, limit: 0/s }
  - { kind: store-loss, at: 1 s, for: 1 s, store: s3 }
  - { kind: kill-region-server, at: 1 s, for: 1 s, server: rs1 }
  - { kind: kill-data-node, at: 1 s, for: 5, dataNode: dn1 }
  - { kind: cluster-power-loss, at: 1 s, fro: 5 s }
  - { kind: suspend-region-server, at: 1 s, server: rs1 }
`),
    ).toMatchInlineSnapshot(`
      "
      bad.yaml:7:63  0.5 is out of range
          7 |   - { kind: slow-store, at: 1 s, for: 1 s, store: s3, factor: 0.5 }
            |                                                               ^^^ expected a number from 1 to 1000000
      bad.yaml:8:63  "2/s" is of the wrong type
          8 |   - { kind: store-errors, at: 1 s, for: 1 s, store: s3, rate: 2/s }
            |                                                               ^^^ expected a number from 0 to 1
      bad.yaml:9:63  2 is out of range
          9 |   - { kind: store-errors, at: 1 s, for: 1 s, store: s3, rate: 2, operation: Upload }
            |                                                               ^ expected a number from 0 to 1
      bad.yaml:9:77  "Upload" is not a value of faults[2].operation
          9 |   - { kind: store-errors, at: 1 s, for: 1 s, store: s3, rate: 2, operation: Upload }
            |                                                                             ^^^^^^ expected one of PUT, Initiate, UploadPart, Complete, LIST, HEAD, DELETE
      bad.yaml:10:68  20 has no unit
         10 |   - { kind: store-throttling, at: 1 s, for: 1 s, store: s3, limit: 20 }
            |                                                                    ^^ expected a rate such as 5000/s
      bad.yaml:11:68  "0/s" is out of range
         11 |   - { kind: store-throttling, at: 1 s, for: 1 s, store: s3, limit: 0/s }
            |                                                                    ^^^ expected a rate above 0/s, at most 1000000000/s
      bad.yaml:12:34  unknown key "for" in faults[5]
         12 |   - { kind: store-loss, at: 1 s, for: 1 s, store: s3 }
            |                                  ^^^ expected one of kind, at, store
      bad.yaml:13:42  unknown key "for" in faults[6]
         13 |   - { kind: kill-region-server, at: 1 s, for: 1 s, server: rs1 }
            |                                          ^^^ expected one of kind, at, server
      bad.yaml:14:43  5 has no unit
         14 |   - { kind: kill-data-node, at: 1 s, for: 5, dataNode: dn1 }
            |                                           ^ expected a duration such as 250 us, 10 ms, 2 s, 5 min, 1h30m or 30 d
      bad.yaml:15:42  unknown key "fro" in faults[8]
         15 |   - { kind: cluster-power-loss, at: 1 s, fro: 5 s }
            |                                          ^^^ did you mean "for"?
      bad.yaml:16:5  "for" is missing in faults[9]
         16 |   - { kind: suspend-region-server, at: 1 s, server: rs1 }
            |     ^ expected for: How long it lasts. Write a duration such as 250 us, 10 ms, 2 s, 5 min, 1h30m or 30 d.
      "
    `)
  })

  test('that the run is too short for', () => {
    expect(
      about(`  - { kind: hdfs-loss, at: 61 s }
  - { kind: store-loss, at: "2 min + 0.5 * uniform(61 s, 62 s)", store: s3 }
  - { kind: restart-region-server, at: 1 s, server: rs1, for: 61 s }
`),
    ).toMatchInlineSnapshot(`
      "
      bad.yaml:7:28  the workload is over before this fault
          7 |   - { kind: hdfs-loss, at: 61 s }
            |                            ^^^^ expected at most duration
      bad.yaml:8:29  the workload is over before this fault
          8 |   - { kind: store-loss, at: "2 min + 0.5 * uniform(61 s, 62 s)", store: s3 }
            |                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ expected at most duration
      bad.yaml:9:63  the server is down for longer than the run
          9 |   - { kind: restart-region-server, at: 1 s, server: rs1, for: 61 s }
            |                                                               ^^^^ expected at most duration, or kill-region-server
      "
    `)
    const restart = '{ kind: restart-region-server, at: 50 s, server: rs1 }'
    expect(about(`  - ${restart}\n`)).toBe('no complaint')
    const text = `${LEAST}faults: [${restart}]\nvariants: { short: { duration: 55 s } }\n`
    expect(complaintAbout(text)).toMatchInlineSnapshot(`
      "
      bad.yaml:6:22  faults[0].for: the server is down for longer than the run
          6 | variants: { short: { duration: 55 s } }
            |                      ^^^^^^^^ expected at most duration, or kill-region-server
      "
    `)
  })
})

test('a cluster of other dimensions has other targets', () => {
  const text = `${LEAST}cluster: { racks: 20, regionServers: 20, hdfs: { dataNodes: 20 } }
faults:
  - { kind: rack-power-loss, at: 1 s, rack: 20 }
  - { kind: kill-region-server, at: 1 s, server: rs20 }
  - { kind: kill-data-node, at: 1 s, dataNode: dn20 }
`
  expect(complaintAbout(text)).toBe('no complaint')
  expect(complaintAbout(`${text}variants: { small: { cluster: {} } }\n`)).toMatchInlineSnapshot(`
    "
    bad.yaml:10:22  faults[0].rack: there is no rack 20
       10 | variants: { small: { cluster: {} } }
          |                      ^^^^^^^ expected a number from 1 to 3, or any
    bad.yaml:10:22  faults[1].server: there is no region server "rs20"
       10 | variants: { small: { cluster: {} } }
          |                      ^^^^^^^ did you mean "rs2"?
    bad.yaml:10:22  faults[2].dataNode: there is no DataNode "dn20"
       10 | variants: { small: { cluster: {} } }
          |                      ^^^^^^^ did you mean "dn2"?
    "
  `)
})
