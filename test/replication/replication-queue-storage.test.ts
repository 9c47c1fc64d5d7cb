import { describe, expect, test } from 'vitest'
import { Host, type Protocol } from '../../src/kernel/process.js'
import type { Scheduler } from '../../src/kernel/scheduler.js'
import {
  queueName,
  type ReplicationQueueId,
  type ReplicationQueueStorage,
} from '../../src/replication/replication-queue-storage.js'
import { TableReplicationQueueStorage } from '../../src/replication/table-replication-queue-storage.js'
import { ZKReplicationQueueStorage } from '../../src/replication/zk-replication-queue-storage.js'
import { at, done, queueOf, StorageWorld, walOf } from './queue-storage-world.js'

/** Time of the `n`-th write of a queue: 100, 101, 102 … us. */
const latencyUs = (_queue: ReplicationQueueId, n: number) => 100 + n
const newWalUs = (_queue: ReplicationQueueId, n: number) => 7 + n

const zooKeeper = (scheduler: Scheduler) =>
  new ZKReplicationQueueStorage(scheduler, latencyUs, newWalUs)
const table = (scheduler: Scheduler) => new TableReplicationQueueStorage(scheduler, latencyUs)

const storages: [string, (scheduler: Scheduler) => ReplicationQueueStorage][] = [
  ['ZooKeeper', zooKeeper],
  ['the table hbase:replication', table],
]

describe.each(storages)('offsets in %s', (_name, make) => {
  test('are kept per queue and WAL group, the last one counts', () => {
    const { storage, run } = new StorageWorld(make)
    const [first, second] = [walOf(1, 0), walOf(2, 1)]
    const [a, b] = [queueOf('a', 'rs1'), queueOf('b', 'rs1')]
    for (const queue of [a, b]) storage.startWith(queue, [first, second])
    run(
      storage.setOffset(a, 0, at(first, 3)),
      storage.setOffset(b, 0, at(first, 5)),
      storage.setOffset(a, 1, at(second, 4)),
      storage.setOffset(a, 0, at(first, 7)),
    )
    expect(storage.offset(a, 0)).toEqual(at(first, 7))
    expect(storage.offset(a, 1)).toEqual(at(second, 4))
    expect(storage.offset(b, 0)).toEqual(at(first, 5))
    expect(storage.offset(queueOf('a', 'rs2'), 0)).toBeUndefined()
  })

  test('are there when the write is through, not before', () => {
    const { storage, scheduler, start } = new StorageWorld(make)
    const [queue, wal] = [queueOf('a', 'rs1'), walOf(1)]
    storage.startWith(queue, [wal])
    start(storage.setOffset(queue, 0, at(wal, 3)))
    scheduler.run(99)
    expect(storage.offset(queue, 0)?.position ?? 0).toBe(0)
    scheduler.run(100)
    expect(storage.offset(queue, 0)?.position).toBe(3)
  })

  test('take effect at their own instant when the server that sent them has died', () => {
    const { storage, scheduler } = new StorageWorld(make)
    const [queue, wal] = [queueOf('a', 'rs1'), walOf(1)]
    storage.startWith(queue, [wal])
    const server = new Host(scheduler, 'rs1')
    server.spawn('shipper', storage.setOffset(queue, 0, at(wal, 3)))
    scheduler.run(50)
    server.kill()
    scheduler.run()
    expect(storage.offset(queue, 0)).toEqual(at(wal, 3))
  })

  test.each(['refused', 'lost'] as const)(
    'of a storage that is %s fail and change nothing',
    (kind) => {
      const { storage, failureOf } = new StorageWorld(make)
      const [queue, wal] = [queueOf('a', 'rs1'), walOf(1)]
      storage.startWith(queue, [wal])
      storage.unavailable = kind
      expect(failureOf(storage.setOffset(queue, 0, at(wal, 3)))?.kind).toBe(kind)
      expect(storage.offset(queue, 0)?.position ?? 0).toBe(0)
    },
  )

  test('a write under way fails with the storage, though its sender has died', () => {
    const { storage, scheduler } = new StorageWorld(make)
    const [queue, wal] = [queueOf('a', 'rs1'), walOf(1)]
    storage.startWith(queue, [wal])
    const server = new Host(scheduler, 'rs1')
    server.spawn('shipper', storage.setOffset(queue, 0, at(wal, 3)))
    scheduler.run(50)
    storage.unavailable = 'refused'
    server.kill()
    scheduler.run()
    expect(storage.offset(queue, 0)?.position ?? 0).toBe(0)
  })
})

