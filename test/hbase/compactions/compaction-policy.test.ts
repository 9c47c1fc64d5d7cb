import { expect, test } from 'vitest'
import type { CompactionConfiguration } from '../../../src/hbase/compactions/compaction-configuration.js'
import { ExploringCompactionPolicy } from '../../../src/hbase/compactions/exploring-compaction-policy.js'
import { RatioBasedCompactionPolicy } from '../../../src/hbase/compactions/ratio-based-compaction-policy.js'
import type {
  CompactionDemand,
  SortedCompactionPolicy,
} from '../../../src/hbase/compactions/sorted-compaction-policy.js'
import type { StoreFile } from '../../../src/hbase/regionserver/store-file.js'
import { COMP, fileOf, filesOf, jitter } from './store-files.js'

const TOO_BIG = 2101
const MS = 1000
const DAY = 86_400_000_000

const plain: CompactionDemand = { user: false, forceMajor: false, mayUseOffPeak: false, nowUs: 0 }
const forced = { ...plain, forceMajor: true }
const byUser = { ...forced, user: true }

function exploring(changes: Partial<CompactionConfiguration> = {}): ExploringCompactionPolicy {
  return new ExploringCompactionPolicy({ ...COMP, ...changes }, jitter)
}

function select(
  files: readonly StoreFile[],
  demand: CompactionDemand = plain,
  policy: SortedCompactionPolicy = exploring(),
) {
  return policy.selectCompaction(files, [], demand)
}

function selected(
  sizes: readonly number[],
  demand: CompactionDemand = plain,
  policy: SortedCompactionPolicy = exploring(),
): number[] {
  return select(filesOf(sizes), demand, policy).files.map(({ bytes }) => bytes)
}

test('R1: the newest files that are in ratio', () => {
  expect(selected([100, 50, 23, 12, 12])).toEqual([23, 12, 12])
  expect(selected([100, 50, 25, 12, 12])).toEqual([])
})

test('R2: files that are too big are left alone, the oldest ones', () => {
  expect(selected([TOO_BIG, TOO_BIG, 700, 700, 700])).toEqual([700, 700, 700])
  expect(selected([TOO_BIG, TOO_BIG, 700, 700])).toEqual([])
  expect(selected([TOO_BIG, TOO_BIG])).toEqual([])
})

test('R3: files that are small together need not be in ratio', () => {
  expect(selected([7, 1, 1])).toEqual([7, 1, 1])
})

test('R4: as many files as are in ratio', () => {
  expect(selected([50, 10, 10, 10, 10])).toEqual([10, 10, 10, 10])
  expect(selected([10, 10, 10, 10, 50])).toEqual([10, 10, 10, 10])
  expect(selected([7, 6, 5, 4, 3, 2, 1])).toEqual([5, 4, 3, 2, 1])
})

test('R5: a selection that is too big in sum is left out', () => {
  expect(selected([251, 253, 251, 2099])).toEqual([251, 253, 251])
  expect(selected([2099, 2099, 2099])).toEqual([])
})

test('R6: a stuck store without any selection in ratio compacts its smallest files', () => {
  const sizes = [512, 256, 128, 64, 32, 16, 8, 4, 2, 1]
  expect(selected(sizes, plain, exploring({ minSizeBytes: 1 }))).toEqual([4, 2, 1])
})

test('R7: one file less, and the store is not stuck', () => {
  expect(selected([99, 99, 99, 99, 99, 30, 30, 30, 30])).toEqual([99, 30, 30, 30, 30])
  expect(selected([99, 99, 99, 99, 99, 99, 30, 30, 30, 30])).toEqual([30, 30, 30])
})

