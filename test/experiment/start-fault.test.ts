import { expect, test } from 'vitest'
import { loadScenario } from '../../src/scenario/load.js'
import { defaultVocabulary } from '../../src/simulation/default-vocabulary.js'
import { simulate } from '../../src/simulation/simulate.js'

test('a run with HBase’s check of streams says why the endpoint did not start', () => {
  const text = `
name: start
description: A stream without hflush, with and without HBase's check of it.
duration: 10 s
drain: 1 s
stores: { backup: { profile: s3-standard } }
tables: { usertable: { regions: 1 } }
workload: [ { table: usertable, rate: 1/s, valueSize: 1 KiB } ]
peers: { backup: { endpoint: unsafe-flush, store: backup } }
variants:
  enforced: {}
  permitted: { 'site["hbase.unsafe.stream.capability.enforce"]': false }
`
  const { variants } = loadScenario({ name: 'start.yaml', text }, defaultVocabulary)
  const faults = variants.map(({ name, scenario }) => {
    return [name, simulate(scenario, 1).peers.backup?.startFault]
  })
  expect(faults).toEqual([
    [
      'enforced',
      'unsupported: the stream lacks the capability hflush, ' +
        'see hbase.unsafe.stream.capability.enforce',
    ],
    ['permitted', undefined],
  ])
})