describe.each(storages)('claims in %s', (_name, make) => {
  test('RB25: each claim takes all offsets along; only the last owner lists the queue', () => {
    const { storage, run, result } = new StorageWorld(make)
    const wals = Array.from({ length: 10 }, (_, group) => walOf(group + 1, group))
    const ofA = queueOf('peer', 'A')
    storage.startWith(ofA, wals)
    run(...wals.map((wal) => storage.setOffset(ofA, wal.group, at(wal, wal.group + 1))))

    const ofB = result(storage.claimQueue(ofA, 'B')) ?? ofA
    const ofC = result(storage.claimQueue(ofB, 'C')) ?? ofA
    expect([ofB, ofC]).toEqual([
      { peer: 'peer', server: 'B', origin: 'A' },
      { peer: 'peer', server: 'C', origin: 'A' },
    ])
    for (const wal of wals) {
      expect(storage.offset(ofC, wal.group)).toEqual(at(wal, wal.group + 1))
      expect(storage.offset(ofA, wal.group)).toBeUndefined()
    }
    for (const server of ['A', 'B']) expect(storage.queues(null, server)).toEqual([])
    expect(storage.queues(null, 'C')).toEqual([ofC])
  })

  test('of one queue by two servers: one gets it, the other nothing', () => {
    const { storage, scheduler, start } = new StorageWorld(make)
    const queue = queueOf('a', 'rs1')
    storage.startWith(queue, [walOf(1)])
    const claims = ['rs2', 'rs3'].map((server) => start(storage.claimQueue(queue, server)))
    scheduler.run()
    expect(claims.map((claim) => claim())).toEqual([{ ...queue, server: 'rs2' }, null])
    expect(storage.queues('a', null)).toEqual([{ ...queue, server: 'rs2' }])
  })

  test('of a queue that is gone, or was never there, get nothing', () => {
    const { storage, run, result } = new StorageWorld(make)
    const queue = queueOf('a', 'rs1')
    expect(result(storage.claimQueue(queue, 'rs2'))).toBeNull()
    storage.startWith(queue, [walOf(1)])
    run(storage.removeQueue(queue))
    expect(result(storage.claimQueue(queue, 'rs2'))).toBeNull()
    expect(storage.queues(null, null)).toEqual([])
  })

  test('are listed by peer and by server; a removed peer leaves none', () => {
    const { storage, run } = new StorageWorld(make)
    const queues = ['a', 'b'].flatMap((peer) => ['rs1', 'rs2'].map((rs) => queueOf(peer, rs)))
    for (const queue of queues) storage.startWith(queue, [walOf(1)])
    const names = (peer: string | null, server: string | null) =>
      storage.queues(peer, server).map(queueName)
    expect(names('a', null)).toEqual(['a/rs1', 'a/rs2'])
    expect(names(null, 'rs2')).toEqual(['a/rs2', 'b/rs2'])
    expect(names('b', 'rs1')).toEqual(['b/rs1'])
    expect(run(storage.removePeer('a'))).toEqual([200])
    expect(names(null, null)).toEqual(['b/rs1', 'b/rs2'])
  })

  test('a claimed queue has luck of its own, by who wrote it and who ships it', () => {
    expect(queueName(queueOf('a', 'rs1'))).toBe('a/rs1')
    expect(queueName({ peer: 'a', server: 'rs2', origin: 'rs1' })).toBe('a/rs2/rs1')
  })
})

