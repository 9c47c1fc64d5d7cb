import { type DistributionSpec, lognormal, withTail } from '../../src/kernel/distribution.js'
import { formatDistribution, readDistribution } from '../../src/scenario/distribution-text.js'
import { type LoadOptions, loadScenario } from '../../src/scenario/load.js'
import type { Scenario } from '../../src/scenario/scenario.js'
import { defaultVocabulary } from '../../src/simulation/default-vocabulary.js'
import { storeProfiles } from '../../src/storage/s3/profiles.js'
import { read } from './figures.js'

/** The README's scenario; a file, so that it can be loaded and changed. */
export const myCluster = { name: 'my-cluster', text: read('test/readme/my-cluster.yaml') }

export function loadMine(options: LoadOptions = {}) {
  return loadScenario(myCluster, defaultVocabulary, options)
}

const MS = 1_000
const SECOND = 1_000_000
const MINUTE = 60 * SECOND

/** Distributions as the README writes them, and what they mean in microseconds. */
export const distributions: [string, DistributionSpec][] = [
  ['constant(5 ms)', { kind: 'constant', value: 5 * MS }],
  ['uniform(1 ms, 2 ms)', { kind: 'uniform', low: MS, high: 2 * MS }],
  ['exponential(10 ms)', { kind: 'exponential', mean: 10 * MS }],
  ['lognormal(45 ms, 0.4)', lognormal(45 * MS, 0.4)],
  ['empirical([1 ms, 2 ms])', { kind: 'empirical', values: [MS, 2 * MS] }],
  [
    'lognormal(45 ms, 0.4) + 0.015 * lognormal(250 ms, 0.8)',
    withTail(lognormal(45 * MS, 0.4), 0.015, lognormal(250 * MS, 0.8)),
  ],
]

export function meaningOf(text: string): unknown {
  const reading = readDistribution(text, 'duration')
  return 'value' in reading ? reading.value : reading.complaint
}

interface Setting {
  /** As the README writes it. */
  text: string
  /** The same for the command line. */
  set: string[]
  /** What becomes of it, and what it means. */
  of: (scenario: Scenario) => unknown
  meaning: unknown
}

/** Keys with values that the README shows in its text. */
export const settings: Setting[] = [
  {
    text: '`tables.<name>.regionReplication: 3` gives each region two secondaries',
    set: ['tables.usertable.regionReplication=3'],
    of: ({ tables }) => tables.usertable?.regionReplication,
    meaning: 1 + 2,
  },
  {
    text: '`{ often: 0.9, rarely: 0.1 }`',
    set: ['tables.usertable.families={ often: 0.9, rarely: 0.1 }'],
    of: ({ tables }) => tables.usertable?.families,
    meaning: { often: 0.9, rarely: 0.1 },
  },
  {
    text: '`{ put: 0.9, get: 0.1 }`',
    set: ['workload[0].mix={ put: 0.9, get: 0.1 }'],
    of: ({ workload }) => workload[0]?.mix,
    meaning: { put: 0.9, get: 0.1, multiget: 0, scan: 0, readModifyWrite: 0, increment: 0 },
  },
  {
    text: '`clients: 50` they are a closed loop',
    set: ['workload[0].clients=50'],
    of: ({ workload }) => workload[0]?.closedLoop?.clients,
    meaning: 50,
  },
  {
    text: '`bursts: { every: 10 min, for: 30 s, times: 5 }` sends five times as much for half a minute',
    set: ['workload[0].bursts={ every: 10 min, for: 30 s, times: 5 }'],
    of: ({ workload }) => workload[0]?.bursts,
    meaning: { fromUs: 10 * MINUTE, everyUs: 10 * MINUTE, forUs: MINUTE / 2, times: 5 },
  },
  {
    text: '`replicaId: 1` aims at one replica',
    set: [
      'tables.usertable.regionReplication=2',
      'workload[0].consistency=timeline',
      'workload[0].mix={ get: 1 }',
      'workload[0].replicaId=1',
    ],
    of: ({ workload }) => workload[0]?.replicaId,
    meaning: 1,
  },
]

/** Paths of figures that the README's text names. */
export const paths = ['recoveries[0].phaseUs.detection', 'replicas.usertable[0].stalenessUs.p99']

/** What of the README's scenario has a number, as it is meant. */
export const meaning = {
  durationUs: 30 * MINUTE,
  warmupUs: 5 * MINUTE,
  hbase: '2.6',
  site: { 'hbase.regionserver.handler.count': '60' },
  cluster: {
    regionServers: 3,
    racks: 3,
    hdfs: {
      dataNodes: 5,
      profile: 'hdfs-nvme',
      parameters: { hsync: lognormal(2 * MS, 0.4) },
    },
  },
  stores: { backup: { profile: 's3-standard' } },
  tables: { usertable: { regions: 12 } },
  workload: [{ table: 'usertable', rate: 300, valueSize: { kind: 'constant', value: 10 * 1024 } }],
  peers: {
    backup: {
      endpoint: 'staged-copy',
      rollSize: 128 * 1024 * 1024,
      flushIntervalUs: 5 * MINUTE,
    },
  },
  faults: [
    {
      kind: 'store-outage',
      at: { kind: 'constant', value: 8 * MINUTE },
      forUs: 6 * MINUTE,
      as: '500',
    },
    { kind: 'restart-region-server', at: { kind: 'constant', value: 18 * MINUTE }, forUs: MINUTE },
    { kind: 'cluster-loss', at: { kind: 'uniform', low: 27 * MINUTE, high: 29 * MINUTE } },
  ],
  operations: [
    {
      do: 'update-peer-config',
      at: { kind: 'constant', value: 15 * MINUTE },
      set: { bandwidth: 20 * 1024 * 1024 },
    },
  ],
}

/** The examples of the README, word for word. */
export function examples(): string[] {
  const put = storeProfiles['s3-standard']?.put?.value
  if (put === undefined || typeof put === 'number') throw new Error('S3 always takes as long')
  return [
    myCluster.text.trim().replace(/\s+/g, ' '),
    ...distributions.map(([text]) => `\`${text}\``),
    `a mixture such as \`${formatDistribution(put, 'duration')}\`, quoted`,
    ...settings.map(({ text }) => text),
    ...paths.map((path) => `\`${path}\``),
  ]
}
