import { describe, expect, it } from 'vitest'
import { addedStoreFile, FlushWorld, SECOND, SYNC_US } from './flush-world.js'

const MS = 1000

/** How many flushes are between their lock and their commit at the busiest instant. */
function mostAtOnce(records: readonly { lockedUs: number; committedUs: number }[]): number {
  return Math.max(
    ...records.map(
      ({ lockedUs }) =>
        records.filter((other) => other.lockedUs <= lockedUs && lockedUs < other.committedUs)
          .length,
    ),
  )
}

describe('MemStoreFlusher', () => {
  it('flushes a region written at an even rate every flush size / rate', () => {
    const world = new FlushWorld({ flushSize: 1_000_000 })
    world.flusher()
    world.putEvery(10 * MS, 10_000)
    world.scheduler.run(20 * SECOND)
    const locked = world.records.map(({ lockedUs }) => lockedUs)
    const intervals = locked.slice(1).map((us, i) => us - (locked[i] as number))
    // The memstore must be larger than the flush size, not as large: one put more.
    expect(new Set(intervals)).toEqual(new Set([1010 * MS]))
    expect(new Set(world.records.map(({ bytes }) => bytes))).toEqual(new Set([1_010_000]))
    expect(world.records).toHaveLength(19)
  })

  it.each([1, 2, 3])('flushes at most so many regions at once: %i', (handlers) => {
    const world = new FlushWorld({ regions: 8 })
    const flusher = world.flusher({ handlers })
    for (const region of world.regions) {
      world.put(region, 500_000)
      flusher.requestFlush(region, { reason: 'request', delayUs: SECOND })
    }
    world.scheduler.run(10 * SECOND)
    expect(world.records.map(({ region }) => region).sort()).toEqual(world.regions)
    expect(mostAtOnce(world.records)).toBe(handlers)
  })

  it('flushes the families that it is asked for', () => {
    const world = new FlushWorld({ shares: [1, 1] })
    const flusher = world.flusher()
    world.put(0, 1000)
    flusher.requestFlush(0, { reason: 'max-logs', families: [1] })
    world.scheduler.run(SECOND)
    expect(world.records).toMatchObject([{ families: [1], reason: 'max-logs' }])
  })

  it('flushes again at once what outgrew the flush size during a flush', () => {
    const world = new FlushWorld({ flushSize: 1000 })
    world.flusher()
    world.put(0, 1100)
    world.put(0, 1200)
    world.put(0, 1300)
    world.scheduler.run(SECOND)
    expect(world.records.map(({ bytes }) => bytes)).toEqual([1100, 2500])
    expect(world.memstores.heapBytes(0)).toBe(0)
  })

  it('asks for a compaction when the flushed store wants one', () => {
    const asked: unknown[] = []
    const world = new FlushWorld({}, { addStoreFile: (file) => addedStoreFile(file, true) })
    const flusher = world.flusher({ requestCompaction: (...why) => asked.push(why) })
    world.put(0, 1000)
    flusher.requestFlush(0, { reason: 'request' })
    world.scheduler.run(SECOND)
    expect(asked).toEqual([[0, 'flush']])
  })

  it('begins no flush when it is stopped, and ends the one that runs', () => {
    const world = new FlushWorld({ regions: 2 })
    const flusher = world.flusher({ handlers: 1 })
    for (const region of [0, 1]) {
      world.put(region, 1000)
      flusher.requestFlush(region, { reason: 'request' })
    }
    world.scheduler.run(world.scheduler.now + SYNC_US)
    flusher.stop()
    expect(flusher.requestFlush(0, { reason: 'request' })).toBe(false)
    world.scheduler.run(60 * SECOND)
    expect(world.records.map(({ region }) => region)).toEqual([0])
  })

  it('flushes no more when a snapshot is dropped, for its server aborts', () => {
    const world = new FlushWorld({ regions: 2 }, { flushRetries: 1 })
    const flusher = world.flusher({ handlers: 1 })
    world.hdfs.lose()
    for (const region of [0, 1]) {
      world.put(region, 1000)
      flusher.requestFlush(region, { reason: 'request' })
    }
    world.scheduler.run(60 * SECOND)
    expect(world.aborts).toHaveLength(1)
  })
})

