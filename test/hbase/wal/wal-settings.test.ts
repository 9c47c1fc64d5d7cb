import { expect, test } from 'vitest'
import { walSettings } from '../../../src/hbase/wal/wal-settings.js'
import { Configuration } from '../../../src/storage/configuration.js'

const MIB = 1_048_576

test('a WAL’s block is twice an HDFS block, and it is rolled when half of that is full', () => {
  const settings = walSettings(new Configuration(), 128 * MIB)
  expect(settings).toEqual({ groups: 1, blockSize: 256 * MIB, rollSize: 128 * MIB })
})

test('hbase.regionserver.hlog.blocksize sets both', () => {
  const site = new Configuration({ 'hbase.regionserver.hlog.blocksize': '64m' })
  expect(walSettings(site, 128 * MIB)).toMatchObject({ blockSize: 64 * MIB, rollSize: 32 * MIB })
})

test('multiwal has two groups, or as many as it is told', () => {
  const multiwal = { 'hbase.wal.provider': 'multiwal' }
  expect(walSettings(new Configuration(multiwal), MIB).groups).toBe(2)
  const four = { ...multiwal, 'hbase.wal.regiongrouping.numgroups': '4' }
  expect(walSettings(new Configuration(four), MIB).groups).toBe(4)
})

test('the number of groups is nothing to other providers', () => {
  const site = new Configuration({ 'hbase.wal.regiongrouping.numgroups': '4' })
  expect(walSettings(site, MIB).groups).toBe(1)
})
