import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Scenario } from '../../src/scenario/scenario.js'
import { DISASTERS } from '../../src/simulation/disasters.js'
import type { PeerResult, RpoResult, RunResult } from '../../src/simulation/result.js'
import { resultOf } from '../../src/simulation/result-of.js'
import { Run } from '../../src/simulation/run.js'
import { simulate } from '../../src/simulation/simulate.js'
import {
  calmScenario,
  healingScenario,
  randomScenario,
  scenarioOf,
  type Written,
} from './random-scenario.js'
import { recordRun } from './recorded-run.js'

const RUNS = { seed: 7590, numRuns: 20 }

function run(written: Written): RunResult {
  const scenario = scenarioOf(written)
  return simulate(scenario, scenario.seed)
}

/** What a run measured, without what it counted of its own doing or of its inputs. */
function measured({ traceHash: _hash, events: _events, assumptions: _list, ...rest }: RunResult) {
  return rest
}

describe('over random scenarios with faults', () => {
  test('a run gives the same bytes twice, whatever ran in between', () => {
    const property = fc.property(randomScenario, randomScenario, (written, between) => {
      const first = JSON.stringify(run(written))
      run(between)
      expect(JSON.stringify(run(written))).toBe(first)
    })
    fc.assert(property, { ...RUNS, numRuns: 8 })
  })

  test('what goes in comes out, no invariant is violated, and losses were at risk', () => {
    const property = fc.property(randomScenario, (written) => {
      const { conservation, invariants, peers, clusterLoss, durationUs } = run(written)
      const broken = Object.entries(conservation).filter(([, law]) => law.verdict !== 'held')
      expect(broken).toEqual([])
      expect(Object.values(invariants)).not.toContain('violated')
      const peer = peers.backup as PeerResult
      expect(peer.confirmedEdits).toBeLessThanOrEqual(peer.acceptedEdits)
      const [disaster] = peer.disasters
      if (disaster === undefined) return
      expect(disaster.lostEdits).toBeLessThanOrEqual(clusterLoss[0]?.lostEdits ?? 0)
      const warmupUs = scenarioOf(written).warmupUs
      if (disaster.atUs <= warmupUs || disaster.atUs >= durationUs) return
      const atRisk = peer.rpo['cluster-loss'] as RpoResult
      expect(disaster.lostEdits).toBeLessThanOrEqual(atRisk.maxEdits)
      expect(disaster.lostBytes).toBeLessThanOrEqual(atRisk.maxBytes)
      expect(disaster.oldestLostAgeUs ?? 0).toBeLessThanOrEqual(atRisk.maxUs)
    })
    fc.assert(property, { ...RUNS, numRuns: 30 })
  })

  test('every acknowledged edit is stored once faults are over', () => {
    const property = fc.property(healingScenario, (written) => {
      const { edits, peers, endedUs, invariants } = run(written)
      const peer = peers.backup as PeerResult
      expect(peer.missingAfterQuiescence).toBe(0)
      expect(peer.storedEdits).toBeGreaterThanOrEqual(edits.acknowledged)
      expect(edits.acknowledged + edits.failed).toBe(edits.submitted)
      // Long before the time to drain is up.
      expect(endedUs).toBeLessThan(20 * 60_000_000)
      expect(peer.drainUs.every(({ us }) => us !== null)).toBe(true)
      expect(invariants).toMatchObject({
        'no wanted edit is missing from backup after quiescence': 'held',
      })
    })
    fc.assert(property, { ...RUNS, numRuns: 40 })
  })

  test('looking more often changes nothing', () => {
    const property = fc.property(randomScenario, fc.nat(100_000), (written, everyUs) => {
      const scenario = scenarioOf(written)
      expect(measured(watched(scenario, 20_000 + everyUs))).toEqual(measured(run(written)))
    })
    fc.assert(property, RUNS)
  })

  test('an idle table, an idle phase and an idle store change nothing for others', () => {
    const property = fc.property(randomScenario, (written) => {
      const tables = written.tables as Record<string, unknown>
      const stores = written.stores as Record<string, unknown>
      const workload = written.workload as unknown[]
      const idle = { table: 'x-idle-table', rate: '0.000001/s', valueSize: '1 B' }
      const more = {
        ...written,
        tables: { 'an-idle-table': { regions: 5 }, ...tables, 'x-idle-table': { regions: 1 } },
        stores: { 'an-idle-store': { profile: 's3-standard' }, ...stores },
        workload: [...workload, idle],
      }
      expect(withoutMeta(measured(run(more)))).toEqual(withoutMeta(measured(run(written))))
    })
    fc.assert(property, RUNS)
  })
})

