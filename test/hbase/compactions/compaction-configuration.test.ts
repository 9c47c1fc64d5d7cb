import { expect, test } from 'vitest'
import { compactionConfiguration } from '../../../src/hbase/compactions/compaction-configuration.js'
import { throughputSettings } from '../../../src/hbase/compactions/pressure-aware-compaction-throughput-controller.js'
import { Configuration } from '../../../src/storage/configuration.js'

const MIB = 1_048_576
const of = (site: Record<string, string>) =>
  compactionConfiguration(new Configuration(site), 128 * MIB)

test('what a site does not set derives from the flush size and the number of files', () => {
  expect(of({})).toMatchObject({
    minFiles: 3,
    maxFiles: 10,
    minSizeBytes: 134_217_728,
    maxSizeBytes: Infinity,
    offPeakMaxSizeBytes: Infinity,
    blockingFiles: 16,
    majorPeriodUs: 604_800_000_000,
    majorJitter: 0.5,
    throttleBytes: 2_684_354_560,
    ttlUs: Infinity,
  })
  expect(of({}).ratio).toBeCloseTo(1.2, 6)
  expect(of({}).offPeakRatio).toBe(5)
  expect(of({ 'hbase.hstore.compaction.max': '5' }).throttleBytes).toBe(1280 * MIB)
  const limited = of({ 'hbase.hstore.compaction.max.size': '1g' })
  expect(limited.offPeakMaxSizeBytes).toBe(1024 * MIB)
})

test('the fewest files go by their old name, too, and are at least two', () => {
  expect(of({ 'hbase.hstore.compactionThreshold': '5' }).minFiles).toBe(5)
  const both = { 'hbase.hstore.compactionThreshold': '5', 'hbase.hstore.compaction.min': '4' }
  expect(of(both).minFiles).toBe(4)
  expect(of({ 'hbase.hstore.compaction.min': '1' }).minFiles).toBe(2)
})

test('without a limit of its own, off-peak throughput has none', () => {
  expect(throughputSettings(new Configuration({}))).toEqual({
    lowerBound: 50 * MIB,
    higherBound: 100 * MIB,
    offPeak: Infinity,
    tunePeriodUs: 60_000_000,
    controlBytes: 50 * MIB,
  })
})