test('R8: a stuck store prefers older files unless newer ones are better by 5 %', () => {
  expect(selected([99, 99, 99, 99, 30, 26, 26, 29, 25, 25])).toEqual([30, 26, 26])
  expect(selected([99, 99, 99, 99, 27, 27, 27, 20, 20, 20])).toEqual([20, 20, 20])
  expect(selected([99, 99, 99, 99, 99, 99, 30, 30, 30, 15])).toEqual([30, 30, 30, 15])
})

test('R9: off-peak hours allow another ratio', () => {
  const sizes = [999, 50, 12, 12, 1]
  const request = select(filesOf(sizes), { ...plain, mayUseOffPeak: true })
  expect(request.files.map(({ bytes }) => bytes)).toEqual([50, 12, 12, 1])
  expect(request.isOffPeak).toBe(true)
  expect(select(filesOf(sizes)).isOffPeak).toBe(false)
  expect(selected(sizes)).toEqual([12, 12, 1])
})

test('R10: a major compaction that is asked for takes all files', () => {
  const request = select(filesOf([50, 25, 12, 12]), forced)
  expect(request).toMatchObject({ isMajor: true, isAllFiles: true, bytes: 99 })
  expect(selected([12, 12], forced)).toEqual([12, 12])
})

test('R11: and asks for no size', () => {
  expect(selected([TOO_BIG, 12, 12], forced)).toEqual([TOO_BIG, 12, 12])
})

test('R12: a store whose oldest file is older than the period is compacted wholly', () => {
  const policy = exploring({ majorPeriodUs: MS })
  expect(selected([50, 25, 12, 12], { ...plain, nowUs: 2 * MS }, policy)).toEqual([50, 25, 12, 12])
  expect(selected([50, 25, 12, 12], { ...plain, nowUs: MS }, policy)).toEqual([])
  // Five files are as many as may be at once: not major then.
  expect(selected([100, 50, 23, 12, 12], { ...plain, nowUs: 2 * MS }, policy)).toEqual([23, 12, 12])
})

test('R13: halves of split files are compacted whatever their size', () => {
  const halves = (sizes: number[]) => select(filesOf(sizes, { isReference: true }))
  expect(halves([100, 50, 25, 12, 12]).files).toHaveLength(5)
  expect(halves([TOO_BIG, 12, 12]).bytes).toBe(TOO_BIG + 24)
  expect(halves([TOO_BIG, 12, 12]).isMajor).toBe(false)
})

test('R14: but no more than may be at once, the oldest', () => {
  const request = select(filesOf([7, 6, 5, 4, 3, 2, 1], { isReference: true }))
  expect(request.files.map(({ bytes }) => bytes)).toEqual([7, 6, 5, 4, 3])
  expect(request.isAllFiles).toBe(false)
})

test('R15: an empty file is not compacted on its own, TTL or not', () => {
  const empty = [fileOf(1, 0, { entries: 0 })]
  const ttl = { ttlUs: 600_000_000 }
  expect(select(empty, plain, exploring(ttl)).files).toEqual([])
  const aged = exploring({ ...ttl, majorPeriodUs: DAY })
  expect(select(empty, { ...plain, nowUs: 9 * DAY }, aged).files).toEqual([])
})

test('a file alone is major compacted only for cells that have outlived the TTL', () => {
  const at = (nowUs: number, ttlUs: number, isMajorCompacted: boolean) => {
    const policy = exploring({ majorPeriodUs: DAY, ttlUs })
    return policy.shouldPerformMajorCompaction([fileOf(1, 50, { isMajorCompacted })], nowUs)
  }
  expect(at(9 * DAY, Infinity, true)).toBe(false)
  expect(at(9 * DAY, Infinity, false)).toBe(false)
  expect(at(9 * DAY, 10 * DAY, true)).toBe(false)
  expect(at(9 * DAY, 8 * DAY, true)).toBe(true)
})

test('too many files for a forced major compaction, unless a user asks', () => {
  const sizes = [7, 6, 5, 4, 3, 2, 1]
  expect(selected(sizes, forced)).toEqual([5, 4, 3, 2, 1])
  const request = select(filesOf(sizes), byUser)
  expect(request.files).toHaveLength(7)
  expect(request.isMajor).toBe(true)
})

