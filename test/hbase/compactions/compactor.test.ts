import { expect, test } from 'vitest'
import type { CompactionRequest } from '../../../src/hbase/compactions/compaction-request.js'
import { type CompactorOptions, commit, copy } from '../../../src/hbase/compactions/compactor.js'
import { PressureAwareCompactionThroughputController } from '../../../src/hbase/compactions/pressure-aware-compaction-throughput-controller.js'
import { HStore } from '../../../src/hbase/regionserver/h-store.js'
import { HFileIo, HFileNames } from '../../../src/hbase/regionserver/hfile-io.js'
import { bytesIn, type StoreFile } from '../../../src/hbase/regionserver/store-file.js'
import type { Protocol } from '../../../src/kernel/process.js'
import { timed, World } from '../../storage/world.js'
import { fileOf } from './store-files.js'

const MIB = 1_048_576
const SECOND = 1_000_000

/** A store with three files of 100 MiB in HDFS, on a server without pressure. */
class CompactorWorld {
  readonly world = new World()
  readonly store = new HStore(0, 0)
  readonly options: CompactorOptions
  pressure = 0

  constructor() {
    const { scheduler, node } = this.world
    const throughput = new PressureAwareCompactionThroughputController({
      scheduler,
      settings: {
        lowerBound: 50 * MIB,
        higherBound: 100 * MIB,
        offPeak: Infinity,
        tunePeriodUs: 60 * SECOND,
        controlBytes: 50 * MIB,
      },
      pressure: () => this.pressure,
      isOffPeak: () => false,
    })
    this.options = {
      scheduler,
      throughput,
      io: new HFileIo({
        hdfs: this.world.hdfs(),
        node,
        names: new HFileNames(),
        regionDirectory: (region) => `data/usertable/${region}`,
        familyName: () => 'cf',
      }),
      markerBeforeSwap: true,
      *writeMarker() {
        yield 1000
      },
      keptShare: () => 1,
    }
  }

  *fill(): Protocol<CompactionRequest> {
    const { io } = this.options
    const files: StoreFile[] = []
    for (const sequenceId of [1, 2, 3]) {
      const file = yield* io.writeTmp(0, 0, 'compaction', 100 * MIB)
      yield* io.commit(file)
      files.push(fileOf(sequenceId, 100 * MIB, { name: file.path, file }))
    }
    for (const file of files) this.store.add(file)
    const bytes = bytesIn(files)
    const request = { files, bytes, isAllFiles: true, isMajor: false, isOffPeak: false }
    this.store.startCompaction(request)
    return request
  }

  *compact(request: CompactionRequest): Protocol {
    const copied = yield* copy(this.store, request, this.options)
    expect(copied.file?.path).toBe('data/usertable/0/.tmp/cf/compaction-3')
    expect(copied.createdUs).toBe(this.world.scheduler.now)
    yield* commit(this.store, request, copied, this.options)
  }
}

test('a compaction on HDFS: the output has all bytes, and inputs stay in the directory', () => {
  const world = new CompactorWorld()
  const request = world.world.finish(world.fill())
  world.world.finish(world.compact(request))
  const [output] = world.store.files
  expect(output.name).toBe('data/usertable/0/cf/compaction-3')
  expect(output.isMajorCompacted).toBe(true)
  expect(output.file?.visibleBytes()).toBe(300 * MIB)
  expect(request.files.map(({ file }) => file?.deleted)).toEqual([false, false, false])
})

test('it takes as long as the limit says, and without a limit as long as HDFS does', () => {
  const lasts = (pressure: number) => {
    const world = new CompactorWorld()
    world.pressure = pressure
    world.options.throughput.tune()
    const request = world.world.finish(world.fill())
    return world.world.finish(timed(world.world.scheduler, world.compact(request)))
  }
  const commitAndMarkerUs = 2500 + 1000
  expect(lasts(0)).toBe(6 * SECOND + commitAndMarkerUs)
  expect(lasts(1)).toBe(3 * SECOND + commitAndMarkerUs)
  // 300 MiB are 0.52 s at 600 MB/s to read and 0.90 s at 350 MB/s to write.
  const unlimitedUs = lasts(1.1)
  expect(unlimitedUs).toBeGreaterThan(1.42 * SECOND)
  expect(unlimitedUs).toBeLessThan(1.6 * SECOND)
})

test('an output has the share of the bytes that was not written over, and the oldest cell', () => {
  const world = new CompactorWorld()
  const options = { ...world.options, keptShare: () => 0.25 }
  const request = world.world.finish(world.fill())
  const old = { ...request.files[0], oldestCellUs: -77 }
  const empty = { ...request.files[1], entries: 0, oldestCellUs: -99 }
  const changed = { ...request, files: [old, empty, request.files[2]] }
  const output = world.world.finish(copy(world.store, changed, options))
  expect(output).toMatchObject({
    bytes: 75 * MIB,
    oldestCellUs: -77,
    minSequenceId: 1,
    maxSequenceId: 3,
  })
})
