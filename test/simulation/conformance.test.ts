import { describe, expect, test } from 'vitest'
import type { ReplicationSource } from '../../src/replication/replication-source.js'
import type { RunResult } from '../../src/simulation/result.js'
import { resultOf } from '../../src/simulation/result-of.js'
import { Run } from '../../src/simulation/run.js'
import { constantScenario } from './constant-world.js'
import { scenarioOf, type Written } from './random-scenario.js'

const S = 1_000_000

/** Cases of the replication reference as whole runs, with the timers of HBase's tests. */
const base: Written = {
  duration: '60 s',
  drain: '10 min',
  site: {
    'replication.source.sleepforretries': '100',
    'replication.source.maxretriesmultiplier': '10',
    'replication.source.size.capacity': '102400',
    'replication.source.eof.autorecovery': 'true',
    'replication.sleep.before.failover': '2000',
    'zookeeper.session.timeout': '2000',
    'hbase.master.logcleaner.ttl': '10',
  },
  tables: { usertable: { regions: 1 } },
  stores: { backup: { profile: 's3-standard' } },
  peers: { backup: { endpoint: 'direct', store: 'backup' } },
}

function rows(count: number, rate: string, more: Written = {}): Written {
  const until = `${(count / Number(rate)) * 1000 + 1} ms`
  const phase = { table: 'usertable', rate: `${rate}/s`, arrivals: 'periodic', valueSize: '100 B' }
  return { workload: [{ ...phase, until, ...more }] }
}

function withSite(site: Record<string, string>): Written {
  return { site: { ...(base.site as Record<string, string>), ...site } }
}

interface Observed {
  readonly run: Run
  readonly result: RunResult
  /** When objects became visible. */
  readonly storedUs: readonly number[]
}

/** Runs a scenario and looks at it once at `atUs`. */
function observed(written: Written, atUs = 0, look: (run: Run) => void = () => {}): Observed {
  const run = new Run(scenarioOf({ ...base, ...written }), 1)
  const storedUs: number[] = []
  run.peers[0]?.store.onObject(({ createdAtUs }) => storedUs.push(createdAtUs))
  run.scheduler.schedule(
    atUs,
    run.scheduler.handler(() => look(run)),
  )
  run.execute()
  return { run, result: resultOf(run, 1, 'base'), storedUs }
}

const operation = (us: number, what: 'disable-peer' | 'enable-peer'): Written => {
  return { at: `${us} us`, do: what, peer: 'backup' }
}

test('RB28: a recovered source that is disabled and enabled delivers every row', () => {
  const written = {
    ...rows(50, '50'),
    ...withSite({ 'replication.total.buffer.quota': '100' }),
    cluster: { regionServers: 2 },
    faults: [{ at: '1100 ms', kind: 'kill-region-server', server: 'rs2' }],
  }
  const sources = (run: Run) => run.peers[0]?.sources.map(({ name }) => name)
  const once = observed(written)
  expect(sources(once.run)).toEqual(['rs1', 'rs2', 'rs2-rs1'])
  const claimedUs = once.result.recoveries[0]?.phases[3]?.untilUs ?? 0
  const changed = observed({
    ...written,
    operations: [
      operation(claimedUs + 100_000, 'disable-peer'),
      operation(claimedUs + 2 * S, 'enable-peer'),
    ],
  })
  expect(sources(changed.run)).toEqual(['rs1', 'rs2', 'rs2-rs1', 'rs1.2', 'rs2-rs1.2'])
  const { backup } = changed.result.peers
  expect(backup).toMatchObject({ storedEdits: 50, missingAfterQuiescence: 0 })
  expect(backup?.disasters).toMatchObject([{ kind: 'region-server-crash', lostEdits: 0 }])
  // The batch under way is stored yet, the others when the peer is enabled, row by row for want of
  // buffer.
  const late = changed.storedUs.filter((us) => us > claimedUs + S)
  expect(Math.min(...late)).toBeGreaterThan(claimedUs + 2 * S)
  expect(late.length).toBeGreaterThan(10)
})

