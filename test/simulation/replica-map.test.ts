import { describe, expect, it } from 'vitest'
import { ReplicaMap } from '../../src/simulation/replica-map.js'

function map(servers: number, racks: number, replication: number, count = 60): ReplicaMap {
  return new ReplicaMap({
    regions: [{ first: 0, count, replication }],
    firstSecondary: count + 1,
    servers,
    rackOf: (server) => server % racks,
    primaryServer: (region) => region % servers,
  })
}

describe('the placement of region replicas', () => {
  it('puts no two replicas of a region on one server, nor on one rack where racks suffice', () => {
    const replicas = map(6, 3, 3)
    for (let region = 0; region < 60; region++) {
      const [, ...secondaries] = replicas.replicasOf(region)
      const servers = [region % 6, ...secondaries.map((q) => replicas.serverOf(q))]
      expect(new Set(servers).size).toBe(3)
      expect(new Set(servers.map((server) => server % 3)).size).toBe(3)
    }
  })

  it('spreads secondaries evenly', () => {
    const replicas = map(5, 5, 3)
    const load = new Array<number>(5).fill(0)
    for (const q of replicas.secondaries) load[replicas.serverOf(q)]++
    expect(Math.max(...load) - Math.min(...load)).toBeLessThanOrEqual(1)
  })

  it('co-locates replicas rather than leaving them closed where servers are too few', () => {
    const replicas = map(3, 3, 10, 4)
    for (let region = 0; region < 4; region++) {
      const [, ...secondaries] = replicas.replicasOf(region)
      expect(secondaries).toHaveLength(9)
      const servers = [region % 3, ...secondaries.map((q) => replicas.serverOf(q))]
      for (let server = 0; server < 3; server++) {
        expect(servers.filter((other) => other === server).length).toBeGreaterThanOrEqual(3)
      }
    }
  })

  it('tells of each secondary whose it is', () => {
    const replicas = map(3, 1, 3, 2)
    expect(replicas.numbers).toBe(3 + 4)
    expect(replicas.replicasOf(1)).toEqual([1, 4, 6])
    expect([3, 4, 5, 6].map((q) => replicas.primaryOf(q))).toEqual([0, 1, 0, 1])
    expect([1, 3, 6].map((q) => replicas.replicaIdOf(q))).toEqual([0, 1, 2])
  })
})
