import { expect, test } from 'vitest'
import type { RunResult } from '../../src/simulation/result.js'
import { peerOf, simulateConstantWorld } from './constant-world.js'

const HELD = { verdict: 'held' }

/** 999 operations on one region, of which only puts and increments are edits. */
function mixed(faults: string, ...set: string[]): RunResult {
  return simulateConstantWorld(
    `
duration: 100 s
workload:
  - table: usertable
    mix: { put: 0.5, get: 0.3, increment: 0.2 }
    rate: 10/s
    arrivals: periodic
    valueSize: 1000 B
    keyCount: 5
peers: { backup: { endpoint: direct, store: backup } }
faults: [ ${faults} ]
`,
    ...set,
  )
}

function gets({ conservation }: RunResult): number {
  return conservation.gets?.expected ?? 0
}

test('gets are no edits: they are counted apart, and all that is acknowledged is stored', () => {
  const run = mixed('')
  expect(run.edits.submitted + gets(run)).toBe(999)
  // 30 % are gets: 299.7 give or take four standard deviations of 14.5.
  expect(Math.abs(gets(run) - 300)).toBeLessThan(58)
  expect(run.edits).toMatchObject({ acknowledged: run.edits.submitted, failed: 0 })
  expect(run.edits.bytes).toBe(1000 * run.edits.submitted)
  expect(run.writeLatencyUs.count).toBe(run.edits.submitted)
  expect(peerOf(run)).toMatchObject({
    acceptedEdits: run.edits.submitted,
    storedEdits: run.edits.submitted,
    missingAfterQuiescence: 0,
  })
  expect(run.outcomes.submitted).toBe(run.edits.submitted)
  expect(run.conservation).toMatchObject({ operations: HELD, gets: HELD })
})

test('a run without gets says nothing of them', () => {
  const run = simulateConstantWorld(`
duration: 10 s
workload: [ { table: usertable, rate: 1/s, arrivals: periodic, valueSize: 1000 B } ]
peers: { backup: { endpoint: direct, store: backup } }
`)
  expect(run.conservation).not.toHaveProperty('gets')
})

/** Nobody serves the region for 60 s, and clients give up at once. */
test('gets that fail are no edits that fail', () => {
  const run = mixed(
    '{ at: 20 s, for: 60 s, kind: restart-region-server, server: rs1 }',
    'site["hbase.client.retries.number"]=0',
  )
  const { submitted, acknowledged, failed } = run.edits
  expect(failed).toBeGreaterThan(300)
  expect(acknowledged + failed).toBe(submitted)
  expect(submitted + gets(run)).toBe(999)
  expect(run.outcomes.unacknowledged).toHaveLength(failed)
  expect(run.conservation).toMatchObject({ operations: HELD, gets: HELD })
})

test('what was sent when the cluster was lost is conserved, read or written', () => {
  const run = mixed('{ at: 50000400 us, kind: cluster-loss }')
  // One every 100 ms, the last of them at 50.0 s.
  expect(run.edits.submitted + gets(run)).toBe(500)
  expect(run.conservation).toMatchObject({ operations: HELD, gets: HELD })
})
