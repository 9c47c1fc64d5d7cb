import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ExploringCompactionPolicy } from '../../../src/hbase/compactions/exploring-compaction-policy.js'
import { RatioBasedCompactionPolicy } from '../../../src/hbase/compactions/ratio-based-compaction-policy.js'
import { COMP, filesOf, jitter } from './store-files.js'

const stores = fc.record({
  sizes: fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 14 }),
  minFiles: fc.integer({ min: 2, max: 4 }),
  moreFiles: fc.integer({ min: 0, max: 6 }),
  maxSizeBytes: fc.integer({ min: 500, max: 4000 }),
  minSizeBytes: fc.integer({ min: 0, max: 1000 }),
  compacting: fc.tuple(fc.nat(13), fc.nat(5)),
  mayUseOffPeak: fc.boolean(),
})

test('a minor selection is a run of neighbours within all limits, newer than what is compacting', () => {
  fc.assert(
    fc.property(stores, ({ sizes, minFiles, moreFiles, compacting: [from, count], ...rest }) => {
      const { maxSizeBytes, minSizeBytes, mayUseOffPeak } = rest
      const limits = { minFiles, maxFiles: minFiles + moreFiles, minSizeBytes, maxSizeBytes }
      const offPeakMaxSizeBytes = 2 * maxSizeBytes
      // So many files block that no store is stuck: a stuck one may go beyond the size.
      const configuration = { ...COMP, ...limits, offPeakMaxSizeBytes, blockingFiles: 20 }
      const files = filesOf(sizes)
      const compacting = files.slice(from, from + count)
      const demand = { user: false, forceMajor: false, mayUseOffPeak, nowUs: 0 }
      const policy = new ExploringCompactionPolicy(configuration, jitter)
      const request = policy.selectCompaction(files, compacting, demand)
      if (request.files.length === 0) return
      const first = files.indexOf(request.files[0])
      expect(request.files).toEqual(files.slice(first, first + request.files.length))
      expect(files.slice(first).some((file) => compacting.includes(file))).toBe(false)
      expect(request.files.length).toBeGreaterThanOrEqual(limits.minFiles)
      expect(request.files.length).toBeLessThanOrEqual(limits.maxFiles)
      expect(request.bytes).toBeLessThanOrEqual(mayUseOffPeak ? offPeakMaxSizeBytes : maxSizeBytes)
    }),
  )
})

test('the older policy selects a run of neighbours within the numbers, too', () => {
  fc.assert(
    fc.property(stores, ({ sizes, minFiles, moreFiles, minSizeBytes }) => {
      const maxFiles = minFiles + moreFiles
      const policy = new RatioBasedCompactionPolicy(
        { ...COMP, minFiles, maxFiles, minSizeBytes },
        jitter,
      )
      const files = filesOf(sizes)
      const demand = { user: false, forceMajor: false, mayUseOffPeak: false, nowUs: 0 }
      const request = policy.selectCompaction(files, [], demand)
      if (request.files.length === 0) return
      const first = files.indexOf(request.files[0])
      expect(request.files).toEqual(files.slice(first, first + request.files.length))
      expect(request.files.length).toBeGreaterThanOrEqual(minFiles)
      expect(request.files.length).toBeLessThanOrEqual(maxFiles)
    }),
  )
})

test('a stuck store always finds something if it has files enough', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 10, maxLength: 14 }),
      (sizes) => {
        const policy = new ExploringCompactionPolicy({ ...COMP, maxSizeBytes: Infinity }, jitter)
        const demand = { user: false, forceMajor: false, mayUseOffPeak: false, nowUs: 0 }
        expect(policy.selectCompaction(filesOf(sizes), [], demand).files.length).toBeGreaterThan(2)
      },
    ),
  )
})
