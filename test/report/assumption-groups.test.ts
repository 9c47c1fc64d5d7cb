import { expect, test } from 'vitest'
import { assumptionGroups } from '../../src/report/assumption-groups.js'
import { summaryOf } from './experiment.js'
import { run } from './fixture.js'

test.each([
  ['cluster.putCpu', 'estimate (storage reference, section 10)', 'estimates'],
  ['stores.backup.put', 'from a benchmark; an estimate', 'estimates'],
  ['stores.backup.pricePutPer1k', 'S3 price list, us-east-1, 2026', 'published'],
  ['cluster.hdfs.writebackAge', 'Linux vm.dirty_expire_centisecs = 3000', 'published'],
  ['hbase.rpc.timeout', 'hbase-default.xml', 'defaults'],
  ['hbase.wal.hsync', 'site', 'own'],
  ['cluster.heap', 'scenario', 'own'],
  ['unfixed.HBASE-29441', 'the scenario takes the fix out', 'own'],
])('%s, known from "%s", is among the %s', (parameter, source, id) => {
  const summary = summaryOf([run('a', 1, { assumptions: [{ parameter, value: '1', source }] })])
  const filled = assumptionGroups(summary).filter(({ table }) => table.rows.length > 0)
  expect(filled.map((group) => group.id)).toEqual([id])
})

test('estimates come first, and an assumption says which variants rest on it', () => {
  const alone = { parameter: 'cluster.heap', value: '1 GiB', source: 'scenario' }
  const results = [run('a', 1), run('b', 1)]
  results[1].assumptions.push(alone)
  const [first, own] = assumptionGroups(summaryOf(results))
  expect(first.id).toBe('estimates')
  expect(first.table.rows[0].at(-1)).toBe('all')
  expect(own.table.rows).toEqual([['cluster.heap', '1 GiB', 'scenario', 'b']])
})
