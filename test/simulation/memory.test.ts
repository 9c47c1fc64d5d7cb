import { describe, expect, test } from 'vitest'
import type { EditLog } from '../../src/hbase/wal/edit-log.js'
import { Run } from '../../src/simulation/run.js'
import { scenarioOf, type Written } from './random-scenario.js'

const SEGMENT = 4096
const MINUTE = 60_000_000

const scenario: Written = {
  duration: '60 min',
  stores: { backup: { profile: 's3-standard' } },
  tables: { usertable: { regions: 4 } },
  cluster: { regionServers: 2 },
  workload: [{ table: 'usertable', rate: '60/s', valueSize: '1 kB' }],
  site: {
    'hbase.regionserver.logroll.period': '60000',
    'hbase.regionserver.optionalcacheflushinterval': '60000',
    'hbase.master.logcleaner.ttl': '120000',
    'hbase.master.cleaner.interval': '30000',
  },
}

/** The most of each quantity between two instants, looked at every second. */
function mostDuring(written: Written, fromUs: number) {
  const run = new Run(scenarioOf(written), 1)
  const { scheduler } = run
  const most = { retained: 0, wals: 0, walAgeUs: 0, calls: 0, batches: 0 }
  const note = (quantity: keyof typeof most, value: number) => {
    most[quantity] = Math.max(most[quantity], value)
  }
  const look = scheduler.handler(() => {
    run.cluster.advanceAll()
    for (const { groups, rolledWals, oldWals, writePath } of run.cluster.servers) {
      for (const { log } of groups) note('retained', log.length - log.firstRetained)
      note('wals', rolledWals.length + oldWals.length)
      note('calls', writePath.unanswered)
      for (const wal of oldWals) note('walAgeUs', run.nowUs - (wal.closedUs ?? run.nowUs))
    }
    for (const { sources } of run.peers)
      for (const { batchesQueued } of sources) note('batches', batchesQueued)
    const nextUs = run.nowUs + 1_000_000
    if (nextUs < run.scenario.durationUs) scheduler.schedule(nextUs, look)
  })
  scheduler.schedule(fromUs, look)
  run.execute()
  return { run, most }
}

function logsOf(run: Run): EditLog[] {
  return run.cluster.acknowledgements.map(({ source }) => source.log)
}

describe('memory follows what is in flight, not the length of the run', () => {
  test('direct: columns of a few segments, however many edits there were', () => {
    const peers = { backup: { endpoint: 'direct', store: 'backup' } }
    const { run, most } = mostDuring({ ...scenario, peers }, MINUTE)
    for (const log of logsOf(run)) expect(log.length).toBeGreaterThan(20 * SEGMENT)
    expect(most.retained).toBeLessThanOrEqual(2 * SEGMENT)
    expect(most.batches).toBeLessThanOrEqual(2)
  })

  test('staged copy: columns of what waits for the flush thread', () => {
    const peers = { backup: { endpoint: 'staged-copy', store: 'backup', flushInterval: '5 min' } }
    const { most } = mostDuring({ ...scenario, peers }, MINUTE)
    const perFlush = 30 * 5 * 60
    expect(most.retained).toBeGreaterThan(0.8 * perFlush)
    expect(most.retained).toBeLessThanOrEqual(1.2 * perFlush + 2 * SEGMENT)
  })

  test('without a peer: columns of what is not answered yet', () => {
    const { most } = mostDuring(scenario, MINUTE)
    expect(most.retained).toBeLessThanOrEqual(SEGMENT + 100)
  })

  test('an outage keeps columns until it is over', () => {
    const peers = { backup: { endpoint: 'direct', store: 'backup' } }
    const outage = {
      kind: 'store-outage',
      store: 'backup',
      as: 'refuse',
      at: '10 min',
      for: '10 min',
    }
    const during = mostDuring({ ...scenario, peers, faults: [outage] }, MINUTE)
    expect(during.most.retained).toBeGreaterThan(30 * 600)
    const after = mostDuring({ ...scenario, peers, faults: [outage] }, 25 * MINUTE)
    expect(after.most.retained).toBeLessThanOrEqual(2 * SEGMENT)
  })

  test('WALs are kept until they are flushed, old enough and passed by the peer', () => {
    const peers = { backup: { endpoint: 'direct', store: 'backup' } }
    const { most } = mostDuring({ ...scenario, peers }, 20 * MINUTE)
    // TTL and one round of the cleaner, beside the flush (1 min, 10 s, and up to 5 min at random).
    expect(most.walAgeUs).toBeLessThanOrEqual(8 * MINUTE + 41_000_000)
    expect(most.wals).toBeLessThanOrEqual(10)
  })

  test('when all is done no call and no staged file is left', () => {
    const peers = { backup: { endpoint: 'staged-copy', store: 'backup' } }
    const { run } = mostDuring({ ...scenario, duration: '6 min', peers }, MINUTE)
    for (const { writePath } of run.cluster.servers) expect(writePath.unanswered).toBe(0)
    for (const { ledger } of run.peers) {
      expect([ledger.staging.files, ledger.staging.bytes]).toEqual([0, 0])
      expect(ledger.confirmedNotStored.value).toBe(0)
      for (const log of logsOf(run)) expect(ledger.firstNeeded(log.id)).toBe(log.length)
    }
  })
})
