import { describe, expect, test } from 'vitest'
import { simulate } from '../../src/simulation/simulate.js'
import { peerOf, simulateConstantWorld } from './constant-world.js'
import { scenarioOf } from './random-scenario.js'

const S = 1_000_000

describe('a run goes on until everything is done', () => {
  /** Sent at 10 s and answered at once; stored 1.05 s later. */
  test('until the last put is stored', () => {
    const run = simulateConstantWorld(`
duration: 10500 ms
workload: [ { table: usertable, rate: 0.1/s, arrivals: periodic, valueSize: 1000 B } ]
peers: { backup: { endpoint: direct, store: backup } }
`)
    expect(peerOf(run)).toMatchObject({ storedEdits: 1, missingAfterQuiescence: 0 })
    // Whether all is done is looked at every second.
    expect(run.endedUs).toBe(10.5 * S + S)
  })

  /** Sent at 10 s, written at 20 s, stored within seconds, answered at 30 s. */
  test('until the last answer has arrived', () => {
    const scenario = scenarioOf({
      duration: '25 s',
      cluster: { regionServers: 1, start: 'cold', network: '10 s' },
      stores: { backup: { profile: 's3-standard' } },
      workload: [
        {
          ...{ table: 'usertable', rate: '0.1/s', arrivals: 'periodic', valueSize: '1000 B' },
          until: '15 s',
        },
      ],
      peers: { backup: { endpoint: 'direct', store: 'backup' } },
    })
    const run = simulate(scenario, 1)
    expect(run.edits).toMatchObject({ submitted: 1, acknowledged: 1, failed: 0 })
    expect(peerOf(run).storeLatencyUs.max).toBeLessThan(8 * S)
    expect(run.endedUs).toBe(31 * S)
  })

  test('until an outage is over and its backlog drained', () => {
    const run = simulateConstantWorld(`
duration: 20 s
workload: [ { table: usertable, rate: 1/s, arrivals: periodic, valueSize: 1000 B } ]
peers: { backup: { endpoint: direct, store: backup } }
faults: [ { at: 15 s, for: 60 s, kind: store-outage, store: backup, as: refuse } ]
`)
    expect(peerOf(run)).toMatchObject({ storedEdits: 19, missingAfterQuiescence: 0 })
    expect(peerOf(run).drainUs[0]?.us).toBeLessThan(2 * S)
    expect(run.endedUs).toBeGreaterThan(75 * S)
    expect(run.endedUs).toBeLessThan(78 * S)
  })

  test('or until the time to drain is up, and then says what is missing', () => {
    const run = simulateConstantWorld(`
duration: 20 s
drain: 30 s
workload: [ { table: usertable, rate: 1/s, arrivals: periodic, valueSize: 1000 B } ]
peers: { backup: { endpoint: direct, store: backup } }
faults: [ { at: 15500 ms, for: 60 s, kind: store-outage, store: backup, as: refuse } ]
`)
    expect(peerOf(run)).toMatchObject({ storedEdits: 14, missingAfterQuiescence: 5 })
    expect(peerOf(run).drainUs).toEqual([])
    expect(run.endedUs).toBe(50 * S)
    expect(run.invariants).toMatchObject({
      'no wanted edit is missing from backup after quiescence': 'undecided',
    })
  })

  test('after the loss of the cluster only until the store has done what it was sent', () => {
    const run = simulateConstantWorld(`
duration: 20 s
workload: [ { table: usertable, rate: 1/s, arrivals: periodic, valueSize: 1000 B } ]
peers: { backup: { endpoint: direct, store: backup } }
faults: [ { at: 10030 ms, kind: cluster-loss } ]
`)
    // The put of second 9 is being stored: its PUT was sent at 10.02 s and takes effect at 10.05 s.
    expect(peerOf(run)).toMatchObject({
      storedEdits: 9,
      confirmedEdits: 8,
      missingAfterQuiescence: null,
    })
    expect(peerOf(run).disasters).toMatchObject([{ lostEdits: 1, oldestLostAgeUs: 29_243 }])
    expect(run.endedUs).toBe(20 * S)
  })
})
