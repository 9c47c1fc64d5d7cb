import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MS, NETWORK_US, ReadWorld, SECOND } from './read-world.js'

/** Keys that the client got, in order. */
function keysOf({ rows }: ReadWorld): number[] {
  return rows.flatMap(({ key, rows }) => Array.from({ length: rows }, (_, i) => key + i))
}

function range(from: number, until: number): number[] {
  return Array.from({ length: until - from }, (_, i) => from + i)
}

describe('R63: 100 rows, 20 with each call', () => {
  const scan = (primaryDelayUs: number, consistency: 'strong' | 'timeline') => {
    const world = new ReadWorld({ replicas: 2, keyCount: 100 })
    world.server(0).delayUs = primaryDelayUs
    world.clients.scan(world.request({ consistency }), 100, 20)
    world.scheduler.run()
    expect(keysOf(world)).toEqual(range(0, 100))
    return world.outcomes[0]
  }

  test('a TIMELINE scan of a fast primary: none is stale', () => {
    expect(scan(100, 'timeline')).toMatchObject({ rows: 100, staleRows: 0 })
  })

  test('a STRONG scan of a primary that is 5,000 ms late: none is stale', () => {
    const calls = 5 * (5000 * MS + 2 * NETWORK_US)
    expect(scan(5000 * MS, 'strong')).toMatchObject({ rows: 100, staleRows: 0, endedUs: calls })
  })

  test('a TIMELINE scan of a primary that is 5,000 ms late: all are stale', () => {
    expect(scan(5000 * MS, 'timeline')).toMatchObject({ rows: 100, staleRows: 100 })
  })
})

describe('a TIMELINE scan', () => {
  test('waits 1,000,000 us for the primary, and stays with the secondary that answers then', () => {
    const world = new ReadWorld({ keyCount: 100 })
    world.server(0).delayUs = 5 * SECOND
    world.server(2).delayUs = 200
    world.clients.scan(world.request(), 60, 20)
    world.scheduler.run()
    expect(world.rows.map(({ replicaId }) => replicaId)).toEqual([1, 1, 1])
    expect(world.sentTo()).toEqual([1, 3, 1])
    expect(world.outcomes).toMatchObject([{ endedUs: 1 * SECOND + 3 * 300, extraRpcs: 2 }])
  })

  test('goes back to the primary when its secondary becomes late', () => {
    const world = new ReadWorld({ replicas: 2, keyCount: 100 })
    world.server(0).delayUs = 3 * SECOND
    world.clients.scan(world.request(), 60, 20)
    world.at(1 * SECOND + 10, () => {
      world.server(0).delayUs = 100
      world.server(1).delayUs = 9 * SECOND
    })
    world.scheduler.run()
    expect(world.rows.map(({ replicaId }) => replicaId)).toEqual([1, 0, 0])
    expect(keysOf(world)).toEqual(range(0, 60))
  })

  test('in 3.x asks other replicas only when it opens its scanner on a region', () => {
    const world = new ReadWorld({ replicas: 2, keyCount: 100, version: '3.x' })
    world.clients.scan(world.request(), 40, 20)
    world.at(10, () => {
      world.server(0).delayUs = 5 * SECOND
    })
    world.scheduler.run()
    expect(world.sentTo()).toEqual([2, 0])
    expect(world.outcomes).toMatchObject([{ rows: 40, staleRows: 0 }])
  })

  test('goes region by region, each from its primary on', () => {
    const world = new ReadWorld({ replicas: 2, regions: 4, keyCount: 40 })
    world.server(0, 1).delayUs = 5 * SECOND
    world.clients.scan(world.request({ key: 5 }), 20, 7)
    world.scheduler.run()
    const calls = world.rows.map(({ region, key, rows, replicaId }) => [
      region,
      key,
      rows,
      replicaId,
    ])
    expect(calls).toEqual([
      [0, 5, 5, 0],
      [1, 10, 7, 1],
      [1, 17, 3, 1],
      [2, 20, 5, 0],
    ])
  })

  test('ends with the table', () => {
    const world = new ReadWorld({ keyCount: 40 })
    world.clients.scan(world.request({ key: 35 }), 100, 100)
    world.scheduler.run()
    expect(keysOf(world)).toEqual([35, 36, 37, 38, 39])
  })

  test('aimed at a replica asks no other, on no region', () => {
    const world = new ReadWorld({ regions: 2, keyCount: 40 })
    world.server(2, 1).delayUs = 3 * SECOND
    world.clients.scan(world.request({ key: 10, replicaId: 2 }), 20, 5)
    world.scheduler.run()
    expect(world.sentTo(0)).toEqual([0, 0, 2])
    expect(world.sentTo(1)).toEqual([0, 0, 2])
    expect(world.outcomes).toMatchObject([{ rows: 20, staleRows: 20, extraRpcs: 0 }])
  })

  test('that fails for good fails as a whole, with the rows that it had', () => {
    const world = new ReadWorld({ replicas: 2, regions: 2, keyCount: 40, retries: 0 })
    world.servers[1] = null
    world.servers[3] = null
    world.clients.scan(world.request({ key: 10 }), 20, 20)
    world.scheduler.run()
    expect(world.outcomes).toMatchObject([{ failed: true, rows: 10 }])
  })
})

test('whatever replicas are late or gone when, rows neither repeat nor vanish', () => {
  const delay = fc.constantFrom(100, 900 * MS, 2 * SECOND, 20 * SECOND)
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 20_000 }), fc.nat(8), delay), { maxLength: 12 }),
      fc.array(fc.tuple(fc.integer({ min: 1, max: 20_000 }), fc.nat(8)), { maxLength: 3 }),
      fc.integer({ min: 1, max: 30 }),
      fc.nat(99),
      fc.constantFrom<'2.x' | '3.x'>('2.x', '3.x'),
      (delays, crashes, caching, key, version) => {
        const world = new ReadWorld({ regions: 3, keyCount: 100, version })
        const servers = [...world.servers]
        for (const [ms, n, us] of delays) {
          const server = servers[n]
          world.at(ms * MS, () => {
            if (server) server.delayUs = us
          })
        }
        for (const [ms, n] of crashes) {
          world.at(ms * MS, () => world.crash(n))
          world.at((ms + 3000) * MS, () => {
            world.servers[n] = servers[n] ?? null
          })
        }
        world.clients.scan(world.request({ key }), 60, caching)
        world.scheduler.run(4000 * SECOND)
        expect(keysOf(world)).toEqual(range(key, Math.min(100, key + 60)))
        expect(world.outcomes).toHaveLength(1)
        expect(servers.map((server) => server?.awaited)).toEqual(servers.map(() => 0))
      },
    ),
    { seed: 63, numRuns: 150 },
  )
})
