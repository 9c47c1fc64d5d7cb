import { expect, test } from 'vitest'
import { COMMIT_US, CompactionWorld, MARKER_US, SECOND } from './compaction-world.js'

/** A copy of `bytes` at the lower bound of 10 bytes per second, put in place. */
const durationUs = (bytes: number) => bytes * (SECOND / 10) + COMMIT_US + MARKER_US

test('after a flush a thread selects, copies and puts the output in the place of its inputs', () => {
  const world = new CompactionWorld()
  const [old, ...inputs] = world.flushed(0, 90, 20, 15, 10)
  world.at(SECOND, () => world.compactSplit.requestCompaction(0, 'flush'))
  world.scheduler.run()
  const store = world.stores.store(0, 0)
  expect(world.sizes()).toEqual([90, 45])
  expect(store.files[0]).toBe(old)
  expect(store.compactedFiles).toEqual(inputs)
  expect(store.filesCompacting).toEqual([])
  expect(store.files[1]).toMatchObject({
    name: 'data/0/cf/compaction-0',
    entries: 45,
    minSequenceId: 2,
    maxSequenceId: 4,
    isMajorCompacted: false,
  })
  expect(world.records).toHaveLength(1)
  expect(world.records[0]).toMatchObject({
    region: 0,
    family: 0,
    inputs,
    bytes: 45,
    major: false,
    why: 'flush',
    pool: 'small',
    requestedUs: SECOND,
    startedUs: SECOND,
    endedUs: SECOND + durationUs(45),
  })
})

test('HBase 2 writes the marker while readers still see the inputs, HBase 3 afterwards', () => {
  const logOf = (markerBeforeSwap: boolean) => {
    const world = new CompactionWorld({}, { markerBeforeSwap })
    world.flushed(0, 5, 5, 5)
    world.compactSplit.requestCompaction(0, 'flush')
    world.scheduler.run()
    return world.log
  }
  expect(logOf(true)).toEqual(['write', 'commit', 'marker with 3 files', 'compacted 3'])
  expect(logOf(false)).toEqual(['write', 'commit', 'marker with 1 files', 'compacted 3'])
})

test('files that HDFS knows are read', () => {
  const world = new CompactionWorld()
  world.flushed(0, 5, 5, 5)
  world.compactSplit.requestCompaction(0, 'flush')
  world.scheduler.run()
  world.flushed(0, 15, 15)
  world.compactSplit.requestCompaction(0, 'flush')
  world.scheduler.run()
  expect(world.log).toContain('read data/0/cf/compaction-0')
})

test('a request selects when a thread takes it: two flushes make one compaction', () => {
  const world = new CompactionWorld({}, { largeThreads: 0 })
  world.flushed(1, 20, 20, 20)
  world.compactSplit.requestCompaction(1, 'flush')
  world.at(SECOND, () => {
    world.flushed(0, 10, 10, 10)
    world.compactSplit.requestCompaction(0, 'flush')
  })
  world.at(2 * SECOND, () => {
    world.flushed(0, 10)
    world.compactSplit.requestCompaction(0, 'flush')
  })
  world.at(3 * SECOND, () => expect(world.compactSplit.queueLength('small')).toBe(2))
  world.scheduler.run()
  expect(world.records.map(({ inputs }) => inputs.length)).toEqual([3, 4])
  expect(world.compactSplit.queueLength('small')).toBe(0)
})

test('the store nearest to its blocking number of files goes first', () => {
  const world = new CompactionWorld({}, { largeThreads: 0 })
  world.flushed(0, 5, 5, 5)
  world.flushed(1, 5, 5, 5)
  world.flushed(2, 5, 5, 5, 5)
  for (const region of [0, 1, 2]) world.compactSplit.requestCompaction(region, 'flush')
  world.scheduler.run()
  expect(world.records.map(({ region }) => region)).toEqual([2, 0, 1])
})

test('a store that has become less urgent while it was queued lets more urgent ones go first', () => {
  const world = new CompactionWorld({}, { largeThreads: 0 })
  world.flushed(0, 5, 5, 5, 5, 5)
  world.flushed(1, 5, 5, 5, 5)
  for (const region of [0, 0, 1]) world.compactSplit.requestCompaction(region, 'flush')
  // The first compaction of region 0 takes 2.5 s and leaves it three files, one less than region 1.
  world.at(SECOND, () => world.flushed(0, 25, 25))
  world.scheduler.run()
  expect(world.records.map(({ region }) => region)).toEqual([0, 1, 0])
})

