import { describe, expect, test } from 'vitest'
import type { ReadKind } from '../../src/hbase/client/read-observer.js'
import type { Scenario } from '../../src/scenario/scenario.js'
import { Run } from '../../src/simulation/run.js'
import { simulate } from '../../src/simulation/simulate.js'
import { constantScenario } from './constant-world.js'

/** Constant times on three servers, of a table with three replicas of each region. */
function scenarioOf(workload: string, more = '', ...set: string[]) {
  const phase = 'table: usertable, rate: 50/s, arrivals: periodic, valueSize: 1000 B, keyCount: 999'
  return constantScenario(
    `
duration: 20 s
workload: [ { ${phase}, ${workload} } ]
peers: { backup: { endpoint: direct, store: backup } }
${more}
`,
    'cluster.regionServers=3',
    'tables.usertable.regions=6',
    'tables.usertable.regionReplication=3',
    ...set,
  )
}

function run(workload: string, more = '', ...set: string[]) {
  const scenario = scenarioOf(workload, more, ...set)
  return simulate(scenario, scenario.seed)
}

const HELD = { verdict: 'held' }
const CRASH = 'faults: [ { at: 5 s, for: 10 s, kind: restart-region-server, server: rs1 } ]'
const SUSPENDED = 'faults: [ { at: 5 s, for: 10 s, kind: suspend-region-server, server: rs1 } ]'
/** Network 2 × 100 us, handler 50 us; what of that the timeout of 10,000 us comes before. */
const FAST_US = 250
const HEDGED_US = 10_000 + FAST_US

test.each(['A', 'B', 'C', 'D', 'E', 'F'])('workload %s of YCSB: every operation ends', (ycsb) => {
  const { conservation, reads } = run(`ycsb: ${ycsb}, consistency: timeline`)
  expect(conservation).toMatchObject({ operations: HELD, gets: HELD })
  const figures = reads?.timeline?.get ?? reads?.timeline?.scan
  expect(figures).toMatchObject({ failed: 0, stale: 0, hedged: 0, extraRpcs: 0 })
})

describe.each([
  ['crashed', CRASH],
  ['stands still', SUSPENDED],
])('while a server has %s', (_, fault) => {
  test.each<[ReadKind, string]>([
    ['get', 'get: 0.8'],
    ['get', 'readModifyWrite: 0.8'],
    ['multiget', 'multiget: 0.8'],
    ['scan', 'scan: 0.8'],
  ])('every %s of the mix { %s } is answered once', (kind, share) => {
    const { conservation, reads } = run(`mix: { ${share}, put: 0.2 }, consistency: timeline`, fault)
    for (const law of Object.values(conservation)) expect(law).toMatchObject(HELD)
    expect(reads?.timeline?.[kind]).toMatchObject({ failed: 0 })
    expect(reads?.timeline?.[kind]?.stale).toBeGreaterThan(20)
  })

  test('R62: a TIMELINE get is answered soon and flagged stale, a STRONG one waits', () => {
    const timeline = run('ycsb: C, consistency: timeline', fault).reads?.timeline?.get
    const strong = run('ycsb: C', fault).reads?.strong?.get
    expect(timeline?.latencyUs.max).toBe(HEDGED_US)
    expect(timeline?.extraRpcs).toBe(2 * (timeline?.hedged ?? 0))
    expect(timeline?.stale).toBe(timeline?.hedged)
    expect(strong?.latencyUs.max).toBeGreaterThan(5_000_000)
    expect(strong).toMatchObject({ failed: 0, stale: 0, hedged: 0 })
  })
})

test('reads while a primary is down: TIMELINE ones have their answer at once', () => {
  const down = (consistency: 'strong' | 'timeline') =>
    run(`ycsb: C, consistency: ${consistency}`, CRASH).reads?.[consistency]?.whilePrimaryDown
  expect(down('timeline')).toMatchObject({ availability: 1, latencyUs: { max: HEDGED_US } })
  expect(down('strong')?.latencyUs.p50).toBeGreaterThan(1_000_000)
})

test('gets aimed at a replica are answered by that one alone', () => {
  const { conservation, reads } = run('ycsb: C, consistency: timeline, replicaId: 1', SUSPENDED)
  expect(conservation).toMatchObject({ gets: HELD })
  const get = reads?.timeline?.get
  expect(get).toMatchObject({ hedged: 0, stale: get?.count, answeredBy: { 0: 0, 1: get?.count } })
})

test('TIMELINE reads of a table with one replica ask the primary', () => {
  const { reads } = run(
    'ycsb: C, consistency: timeline',
    SUSPENDED,
    'tables.usertable.regionReplication=1',
  )
  expect(reads?.timeline?.get).toMatchObject({ hedged: 0, stale: 0, failed: 0 })
})

test('TIMELINE gets that the primary answers in time cost a few events, not one each', () => {
  const strong = run('ycsb: C', '', 'workload[0].rate=2000/s', 'duration=5 s').events
  const set = ['workload[0].rate=2000/s', 'duration=5 s']
  const timeline = run('ycsb: C, consistency: timeline', '', ...set).events
  // 10,000 reads in 5 s; each server is looked at once in 10 ms.
  expect(timeline - strong).toBeLessThan(2 * 3 * 500)
})

test('R64: each region of a table with one secondary has 2 locations, cached or looked up', () => {
  const replication = 'tables.usertable.regionReplication=2'
  const { cluster } = started(scenarioOf('ycsb: C', '', replication, 'duration=1 s'))
  const { locations, map } = cluster
  for (let region = 0; region < 6; region++) {
    const replicas = map.replicas.replicasOf(region)
    expect(replicas).toHaveLength(2)
    for (const useCache of [true, false, true]) {
      const servers = replicas.map((replica) =>
        useCache ? locations.serverOf(replica) : locations.lookUp(replica),
      )
      expect(new Set(servers).size).toBe(2)
      expect(servers).not.toContain(null)
    }
  }
})

function started(scenario: Scenario): Run {
  const of = new Run(scenario, scenario.seed)
  of.execute()
  return of
}
