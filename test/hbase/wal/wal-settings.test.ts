import { expect, test } from 'vitest'
import {
  fsHLogSettings,
  slowSyncSettings,
  walSettings,
} from '../../../src/hbase/wal/wal-settings.js'
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

test('FSHLog is what provider filesystem is, also below multiwal', () => {
  expect(fsHLogSettings(new Configuration(), 3)).toBe(null)
  expect(fsHLogSettings(new Configuration({ 'hbase.wal.provider': 'filesystem' }), 3)).toEqual({
    syncerCount: 5,
    maxBatchCount: 30,
    tolerableReplication: 3,
    lowReplicationRollLimit: 5,
    closeErrorsTolerated: 2,
  })
  const multiwal = {
    'hbase.wal.provider': 'multiwal',
    'hbase.wal.regiongrouping.delegate.provider': 'filesystem',
    'hbase.regionserver.hlog.tolerable.lowreplication': '1',
  }
  expect(fsHLogSettings(new Configuration(multiwal), 3)?.tolerableReplication).toBe(1)
})

test('a sync is slow beyond 100 ms, and has the WAL rolled beyond 10 s', () => {
  expect(slowSyncSettings(new Configuration())).toEqual({
    slowUs: 100_000,
    rollOnSyncUs: 10_000_000,
    rollThreshold: 100,
    rollIntervalUs: 60_000_000,
  })
})