test('compactions above the throttle wait for the large thread, which helps with small ones', () => {
  const world = new CompactionWorld({ throttleBytes: 50 })
  world.flushed(0, 20, 20, 20)
  world.flushed(1, 30, 30, 30)
  world.flushed(2, 5, 5, 5)
  for (const region of [0, 1, 2]) world.compactSplit.requestCompaction(region, 'flush')
  world.at(SECOND, () => {
    expect(world.compactSplit.queueLength('large')).toBe(1)
    expect(world.compactSplit.running).toBe(2)
  })
  world.scheduler.run()
  // The two that run share the limit: 15 bytes of each at 3 s, then the large one alone.
  expect(world.records.map(({ region, pool }) => [region, pool])).toEqual([
    [2, 'small'],
    [0, 'large'],
    [1, 'large'],
  ])
  expect(world.records[0].endedUs).toBe(3 * SECOND + COMMIT_US + MARKER_US)

  const stolen = new CompactionWorld()
  stolen.flushed(0, 5, 5, 5)
  stolen.flushed(1, 5, 5, 5)
  for (const region of [0, 1]) stolen.compactSplit.requestCompaction(region, 'flush')
  stolen.at(1, () => expect(stolen.compactSplit.running).toBe(2))
  stolen.scheduler.run()
  expect(stolen.records).toHaveLength(2)
})

test('a major compaction that a user asks for takes all files and goes before others', () => {
  const world = new CompactionWorld({}, { largeThreads: 0 })
  world.flushed(0, 5, 5, 5)
  world.flushed(1, 5, 5, 5)
  world.flushed(2, 900, 50, 12, 12)
  world.compactSplit.requestCompaction(0, 'flush')
  world.at(SECOND, () => {
    world.compactSplit.requestCompaction(1, 'flush')
    world.compactSplit.requestMajor(2)
  })
  world.scheduler.run()
  expect(world.records.map(({ region, major }) => [region, major])).toEqual([
    [0, false],
    [2, true],
    [1, false],
  ])
  expect(world.stores.store(2, 0).files[0].isMajorCompacted).toBe(true)
  expect(world.stores.store(2, 0).forceMajor).toBe(false)
})

test('a user asks while the store is compacting: the wish is fulfilled with the next selection', () => {
  const world = new CompactionWorld()
  world.flushed(0, 90, 20, 15, 10)
  world.compactSplit.requestCompaction(0, 'flush')
  world.at(SECOND, () => world.compactSplit.requestMajor(0))
  world.scheduler.run()
  expect(world.sizes()).toEqual([90, 45])
  world.compactSplit.requestCompaction(0, 'flush')
  world.scheduler.run()
  expect(world.sizes()).toEqual([135])
})

test('a store above its blocking number of files is queued again without a flush', () => {
  const world = new CompactionWorld({ blockingFiles: 4 })
  world.flushed(0, ...Array.from({ length: 20 }, () => 10))
  world.compactSplit.requestCompaction(0, 'flush')
  world.scheduler.run()
  expect(world.sizes().length).toBeLessThan(4)
  expect(world.records.slice(1).every(({ why }) => why === 'recursive enqueue')).toBe(true)
})

test('opening a region asks for the stores that need it', () => {
  const world = new CompactionWorld()
  world.flushed(0, 5, 5)
  world.flushed(1, 5, 5, 5)
  for (const region of [0, 1]) world.compactSplit.regionOpened(region)
  world.scheduler.run()
  expect(world.records.map(({ region, why }) => [region, why])).toEqual([[1, 'opening region']])
})

test('the checker finds stores in need and those whose major compaction is due', () => {
  const world = new CompactionWorld({ majorPeriodUs: 1000 * SECOND })
  const { compactSplit, host, scheduler } = world
  world.flushed(0, 500, 5)
  world.flushed(1, 5, 5, 5)
  host.spawn('CompactionChecker', compactSplit.checker(600 * SECOND, 300 * SECOND))
  scheduler.run(600 * SECOND)
  expect(world.records.map(({ region, major }) => [region, major])).toEqual([[1, false]])
  scheduler.run(1400 * SECOND)
  expect(world.sizes(0)).toEqual([500, 5])
  scheduler.run(1600 * SECOND)
  expect(world.records.at(-1)).toMatchObject({ region: 0, major: true, why: 'CompactionChecker' })
})

