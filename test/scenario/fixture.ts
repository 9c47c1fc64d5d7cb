import type { DistributionSpec } from '../../src/kernel/distribution.js'
import { BadInput } from '../../src/scenario/bad-input.js'
import { type LoadedScenario, type LoadOptions, loadScenario } from '../../src/scenario/load.js'
import type { Vocabulary } from '../../src/scenario/vocabulary.js'
import type { Parameter, Quantity } from '../../src/storage/parameter.js'

/** A small vocabulary with one thing of each sort. */
export const vocabulary: Vocabulary = {
  hdfsProfiles: {
    'hdfs-nvme': {
      hsync: parameter('duration', { kind: 'lognormal', median: 900, sigma: 0.3 }),
      slowNodeProbability: parameter('probability', 0.01),
    },
    'hdfs-sata': { seek: parameter('duration', { kind: 'constant', value: 8000 }) },
  },
  storeProfiles: {
    's3-standard': {
      putLatency: parameter('duration', { kind: 'lognormal', median: 45_000, sigma: 0.4 }),
      partSize: parameter('size', { kind: 'constant', value: 67_108_864 }),
      bandwidth: parameter('rate', { kind: 'constant', value: 83_886_080 }),
      slowdown: parameter('factor', { kind: 'constant', value: 1 }),
      connections: parameter('count', 96),
      putPrice: parameter('price', 0.000005),
    },
    's3-express': { putLatency: parameter('duration', { kind: 'constant', value: 5000 }) },
  },
  clusterParameters: {
    networkLatency: parameter('duration', { kind: 'constant', value: 100 }),
  },
  properties: {
    'hbase.regionserver.handler.count': {
      type: 'int',
      value: 30,
      min: 1,
      max: 1000,
      doc: 'Handlers.',
      source: 'HConstants',
    },
    'hbase.wal.hsync': { type: 'boolean', value: false, doc: 'hsync.', source: 'HRegion' },
    'replication.source.nb.capacity': {
      type: 'int',
      value: 25_000,
      min: 1,
      doc: 'Entries of a batch.',
      source: 'ReplicationSourceWALReader',
    },
    'hbase.replication.shipper.offset.update.size.threshold': {
      type: 'bytes',
      value: -1,
      doc: 'Bytes between offsets.',
      source: 'ReplicationSourceShipper',
    },
  },
  fixes: {
    'HBASE-29441': 'an empty batch confirms edits that are not flushed',
    'HBASE-27778': 'a failed batch keeps its quota',
  },
}

function parameter(quantity: Quantity, value: DistributionSpec | number): Parameter {
  return { quantity, value, doc: 'A parameter.', source: 'a publication', grade: 'B' }
}

/** The shape of the design's example. */
export const EXAMPLE = `name: backup-options
description: Ways to back WALs up to S3.
seed: 1
hbase: "2.6"
duration: 30 min
cluster: { regionServers: 3, racks: 3, hdfs: { dataNodes: 5, profile: hdfs-nvme } }
stores: { backup: { profile: s3-standard } }
tables: { usertable: { regions: 12 } }
workload:
  - { table: usertable, mix: { put: 1.0 }, rate: 300/s, valueSize: 10 KiB, keys: zipfian }
peers:
  backup: { endpoint: staged-copy, store: backup, rollSize: 128 MiB, flushInterval: 5 min }
faults:
  - { at: 8 min, for: 6 min, kind: store-outage, store: backup, as: 500 }
  - { at: 20 min, for: 10 s, kind: suspend-region-server, server: rs2 }
  - { at: "uniform(27 min, 29 min)", kind: cluster-loss }
variants:
  option-1: {}
  option-2: { peers.backup.endpoint: direct }
expect:
  - { variants: [option-1, option-2], that: 'peers.backup.disasters[0].lostEdits > 0' }
  - { that: 'peers.backup.rpo["cluster-loss"].maxUs < 30 min' }
`

/** The least that is a scenario. */
export const LEAST = `name: least
duration: 1 min
tables: { t: { regions: 1 } }
workload: [{ table: t, rate: 1/s, valueSize: 1 KiB }]
`

export function load(text: string, options: LoadOptions = {}): LoadedScenario {
  return loadScenario({ name: 'bad.yaml', text }, vocabulary, options)
}

/** What the command line would print about `text`. */
export function complaintAbout(text: string, options: LoadOptions = {}): string {
  return messageOf(() => load(text, options))
}

export function messageOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof BadInput) return `\n${error.message}\n`
    throw error
  }
  return 'no complaint'
}
