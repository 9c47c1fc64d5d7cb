import { expect, test } from 'vitest'
import { drainTable, recoveryTable } from '../../src/report/recovery-table.js'
import { summaryOf } from './experiment.js'
import { OUTAGE, RECOVERY, run } from './fixture.js'

test('each fault has the time that each design took to catch up after it', () => {
  const results = [run('option-1', 1), run('direct', 1)]
  results[1].peers.backup.drainUs = [{ fault: OUTAGE.label, us: null }]
  expect(drainTable(summaryOf(results)).rows).toEqual([[OUTAGE.label, '42 s', 'never']])
})

test('a run in which a peer never caught up is counted apart from the others', () => {
  const results = [1, 2, 3].map((seed) => run('direct', seed))
  results[1].peers.backup.drainUs = [{ fault: OUTAGE.label, us: null }]
  expect(drainTable(summaryOf(results)).rows).toEqual([[OUTAGE.label, '42 s\nnever in 1 run']])
})

test('a dead server has a row for each phase of its recovery', () => {
  const results = [run('option-1', 1, { recoveries: [RECOVERY] }), run('direct', 1)]
  expect(recoveryTable(summaryOf(results)).rows).toEqual([
    [
      'rs2 killed\nafter 20 min',
      '4 regions, 120 MiB split\n90 MiB replayed\neach unavailable for 42 s on average',
      '-',
    ],
    ['detect', '30 s', '-'],
    ['split WALs', '12 s', '-'],
    ['claim queues', 'not finished', '-'],
  ])
})