describe('a region with too many store files', () => {
  it('puts its flush off for 90 s, having asked for a compaction once', () => {
    const asked: unknown[] = []
    const world = new FlushWorld()
    const flusher = world.flusher({
      storeFiles: () => 17,
      requestCompaction: (...why) => asked.push(why),
    })
    world.put(0, 1000)
    const requestedUs = world.scheduler.now
    flusher.requestFlush(0, { reason: 'request' })
    world.scheduler.run(200 * SECOND)
    expect(asked).toEqual([[0, 'too many store files']])
    expect(world.records).toMatchObject([{ requestedUs, lockedUs: requestedUs + 90 * SECOND }])
  })

  it('is flushed at the next of its looks, 900 ms apart, when a compaction has helped', () => {
    const world = new FlushWorld()
    let storeFiles = 17
    const flusher = world.flusher({ storeFiles: () => storeFiles })
    world.put(0, 1000)
    const requestedUs = world.scheduler.now
    flusher.requestFlush(0, { reason: 'request' })
    world.scheduler.run(requestedUs + 2 * SECOND)
    storeFiles = 16
    world.scheduler.run(10 * SECOND)
    expect(world.records).toMatchObject([{ lockedUs: requestedUs + 2700 * MS }])
  })

  it('is flushed at once if it is of hbase:meta', () => {
    const world = new FlushWorld()
    const flusher = world.flusher({ storeFiles: () => 17, isMeta: () => true })
    world.put(0, 1000)
    const requestedUs = world.scheduler.now
    flusher.requestFlush(0, { reason: 'request' })
    world.scheduler.run(SECOND)
    expect(world.records).toMatchObject([{ lockedUs: requestedUs }])
  })

  it('does not hold up the flushes of others', () => {
    const world = new FlushWorld({ regions: 2 })
    const flusher = world.flusher({ handlers: 1, storeFiles: (region) => (region === 0 ? 17 : 1) })
    for (const region of [0, 1]) {
      world.put(region, 1000)
      flusher.requestFlush(region, { reason: 'request' })
    }
    world.scheduler.run(SECOND)
    expect(world.records.map(({ region }) => region)).toEqual([1])
  })
})

describe('global memstore pressure', () => {
  /** Memstores of these sizes, above a lower limit of 1,000 bytes, and the regions in order. */
  function relieved(sizes: readonly number[], crowded: readonly number[] = []): number[] {
    const world = new FlushWorld({ regions: sizes.length })
    const flusher = world.flusher({
      memstoreLowerLimit: 1000,
      storeFiles: (region) => (crowded.includes(region) ? 17 : 1),
    })
    sizes.forEach((bytes, region) => {
      world.put(region, bytes)
    })
    flusher.memstorePressure()
    world.scheduler.run(5 * SECOND)
    expect(mostAtOnce(world.records)).toBe(1)
    return world.records.map(({ region }) => region)
  }

  it('flushes the biggest region, one after the other, until it is below the lower limit', () => {
    expect(relieved([300, 500, 100, 400])).toEqual([1])
    expect(relieved([300, 900, 200, 700])).toEqual([1, 3])
  })

  it('passes a region with too many store files over', () => {
    expect(relieved([300, 600, 200], [1])).toEqual([0])
  })

  it('takes even that, if it is more than twice as big as the best', () => {
    expect(relieved([300, 601, 200], [1])).toEqual([1])
  })

  it('takes the biggest, if all have too many store files', () => {
    expect(relieved([400, 700], [0, 1])).toEqual([1])
  })

  it('is noticed by a handler that has waited for the wake frequency, if nobody tells', () => {
    const world = new FlushWorld()
    world.flusher({ memstoreLowerLimit: 1000, handlers: 1 })
    world.put(0, 2000)
    world.scheduler.run(11 * SECOND)
    expect(world.records).toMatchObject([{ lockedUs: 10 * SECOND, reason: 'pressure' }])
  })

  it('takes the region out of the queue', () => {
    const world = new FlushWorld()
    const flusher = world.flusher({ memstoreLowerLimit: 1000 })
    world.put(0, 2000)
    const requestedUs = world.scheduler.now
    flusher.requestFlush(0, { reason: 'age', delayUs: 5 * SECOND })
    flusher.memstorePressure()
    world.scheduler.run(60 * SECOND)
    expect(world.records).toMatchObject([
      { reason: 'pressure', requestedUs, lockedUs: requestedUs },
    ])
    expect(flusher.queueLength).toBe(0)
  })
})

