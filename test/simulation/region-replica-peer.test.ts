import { expect, test } from 'vitest'
import { loadScenario } from '../../src/scenario/load.js'
import { defaultVocabulary } from '../../src/simulation/default-vocabulary.js'
import { Run } from '../../src/simulation/run.js'

const SCENARIO = `name: replicas
hbase: "2.6"
duration: 60 s
cluster: { regionServers: 3, start: cold }
site: { hbase.region.replica.replication.enabled: true }
tables: { usertable: { regions: 6, regionReplication: 2 } }
workload: [{ table: usertable, mix: { put: 1.0 }, rate: 50/s, valueSize: 1 KiB }]
`

function runOf(more = ''): Run {
  const loaded = loadScenario(
    { name: 'replicas.yaml', text: SCENARIO + more },
    defaultVocabulary,
    {},
  )
  const run = new Run(loaded.variants[0].scenario, 1)
  run.execute()
  return run
}

/** Edits that the secondaries have taken, those that came twice counted once. */
function deliveredEdits({ cluster, replication }: Run): number {
  const { secondaries } = cluster.map.replicas
  return secondaries.reduce((sum, replica) => {
    const traffic = replication.regionReplicaPeer?.traffic.to(replica)
    return sum + (traffic?.edits ?? 0) - (traffic?.duplicateEdits ?? 0)
  }, 0)
}

/** Edits of the primaries that clients have an answer for. */
function acknowledgedEdits({ cluster }: Run): number {
  return cluster.acknowledgements.reduce((sum, { source: { log } }) => {
    return sum + log.length - log.markers.countIn(0, log.length)
  }, 0)
}

test('secondaries are sent every edit, also those of a server that dies', () => {
  const run = runOf('faults: [{ at: 20 s, kind: kill-region-server, server: rs2 }]\n')
  const sources = run.replication.regionReplicaPeer?.sources ?? []
  expect(sources.filter(({ recovered }) => recovered)).toHaveLength(1)
  expect(deliveredEdits(run)).toBeGreaterThan(2500)
  expect(deliveredEdits(run) / acknowledgedEdits(run)).toBeGreaterThan(0.97)
})

test('nothing is sent from when an operator disables the peer', () => {
  const run = runOf(
    'operations: [{ at: 30 s, do: disable-peer, peer: region_replica_replication }]\n',
  )
  expect(deliveredEdits(run) / acknowledgedEdits(run)).toBeLessThan(0.52)
  expect(deliveredEdits(run)).toBeGreaterThan(1000)
})

test('HBase 3 has no such peer', () => {
  const text = SCENARIO.replace('"2.6"', '"3.0"').replace('60 s', '1 s')
  const loaded = loadScenario({ name: 'replicas.yaml', text }, defaultVocabulary, {})
  const run = new Run(loaded.variants[0].scenario, 1)
  expect(run.replication.regionReplicaPeer).toBeNull()
})
