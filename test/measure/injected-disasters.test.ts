import { describe, expect, test } from 'vitest'
import type { RiskClass } from '../../src/measure/peer-risks.js'
import type { Scenario } from '../../src/scenario/scenario.js'
import { DISASTERS } from '../../src/simulation/disasters.js'
import { Run } from '../../src/simulation/run.js'
import { simulate } from '../../src/simulation/simulate.js'
import { constantScenario, peerOf } from '../simulation/constant-world.js'

const UNSAFE = 'hbase.unsafe.stream.capability.enforce'

const ENDPOINTS: Readonly<Record<string, string>> = {
  direct: 'endpoint: direct',
  'staged-copy with hsync': 'endpoint: staged-copy',
  'staged-copy with hflush': 'endpoint: staged-copy, sync: hflush',
  'dual-write with hsync': 'endpoint: dual-write',
  'dual-write with hflush': 'endpoint: dual-write, sync: hflush',
  'unsafe-flush': 'endpoint: unsafe-flush',
  'deferred-offset': 'endpoint: deferred-offset',
  'deferred-offset of the feature branch': 'endpoint: deferred-offset, form: feature-branch',
}

/** Instants in ms at which no request to the store and no offset is under way. */
const INSTANTS: Readonly<Record<string, number>> = {
  'a first file is open': 50_500,
  'it is being read by a copier': 65_500,
  'it is stored, another one has grown': 97_500,
}

/**
 * A put of 1,000 B every second, rolled every minute. A staged file is read at 5,000 B/s, so it is
 * being copied for some 12 s.
 */
function scenarioOf(endpoint: string, faults: string, set: readonly string[]): Scenario {
  const text = `
duration: 100 s
drain: 90 s
workload: [ { table: usertable, rate: 1/s, arrivals: periodic, valueSize: 1000 B } ]
peers: { backup: { ${endpoint}, store: backup, flushInterval: 60 s } }
faults: [ ${faults} ]
`
  const all = ['cluster.hdfs.streamRead=5000 B/s', `site["${UNSAFE}"]="false"`, ...set]
  return constantScenario(text, ...all)
}

interface Toll {
  readonly edits: number
  readonly bytes: number
  /** Age of the oldest edit lost; 0 if none is. */
  readonly ageUs: number
}

/** What the run without a disaster says, at each instant, that one of each class would take. */
function predictions(endpoint: string, set: readonly string[]): ReadonlyMap<string, Toll> {
  const run = new Run(scenarioOf(endpoint, '', set), 1)
  const [{ ledger }] = run.peers
  const tolls = new Map<string, Toll>()
  const look = run.scheduler.handler(() => {
    run.cluster.advanceAll()
    for (const risk of DISASTERS) {
      const ageUs = ledger.rpoUs(risk)
      tolls.set(`${risk} ${run.nowUs / 1000}`, { ...ledger.atRisk(risk), ageUs })
    }
  })
  for (const atMs of Object.values(INSTANTS)) run.scheduler.schedule(atMs * 1000, look)
  run.execute()
  return tolls
}

/** What the worst of these disasters really takes. */
function taken(
  endpoint: string,
  disasters: readonly string[],
  atMs: number,
  set: readonly string[],
): Toll {
  const worst = { edits: 0, bytes: 0, ageUs: 0 }
  for (const disaster of disasters) {
    const scenario = scenarioOf(endpoint, disaster.replace('NOW', `at: ${atMs} ms`), set)
    for (const { lostEdits, lostBytes, oldestLostAgeUs } of peerOf(simulate(scenario, 1))
      .disasters) {
      worst.edits = Math.max(worst.edits, lostEdits)
      worst.bytes = Math.max(worst.bytes, lostBytes)
      worst.ageUs = Math.max(worst.ageUs, oldestLostAgeUs ?? 0)
    }
  }
  return worst
}

type Kind = RiskClass | 'rack-power-loss for good' | 'cluster-power-loss for good'

/** A disaster of each class, striking whatever it can strike. */
function disastersOf({ cluster }: Scenario): Partial<Record<Kind, readonly string[]>> {
  const { racks, regionServers, hdfs } = cluster
  const each = (count: number, disaster: (n: number) => string) =>
    Array.from({ length: count }, (_, i) => `{ NOW, ${disaster(i + 1)} }`)
  return {
    'region-server-crash': each(regionServers, (n) => `kind: kill-region-server, server: rs${n}`),
    'data-node-crash': each(hdfs.dataNodes, (n) => `kind: kill-data-node, dataNode: dn${n}`),
    'rack-power-loss': each(racks, (n) => `for: 20 s, kind: rack-power-loss, rack: ${n}`),
    'rack-power-loss for good': each(racks, (n) => `kind: rack-power-loss, rack: ${n}`),
    'cluster-power-loss': ['{ NOW, for: 20 s, kind: cluster-power-loss }'],
    'cluster-power-loss for good': ['{ NOW, kind: cluster-power-loss }'],
    'hdfs-loss-clean-abort': ['{ NOW, kind: hdfs-loss }'],
    'cluster-loss': ['{ NOW, kind: cluster-loss }'],
    'store-loss': ['{ NOW, kind: store-loss, store: backup }'],
  }
}

function check(endpoint: string, kinds: readonly Kind[], set: readonly string[]): void {
  const tolls = predictions(endpoint, set)
  const disasters = disastersOf(scenarioOf(endpoint, '', set))
  for (const kind of kinds) {
    const risk = kind.replace(' for good', '')
    for (const [when, atMs] of Object.entries(INSTANTS)) {
      const toll = taken(endpoint, disasters[kind] ?? [], atMs, set)
      expect([kind, when, toll]).toEqual([kind, when, tolls.get(`${risk} ${atMs}`)])
    }
  }
}

describe.each(Object.entries(ENDPOINTS))('%s: a disaster takes just what RPO said of', (_, of) => {
  test('crashes and racks', () => {
    check(of, ['region-server-crash', 'data-node-crash', 'rack-power-loss'], ['cluster.racks=3'])
  })

  test('the power of all there is', () => {
    const kinds: Kind[] = ['rack-power-loss for good', 'cluster-power-loss']
    check(of, [...kinds, 'cluster-power-loss for good'], ['cluster.racks=1'])
  })

  test('all of HDFS, of the cluster, of the store', () => {
    check(of, ['hdfs-loss-clean-abort', 'cluster-loss', 'store-loss'], [])
  })
})

describe.each(['staged-copy with hflush', 'unsafe-flush', 'deferred-offset'])(
  '%s: so too',
  (name) => {
    const of = ENDPOINTS[name]

    test('with two replicas on two racks, and WALs with hsync', () => {
      const sites = ['site["dfs.replication"]=2', 'site["hbase.wal.hsync"]="true"']
      const kinds: Kind[] = ['rack-power-loss', 'rack-power-loss for good', 'cluster-power-loss']
      check(of, ['data-node-crash', ...kinds], ['cluster.racks=2', ...sites])
    })

    test('with more servers than DataNodes', () => {
      const servers = ['cluster.regionServers=4', 'cluster.racks=2']
      const puts = ['tables.usertable.regions=4', 'workload[0].rate=4/s']
      check(of, ['region-server-crash', 'rack-power-loss'], [...servers, ...puts])
    })
  },
)
