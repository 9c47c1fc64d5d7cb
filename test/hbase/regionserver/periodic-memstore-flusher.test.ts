import { describe, expect, it } from 'vitest'
import {
  type PeriodicMemStoreFlusherOptions,
  periodicMemStoreFlusher,
} from '../../../src/hbase/regionserver/periodic-memstore-flusher.js'
import type { RegionFlushOptions } from '../../../src/hbase/regionserver/region-flush.js'
import { FlushWorld, SECOND, SYNC_US } from './flush-world.js'

const HOUR = 3600 * SECOND

function periodicallyFlushed(
  flushOptions: Partial<RegionFlushOptions> = {},
  options: Partial<PeriodicMemStoreFlusherOptions> = {},
  regions = 1,
): FlushWorld {
  const world = new FlushWorld({ regions }, flushOptions)
  const flusher = world.flusher()
  const chore = periodicMemStoreFlusher({
    flusher,
    regionFlush: world.regionFlush,
    regions: () => world.regions,
    checkPeriodUs: 10 * SECOND,
    phaseUs: 0,
    flushDelayUs: () => 42 * SECOND,
    advance() {},
    ...options,
  })
  world.world.host.spawn('PeriodicMemStoreFlusher', chore)
  return world
}

describe('PeriodicMemStoreFlusher', () => {
  it('flushes an edit that is older than the interval, after a delay', () => {
    const world = periodicallyFlushed()
    world.put(0, 1000)
    world.scheduler.run(2 * HOUR)
    // Looked at each 10 s; at one hour the edit is not quite that old.
    const lockedUs = HOUR + 10 * SECOND + 42 * SECOND
    expect(world.records).toMatchObject([{ lockedUs, reason: 'age' }])
  })

  it('leaves a region alone that was flushed or opened within the interval', () => {
    const world = periodicallyFlushed()
    world.put(0, 1000)
    world.regionFlush.open(0, 1800 * SECOND)
    world.scheduler.run(2 * HOUR)
    expect(world.records[0]?.lockedUs).toBe(1800 * SECOND + HOUR + 42 * SECOND)
  })

  it('counts from the begin of the last flush of all families', () => {
    const world = periodicallyFlushed()
    world.put(0, 1000)
    world.scheduler.run(1800 * SECOND)
    world.put(0, 2_000_000)
    world.memstores.prefill(0, 500, 0)
    world.scheduler.run(3 * HOUR)
    // The old edit that the first flush left is not looked at before an hour has passed.
    const [bySize, byAge] = world.records
    expect(bySize?.lockedUs).toBe(1800 * SECOND + SYNC_US)
    const due = Math.ceil(((bySize?.lockedUs ?? 0) + HOUR) / (10 * SECOND)) * 10 * SECOND
    expect(byAge).toMatchObject({ reason: 'age', lockedUs: due + 42 * SECOND })
  })

  it('is switched off by an interval of 0, but not for system tables: they take 300 s', () => {
    const isSystemTable = (region: number) => region === 1
    const world = periodicallyFlushed({ flushIntervalUs: 0, isSystemTable }, {}, 2)
    for (const region of world.regions) world.put(region, 1000)
    world.scheduler.run(HOUR)
    expect(world.records).toMatchObject([{ region: 1, lockedUs: (300 + 10 + 42) * SECOND }])
  })

  it('flushes a region with more changes since its last flush than it may have', () => {
    const world = periodicallyFlushed({ flushPerChanges: 10 })
    world.put(0, 1000)
    world.scheduler.run(world.scheduler.now + SYNC_US)
    const flush = world.regionFlush.flush(0, world.request('all'))
    world.world.host.spawn('flush', flush)
    world.scheduler.run(SECOND)
    // Flushed up to 2; START_FLUSH and COMMIT_FLUSH have 3 and 4; ten more are up to 12.
    for (let n = 0; n < 8; n++) world.put(0, 1000)
    world.scheduler.run(100 * SECOND)
    expect(world.records).toHaveLength(1)
    world.put(0, 1000)
    world.scheduler.run(200 * SECOND)
    expect(world.records[1]).toMatchObject({ reason: 'changes', lockedUs: (110 + 42) * SECOND })
  })

  it('a flush by size comes first and ends the delay', () => {
    const world = periodicallyFlushed({}, { flushDelayUs: () => 100 * SECOND })
    world.put(0, 1000)
    world.scheduler.run(HOUR + 30 * SECOND)
    world.put(0, 1_000_000)
    world.scheduler.run(2 * HOUR)
    expect(world.records.map(({ reason }) => reason)).toEqual(['size'])
  })

  it('numbers the delays of a region by the flushes they led to', () => {
    const asked = new Set<string>()
    const flushDelayUs = (region: number, n: number) => {
      asked.add(`${region}/${n}`)
      return (100 - 50 * region) * SECOND
    }
    const world = periodicallyFlushed({}, { flushDelayUs }, 2)
    for (const region of world.regions) world.put(region, 1000)
    world.scheduler.run(2 * HOUR)
    for (const region of world.regions) world.put(region, 1000)
    world.scheduler.run(4 * HOUR)
    expect(world.records.map(({ region }) => region)).toEqual([1, 0, 1, 0])
    expect(asked.has('0/1') && asked.has('1/1')).toBe(true)
    expect(asked.has('0/3') || asked.has('1/3')).toBe(false)
  })

  it('begins at its phase', () => {
    const world = periodicallyFlushed({ flushIntervalUs: 5 * SECOND }, { phaseUs: 3 * SECOND })
    world.put(0, 1000)
    world.scheduler.run(HOUR)
    expect(world.records[0]?.lockedUs).toBe((3 + 10 + 42) * SECOND)
  })
})
