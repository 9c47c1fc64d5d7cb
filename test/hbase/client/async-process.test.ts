import { describe, expect, test } from 'vitest'
import { MS, NETWORK_US, ReadWorld, SECOND } from './read-world.js'

const FAST_US = 100 + 2 * NETWORK_US

/** Regions 0 to 3 hold 10 keys each. */
function world(settings: { replicas?: number; version?: '2.x' | '3.x'; retries?: number } = {}) {
  return new ReadWorld({ regions: 4, keyCount: 40, replicas: 2, ...settings })
}

/** Both regions are on one server. */
function together(of: ReadWorld, region: number, other: number): void {
  of.servers[other] = of.servers[region] ?? null
}

describe('a multiget', () => {
  test('sends one call to each server, with all rows that it has', () => {
    const of = world()
    together(of, 0, 2)
    of.clients.multiget(of.request({ key: 3 }), [3, 15, 21, 4])
    of.scheduler.run()
    expect(of.server(0, 0).sent).toMatchObject([{ bytes: 3 }])
    expect(of.server(0, 1).sent).toMatchObject([{ bytes: 1 }])
    expect(of.outcomes).toMatchObject([{ rows: 4, staleRows: 0, endedUs: FAST_US, extraRpcs: 0 }])
  })

  test('asks secondaries for the rows that it has not after 10,000 us, and no others', () => {
    const of = world()
    of.server(0, 1).delayUs = 5 * SECOND
    of.clients.multiget(of.request({ key: 3 }), [3, 15, 16])
    of.scheduler.run()
    expect(of.server(1, 1).sent).toMatchObject([{ atUs: 10 * MS, bytes: 2 }])
    expect(of.sentTo(0)).toEqual([1, 0])
    expect(of.rows).toMatchObject([
      { key: 3, replicaId: 0 },
      { key: 15, replicaId: 1 },
      { key: 16, replicaId: 1 },
    ])
    expect(of.outcomes).toMatchObject([
      { rows: 3, staleRows: 2, extraRpcs: 1, endedUs: 10 * MS + FAST_US },
    ])
  })

  test('groups secondaries by server, whatever replicas they are', () => {
    const of = world({ replicas: 3 })
    of.server(0, 0).delayUs = SECOND
    of.server(0, 1).delayUs = SECOND
    // Replica 1 of region 0 and replica 2 of region 1.
    together(of, 4, 9)
    of.clients.multiget(of.request({ key: 3 }), [3, 15])
    of.scheduler.run(50 * MS)
    expect(of.server(1, 0).sent).toMatchObject([{ bytes: 2 }])
    expect(of.outcomes).toMatchObject([{ extraRpcs: 3, staleRows: 2 }])
  })

  test('that is STRONG waits for primaries, as every one does in 3.x', () => {
    const outcomes = (['strong', 'timeline'] as const).map((consistency) => {
      const of = world({ version: consistency === 'strong' ? '2.x' : '3.x' })
      of.server(0, 1).delayUs = 2 * SECOND
      of.clients.multiget(of.request({ key: 3, consistency }), [3, 15])
      of.scheduler.run()
      return of.outcomes[0]
    })
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        staleRows: 0,
        extraRpcs: 0,
        endedUs: 2 * SECOND + 2 * NETWORK_US,
      })
    }
  })

  test('fails if a row has failed at every replica that was asked', () => {
    const of = world({ retries: 0 })
    of.servers[1] = null
    of.clients.multiget(of.request({ key: 3 }), [3, 15])
    of.scheduler.run()
    expect(of.outcomes).toMatchObject([{ failed: true, rows: 1 }])
  })

  test('while a primary is down is answered by secondaries', () => {
    const of = world()
    of.servers[1] = null
    of.clients.multiget(of.request({ key: 3 }), [3, 15])
    of.scheduler.run()
    expect(of.outcomes).toMatchObject([{ failed: false, staleRows: 1, endedUs: 10 * MS + FAST_US }])
    expect(of.clients.waiting).toBe(0)
    expect(of.clients.pending()).toEqual([])
  })
})
