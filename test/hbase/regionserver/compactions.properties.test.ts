import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CompactionWorld, LOWER_BOUND, SECOND } from './compaction-world.js'

interface Flush {
  readonly atUs: number
  readonly region: number
  readonly bytes: number
}

const flushes = fc.array(
  fc.record({
    atUs: fc.integer({ min: 0, max: 200 * SECOND }),
    region: fc.nat(2),
    bytes: fc.integer({ min: 1, max: 200 }),
  }),
  { maxLength: 40 },
)

function play(world: CompactionWorld, planned: readonly Flush[]): void {
  for (const { atUs, region, bytes } of planned) {
    world.at(atUs, () => {
      const store = world.stores.store(region, 0)
      world.flushed(region, bytes)
      if (world.compactSplit.needsCompaction(store)) {
        world.compactSplit.requestCompaction(region, 'flush')
      }
    })
  }
}

test('a compaction keeps its bytes, and a store has what was flushed to it', () => {
  fc.assert(
    fc.property(flushes, (planned) => {
      const world = new CompactionWorld()
      play(world, planned)
      world.scheduler.run()
      for (const { inputs, output } of world.records) {
        expect(output.bytes).toBe(inputs.reduce((sum, { bytes }) => sum + bytes, 0))
      }
      const bytes = [0, 1, 2].map((region) => world.stores.store(region, 0).bytes)
      const flushed = [0, 0, 0]
      for (const flush of planned) flushed[flush.region] += flush.bytes
      expect(bytes).toEqual(flushed)
    }),
    { numRuns: 60 },
  )
})

test('where compactions drop what is overwritten, a store has what was added less what they dropped', () => {
  fc.assert(
    fc.property(flushes, fc.double({ min: 0.2, max: 1, noNaN: true }), (planned, share) => {
      const world = new CompactionWorld({}, { keptShare: () => share })
      play(world, planned)
      world.scheduler.run()
      let bytes = planned.reduce((sum, flush) => sum + flush.bytes, 0)
      for (const record of world.records) bytes -= record.bytes - record.output.bytes
      const left = [0, 1, 2].map((region) => world.stores.store(region, 0).bytes)
      expect(left.reduce((sum, of) => sum + of, 0)).toBe(bytes)
    }),
    { numRuns: 60 },
  )
})

test('files of a store never overlap in sequence ids, and no compaction outruns the limit', () => {
  fc.assert(
    fc.property(flushes, (planned) => {
      const world = new CompactionWorld()
      play(world, planned)
      world.scheduler.run()
      for (const region of [0, 1, 2]) {
        const { files } = world.stores.store(region, 0)
        for (const [i, file] of files.slice(1).entries()) {
          expect(file.minSequenceId).toBeGreaterThan(files[i].maxSequenceId)
        }
      }
      for (const { bytes, startedUs, endedUs } of world.records) {
        expect((bytes / (2 * LOWER_BOUND)) * SECOND).toBeLessThanOrEqual(endedUs - startedUs)
      }
    }),
    { numRuns: 60 },
  )
})

test('under a steady rate of equal flushes files stay few and each byte is rewritten few times', () => {
  const world = new CompactionWorld(
    {
      minFiles: 3,
      maxFiles: 10,
      ratio: 1.2,
      minSizeBytes: 1,
      maxSizeBytes: Infinity,
      blockingFiles: 16,
    },
    {},
    1,
  )
  const count = 243
  let most = 0
  const planned = Array.from({ length: count }, (_, i) => ({
    atUs: (i + 1) * 1000 * SECOND,
    region: 0,
    bytes: 10,
  }))
  play(world, planned)
  for (const { atUs } of planned) {
    world.at(atUs + 999 * SECOND, () => {
      most = Math.max(most, world.sizes().length)
    })
  }
  world.scheduler.run()
  const rewritten = world.records.reduce((sum, { bytes }) => sum + bytes, 0)
  expect(world.stores.store(0, 0).bytes).toBe(10 * count)
  // Three of one size become one, as digits do in base 3: 243 is its fifth power, so there are two
  // files of each of five sizes and the one just flushed, and no byte moves up more than five times.
  expect(most).toBeLessThanOrEqual(11)
  expect(rewritten / (10 * count)).toBeLessThanOrEqual(5)
  expect(rewritten / (10 * count)).toBeGreaterThan(2)
})