/** Every region has a row in hbase:meta, which makes its file larger. */
function withoutMeta<T extends Pick<RunResult, 'conservation'>>({ conservation, ...rest }: T) {
  const { hfileBytes: _bytes, ...laws } = conservation
  return { ...rest, conservation: laws }
}

/** Everything lazy is brought up to date and read every so often. */
function watched(scenario: Scenario, everyUs: number): RunResult {
  const run = new Run(scenario, scenario.seed)
  const { scheduler } = run
  const look = scheduler.handler(() => {
    run.cluster.advanceAll()
    for (const { ledger } of run.peers) {
      for (const disaster of DISASTERS) {
        ledger.rpoUs(disaster)
        ledger.atRisk(disaster)
      }
      ledger.losses()
      ledger.oldestUnconfirmedUs()
    }
    if (run.nowUs + everyUs < scenario.durationUs) scheduler.schedule(run.nowUs + everyUs, look)
  })
  scheduler.schedule(everyUs, look)
  run.execute()
  return resultOf(run, scenario.seed, 'base')
}

/** When each client operation was answered, with either endpoint. */
function answersOfTwins(written: Written): Map<number, number>[] {
  const { backup } = written.peers as { backup: object }
  return ['direct', 'staged-copy'].map((endpoint) => {
    const scenario = scenarioOf({ ...written, peers: { backup: { ...backup, endpoint } } })
    const { edits } = recordRun(scenario)
    const answers = edits.map(
      ({ operation, acknowledgedUs }) => [operation, acknowledgedUs] as const,
    )
    return new Map(answers.sort(([a], [b]) => a - b))
  })
}

describe('twins', () => {
  test('without faults, how a peer backs up is nothing that clients feel', () => {
    const property = fc.property(calmScenario, (written) => {
      const [direct, staged] = answersOfTwins(written)
      expect(direct).toEqual(staged)
    })
    fc.assert(property, RUNS)
  })

  test.each(['2.6', '3.0'])(
    'nor do they when a busy WAL is rolled again and again (HBase %s)',
    (hbase) => {
      const [direct, staged] = answersOfTwins({
        hbase,
        duration: '10 s',
        cluster: { regionServers: 1 },
        stores: { backup: { profile: 's3-standard' } },
        workload: [{ table: 'usertable', rate: '2000/s', valueSize: '1 kB' }],
        peers: { backup: { store: 'backup', flushInterval: '2 s' } },
        site: {
          'hbase.regionserver.logroll.period': '300',
          'hbase.server.thread.wakefrequency': '100',
        },
      })
      expect(direct?.size).toBeGreaterThan(19_000)
      expect(direct).toEqual(staged)
    },
  )

  test('a faster network makes writes faster', () => {
    const latencies = ['20 us', '100 us', '500 us', '2 ms', '10 ms'].map((network) => {
      const scenario = {
        duration: '20 s',
        cluster: { regionServers: 2, network: `lognormal(${network}, 0.3)` },
        workload: [{ table: 'usertable', rate: '500/s', valueSize: '1 kB' }],
      }
      const { p50, p99, max } = run(scenario).writeLatencyUs
      return [p50 ?? 0, p99 ?? 0, max ?? 0] as const
    })
    for (const quantity of [0, 1, 2] as const) {
      const values = latencies.map((latency) => latency[quantity])
      expect(values).toEqual([...values].sort((a, b) => a - b))
      expect(new Set(values).size).toBe(values.length)
    }
  })
})
