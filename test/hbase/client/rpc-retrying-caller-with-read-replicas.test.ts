import { describe, expect, test } from 'vitest'
import { MS, NETWORK_US, ReadWorld, SECOND } from './read-world.js'

/** A read that takes 100 us at its server. */
const FAST_US = 100 + 2 * NETWORK_US

describe('a TIMELINE get', () => {
  test('whose primary answers in time asks nobody else', () => {
    const world = new ReadWorld()
    world.clients.get(world.request())
    world.scheduler.run()
    expect(world.sentTo()).toEqual([1, 0, 0])
    expect(world.outcomes).toMatchObject([{ endedUs: FAST_US, staleRows: 0, extraRpcs: 0 }])
    expect(world.rows).toMatchObject([{ replicaId: 0, readUs: NETWORK_US + 100 }])
  })

  test('asks all secondaries when the primary has not answered within 10,000 us', () => {
    const world = new ReadWorld()
    world.server(0).delayUs = 5 * SECOND
    world.server(1).delayUs = 300
    world.clients.get(world.request())
    world.scheduler.run()
    expect(world.server(1).sent).toMatchObject([{ atUs: 10 * MS }])
    expect(world.server(2).sent).toMatchObject([{ atUs: 10 * MS }])
    expect(world.outcomes).toMatchObject([{ endedUs: 10 * MS + FAST_US, staleRows: 1 }])
    expect(world.rows).toMatchObject([{ replicaId: 2, answeredUs: 10 * MS + FAST_US }])
    expect(world.outcomes).toMatchObject([{ extraRpcs: 2 }])
  })

  test('takes what the primary answers late, if that comes first', () => {
    const world = new ReadWorld()
    world.server(0).delayUs = 10 * MS
    world.clients.get(world.request())
    world.scheduler.run()
    const answeredUs = 10 * MS + 2 * NETWORK_US
    expect(world.outcomes).toMatchObject([{ endedUs: answeredUs, staleRows: 0, extraRpcs: 2 }])
  })

  test('whose answer is on its way at the deadline is hedged all the same', () => {
    const world = new ReadWorld()
    world.server(0).delayUs = 10 * MS - 2 * NETWORK_US + 1
    world.clients.get(world.request())
    world.scheduler.run()
    expect(world.outcomes).toMatchObject([{ endedUs: 10 * MS + 1, staleRows: 0, extraRpcs: 2 }])
  })

  test('whose answer arrives at the deadline is not', () => {
    const world = new ReadWorld()
    world.server(0).delayUs = 10 * MS - 2 * NETWORK_US
    world.clients.get(world.request())
    world.scheduler.run()
    expect(world.outcomes).toMatchObject([{ endedUs: 10 * MS, extraRpcs: 0 }])
  })

  test('has one answer, though servers work on calls that were cancelled', () => {
    const world = new ReadWorld()
    world.server(0).delayUs = 50 * MS
    world.server(1).delayUs = 40 * MS
    world.clients.get(world.request())
    world.scheduler.run()
    for (const id of [0, 1, 2]) world.server(id).advance()
    expect(world.outcomes).toHaveLength(1)
    expect(world.rows).toMatchObject([{ replicaId: 2 }])
    expect(world.servers.map((server) => server?.awaited)).toEqual([0, 0, 0])
  })

  test('returns what its replica had when that read, not when the client has the answer', () => {
    const world = new ReadWorld({ replicas: 2 })
    world.server(0).delayUs = SECOND
    world.server(1).delayUs = 5 * MS
    world.versions.set(1, 41)
    const readUs = 10 * MS + NETWORK_US + 5 * MS
    world.at(readUs + 1, () => world.versions.set(1, 42))
    world.clients.get(world.request())
    world.scheduler.run()
    expect(world.rows).toMatchObject([{ replicaId: 1, readUs, version: 41 }])
  })

  test('draws for each replica with numbers of its own', () => {
    const world = new ReadWorld()
    world.server(0).delayUs = SECOND
    world.clients.get(world.request())
    world.scheduler.run()
    const attempts = world.servers.map((server) => server?.sent[0]?.attempt)
    expect(attempts[0]).toBe(0)
    expect(new Set(attempts).size).toBe(3)
  })

  test('aimed at a replica asks that one alone, however long it takes', () => {
    const world = new ReadWorld()
    world.server(2).delayUs = 5 * SECOND
    world.clients.get(world.request({ replicaId: 2 }))
    world.scheduler.run(6 * SECOND)
    world.server(2).advance()
    expect(world.sentTo()).toEqual([0, 0, 1])
    expect(world.rows).toMatchObject([{ replicaId: 2, answeredUs: 5 * SECOND + 2 * NETWORK_US }])
    expect(world.outcomes).toMatchObject([{ staleRows: 1 }])
  })

  test('of a table with one replica is simply a get of the primary', () => {
    const world = new ReadWorld({ replicas: 1 })
    world.server(0).delayUs = SECOND
    world.clients.get(world.request())
    world.scheduler.run(2 * SECOND)
    world.server(0).advance()
    expect(world.outcomes).toMatchObject([{ staleRows: 0, extraRpcs: 0, endedUs: 1_000_200 }])
  })
})