describe('queues in ZooKeeper', () => {
  const queue = queueOf('a', 'rs1')

  test('cost a write per new WAL, per position and per finished WAL', () => {
    const { storage, run } = new StorageWorld(zooKeeper)
    const [old, next] = [walOf(1), walOf(2)]
    const times = run(
      storage.addWAL(queue, old),
      storage.setOffset(queue, 0, at(old, 5)),
      storage.addWAL(queue, next),
      storage.setOffset(queue, 0, done(old, 9)),
      storage.setOffset(queue, 0, at(next, 2)),
    )
    expect(times).toEqual([7, 100, 8, 101 + 102, 103])
    expect(storage.walsOf(queue)).toEqual([next])
  })

  test('the end of a WAL met between batches removes its znode and sets no position', () => {
    const { storage, run } = new StorageWorld(zooKeeper)
    const [old, empty] = [walOf(1), walOf(2)]
    storage.startWith(queue, [old, empty])
    const times = run(
      storage.setOffset(queue, 0, at(old, 5)),
      storage.setOffset(queue, 0, done(old, 5)),
      storage.setOffset(queue, 0, done(empty, 0)),
    )
    expect(times).toEqual([100, 101, 102])
    expect(storage.offset(queue, 0)).toEqual(done(empty, 0))
    expect(storage.walsOf(queue)).toEqual([])
  })

  test('a position in a later WAL removes the older ones of its group, one by one', () => {
    const { storage, run } = new StorageWorld(zooKeeper)
    const [first, second, third] = [walOf(1), walOf(2), walOf(3)]
    const other = walOf(1, 1)
    storage.startWith(queue, [first, other, second, third])
    expect(run(storage.setOffset(queue, 0, at(third, 4)))).toEqual([100 + 101 + 102])
    expect(storage.walsOf(queue)).toEqual([other, third])
  })

  test('a server that dies before the znode is removed leaves the WAL at its last position', () => {
    const { storage, scheduler } = new StorageWorld(zooKeeper)
    const wal = walOf(1)
    storage.startWith(queue, [wal])
    const server = new Host(scheduler, 'rs1')
    server.spawn('shipper', storage.setOffset(queue, 0, done(wal, 9)))
    scheduler.run(100)
    server.kill()
    scheduler.run(150)
    expect(storage.offset(queue, 0)).toEqual(at(wal, 9))
    expect(storage.walsOf(queue)).toEqual([wal])
  })

  test('a server that does not know it is dead cannot set a claimed queue’s position', () => {
    const { storage, run, failureOf } = new StorageWorld(zooKeeper)
    const wal = walOf(1)
    storage.startWith(queue, [wal])
    run(storage.claimQueue(queue, 'rs2'))
    expect(failureOf(storage.setOffset(queue, 0, at(wal, 5)))?.kind).toBe('not-found')
  })

  test('a queue without znodes is removed when it is to be claimed', () => {
    const { storage, result } = new StorageWorld(zooKeeper)
    storage.startWith(queue, [])
    expect(result(storage.claimQueue(queue, 'rs2'))).toBeNull()
    expect(storage.queues(null, null)).toEqual([])
  })

  test('a new peer names the WALs being written', () => {
    const { storage, run } = new StorageWorld(zooKeeper)
    const wals = [walOf(1, 0), walOf(2, 1)]
    expect(run(storage.addQueue(queue, wals))).toEqual([7 + 8])
    expect(storage.walsOf(queue)).toEqual(wals)
  })
})

describe('queues in the table', () => {
  const queue = queueOf('a', 'rs1')

  test('cost nothing for a new WAL, one put per offset whatever it says', () => {
    const { storage, run } = new StorageWorld<ReplicationQueueStorage>(table)
    const wal = walOf(1)
    const times = run(
      storage.addWAL(queue, wal),
      storage.setOffset(queue, 0, at(wal, 5)),
      storage.setOffset(queue, 0, done(wal, 5)),
    )
    expect(times).toEqual([0, 100, 101])
    expect(storage.walsOf(queue)).toBeNull()
  })

  test('appear with the first offset', () => {
    const { storage, run } = new StorageWorld<ReplicationQueueStorage>(table)
    run(storage.addWAL(queue, walOf(1)))
    expect(storage.queues(null, null)).toEqual([])
    run(storage.setOffset(queue, 0, at(walOf(1), 5)))
    expect(storage.queues(null, null)).toEqual([queue])
  })

  test('a new peer begins every group at the start of the WAL being written', () => {
    const { storage, run } = new StorageWorld<ReplicationQueueStorage>(table)
    const wals = [walOf(1, 0), walOf(2, 1)]
    expect(run(storage.addQueue(queue, wals))).toEqual([100 + 101])
    expect(wals.map(({ group }) => storage.offset(queue, group))).toEqual(wals.map((w) => at(w, 0)))
  })

  test('a dead server that persisted nothing gets a queue that begins at its first WAL', () => {
    const { storage, run, result } = new StorageWorld<ReplicationQueueStorage>(table)
    expect(run(storage.addQueue(queue, []))).toEqual([100])
    expect(storage.offset(queue, 0)).toBeUndefined()
    expect(result(storage.claimQueue(queue, 'rs2'))).toEqual({ ...queue, server: 'rs2' })
  })

  test('a server that does not know it is dead brings its claimed queue back', () => {
    const { storage, run } = new StorageWorld<ReplicationQueueStorage>(table)
    const wal = walOf(1)
    storage.startWith(queue, [wal])
    run(storage.claimQueue(queue, 'rs2'), storage.setOffset(queue, 0, at(wal, 5)))
    expect(storage.queues('a', null).map(queueName)).toEqual(['a/rs2/rs1', 'a/rs1'])
  })

  test('the writes of each queue are numbered by themselves', () => {
    const { storage, run } = new StorageWorld<ReplicationQueueStorage>(table)
    const wal = walOf(1)
    const set = (id: ReplicationQueueId, position: number): Protocol =>
      storage.setOffset(id, 0, at(wal, position))
    const times = run(
      set(queue, 1),
      set(queueOf('b', 'rs1'), 1),
      set(queue, 2),
      set(queueOf('a', 'rs2'), 1),
      set({ ...queue, server: 'rs2' }, 2),
    )
    expect(times).toEqual([100, 100, 101, 100, 100])
  })
})
