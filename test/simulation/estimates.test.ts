import { describe, expect, test } from 'vitest'
import { loadScenario } from '../../src/scenario/load.js'
import { valueAt } from '../../src/scenario/path.js'
import type { Scenario } from '../../src/scenario/scenario.js'
import { defaultVocabulary } from '../../src/simulation/default-vocabulary.js'
import { estimatesOf, replacedEstimates } from '../../src/simulation/estimates.js'
import { simulate } from '../../src/simulation/simulate.js'

const BACKUP = `
name: backup
duration: 12 s
cluster: { regionServers: 1, racks: 1, start: cold, hdfs: { dataNodes: 3 } }
stores: { s3: { profile: s3-standard }, other: { profile: s3-standard } }
tables: { t: { regions: 1 } }
workload: [{ table: t, rate: 10/s, valueSize: 100 B }]
peers: { backup: { endpoint: staged-copy, store: s3, flushInterval: 5 s } }
`

function load(text: string): Scenario {
  return loadScenario({ name: 'test.yaml', text }, defaultVocabulary).variants[0].scenario
}

function names(scenario: Scenario, run?: Parameters<typeof estimatesOf>[2]): string[] {
  return estimatesOf(scenario, defaultVocabulary, run).map(({ name }) => name)
}

describe('the estimates that a scenario rests on', () => {
  test('are of grade D, of its own profiles, and of stores that a peer uses', () => {
    const found = names(load(BACKUP))
    expect(found).toContain('cluster.network')
    expect(found).toContain('cluster.hdfs.nameNodeWrite')
    expect(found).toContain('stores.s3.completeMultipart')
    // Of grade B.
    expect(found).not.toContain('stores.s3.put')
    expect(found.filter((name) => name.startsWith('stores.other'))).toEqual([])
    expect(names(load(BACKUP.replace('s3-standard }, other', 's3-express }, other')))).toContain(
      'stores.s3.list',
    )
  })

  test('leave out what the scenario sets, and it is named', () => {
    const own = BACKUP.replace(
      'start: cold,',
      'start: cold, network: 1 ms, memstoreCellOverhead: 50 B,',
    )
    const scenario = load(own)
    expect(names(scenario)).not.toContain('cluster.network')
    // The other one is no estimate.
    expect(replacedEstimates(scenario, defaultVocabulary)).toEqual(['cluster.network'])
  })

  test('leave out what the workload cannot ask for', () => {
    expect(names(load(BACKUP))).not.toContain('cluster.getCpu')
    const gets = load(BACKUP.replace('rate: 10/s', 'mix: { put: 0.5, get: 0.5 }, rate: 10/s'))
    expect(names(gets)).toContain('cluster.getCpu')
    expect(names(gets)).not.toContain('cluster.scanRow')
    const scans = load(BACKUP.replace('rate: 10/s', 'mix: { scan: 1.0 }, rate: 10/s'))
    expect(names(scans)).toContain('cluster.scanRow')
    const alone = BACKUP.slice(0, BACKUP.indexOf('peers:'))
    expect(names(load(alone))).not.toContain('cluster.walRead')
    expect(names(load(alone.replace('regions: 1', 'regions: 1, regionReplication: 2')))).toContain(
      'cluster.walRead',
    )
  })

  test('leave out what nothing asked for in a run, which is the same with another value', () => {
    const scenario = load(BACKUP)
    const run = simulate(scenario, 1)
    const all = estimatesOf(scenario, defaultVocabulary)
    const asked = names(scenario, run)
    const idle = all.filter(({ name }) => !asked.includes(name))
    expect(idle.map(({ name }) => name)).toEqual([
      'cluster.walSplit',
      'cluster.regionOpen',
      'cluster.hfileOpen',
      'cluster.recoveredEditsReplay',
      'stores.s3.createMultipart',
      'stores.s3.completeMultipart',
      'stores.s3.delete',
      'stores.s3.getRateFactor',
    ])
    for (const { path } of idle) {
      const twin = structuredClone(scenario)
      const holder = valueAt(twin, path.slice(0, -1))
      Reflect.set(Object(holder), path[path.length - 1], { kind: 'constant', value: 7 })
      expect(simulate(twin, 1).traceHash, path.join('.')).toBe(run.traceHash)
    }
  })

  test('include those of a recovery if a server died', () => {
    const text = `${BACKUP}faults: [{ at: 6 s, kind: kill-region-server, server: rs1 }]\n`
    const scenario = load(text.replace('regionServers: 1', 'regionServers: 2'))
    expect(names(scenario, simulate(scenario, 1))).toEqual(
      expect.arrayContaining(['cluster.walSplit', 'cluster.regionOpen', 'cluster.hfileOpen']),
    )
  })
})
