import { describe, expect, test } from 'vitest'
import type { Scheduler } from '../../src/kernel/scheduler.js'
import type { ReplicationQueueStorage } from '../../src/replication/replication-queue-storage.js'
import { TableReplicationQueueStorage } from '../../src/replication/table-replication-queue-storage.js'
import { ZKReplicationQueueStorage } from '../../src/replication/zk-replication-queue-storage.js'
import { ENTRY_BYTES } from './hand-written-wals.js'
import { OFFSET_US, ReplicationWorld, type WorldOptions } from './replication-world.js'
import { SECOND } from './wal-reading.js'

const MiB = 1_048_576
const latencyUs = () => OFFSET_US
const storages: [string, (scheduler: Scheduler) => ReplicationQueueStorage][] = [
  ['2.6', (scheduler) => new ZKReplicationQueueStorage(scheduler, latencyUs, latencyUs)],
  ['3.0', (scheduler) => new TableReplicationQueueStorage(scheduler, latencyUs)],
]
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)

function oneServer(options: WorldOptions = {}) {
  const world = new ReplicationWorld(options)
  const sink = world.peer('backup')
  return { world, sink, server: world.start('rs1') }
}

describe('a peer is disabled and enabled', () => {
  test('RB29: nothing arrives while it is disabled, all of it afterwards', () => {
    const { world, sink, server } = oneServer()
    sink.behaviour.answer = () => 'throw'
    server.put(1)
    world.run(26 * SECOND)
    server.do(server.manager.disablePeer('backup'))
    world.run(SECOND)
    sink.behaviour.answer = () => 'COMMITTED'
    world.run(25 * SECOND)
    expect(sink.edits()).toEqual([])
    server.do(server.manager.enablePeer('backup'))
    world.run(SECOND)
    expect(sink.edits()).toEqual([0])
  })

  test('RB17: what was shipped since the last stored offset is shipped again', () => {
    const world = new ReplicationWorld()
    const limits = { sizeThreshold: 64 * MiB, intervalUs: 300 * SECOND, nbCapacity: 1 }
    const sink = world.peer('backup', { limits })
    const server = world.start('rs1')
    server.put(5, 0, MiB)
    world.run(60 * SECOND)
    server.do(server.manager.disablePeer('backup'))
    world.run(SECOND)
    server.do(server.manager.enablePeer('backup'))
    world.run(60 * SECOND)
    expect(sink.edits()).toEqual([...range(0, 5), ...range(0, 5)])
    expect(sink.extents.map(({ resend }) => resend)).toEqual([
      ...Array(5).fill(undefined),
      ...Array(5).fill('source refresh'),
    ])
  })

  test('RB43: changing it five times under a steady writer loses nothing', () => {
    const world = new ReplicationWorld()
    const limits = { sizeThreshold: 7 * ENTRY_BYTES, intervalUs: 10 * SECOND }
    const sink = world.peer('backup', { limits })
    sink.behaviour.buffers = true
    const servers = ['rs1', 'rs2', 'rs3'].map((name) => world.start(name))
    for (let tick = 0; tick < 200; tick++) {
      for (const server of servers) {
        server.put(1)
        if (tick % 40 === 0) server.do(server.manager.disablePeer('backup'))
        if (tick % 40 === 20) server.do(server.manager.enablePeer('backup'))
        if (tick % 50 === 49) server.roll()
      }
      world.run(SECOND / 10)
    }
    world.run(60 * SECOND)
    for (const log of [0, 1, 2]) expect(sink.missing(200, log)).toEqual([])
  })

  test('a WAL rolled while its source is terminated is not lost', () => {
    const { world, sink, server } = oneServer()
    sink.behaviour.replicateUs = SECOND / 20
    server.put(3)
    world.run(100)
    server.do(server.manager.disablePeer('backup'))
    world.run(SECOND / 20)
    server.roll()
    server.put(3)
    server.do(server.manager.enablePeer('backup'))
    world.run(10 * SECOND)
    expect(sink.missing(6)).toEqual([])
    expect(sink.requests.map(({ source }) => source)).toEqual(['rs1', 'rs1.2'])
  })

  test('only a change that its sources must know of makes them anew', () => {
    const { world, sink, server } = oneServer()
    world.run(SECOND)
    server.do(server.manager.updatePeerConfig({ ...world.peers[0], bandwidth: () => 10 }, false))
    server.do(server.manager.enablePeer('backup'))
    world.run(SECOND)
    expect(sink.requests).toHaveLength(1)
    const wants = (edit: number) => edit > 1
    server.do(server.manager.updatePeerConfig({ ...world.peers[0], wants }, true))
    world.run(SECOND)
    server.put(3)
    world.run(SECOND)
    expect(sink.edits()).toEqual([2])
  })
})

