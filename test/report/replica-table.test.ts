import { expect, test } from 'vitest'
import { replicaTable, shortReplicaTable } from '../../src/report/replica-table.js'
import { summaryMarkdown } from '../../src/report/summary-md.js'
import { STALE_READS, secondaries } from '../experiment/replica-results.js'
import { summaryOf } from './experiment.js'
import { run } from './fixture.js'

const MIB = 1 << 20

const wal = run('wal', 1, {
  replicas: {
    usertable: [
      secondaries({ p99Us: 300, maxUs: 2_000, heapBytes: 32 * MIB }),
      secondaries({ replicaId: 2, maxUs: 5_000, unavailable: 0.01 }),
    ],
  },
})

test('a cluster without replicas has no table of them', () => {
  expect(replicaTable(summaryOf([run('direct', 1)])).rows).toEqual([])
  expect(summaryMarkdown(summaryOf([run('direct', 1)]), 'hbsim run x')).not.toContain('replica')
})

test('every replica id has its rows, those of what occurred', () => {
  expect(replicaTable(summaryOf([wal, run('one-replica', 1)]))).toEqual({
    head: ['', 'wal', 'one-replica'],
    rows: [
      ['replica 1: staleness, median', '0 µs', '-'],
      ['replica 1: staleness, p99', '300 µs', '-'],
      ['replica 1: staleness, maximum', '2 ms', '-'],
      ['replica 1: time stale', '25 %', '-'],
      ['replica 1: most edits behind', '14', '-'],
      ['replica 1: memstores, mean', '32 MiB', '-'],
      ['replica 1: memstores, maximum', '64 MiB', '-'],
      ['replica 2: staleness, median', '0 µs', '-'],
      ['replica 2: staleness, p99', '0 µs', '-'],
      ['replica 2: staleness, maximum', '5 ms', '-'],
      ['replica 2: time stale', '25 %', '-'],
      ['replica 2: most edits behind', '14', '-'],
      ['replica 2: time not readable', '1 %', '-'],
    ],
  })
})

test('the short table has the worst of both', () => {
  expect(shortReplicaTable(summaryOf([wal])).rows).toEqual([
    ['staleness, maximum', '5 ms'],
    ['time stale', '25 %'],
    ['time not readable', '1 %'],
  ])
})

test('where several tables have replicas, rows are named by table', () => {
  const replicas = { usertable: [secondaries()], 'hbase:meta': [secondaries()] }
  const summary = summaryOf([run('a', 1, { replicas })])
  expect(replicaTable(summary).rows.map(([title]) => title)).toContain(
    'hbase:meta, replica 1: staleness, p99',
  )
  expect(shortReplicaTable(summary).rows.map(([title]) => title)).toEqual([
    'hbase:meta: staleness, maximum',
    'usertable: staleness, maximum',
  ])
})

test('reads and probes have rows where clients read', () => {
  const replicas = { usertable: [{ ...secondaries(), ...STALE_READS }] }
  const { rows } = replicaTable(summaryOf([run('a', 1, { replicas })]))
  expect(rows.slice(3)).toEqual([
    ['replica 1: stale probes', '0.4 %'],
    ['replica 1: reads that it answered', '5,000'],
    ['replica 1: of them stale', '20'],
    ['replica 1: age of stale reads, p99', '4 ms'],
    ['replica 1: reads back in time', '2'],
  ])
})

test('a ticket gets the table with what staleness is', () => {
  const text = summaryMarkdown(summaryOf([wal]), 'hbsim run x')
  expect(text).toContain('### Region replicas')
  expect(text).toContain('| replica 1: staleness, p99 | 300 µs |')
  expect(text).toContain('oldest acknowledged edit')
})
