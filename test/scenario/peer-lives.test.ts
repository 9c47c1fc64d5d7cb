import { describe, expect, test } from 'vitest'
import { peersAtStart } from '../../src/scenario/peer-lives.js'
import { complaintAbout, LEAST, load } from './fixture.js'

const BASE = `${LEAST}stores: { s3: { profile: s3-express } }
peers:
  on: { endpoint: direct, store: s3 }
  off: { endpoint: direct, store: s3, enabled: false }
`
const text = (...operations: string[]) =>
  `${BASE}operations:\n${operations.map((each) => `  - { ${each} }\n`).join('')}`
const about = (...operations: string[]) => complaintAbout(text(...operations))
const atStart = (...operations: string[]) =>
  peersAtStart(load(text(...operations)).variants[0].scenario)

describe('a peer exists from the start', () => {
  test('without operations on it, and if it is removed before it is added', () => {
    expect(peersAtStart(load(BASE).variants[0].scenario)).toEqual(['on', 'off'])
    expect(
      atStart('at: 9 s, do: add-peer, peer: on', 'at: 5 s, do: remove-peer, peer: on'),
    ).toEqual(['on', 'off'])
  })

  test('but not if an operator adds it', () => {
    expect(
      atStart('at: 9 s, do: disable-peer, peer: on', 'at: 5 s, do: add-peer, peer: on'),
    ).toEqual(['off'])
  })
})

test('a peer may be added, disabled, enabled, removed and added again', () => {
  expect(
    about(
      'at: 6 s, do: add-peer, peer: on',
      'at: 1 s, do: add-peer, peer: on',
      'at: 2 s, do: disable-peer, peer: on',
      'at: "uniform(3 s, 4 s)", do: enable-peer, peer: on',
      'at: 4 s, do: remove-peer, peer: on',
      'at: exponential(10 s), do: enable-peer, peer: off',
    ),
  ).toBe('no complaint')
})

describe('what the master would refuse is an error', () => {
  test('enabling or disabling twice', () => {
    expect(
      about(
        'at: 1 s, do: enable-peer, peer: on',
        'at: 2 s, do: disable-peer, peer: off',
        'at: 3 s, do: disable-peer, peer: on',
        'at: 4 s, do: disable-peer, peer: on',
      ),
    ).toMatchInlineSnapshot(`
      "
      bad.yaml:10:20  peer "on" is enabled already
         10 |   - { at: 1 s, do: enable-peer, peer: on }
            |                    ^^^^^^^^^^^
      bad.yaml:11:20  peer "off" is disabled already
         11 |   - { at: 2 s, do: disable-peer, peer: off }
            |                    ^^^^^^^^^^^^
      bad.yaml:13:20  peer "on" is disabled already
         13 |   - { at: 4 s, do: disable-peer, peer: on }
            |                    ^^^^^^^^^^^^
      "
    `)
  })

  test('adding twice, and what comes before the peer or after it', () => {
    expect(
      about(
        'at: 1 s, do: enable-peer, peer: on',
        'at: 2 s, do: add-peer, peer: on',
        'at: 3 s, do: remove-peer, peer: off',
        'at: 4 s, do: remove-peer, peer: off',
        'at: 5 s, do: update-peer-config, peer: off, set: { bandwidth: 1 B/s }',
        'at: 6 s, do: add-peer, peer: off',
        'at: 7 s, do: disable-peer, peer: off',
        'at: 8 s, do: add-peer, peer: off',
      ),
    ).toMatchInlineSnapshot(`
      "
      bad.yaml:10:20  peer "on" is enabled already
         10 |   - { at: 1 s, do: enable-peer, peer: on }
            |                    ^^^^^^^^^^^
      bad.yaml:11:20  peer "on" exists already
         11 |   - { at: 2 s, do: add-peer, peer: on }
            |                    ^^^^^^^^
      bad.yaml:13:20  peer "off" does not exist at that time
         13 |   - { at: 4 s, do: remove-peer, peer: off }
            |                    ^^^^^^^^^^^
      bad.yaml:14:20  peer "off" does not exist at that time
         14 |   - { at: 5 s, do: update-peer-config, peer: off, set: { bandwidth: 1 B/s } }
            |                    ^^^^^^^^^^^^^^^^^^
      bad.yaml:16:20  peer "off" is disabled already
         16 |   - { at: 7 s, do: disable-peer, peer: off }
            |                    ^^^^^^^^^^^^
      bad.yaml:17:20  peer "off" exists already
         17 |   - { at: 8 s, do: add-peer, peer: off }
            |                    ^^^^^^^^
      "
    `)
  })

  test('also where a variant makes it so', () => {
    const operations = text('at: 1 s, do: disable-peer, peer: on')
    const variants = 'variants: { v: { peers.on.enabled: false } }\n'
    expect(complaintAbout(operations + variants)).toMatchInlineSnapshot(`
      "
      bad.yaml:11:18  operations[0].do: peer "on" is disabled already
         11 | variants: { v: { peers.on.enabled: false } }
            |                  ^^^^^^^^^^^^^^^^
      "
    `)
  })
})

