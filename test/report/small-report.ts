import { compare } from '../../src/experiment/compare.js'
import { glossary } from '../../src/experiment/glossary.js'
import { summarize } from '../../src/experiment/summary.js'
import { chartDefinitions } from '../../src/report/chart-definitions.js'
import { reportHtml } from '../../src/report/html.js'
import { loadScenario } from '../../src/scenario/load.js'
import { defaultVocabulary } from '../../src/simulation/default-vocabulary.js'
import { simulate } from '../../src/simulation/simulate.js'

/** The page of a scenario that is small enough to be simulated on the spot, with its charts' ids. */
export function smallReport(text: string): { html: string; charts: string[] } {
  const loaded = loadScenario({ name: 'small.yaml', text }, defaultVocabulary)
  const results = loaded.variants.flatMap(({ name, scenario }) =>
    [1, 2].map((seed) => simulate(scenario, seed, name)),
  )
  const summary = summarize(loaded, results, compare(results), '0.1.0')
  const charts = chartDefinitions(loaded.name, results, summary)
  const words = glossary(defaultVocabulary)
  const command = 'npx hbsim compare small.yaml'
  const html = reportHtml({ summary, scenario: loaded, charts, command, words })
  const drawn = [...html.matchAll(/<canvas id="chart-([^"]*)"/g)].map(([, id]) => id)
  return { html, charts: drawn }
}

/** Two ways to back up, through an outage of the store and the loss of the cluster. */
export const BACKUP = `
name: small-backup
description: Two ways to back up, through an outage and the loss of the cluster.
hbase: "2.6"
duration: 4 min
warmup: 30 s
cluster: { regionServers: 2, racks: 2, hdfs: { dataNodes: 3, profile: hdfs-nvme } }
stores: { backup: { profile: s3-standard } }
tables: { usertable: { regions: 4 } }
workload:
  - { table: usertable, mix: { put: 1.0 }, rate: 50/s, valueSize: 10 KiB, keys: zipfian }
peers:
  backup: { endpoint: staged-copy, store: backup, rollSize: 16 MiB, flushInterval: 30 s }
faults:
  - { at: 1 min, for: 1 min, kind: store-outage, store: backup, as: 500 }
  - { at: 220 s, kind: cluster-loss }
variants:
  staged-copy: {}
  direct: { peers.backup.endpoint: direct }
expect:
  - { that: 'peers.backup.disasters[0].lostEdits > 0' }
  - { that: 'peers.backup.rpo["cluster-loss"].maxUs < 1 us' }
`

/** Secondaries that are sent edits, and a server that is killed. */
export const REPLICAS = `
name: small-replicas
description: Secondaries that are sent edits, while a server is killed.
hbase: "3.0"
duration: 3 min
warmup: 30 s
cluster: { regionServers: 3, racks: 3, hdfs: { dataNodes: 3, profile: hdfs-nvme } }
tables: { usertable: { regions: 6, regionReplication: 2 } }
workload:
  - table: usertable
    mix: { put: 0.5, get: 0.5 }
    rate: 60/s
    valueSize: 1 KiB
    keys: zipfian
    consistency: timeline
site: { hbase.region.replica.replication.enabled: "true" }
faults:
  - { at: 1 min, for: 20 s, kind: restart-region-server, server: rs2 }
variants:
  sent: {}
  refreshed:
    site["hbase.region.replica.replication.enabled"]: "false"
    site["hbase.regionserver.storefile.refresh.period"]: "30000"
`
