import { describe, expect, it, test } from 'vitest'
import {
  addsRegionReplicaPeer,
  REGION_REPLICA_REPLICATION_PEER,
} from '../../../../src/replication/endpoints/region-replica/region-replica-peer.js'
import { ReplicaTraffic } from '../../../../src/replication/endpoints/region-replica/replica-traffic.js'
import { RegionReplicaReplicationEndpoint } from '../../../../src/replication/endpoints/region-replica-replication-endpoint.js'
import { isLogDeletable } from '../../../../src/replication/replication-log-cleaner.js'
import { ReplicationWorld, type WorldServer } from '../../replication-world.js'
import { MS, ReplicaServers, SECOND } from './replica-fixture.js'

const PEER = REGION_REPLICA_REPLICATION_PEER

/** Servers that carry region 0, with one secondary, number 100, and an ordinary peer `backup`. */
class ReplicatingCluster {
  readonly world = new ReplicationWorld()
  readonly secondaries = new ReplicaServers(this.world.scheduler)
  readonly traffic = new ReplicaTraffic()
  readonly backup = this.world.peer('backup')

  constructor() {
    this.world.peer(PEER, {
      wantsMarkers: true,
      endpoint: (_request, server) => this.#endpoint(server),
    })
  }

  start(name: string): WorldServer {
    return this.world.start(name)
  }

  #endpoint({ host }: WorldServer): RegionReplicaReplicationEndpoint {
    return new RegionReplicaReplicationEndpoint({
      scheduler: this.world.scheduler,
      host,
      traffic: this.traffic,
      calls: this.secondaries,
      retries: 15,
      pauseUs: 100 * MS,
      pauseServerOverloadedUs: 100 * MS,
      rpcTimeoutUs: 60 * SECOND,
      operationTimeoutUs: 1200 * SECOND,
      jitter: () => 0,
      writerThreads: 3,
      bufferBytes: 134_217_728,
      disabledTablesExpiryUs: 5 * SECOND,
      memstoreReplicationExpiryUs: 5 * SECOND,
      replicasOf: () => [0, 100],
      tableOf: () => 'usertable',
      hasMemstoreReplication: () => true,
      isTableDisabled: () => false,
      logOf: (log) => {
        const found = [...this.world.servers.values()].flatMap(({ wals }) => wals)[log]
        return found.log
      },
    })
  }
}

const START = { kind: 'START_FLUSH', flushSequenceNumber: 3, families: [0], isFull: true } as const

describe('the peer region_replica_replication', () => {
  test('R61: comes with the first table that has more than one replica, if replication is on', () => {
    expect(addsRegionReplicaPeer(true, 1, ['backup'])).toBe(false)
    expect(addsRegionReplicaPeer(true, 2, ['backup'])).toBe(true)
    expect(addsRegionReplicaPeer(true, 2, ['backup', PEER])).toBe(false)
    expect(addsRegionReplicaPeer(false, 3, [])).toBe(false)

    const cluster = new ReplicatingCluster()
    const [ordinary, replicas] = cluster.world.peers
    cluster.world.peers.pop()
    const rs1 = cluster.start('rs1')
    expect(rs1.manager.sources(PEER)).toEqual([])
    rs1.do(rs1.manager.addPeer(replicas, true))
    rs1.put(3)
    cluster.world.run(SECOND)
    expect(rs1.source(PEER).endpoint).toBeInstanceOf(RegionReplicaReplicationEndpoint)
    expect(cluster.secondaries.idsAt(100)).toEqual([1, 2, 3])
    expect(rs1.manager.sources(ordinary.id)).toHaveLength(1)
  })

  it('gets markers, which other peers do not', () => {
    const cluster = new ReplicatingCluster()
    const rs1 = cluster.start('rs1')
    rs1.put(2)
    rs1.wals[0].marker(START)
    rs1.put(1)
    cluster.world.run(SECOND)
    expect(cluster.backup.edits()).toEqual([0, 1, 3])
    const entries = cluster.secondaries.to(100).flatMap((call) => call.entries)
    expect(entries.map(({ marker }) => marker?.kind)).toContain('START_FLUSH')
    expect(cluster.traffic.to(100)).toMatchObject({ edits: 3, markers: 1, duplicateEdits: 0 })
  })

  it('keeps WALs from the cleaner while a secondary stalls it, and other peers go on', () => {
    const cluster = new ReplicatingCluster()
    const { world } = cluster
    const rs1 = cluster.start('rs1')
    cluster.secondaries.unreachable.add(100)
    rs1.put(5)
    const old = rs1.roll()
    rs1.put(5)
    world.run(10 * SECOND)
    expect(cluster.backup.edits()).toHaveLength(10)
    const notFullyDead = new Set(['rs1'])
    const deletable = () =>
      isLogDeletable(old, {
        peers: world.peers.map(({ id }) => id),
        addPeerRunning: false,
        notFullyDead,
        storage: world.storage,
      })
    expect(deletable()).toBe(false)
    expect(rs1.quota.used).toBeGreaterThan(0)
    cluster.secondaries.unreachable.clear()
    world.run(60 * SECOND)
    expect(deletable()).toBe(true)
    expect(rs1.quota.used).toBe(0)
  })

  it('sends nothing while it is disabled, and all that there was afterwards', () => {
    const cluster = new ReplicatingCluster()
    const { world } = cluster
    const rs1 = cluster.start('rs1')
    rs1.put(2)
    world.run(SECOND)
    rs1.do(rs1.manager.disablePeer(PEER))
    world.run(SECOND)
    rs1.put(3)
    world.run(10 * SECOND)
    expect(cluster.secondaries.idsAt(100)).toEqual([1, 2])
    rs1.do(rs1.manager.enablePeer(PEER))
    world.run(10 * SECOND)
    expect(cluster.secondaries.idsAt(100)).toEqual([1, 2, 3, 4, 5])
  })

  it('has a dead server’s queue drained by another, from the offset that was stored', () => {
    const cluster = new ReplicatingCluster()
    const { world } = cluster
    const rs1 = cluster.start('rs1')
    const rs2 = cluster.start('rs2')
    rs1.put(4)
    world.run(SECOND)
    cluster.secondaries.unreachable.add(100)
    rs1.put(3)
    world.run(SECOND)
    world.crash(rs1, rs2)
    world.run(SECOND)
    expect(cluster.secondaries.idsAt(100)).toEqual([1, 2, 3, 4])
    cluster.secondaries.unreachable.clear()
    world.run(30 * SECOND)
    expect(cluster.secondaries.idsAt(100)).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(rs2.manager.sources(PEER)).toHaveLength(1)
  })
})