test('RB29: while it is disabled nothing reaches a store that is there again, later all of it', () => {
  const { result, storedUs } = observed({
    ...rows(1, '1'),
    faults: [{ at: '0 s', for: '30 s', kind: 'store-outage', store: 'backup', as: 'refuse' }],
    operations: [operation(28 * S, 'disable-peer'), operation(55 * S, 'enable-peer')],
  })
  expect(storedUs).toHaveLength(1)
  expect(storedUs[0]).toBeGreaterThan(55 * S)
  expect(result.peers.backup).toMatchObject({ storedEdits: 1, missingAfterQuiescence: 0 })
})

test('RB37: after a restart two sources, one with a lag and one that has nothing to do', () => {
  const found: [recovered: boolean, source: ReplicationSource, lagUs: number][] = []
  const { result } = observed(
    {
      ...rows(100, '100'),
      cluster: { regionServers: 1 },
      faults: [
        { at: '0 s', for: '50 s', kind: 'store-outage', store: 'backup', as: 'refuse' },
        { at: '2 s', for: '1 s', kind: 'restart-region-server', server: 'rs1' },
      ],
    },
    25 * S,
    (run) => {
      for (const manager of run.replication.managers()) {
        for (const source of manager.sources('backup')) {
          found.push([source.recovered, source, source.metrics.replicationLagUs(run.nowUs)])
        }
      }
    },
  )
  expect(found.map(([recovered, , lagUs]) => [recovered, lagUs > 0])).toEqual([
    [false, false],
    [true, true],
  ])
  expect(result.peers.backup?.hbaseMetrics).toMatchObject({ completedRecoverQueues: 1 })
  expect(result.peers.backup).toMatchObject({ storedEdits: 100, missingAfterQuiescence: 0 })
})

describe('RB43: a peer that is disabled and enabled five times under a writer', () => {
  /**
   * What was accepted and has no offset yet is sent again. The endpoint of the feature branch stores
   * the offsets when it stops; with HBASE-29823 the shipper would, and a stopped one does not.
   */
  test.each([
    ['feature-branch', []],
    ['hbase-29823', ['source refresh']],
  ])('stores every row (%s)', (form, duplicates) => {
    const cycles = [0, 1, 2, 3, 4].flatMap((n) => [
      operation((10 + 4 * n) * S, 'disable-peer'),
      operation((12 + 4 * n) * S, 'enable-peer'),
    ])
    const { result } = observed({
      ...rows(400, '10'),
      cluster: { regionServers: 3 },
      tables: { usertable: { regions: 3 } },
      peers: {
        backup: {
          ...{ endpoint: 'deferred-offset', form, store: 'backup' },
          ...{ rollSize: '10240 B', flushInterval: '10 s' },
        },
      },
      operations: cycles,
    })
    const { backup } = result.peers
    expect(result.edits.acknowledged).toBe(400)
    expect(backup).toMatchObject({ storedEdits: 400, missingAfterQuiescence: 0 })
    expect(backup?.holes).toMatchObject({ edits: 0, firstUs: null })
    const causes = Object.entries(backup?.duplicateEdits ?? {}).filter(([, edits]) => edits > 0)
    expect(causes.map(([cause]) => cause)).toEqual(duplicates)
  })
})

/** A put of 1 KiB a second, looked for at every full second: the first object lacks puts 299, 300. */
test('RB54: without the size trigger the timer closes twelve objects an hour', () => {
  const created: number[] = []
  const spec = constantScenario(`
duration: 3601 s
workload: [ { table: usertable, rate: 1/s, arrivals: periodic, valueSize: 1024 B } ]
peers:
  backup: { endpoint: deferred-offset, form: feature-branch, store: backup, flushInterval: 300 s }
`)
  const run = new Run(spec, 1)
  run.peers[0]?.store.onObject(({ createdAtUs, bytes }) => {
    if (run.nowUs < 3700 * S) created.push(Math.floor(createdAtUs / S), bytes)
  })
  run.execute()
  const expected = Array.from({ length: 12 }, (_, i) => [
    300 * (i + 1),
    (i === 0 ? 298 : 300) * 1024,
  ])
  expect(created).toEqual(expected.flat())
})
