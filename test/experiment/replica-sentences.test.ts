import { expect, test } from 'vitest'
import type { MeasuredRun } from '../../src/experiment/metric.js'
import { replicaSentences } from '../../src/experiment/replica-sentences.js'
import { STALE_READS, secondaries, timelineReads } from './replica-results.js'
import { measuredRun } from './results.js'

const MINUTE = 60_000_000

function runOf(variant: string, replicas?: MeasuredRun['replicas'], seed = 1): MeasuredRun {
  const run = measuredRun({ variant, seed, backup: null })
  return replicas === undefined ? run : { ...run, replicas }
}

test('without secondaries there is nothing to say', () => {
  expect(replicaSentences([runOf('a'), runOf('b')])).toEqual([])
})

test('the staleness of mechanisms is told side by side, of the worst replica id each', () => {
  const wal = [secondaries({ p99Us: 200 }), secondaries({ replicaId: 2, p99Us: 300, maxUs: 2_000 })]
  const refresher = [secondaries({ p99Us: 31 * MINUTE }), secondaries({ replicaId: 2 })]
  const runs = [
    runOf('wal', { usertable: wal }),
    runOf('refresher-30s', { usertable: refresher }),
    runOf('one-replica'),
  ]
  expect(replicaSentences(runs)).toEqual([
    'At 99 % of instants, secondaries of `usertable` are behind by at most 300 µs with `wal` and ' +
      '31 min with `refresher-30s`; one run.',
    'The most that a secondary of `usertable` was behind: 2 ms with `wal` and 31 min with ' +
      '`refresher-30s`; one run.',
  ])
})

test('every table with secondaries has sentences of its own', () => {
  const runs = [runOf('a', { usertable: [secondaries()], 'hbase:meta': [secondaries()] })]
  const opening = 'At 99 % of instants, secondaries of'
  expect(replicaSentences(runs).filter((each) => each.startsWith(opening))).toEqual([
    `${opening} \`hbase:meta\` are behind by at most 0 µs with \`a\`; one run.`,
    `${opening} \`usertable\` are behind by at most 0 µs with \`a\`; one run.`,
  ])
})

test('time in which nobody could read, gaps and memory are told where there were any', () => {
  const bad = secondaries({ unavailable: 0.037, gaps: 0.002, heapBytes: 64 << 20 })
  const runs = [
    runOf('slow', { usertable: [bad, secondaries({ replicaId: 2, heapBytes: 32 << 20 })] }),
    runOf('calm', { usertable: [secondaries()] }),
  ]
  expect(replicaSentences(runs).slice(2)).toEqual([
    'Share of the time in which secondaries of `usertable` could not be read: 3.7 % with `slow`; ' +
      'one run.',
    'Share of the time in which secondaries of `usertable` had an edit and lacked an older one: ' +
      '0.2 % with `slow`; one run.',
    'Heap that memstores of secondaries take in the cluster, on average: 96 MiB with `slow`; ' +
      'one run.',
  ])
})

test('the probability of old data is told where keys of the workload were probed', () => {
  const probed = [{ ...secondaries(), ...STALE_READS }]
  const runs = [1, 2].map((seed) => runOf('a', { usertable: probed }, seed))
  expect(replicaSentences(runs)).toContain(
    'Probability that a read of a secondary of `usertable` returns old data, over keys of the ' +
      'workload: 0.4 % with `a`; the same in all 2 runs.',
  )
})

test('an interval of shares does not go beyond all', () => {
  const runs = [0.5, 1].map((unavailable, i) =>
    runOf('a', { usertable: [secondaries({ unavailable })] }, i + 1),
  )
  expect(replicaSentences(runs)).toContain(
    'Share of the time in which secondaries of `usertable` could not be read: 75 % ' +
      '(0 %…100 %) with `a`; mean of 2 runs, 95 % intervals in brackets.',
  )
})

test('what readers had without a primary is how many were answered, and how soon', () => {
  const hedged: MeasuredRun = { ...runOf('hedged'), reads: timelineReads(100, 12_000) }
  const alone: MeasuredRun = { ...runOf('alone'), reads: timelineReads(0, null) }
  expect(replicaSentences([hedged, alone, runOf('no-reads')])).toEqual([
    'Of timeline reads sent while their primary was down, answered in time: 100 %, half of them ' +
      'within 12 ms with `hedged` and 0 % with `alone`; one run.',
  ])
})
