import type * as Door from '../../src/index.js'

const SCENARIO = `
name: fingerprint
description: A little of everything that can make two machines differ.
seed: 11
duration: 40 s
warmup: 2 s
drain: 10 min
cluster: { regionServers: 2, racks: 3, hdfs: { dataNodes: 4 } }
stores: { backup: { profile: s3-standard } }
tables: { usertable: { regions: 5 } }
workload:
  - { table: usertable, rate: 150/s, valueSize: "lognormal(8 KiB, 0.5)", keys: zipfian }
peers:
  backup: { endpoint: staged-copy, store: backup, rollSize: 2 MiB, flushInterval: 5 s }
faults:
  - { at: 6 s, for: 8 s, kind: store-outage, store: backup, as: 503 }
  - { at: "uniform(16 s, 18 s)", for: 3 s, kind: suspend-region-server, server: rs1 }
  - { at: "uniform(34 s, 38 s)", kind: cluster-loss }
variants:
  staged-copy: {}
  direct: { peers.backup.endpoint: direct }
expect:
  - { that: 'peers.backup.disasters[0].lostEdits > 0' }
`

const SEEDS = [11, 12]

export type Order = 'in order' | 'backwards'

/**
 * All that a small experiment of two variants and two seeds gives: the bytes of its summary (trace
 * hashes included), its verdict and its series. Equal wherever the simulator is equal,
 * and whatever ran before: the order of the runs is not to be seen in it.
 */
export function fingerprint(door: typeof Door, order: Order = 'in order'): string {
  const source = { name: 'fingerprint.yaml', text: SCENARIO }
  const loaded = door.loadScenario(source, door.defaultVocabulary)
  const jobs = loaded.variants.flatMap((variant) => SEEDS.map((seed) => ({ ...variant, seed })))
  const run = ({ scenario, seed, name }: (typeof jobs)[number]) =>
    door.simulate(scenario, seed, name)
  const results = order === 'in order' ? jobs.map(run) : jobs.toReversed().map(run).toReversed()
  const summary = door.summarize(loaded, results, door.compare(results), '0.0.0')
  const verdict = door.verdict(summary)
  const series = results.map((result) => result.series)
  return door.canonicalJson({ summary, verdict, series }, 1)
}