test('the pressure of a server is that of its fullest store', () => {
  const world = new CompactionWorld()
  expect(world.compactSplit.pressure).toBe(0)
  world.flushed(0, 5, 5, 5, 5)
  world.flushed(2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
  expect(world.compactSplit.pressure).toBe(1)
  world.flushed(2, 1)
  expect(world.compactSplit.pressure).toBe(8 / 7)
})

test('nothing is compacted where compactions are disabled', () => {
  const world = new CompactionWorld({}, { enabled: false })
  world.flushed(0, 5, 5, 5)
  world.compactSplit.requestCompaction(0, 'flush')
  world.compactSplit.requestMajor(0)
  world.scheduler.run()
  expect(world.records).toEqual([])
})

test('one compaction of the server at a time uses the ratio of off-peak hours', () => {
  const world = new CompactionWorld({}, { isOffPeak: () => true })
  for (const region of [0, 1]) {
    world.flushed(region, 999, 50, 12, 12, 1)
    world.compactSplit.requestCompaction(region, 'flush')
  }
  world.scheduler.run()
  expect(world.sizes(0)).toEqual([999, 75])
  expect(world.sizes(1)).toEqual([999, 50, 25])
})

test('a compaction that fails leaves the files as they are, and the thread goes on', () => {
  for (const fault of ['commitFails', 'markerFails'] as const) {
    const world = new CompactionWorld()
    const files = world.flushed(0, 5, 5, 5)
    world[fault] = true
    world.compactSplit.requestCompaction(0, 'flush')
    world.scheduler.run()
    expect(world.failures).toEqual(['0 IOException'])
    expect(world.stores.store(0, 0).files).toEqual(files)
    expect(world.stores.store(0, 0).filesCompacting).toEqual([])
    world[fault] = false
    world.compactSplit.requestCompaction(0, 'flush')
    world.scheduler.run()
    expect(world.sizes()).toEqual([15])
  }
})

test('a region that closes breaks off what is copied and forgets what is queued', () => {
  const world = new CompactionWorld({}, { largeThreads: 0 })
  world.flushed(0, 50, 50, 50)
  world.flushed(1, 5, 5, 5)
  world.compactSplit.requestCompaction(0, 'flush')
  world.at(1, () => world.compactSplit.requestMajor(1))
  let closedUs = -1
  function* close() {
    yield SECOND
    yield* world.compactSplit.closeRegion(1)
    yield* world.compactSplit.closeRegion(0)
    closedUs = world.scheduler.now
    world.compactSplit.requestCompaction(0, 'too late')
  }
  world.host.spawn('close', close())
  world.scheduler.run()
  expect(closedUs).toBe(SECOND)
  expect(world.failures).toEqual(['0 Interrupted'])
  expect(world.log).toEqual(['write', 'remove data/0/.tmp/cf/compaction-0'])
  expect(world.records).toEqual([])
  expect(world.stores.store(1, 0).filesCompacting).toEqual([])
  expect(world.throughput.activeOperations).toBe(0)
  world.compactSplit.regionOpened(0)
  world.scheduler.run()
  expect(world.sizes(0)).toEqual([150])
})

test('a region that closes waits for an output that is being put in place', () => {
  const world = new CompactionWorld()
  world.flushed(0, 5, 5, 5)
  world.compactSplit.requestCompaction(0, 'flush')
  let closedUs = -1
  function* close() {
    yield durationUs(15) - 1
    yield* world.compactSplit.closeRegion(0)
    closedUs = world.scheduler.now
  }
  world.host.spawn('close', close())
  world.scheduler.run()
  expect(closedUs).toBe(durationUs(15))
  expect(world.sizes()).toEqual([15])
})

test('a server that lost the region meanwhile does not touch its files', () => {
  const world = new CompactionWorld()
  const files = world.flushed(0, 5, 5, 5)
  world.compactSplit.requestCompaction(0, 'flush')
  world.at(SECOND, () => world.stores.opened(0))
  world.scheduler.run()
  expect(world.stores.store(0, 0).files).toEqual(files)
  expect(world.failures).toEqual(['0 IOException'])
})

test('a server that dies leaves inputs in place and nobody’s share of the limit', () => {
  const world = new CompactionWorld()
  const files = world.flushed(0, 5, 5, 5)
  world.compactSplit.requestCompaction(0, 'flush')
  world.at(SECOND, () => world.host.kill())
  world.scheduler.run()
  expect(world.stores.store(0, 0).files).toEqual(files)
  expect(world.throughput.activeOperations).toBe(0)
})