describe('a peer comes and goes', () => {
  test('a new one begins with the WALs being written', () => {
    const world = new ReplicationWorld()
    const server = world.start('rs1')
    server.put(2)
    server.roll()
    server.put(3)
    const sink = world.peer('late')
    server.do(server.manager.addPeer(world.peers[0], true))
    world.run(SECOND)
    expect(sink.edits()).toEqual([2, 3, 4])
    expect(world.storage.queues('late', 'rs1')).toHaveLength(1)
  })

  test('a removed one leaves no queue and gives the buffer back', () => {
    const { world, sink, server } = oneServer()
    sink.behaviour.answer = () => 'FAILED'
    server.put(5)
    world.run(SECOND)
    server.do(server.manager.removePeer('backup'))
    world.run(SECOND)
    expect(world.storage.queues('backup', null)).toEqual([])
    expect(server.quota.used).toBe(0)
    expect(server.manager.sources('backup')).toEqual([])
    server.roll()
    world.run(SECOND)
    expect(world.storage.queues('backup', null)).toEqual([])
  })
})

describe.each(storages)('a dead server’s queue, HBase %s', (_version, storage) => {
  function twoServers(options: WorldOptions = {}) {
    const world = new ReplicationWorld({ storage, ...options })
    const sink = world.peer('backup')
    return { world, sink, rs1: world.start('rs1'), rs2: world.start('rs2') }
  }

  test('is shipped from the stored offset by whoever claims it, and then removed', () => {
    const { world, sink, rs1, rs2 } = twoServers()
    rs1.put(3)
    world.run(SECOND)
    sink.behaviour.answer = () => 'FAILED'
    rs1.put(2)
    rs1.roll()
    rs1.put(2)
    world.run(SECOND)
    world.crash(rs1, rs2)
    sink.behaviour.answer = () => 'COMMITTED'
    world.run(10 * SECOND)
    const [, recovered] = rs2.sources
    expect(sink.edits()).toEqual(range(0, 7))
    const causes = sink.extents.map(({ resend }) => resend)
    expect(causes).toEqual([undefined, 'claim', 'claim'])
    expect(recovered.metrics.completedRecoverQueues).toBe(1)
    expect(rs2.manager.sources('backup')).toHaveLength(1)
    expect(world.storage.queues('backup', null).map(({ server }) => server)).toEqual(['rs2'])
    expect(sink.requests.at(-1)).toMatchObject({ source: 'rs1-rs2', adopts: 'rs1' })
  })

  test('nothing stored: it begins at the beginning', () => {
    const { world, sink, rs1, rs2 } = twoServers()
    sink.behaviour.answer = () => 'FAILED'
    rs1.put(3)
    rs1.roll()
    rs1.put(3)
    world.run(SECOND)
    world.crash(rs1, rs2)
    sink.behaviour.answer = () => 'COMMITTED'
    world.run(10 * SECOND)
    expect(sink.edits()).toEqual(range(0, 6))
  })

  test('RB28: disabling and enabling the peer while it is shipped loses nothing', () => {
    const { world, sink, rs1, rs2 } = twoServers({ quota: 100 })
    sink.behaviour.replicateUs = SECOND / 50
    rs1.put(50)
    world.crash(rs1, rs2)
    world.run(SECOND / 10)
    expect(rs2.manager.sources('backup')).toHaveLength(2)
    rs2.do(rs2.manager.disablePeer('backup'))
    world.run(SECOND)
    rs2.do(rs2.manager.enablePeer('backup'))
    world.run(60 * SECOND)
    expect(sink.missing(50)).toEqual([])
    expect(rs2.manager.sources('backup')).toHaveLength(1)
    const recovered = sink.requests.filter(({ adopts }) => adopts === 'rs1')
    expect(recovered.map(({ source }) => source)).toEqual(['rs1-rs2', 'rs1-rs2.2'])
  })

  test('a second crash hands it on; who wrote it is not forgotten', () => {
    const { world, sink, rs1, rs2 } = twoServers()
    const rs3 = world.start('rs3')
    sink.behaviour.answer = () => 'FAILED'
    rs1.put(3)
    world.run(SECOND)
    world.crash(rs1, rs2)
    world.run(SECOND)
    world.crash(rs2, rs3)
    sink.behaviour.answer = () => 'COMMITTED'
    world.run(10 * SECOND)
    expect(sink.edits()).toEqual([0, 1, 2])
    expect(sink.requests).toContainEqual(
      expect.objectContaining({ source: 'rs1-rs3', adopts: 'rs1' }),
    )
    expect(world.storage.queues('backup', null).map(({ server }) => server)).toEqual(['rs3'])
  })

  test('RB27: what two disabled peers had not shipped arrives once they are enabled', () => {
    const world = new ReplicationWorld({ storage })
    const sinks = [world.peer('a'), world.peer('b')]
    world.enabled.clear()
    const rs1 = world.start('rs1')
    rs1.put(10)
    world.run(SECOND)
    const rs2 = world.start('rs2')
    world.crash(rs1, rs2)
    world.run(SECOND)
    for (const id of ['a', 'b']) rs2.do(rs2.manager.enablePeer(id))
    world.run(10 * SECOND)
    for (const sink of sinks) expect(sink.edits()).toEqual(range(0, 10))
  })

  test('the claim of a peer that is removed meanwhile is dropped', () => {
    const { world, sink, rs1, rs2 } = twoServers()
    rs1.put(3)
    world.run(SECOND)
    sink.behaviour.answer = () => 'FAILED'
    rs1.put(3)
    world.run(SECOND)
    rs1.host.kill()
    for (const wals of rs1.wals) wals.die()
    const [queue] = world.storage.queues('backup', 'rs1')
    rs2.do(rs2.manager.claimQueue(queue))
    rs2.do(rs2.manager.removePeer('backup'))
    world.run(10 * SECOND)
    expect(world.storage.queues('backup', null)).toEqual([])
    expect(sink.edits()).toEqual([0, 1, 2])
  })

  test('what its server stored and did not live to tell of is confirmed by the claim', () => {
    const { world, rs1, rs2 } = twoServers()
    rs1.put(3)
    world.run(135)
    expect(world.told[0]).toEqual(['130: accepted 0/0-3'])
    world.crash(rs1, rs2)
    world.run(SECOND)
    expect(world.told[0][1]).toMatch(/confirmed 0\/0-3$/)
  })

  test('its WALs were shipped once each as long as it lived', () => {
    const { world, sink, rs1 } = twoServers()
    for (let i = 0; i < 3; i++) {
      rs1.put(2)
      rs1.roll()
      world.run(SECOND)
    }
    expect(sink.counts()).toEqual([1, 1, 1, 1, 1, 1])
    expect(rs1.aborts).toEqual([])
  })
})

