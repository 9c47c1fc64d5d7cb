import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { ReplicatedRegion } from './replicated-region.js'

test('R60: without memstore replication rows appear on secondaries with each flush', () => {
  const region = new ReplicatedRegion()
  region.replication.memstoreReplication = false
  for (let round = 1; round <= 3; round++) {
    region.put(100)
    region.replicate()
    expect(region.readableRows()).toEqual([100 * (round - 1), 100 * (round - 1)])
    region.flush()
    region.replicate()
    expect(region.readableRows()).toEqual([100 * round, 100 * round])
  }
})

test('with it they appear when a batch is replicated, and a flush empties the memstores', () => {
  const region = new ReplicatedRegion()
  region.put(30)
  region.replicate()
  expect(region.readableRows()).toEqual([30, 30])
  region.flush()
  region.put(10)
  region.replicate()
  expect(region.readableRows()).toEqual([40, 40])
  for (const secondary of region.secondaries.values()) expect(secondary.heapBytes).toBe(10_000)
})

test('a secondary that was away for a whole flush has everything when it is back', () => {
  const region = new ReplicatedRegion({ retries: 3 })
  region.replication.servers.unreachable.add(200)
  region.put(10)
  region.flush()
  region.put(10)
  region.replicate()
  expect(region.readableRows()).toEqual([20, 0])
  region.replication.servers.unreachable.clear()
  region.replication.run(10_000_000)
  expect(region.readableRows()).toEqual([20, 20])
  expect(region.replication.traffic.to(100).duplicateEdits).toBeGreaterThan(0)
})

describe('when the region has moved, and both servers’ logs are shipped at once', () => {
  /** Rows 0–19 were written on rs1, 20–39 on rs2; rs1 flushed 0–9 and the rest as it closed. */
  function moved(): ReplicatedRegion {
    const region = new ReplicatedRegion()
    region.put(10)
    region.flush()
    region.put(10)
    region.moveTo('rs2')
    region.put(20)
    return region
  }

  it('the older log’s entries, coming last, change nothing', () => {
    const region = moved()
    region.replicate(1)
    expect(region.readableRows()).toEqual([40, 40])
    const [secondary] = region.secondaries.values()
    const { heapBytes } = secondary
    region.replicate(0, region.replication.createEndpoint())
    expect(region.readableRows()).toEqual([40, 40])
    expect(secondary.heapBytes).toBe(heapBytes)
    expect(secondary.preparedFlush).toBeNull()
  })

  it('any interleaving of the two ends with all rows on all secondaries', () => {
    fc.assert(
      fc.property(
        fc.infiniteStream(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 8 }))),
        (turns) => {
          const region = moved()
          const { replication } = region
          const endpoints = [replication.endpoint, replication.createEndpoint()]
          const ends = replication.logs.map(({ length }) => length)
          const shipped = [0, 0]
          while (shipped.some((at, log) => at < ends[log])) {
            const [ofNew, entries] = turns.next().value
            const log = (ofNew && shipped[1] < ends[1]) || shipped[0] === ends[0] ? 1 : 0
            const to = Math.min(ends[log], shipped[log] + entries)
            replication.ship(replication.batchOf(log, shipped[log], to), endpoints[log])
            replication.run(1_000_000)
            shipped[log] = to
          }
          expect(region.readableRows()).toEqual([40, 40])
        },
      ),
      { numRuns: 30 },
    )
  })
})
