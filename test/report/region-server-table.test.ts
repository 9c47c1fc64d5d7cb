import { expect, test } from 'vitest'
import { regionServerTable, shortRegionServerTable } from '../../src/report/region-server-table.js'
import { summaryMarkdown } from '../../src/report/summary-md.js'
import { summaryOf } from './experiment.js'
import { run } from './fixture.js'
import { busyRun } from './region-server-fixture.js'

test('region servers that flushed, compacted and refused nothing have no table', () => {
  const quiet = run('quiet', 1)
  quiet.regionServers.rolls.size = 20
  expect(regionServerTable(summaryOf([quiet])).rows).toEqual([])
  expect(summaryMarkdown(summaryOf([quiet]), 'hbsim run x')).not.toContain('Region servers')
})

test('the short table has flushes with their stalls, compactions, files, rolls and refusals', () => {
  expect(shortRegionServerTable(summaryOf([busyRun('storm'), run('quiet', 1)]))).toEqual({
    head: ['', 'storm', 'quiet'],
    rows: [
      ['flushes', '290', '0'],
      ['flush stall p99', '61 ms', '-'],
      ['longest flush stall', '64 ms', '-'],
      ['compactions', '90', '0'],
      ['most files of a store', '17', '0'],
      ['WAL rolls', '285', '0'],
      ['refused calls', '1,250', '0'],
    ],
  })
})

test('reasons and kinds that occurred have rows, those that did not have none', () => {
  const { rows } = regionServerTable(summaryOf([busyRun('storm')]))
  const titles = rows.map(([title]) => title)
  expect(rows).toContainEqual(['flushes by pressure', '20'])
  expect(rows).toContainEqual(['WAL rolls by low replication', '2'])
  expect(rows).toContainEqual(['refused: region too busy', '1,250'])
  for (const absent of ['flushes by age', 'WAL rolls by slow sync', 'read latency p99']) {
    expect(titles).not.toContain(absent)
  }
})

test('a ticket gets the table with what its counts are of', () => {
  const text = summaryMarkdown(summaryOf([busyRun('storm')]), 'hbsim run x')
  expect(text).toContain('### Region servers')
  expect(text).toContain('| flushed | 36 GiB |')
  expect(text).toContain('between warm-up and the end of the workload')
})