describe('many TIMELINE gets', () => {
  test('cost few events while the primary answers in time', () => {
    const world = new ReadWorld()
    for (let operation = 0; operation < 1000; operation++) {
      world.clients.get(world.request({ operation, sentUs: 100 * operation }))
    }
    world.scheduler.run()
    expect(world.outcomes).toHaveLength(1000)
    expect(world.outcomes.every(({ extraRpcs }) => extraRpcs === 0)).toBe(true)
    // 100 ms of reads, and one look every 10 ms.
    expect(world.scheduler.executed).toBeLessThanOrEqual(12)
  })
})

describe('while no server serves the primary', () => {
  test('a get is answered by a secondary, and the primary is not asked again', () => {
    const world = new ReadWorld()
    world.servers[0] = null
    world.clients.get(world.request())
    world.scheduler.run()
    expect(world.outcomes).toMatchObject([{ endedUs: 10 * MS + FAST_US, failed: false }])
    expect(world.clients.waiting).toBe(0)
  })

  test('and no secondary either, the first replica to come back answers', () => {
    const world = new ReadWorld()
    const primary = world.server(0)
    for (const id of [0, 1, 2]) world.servers[id] = null
    world.at(5 * SECOND, () => {
      world.servers[0] = primary
    })
    world.clients.get(world.request())
    world.scheduler.run()
    expect(world.outcomes).toMatchObject([{ failed: false, staleRows: 0 }])
    expect(world.outcomes[0]?.endedUs).toBeGreaterThan(5 * SECOND)
    expect(world.clients.pending()).toEqual([])
  })

  test('because it has just died, its calls are tried again until a secondary has answered', () => {
    const world = new ReadWorld()
    world.server(0).delayUs = SECOND
    world.clients.get(world.request())
    world.at(1 * MS, () => world.crash(0))
    world.scheduler.run()
    expect(world.outcomes).toMatchObject([{ endedUs: 10 * MS + FAST_US, staleRows: 1 }])
    expect(world.clients.waiting).toBe(0)
  })
})

describe('a primary that fails for good before the timeout', () => {
  test('is not waited for: 2.x asks the secondaries at once', () => {
    const world = new ReadWorld({ retries: 0 })
    world.servers[0] = null
    world.clients.get(world.request())
    world.scheduler.run()
    expect(world.server(1).sent).toMatchObject([{ atUs: 2 * NETWORK_US }])
    expect(world.outcomes).toMatchObject([{ failed: false, endedUs: 2 * NETWORK_US + FAST_US }])
  })

  test('is the end of the read in 3.x', () => {
    const world = new ReadWorld({ retries: 0, version: '3.x' })
    world.servers[0] = null
    world.clients.get(world.request())
    world.scheduler.run()
    expect(world.sentTo()).toEqual([0, 0, 0])
    expect(world.outcomes).toMatchObject([{ failed: true, rows: 0, endedUs: 2 * NETWORK_US }])
  })

  test('the read fails in 2.x when all replicas have', () => {
    const world = new ReadWorld({ retries: 0 })
    for (const id of [0, 1, 2]) world.servers[id] = null
    world.clients.get(world.request())
    world.scheduler.run()
    expect(world.outcomes).toMatchObject([{ failed: true, endedUs: 4 * NETWORK_US }])
    expect(world.readsOver).toBe(1)
  })
})

describe('a read that is followed by a put', () => {
  test('puts when the client has its answer', () => {
    const world = new ReadWorld()
    world.server(0).delayUs = 5 * MS
    world.clients.readModifyWrite(world.request({ sentUs: 3 * MS }), 100)
    world.scheduler.run()
    expect(world.puts).toEqual([{ region: 0, operation: 1, atUs: 8 * MS + 2 * NETWORK_US }])
    expect(world.readsOver).toBe(0)
  })

  test('puts nothing if the read fails', () => {
    const world = new ReadWorld({ retries: 0, replicas: 1 })
    world.servers[0] = null
    world.clients.readModifyWrite(world.request(), 100)
    world.scheduler.run()
    expect(world.puts).toEqual([])
    expect(world.failedWrites).toEqual([1])
  })
})

test('clients that are gone do nothing more', () => {
  const world = new ReadWorld()
  world.server(0).delayUs = SECOND
  world.clients.get(world.request())
  world.at(5 * MS, () => world.clients.stop())
  world.scheduler.run()
  expect(world.sentTo()).toEqual([1, 0, 0])
  expect(world.outcomes).toEqual([])
  expect(world.clients.pending()).toHaveLength(1)
})