describe('global memstore pressure on a server with secondary replicas', () => {
  const SECONDARY_A = 10
  const SECONDARY_B = 11

  interface Pressed {
    /** Bytes in the memstore of the one primary, and of each secondary. */
    readonly primary: number
    readonly secondaries: readonly (readonly [region: number, heapBytes: number])[]
    readonly enabled?: boolean
    /** What a refresh of a secondary leaves of its memory; all of it, if it is not here. */
    readonly drops?: readonly number[]
  }

  /** The regions that are flushed or refreshed until the server is below 1,000 bytes, in order. */
  function relieved({ primary, secondaries, enabled = true, drops = [] }: Pressed): unknown[] {
    const done: unknown[] = []
    const bytesOf = new Map(secondaries)
    const world = new FlushWorld({}, { onFlushed: ({ region }) => done.push(`flush ${region}`) })
    const inSecondaries = () => [...bytesOf.values()].reduce((sum, bytes) => sum + bytes, 0)
    const flusher = world.flusher({
      memstoreLowerLimit: 1000,
      memstoreBytes: () => world.writePath.memstoreBytes + inSecondaries(),
      replicas: {
        enabled,
        multiplier: 4,
        secondaries: () => [...bytesOf].map(([region, heapBytes]) => ({ region, heapBytes })),
        *refreshSecondary(region) {
          yield MS
          done.push(`refresh ${region}`)
          if (!drops.includes(region)) return false
          bytesOf.set(region, 0)
          return true
        },
      },
    })
    if (primary > 0) world.put(0, primary)
    flusher.memstorePressure()
    world.scheduler.run(world.scheduler.now + SECOND / 2)
    return done
  }

  it('refreshes the biggest secondary if it is more than four times as big', () => {
    const drops = [SECONDARY_A, SECONDARY_B]
    const secondaries = [
      [SECONDARY_A, 200],
      [SECONDARY_B, 801],
    ] as const
    expect(relieved({ primary: 200, secondaries, drops })).toEqual(['refresh 11'])
    const fourTimes = [
      [SECONDARY_A, 200],
      [SECONDARY_B, 800],
    ] as const
    expect(relieved({ primary: 200, secondaries: fourTimes, drops })).toEqual([
      'flush 0',
      'refresh 11',
    ])
  })

  it('passes a secondary over that had nothing to drop, then flushes', () => {
    const secondaries = [
      [SECONDARY_A, 4000],
      [SECONDARY_B, 3000],
    ] as const
    const done = relieved({ primary: 500, secondaries, drops: [SECONDARY_B] })
    expect(done.slice(0, 2)).toEqual(['refresh 10', 'refresh 11'])
    const none = relieved({ primary: 500, secondaries })
    expect(none.slice(0, 3)).toEqual(['refresh 10', 'refresh 11', 'flush 0'])
  })

  it('refreshes when there is nothing to flush, even if refreshes are switched off', () => {
    const secondaries = [[SECONDARY_A, 2000]] as const
    const drops = [SECONDARY_A]
    expect(relieved({ primary: 0, secondaries, drops })).toEqual(['refresh 10'])
    const flushable = relieved({ primary: 100, secondaries, drops, enabled: false })
    expect(flushable[0]).toBe('flush 0')
  })

  it('pauses when nothing can be flushed nor dropped', () => {
    const secondaries = [[SECONDARY_A, 2000]] as const
    expect(relieved({ primary: 0, secondaries })).toEqual(['refresh 10'])
  })
})