test.each([
  [[], 0],
  [['HBASE-29441'], 5],
])(
  'an end of file does not let go of what is in an open file, without the fix of %s',
  (unfixed, lost) => {
    const { world, sink, server: rs1 } = oneServer({ unfixed })
    const rs2 = world.start('rs2')
    Object.assign(sink.behaviour, { buffers: true, offsets: 'endpoint' })
    sink.behaviour.answer = () => 'SUBMITTED'
    rs1.put(5)
    world.run(SECOND)
    rs1.roll()
    world.run(SECOND)
    world.crash(rs1, rs2)
    world.run(10 * SECOND)
    rs2.stop()
    world.run(SECOND)
    expect(sink.missing(5)).toHaveLength(lost)
  },
)

test('a queue that someone else has claimed is left to him', () => {
  const { world, sink, server: rs1 } = oneServer()
  const rs2 = world.start('rs2')
  const rs3 = world.start('rs3')
  sink.behaviour.answer = () => 'FAILED'
  rs1.put(3)
  world.run(SECOND)
  rs1.host.kill()
  for (const wals of rs1.wals) wals.die()
  sink.behaviour.answer = () => 'COMMITTED'
  const [queue] = world.storage.queues('backup', 'rs1')
  for (const server of [rs2, rs3]) server.do(server.manager.claimQueue(queue))
  world.run(10 * SECOND)
  expect(sink.edits()).toEqual([0, 1, 2])
})

