import { expect, test } from 'vitest'
import { maxLogs } from '../../../src/hbase/wal/max-logs.js'
import { Configuration } from '../../../src/storage/configuration.js'

const MIB = 1_048_576
const GIB = 1024 * MIB

test('a heap of 32 GiB allows 204 WALs', () => {
  expect(maxLogs(new Configuration(), 128 * MIB, 0.4 * 32 * GIB)).toBe(204)
})

test('it is never derived to be below 32', () => {
  expect(maxLogs(new Configuration(), 128 * MIB, GIB)).toBe(32)
})

test('a site may say less', () => {
  const site = new Configuration({ 'hbase.regionserver.maxlogs': '1' })
  expect(maxLogs(site, 128 * MIB, 32 * GIB)).toBe(1)
})