test('an order that differs between seeds is an error', () => {
  expect(
    about(
      'at: "uniform(1 s, 3 s)", do: disable-peer, peer: on',
      'at: 2 s, do: enable-peer, peer: on',
      'at: exponential(1 s), do: enable-peer, peer: off',
      'at: 9 s, do: disable-peer, peer: off',
    ),
  ).toMatchInlineSnapshot(`
    "
    bad.yaml:11:11  this and disable-peer can happen in either order
       11 |   - { at: 2 s, do: enable-peer, peer: on }
          |           ^^^ expected times that do not overlap
    bad.yaml:13:11  this and enable-peer can happen in either order
       13 |   - { at: 9 s, do: disable-peer, peer: off }
          |           ^^^ expected times that do not overlap
    "
  `)
  expect(
    about(
      'at: 3 s, do: enable-peer, peer: on',
      'at: "uniform(1 s, 3 s)", do: disable-peer, peer: on',
    ),
  ).toMatchInlineSnapshot(`
    "
    bad.yaml:10:11  this and disable-peer can happen in either order
       10 |   - { at: 3 s, do: enable-peer, peer: on }
          |           ^^^ expected times that do not overlap
    "
  `)
})

describe('the peer that feeds secondary replicas in HBase 2', () => {
  const REPLICAS = `${LEAST}hbase: "2.6"
site: { hbase.region.replica.replication.enabled: true }
`.replace('t: {', 't: { regionReplication: 2,')
  const on = (base: string, ...operations: string[]) =>
    complaintAbout(
      `${base}operations:\n${operations
        .map((each) => `  - { ${each}, peer: region_replica_replication }\n`)
        .join('')}`,
    )

  test('is there without being declared, and may be disabled and enabled', () => {
    expect(on(REPLICAS, 'at: 1 s, do: disable-peer', 'at: 2 s, do: enable-peer')).toBe(
      'no complaint',
    )
    expect(on(REPLICAS, 'at: 1 s, do: enable-peer')).toContain('is enabled already')
  })

  test('is nobody else’s to change', () => {
    expect(on(REPLICAS, 'at: 1 s, do: remove-peer')).toContain(
      'it can only be disabled and enabled',
    )
  })

  test('is there without the property if somebody names it, for nobody removes it', () => {
    expect(on(REPLICAS.replace('true', 'false'), 'at: 1 s, do: disable-peer')).toBe('no complaint')
  })

  test('is not there without replicas, or in HBase 3', () => {
    const disable = 'at: 1 s, do: disable-peer'
    expect(on(REPLICAS.replace('"2.6"', '"3.0"'), disable)).toContain('does not exist')
    expect(on(REPLICAS.replace('Replication: 2', 'Replication: 1'), disable)).toContain(
      'does not exist',
    )
  })
})