test('files up to the newest that is being compacted are left alone', () => {
  const files = filesOf([10, 10, 10, 10, 10, 10, 10])
  const others = (compacting: StoreFile[], demand = plain) =>
    exploring().selectCompaction(files, compacting, demand).files
  expect(others(files.slice(1, 4))).toEqual(files.slice(4))
  expect(others(files.slice(2, 5))).toEqual([])
  expect(others(files.slice(0, 3), byUser)).toEqual(files.slice(3))
})

test('a compaction under way counts as the file it will be when a store may be stuck', () => {
  const files = filesOf([1, 1, 1, 500, 200, 90, 40, 20, 9, 4, 2])
  const policy = (blockingFiles: number) => exploring({ minSizeBytes: 1, blockingFiles })
  const select = (blockingFiles: number) =>
    policy(blockingFiles)
      .selectCompaction(files, files.slice(0, 3), plain)
      .files.map(({ bytes }) => bytes)
  expect(select(9)).toEqual([9, 4, 2])
  expect(select(10)).toEqual([])
})

test('files of a bulk load that only major compactions may touch are passed over', () => {
  const loaded = fileOf(0, 12, { bulkLoaded: true, excludedFromMinorCompaction: true })
  const files = [loaded, ...filesOf([12, 12, 12])]
  expect(select(files).files).toEqual(files.slice(1))
  expect(select(files, forced).files).toEqual(files)
})

test('the jitter of major compactions hangs on the oldest file and spreads over the period', () => {
  const policy = exploring({ majorPeriodUs: 7 * DAY, majorJitter: 0.5 })
  const ages = Array.from({ length: 400 }, (_, i) => policy.nextMajorCompactUs([fileOf(i, 1)]))
  const [first] = ages
  expect(policy.nextMajorCompactUs([fileOf(0, 1), fileOf(7, 1)])).toBe(first)
  expect(Math.min(...ages)).toBeGreaterThanOrEqual(3.5 * DAY)
  expect(Math.max(...ages)).toBeLessThanOrEqual(10.5 * DAY)
  const mean = ages.reduce((sum, us) => sum + us, 0) / ages.length
  // The standard error of the mean of 400 is 0.1 days.
  expect(Math.abs(mean - 7 * DAY)).toBeLessThan(0.4 * DAY)
  expect(policy.nextMajorCompactUs([])).toBe(0)
})

test('a compaction larger than the throttle is a large one', () => {
  const policy = exploring({ throttleBytes: 100 })
  expect([policy.throttleCompaction(100), policy.throttleCompaction(101)]).toEqual([false, true])
})

test('the older policy takes all from the first file in ratio on', () => {
  const policy = new RatioBasedCompactionPolicy(COMP, jitter)
  const ratioBased = (...sizes: number[]) => selected(sizes, plain, policy)
  expect(ratioBased(100, 50, 23, 12, 12)).toEqual([23, 12, 12])
  expect(ratioBased(50, 10, 10, 10, 10)).toEqual([10, 10, 10, 10])
  // Seven files fit: the oldest five are taken.
  expect(ratioBased(7, 6, 5, 4, 3, 2, 1)).toEqual([7, 6, 5, 4, 3])
  // It does not see that the three older ones would be better alone.
  expect(ratioBased(10, 10, 10, 10, 50)).toEqual([10, 10, 10, 10, 50])
  expect(ratioBased(100, 50, 25, 12)).toEqual([])
  // The sum is of as many files as may go with it: 41 > 4 × 10.
  expect(ratioBased(41, 10, 10, 10, 10, 10)).toEqual([10, 10, 10, 10, 10])
  expect(ratioBased(40, 10, 10, 10, 10, 10)).toEqual([40, 10, 10, 10, 10])
})
