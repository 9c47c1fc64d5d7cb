import { expect, test } from 'vitest'
import { metricsOf } from '../../src/experiment/metric.js'
import { secondariesOf } from '../../src/experiment/replica-metric.js'
import { readComparison } from '../../src/scenario/comparison.js'
import { evaluateExpectation } from '../../src/scenario/expectation.js'
import { STALE_READS, secondaries } from './replica-results.js'
import { measuredRun } from './results.js'

const plain = measuredRun({ variant: 'plain', seed: 1, backup: null })
const run = {
  ...plain,
  replicas: {
    usertable: [
      { ...secondaries({ p99Us: 300, maxUs: 2_000, unavailable: 0.04 }), ...STALE_READS },
      secondaries({ replicaId: 2 }),
    ],
    'hbase:meta': [secondaries({ p99Us: 5_000 })],
  },
}

test('secondaries are those of any run, by table and replica id', () => {
  expect(secondariesOf([plain, run])).toEqual([
    { table: 'hbase:meta', replicaId: 1 },
    { table: 'usertable', replicaId: 1 },
    { table: 'usertable', replicaId: 2 },
  ])
})

test('variants are compared by the staleness of each secondary, and by none without replicas', () => {
  const stale = metricsOf([plain, run]).filter(({ name }) => name.startsWith('replicas'))
  expect(stale.map(({ name, of }) => [name, of(run), of(plain)])).toEqual([
    ['replicas["hbase:meta"][0].stalenessUs.p99', 5_000, null],
    ['replicas.usertable[0].stalenessUs.p99', 300, null],
    ['replicas.usertable[1].stalenessUs.p99', 0, null],
  ])
})

test('the name of such a metric is the path of its figure in the run', () => {
  for (const { name, of } of metricsOf([run]).filter((each) => each.name.startsWith('replicas'))) {
    expect(expected(`${name} == ${of(run)} us`)).toBe('held')
  }
})

test.each([
  ['replicas.usertable[0].stalenessUs.p99 < 1 s', 'held'],
  ['replicas.usertable[0].stalenessUs.max < 1 ms', 'violated'],
  ['replicas.usertable[0].stalenessUs.timeShareAboveZero == 0.25', 'held'],
  ['replicas.usertable[0].stalenessUs.worst.region == 1', 'held'],
  ['replicas.usertable[0].stalenessUs.worst.atUs == 7 us', 'held'],
  ['replicas.usertable[1].stalenessUs.worst.atUs < 1 s', 'undecided'],
  ['replicas.usertable[0].gapUs.longest == 0 s', 'held'],
  ['replicas.usertable[0].gapUs.timeShare == 0', 'held'],
  ['replicas.usertable[0].stalenessEdits.max == 14 edits', 'held'],
  ['replicas.usertable[0].memstoreBytes.max < 1 GiB', 'held'],
  ['replicas.usertable[0].unavailableTimeShare < 0.05', 'held'],
  ['replicas.usertable[0].staleReadProbability.probability < 0.01', 'held'],
  ['replicas.usertable[0].reads.staleAgeUs.p99 < 5 ms', 'held'],
  ['replicas["hbase:meta"][0].stalenessUs.p99 < replicas.usertable[0].stalenessUs.p99', 'violated'],
  ['replicas.usertable[2].stalenessUs.p99 < 1 s', 'undecided'],
  ['replicas.usertable[0].staleness.p99 < 1', 'unknown-path'],
  ['replicas.othertable[0].stalenessUs.p99 < 1 s', 'unknown-path'],
])('%s: %s', (that, verdict) => {
  expect(expected(that)).toBe(verdict)
})

function expected(that: string): string {
  const reading = readComparison(that)
  if ('complaint' in reading) throw new Error(reading.complaint.message)
  return evaluateExpectation(reading.value, run).verdict
}
