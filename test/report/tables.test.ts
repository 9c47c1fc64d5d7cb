import { expect, test } from 'vitest'
import {
  assumptionTable,
  auditTable,
  expectationTable,
  faultTable,
  replicationTable,
  roomTable,
  statisticsNote,
  variantTable,
} from '../../src/report/tables.js'
import { summaryOf } from './experiment.js'
import { LOSS, OUTAGE, run } from './fixture.js'

const one = summaryOf([run('option-1', 1), run('direct', 1)])

test('the figures of the verdict, a column for each variant', () => {
  expect(variantTable(one)).toEqual({
    head: ['', 'option-1', 'direct'],
    rows: [
      ['cluster-loss RPO median', '2 min 30 s', '800 ms'],
      ['cluster-loss RPO p99', '10 min 40 s', '5 min 40 s'],
      ['lost edits', '49,000', '210'],
      ['cost per month', '$3.12', '$7.30'],
      ['store latency p99', '10 min', '2.4 s'],
      ['objects', '60', '21,000'],
      ['write latency p99', '4.8 ms', '4.8 ms'],
    ],
  })
})

test('several seeds show their spread and say what it is', () => {
  const results = [1, 2, 3].map((seed) => run('option-1', seed))
  for (const { seed, peers } of results) peers.backup.disasters[0].lostEdits = 100 * seed
  const summary = summaryOf(results)
  expect(variantTable(summary).rows).toContainEqual(['lost edits', '200 (100…300)'])
  expect(statisticsNote(summary)).toContain('3 runs of each variant')
  expect(statisticsNote(one)).toBe('One run of each variant, seed 1.')
})

test('what a design does not have is a dash, and what none has is left out', () => {
  const rows = roomTable(one).rows
  expect(rows).toContainEqual(['largest staging backlog', '1.77 GiB', '-'])
  const direct = summaryOf([run('direct', 1)])
  expect(roomTable(direct).rows.map(([title]) => title)).not.toContain('largest staging backlog')
})

test('duplicates have a row for each cause', () => {
  const results = [run('option-1', 1), run('direct', 1)]
  results[1].peers.backup.duplicateEdits = { claim: 30, retry: 4 }
  const rows = auditTable(summaryOf(results)).rows
  expect(rows).toContainEqual(['stored again: claim', '0', '30'])
  expect(rows).toContainEqual(['stored again: retry', '12', '4'])
})

test('the room of HDFS is set against what fills it', () => {
  const rows = roomTable(one).rows
  expect(rows).toContainEqual(['capacity of HDFS', '4 TiB', '4 TiB'])
  expect(rows).toContainEqual([`HDFS would be full after ${OUTAGE.label} of`, '15 h', '5 h'])
  expect(rows).toContainEqual(['most in pending uploads', '0 B', '4.77 MiB'])
})

test('what replication did has a price', () => {
  expect(replicationTable(one).rows).toContainEqual(['requests per month', '$0.02', '$4.20'])
})

test('an expectation has one row for each variant, the violated seeds counted', () => {
  const summary = summaryOf([1, 2, 3].map((seed) => run('direct', seed)))
  const that = 'peers.backup.rpo["cluster-loss"].maxUs < 6 min'
  for (const { seed, expectations } of summary.runs) {
    const verdict = seed === 2 ? 'violated' : 'held'
    expectations.push({ that, verdict, value: (300 + 30 * seed) * 1_000_000 })
  }
  expect(expectationTable(summary).rows).toEqual([
    [that, 'direct', 'violated in 1 of 3 and held in 2 of 3', '5 min 30 s…6 min 30 s'],
  ])
})

test.each([
  ['writeLatencyUs.p99 < 1 s', '250 ms'],
  ['writeLatencyUs.count > 1', '250,000'],
  ['regionServers.flushes.stallUs.max < 1 s', '250 ms'],
  ['regionServers.memstoreBytes.max > 1 MiB', '244 KiB'],
  ['regionServers.flushes.count > 1', '250,000'],
  ['replicas.usertable[0].stalenessUs.mean < 1 s', '250 ms'],
  ['replicas.usertable[0].gapUs.longest < 1 s', '250 ms'],
  ['recoveries[0].phaseUs["WAL splitting"] < 1 s', '250 ms'],
])('the measured value of %s is %s', (that, text) => {
  const summary = summaryOf([run('direct', 1)])
  summary.runs[0].expectations.push({ that, verdict: 'held', value: 250_000 })
  expect(expectationTable(summary).rows[0].at(-1)).toBe(text)
})

test.each([
  'replicas.usertable[0].stalenessUs.timeShareAboveZero < 0.5',
  'replicas.usertable[0].unavailableTimeShare < 0.5',
  'replicas.usertable[0].staleReadProbability.probability < 0.5',
  'reads.timeline.whilePrimaryDown.availability < 0.5',
])('the measured value of %s is a percentage', (that) => {
  const summary = summaryOf([run('direct', 1)])
  summary.runs[0].expectations.push({ that, verdict: 'held', value: 0.25 })
  expect(expectationTable(summary).rows[0].at(-1)).toBe('25 %')
})

test('a fault drawn anew for each seed names its seeds', () => {
  const late = { ...LOSS, atUs: LOSS.atUs + 60_000_000 }
  const summary = summaryOf([run('a', 1), run('a', 2, { faults: [OUTAGE, late] })])
  expect(faultTable(summary).rows).toEqual([
    [OUTAGE.label, '8 min', '14 min', 'all runs'],
    [LOSS.label, '28 min', 'for good', 'seed 1'],
    [LOSS.label, '29 min', 'for good', 'seed 2'],
  ])
})

test('an assumption of some variants says of which', () => {
  const lone = run('b', 1, { assumptions: [{ parameter: 'p', value: '1', source: 'docs' }] })
  const rows = assumptionTable(summaryOf([run('a', 1), lone])).rows
  expect(rows).toContainEqual(['p', '1', 'docs', 'b'])
})
