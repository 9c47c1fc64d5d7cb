import { expect, test } from 'vitest'
import { readTable } from '../../src/report/read-table.js'
import { timelineReads } from '../experiment/replica-results.js'
import { summaryOf } from './experiment.js'
import { run } from './fixture.js'

test('where nobody reads there is no table', () => {
  expect(readTable(summaryOf([run('direct', 1)])).rows).toEqual([])
})

test('reads have their latency, and what hedging and stale answers there were', () => {
  const hedged = run('hedged', 1, { reads: timelineReads(99, 12_000) })
  expect(readTable(summaryOf([hedged])).rows).toEqual([
    ['timeline gets', '1,000'],
    ['timeline gets that failed', '10'],
    ['timeline get latency, median', '700 µs'],
    ['timeline get latency, p99', '12 ms'],
    ['timeline get latency, p99.9', '20 ms'],
    ['timeline gets flagged stale', '10 %'],
    ['timeline gets hedged', '10 %'],
    ['timeline get calls to other replicas', '200'],
    ['timeline reads while the primary is down: sent', '100'],
    ['timeline reads while the primary is down: answered', '99 %'],
    ['timeline reads while the primary is down: latency, median', '12 ms'],
    ['timeline reads while the primary is down: latency, p99', '12 ms'],
  ])
})

test('that no read was answered without a primary is said', () => {
  const alone = run('alone', 1, { reads: timelineReads(0, null) })
  expect(readTable(summaryOf([alone])).rows).toContainEqual([
    'timeline reads while the primary is down: answered',
    '0 %',
  ])
})