test('a storage that is lost aborts whoever needs it', () => {
  const { world, server } = oneServer()
  world.storage.unavailable = 'lost'
  server.put(1)
  world.run(SECOND)
  expect(server.aborts).toHaveLength(1)
})

describe('a graceful stop', () => {
  test('leaves the last deferred offset unstored, but closes what the endpoint can', () => {
    const world = new ReplicationWorld()
    const limits = { sizeThreshold: MiB, intervalUs: 300 * SECOND }
    const sink = world.peer('backup', { limits })
    sink.behaviour.buffers = true
    const rs1 = world.start('rs1')
    const rs2 = world.start('rs2')
    rs1.put(5)
    world.run(SECOND)
    expect(sink.edits()).toEqual([])
    rs1.stop()
    world.run(SECOND)
    expect(sink.edits()).toEqual(range(0, 5))
    world.crash(rs1, rs2)
    world.run(SECOND)
    expect(sink.counts()).toEqual([2, 2, 2, 2, 2])
  })

  test('no queue is claimed any more', () => {
    const { world, server: rs1 } = oneServer()
    const rs2 = world.start('rs2')
    world.run(SECOND)
    rs2.stop()
    world.run(SECOND / 20)
    rs1.host.kill()
    const [queue] = world.storage.queues('backup', 'rs1')
    rs2.do(rs2.manager.claimQueue(queue))
    world.run(SECOND)
    expect(world.storage.queues('backup', 'rs1')).toHaveLength(1)
  })
})

describe('what `status` says of the sources', () => {
  function afterRestart(put: number) {
    const { world, sink, server: rs1 } = oneServer()
    sink.behaviour.answer = () => 'throw'
    world.run(SECOND)
    rs1.put(put)
    world.run(SECOND)
    const restarted = world.start('rs1,2')
    world.crash(rs1, restarted)
    world.run(10 * SECOND)
    return { world, sink, restarted }
  }
  const status = (world: ReplicationWorld, { metrics }: { metrics: Metrics }) => ({
    hasEdits: metrics.hasEditsSinceRestart,
    lastShipped: metrics.timestampOfLastShippedOpUs,
    lags: metrics.replicationLagUs(world.scheduler.now) > 0,
  })

  test('RB36: a source that has nothing to ship and cannot has no edits and no lag', () => {
    const { world, server } = oneServer()
    world.run(10 * SECOND)
    const idle = { hasEdits: false, lastShipped: 0, lags: false }
    expect(status(world, server.source())).toEqual(idle)
  })

  test('RB37: after a restart the recovered source lags, the normal one does not', () => {
    const { world, restarted } = afterRestart(100)
    const [normal, recovered] = restarted.manager.sources('backup')
    expect(status(world, normal)).toEqual({ hasEdits: false, lastShipped: 0, lags: false })
    expect(status(world, recovered)).toEqual({ hasEdits: true, lastShipped: 0, lags: true })
  })

  test('RB38: a lag is over when the sink is back', () => {
    const { world, sink, server } = oneServer()
    world.run(SECOND)
    sink.behaviour.answer = () => 'throw'
    server.put(100)
    world.run(SECOND)
    expect(status(world, server.source())).toMatchObject({ hasEdits: true, lags: true })
    sink.behaviour.answer = () => 'COMMITTED'
    world.run(10 * SECOND)
    expect(status(world, server.source())).toMatchObject({ hasEdits: true, lags: false })
    expect(server.source().metrics.timestampOfLastShippedOpUs).toBeGreaterThan(0)
  })
})

type Metrics = ReturnType<typeof oneServer>['server'] extends { source(): { metrics: infer M } }
  ? M
  : never
