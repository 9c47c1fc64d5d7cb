import { describe, expect, test } from 'vitest'
import type { Scheduler } from '../../src/kernel/scheduler.js'
import {
  isLogDeletable,
  isLogDeletableByZnodes,
  type ReplicationState,
} from '../../src/replication/replication-log-cleaner.js'
import { TableReplicationQueueStorage } from '../../src/replication/table-replication-queue-storage.js'
import { ZKReplicationQueueStorage } from '../../src/replication/zk-replication-queue-storage.js'
import { at, done, queueOf, StorageWorld, walOf } from './queue-storage-world.js'

const table = (scheduler: Scheduler) => new TableReplicationQueueStorage(scheduler, () => 1)
const zooKeeper = (scheduler: Scheduler) =>
  new ZKReplicationQueueStorage(
    scheduler,
    () => 1,
    () => 1,
  )

/** A WAL of rs1. */
const wal = walOf(1000)
const alive = new Set(['rs1', 'rs2'])
const dead = new Set(['rs2'])

describe('with the table hbase:replication', () => {
  /** State with peers '1' … and their offsets in the WAL's group; undefined is no queue. */
  function state(
    peers: readonly (number | 'done' | undefined)[],
    changes: Partial<ReplicationState> = {},
  ): ReplicationState {
    const { storage, run } = new StorageWorld(table)
    peers.forEach((position, i) => {
      if (position === undefined) return
      const offset = position === 'done' ? done(wal, 9) : at(wal, position)
      run(storage.setOffset(queueOf(`${i + 1}`, 'rs1'), 0, offset))
    })
    return {
      peers: peers.map((_, i) => `${i + 1}`),
      addPeerRunning: false,
      notFullyDead: alive,
      storage,
      ...changes,
    }
  }

  test('RB30: without a peer a WAL may go', () => {
    expect(isLogDeletable(wal, state([]))).toBe(true)
  })

  test('RB31: a live server that has no queue yet keeps its WALs', () => {
    expect(isLogDeletable(wal, state([undefined]))).toBe(false)
  })

  test('RB32: a dead server that has no queue any more keeps none', () => {
    expect(isLogDeletable(wal, state([undefined], { notFullyDead: dead }))).toBe(true)
  })

  test('RB33: a peer without a queue keeps the WALs of live servers only', () => {
    expect(isLogDeletable(wal, state(['done', undefined]))).toBe(false)
    expect(isLogDeletable(wal, state(['done', undefined], { notFullyDead: dead }))).toBe(true)
  })

  test('RB34: every queue must be past the file, whoever wrote it', () => {
    for (const notFullyDead of [alive, dead]) {
      expect(isLogDeletable(wal, state(['done', 0], { notFullyDead }))).toBe(false)
      expect(isLogDeletable(wal, state(['done', 'done'], { notFullyDead }))).toBe(true)
    }
  })

  test('nothing goes while a peer is being added', () => {
    expect(isLogDeletable(wal, state([], { addPeerRunning: true }))).toBe(false)
    expect(isLogDeletable(wal, state(['done'], { addPeerRunning: true }))).toBe(false)
  })

  test('WALs of hbase:meta and files that are no WALs may go', () => {
    expect(isLogDeletable(walOf(1000, 0, 'rs1.1000.meta'), state([undefined]))).toBe(true)
    expect(isLogDeletable(walOf(1000, 0, 'rs1'), state([undefined]))).toBe(true)
    expect(isLogDeletable(walOf(1000, 0, 'rs1.1000'), state([undefined]))).toBe(false)
  })

  test('older WALs of the group may go, newer ones and those of other groups not', () => {
    expect(isLogDeletable(walOf(999), state([0]))).toBe(true)
    expect(isLogDeletable(walOf(1001), state(['done']))).toBe(false)
    expect(isLogDeletable(walOf(999, 1), state(['done']))).toBe(false)
  })

  test('a queue that another server has claimed still counts for the server that wrote it', () => {
    const { storage, run } = new StorageWorld(table)
    const queue = queueOf('1', 'rs1')
    run(storage.setOffset(queue, 0, at(wal, 3)), storage.claimQueue(queue, 'rs2'))
    const claimed = { peer: '1', server: 'rs2', origin: 'rs1' }
    const facts = { peers: ['1'], addPeerRunning: false, notFullyDead: dead, storage }
    expect(isLogDeletable(wal, facts)).toBe(false)
    run(storage.setOffset(claimed, 0, done(wal, 9)))
    expect(isLogDeletable(wal, facts)).toBe(true)
  })

  test('a queue without an offset, added for a dead server, keeps all its WALs', () => {
    const { storage, run } = new StorageWorld(table)
    run(storage.addQueue(queueOf('1', 'rs1'), []))
    const facts = { peers: ['1'], addPeerRunning: false, notFullyDead: dead, storage }
    expect(isLogDeletable(wal, facts)).toBe(false)
  })
})

describe('with ZooKeeper', () => {
  function stateOf(world: StorageWorld<ZKReplicationQueueStorage>): ReplicationState {
    const { storage } = world
    return { peers: ['1', '2'], addPeerRunning: false, notFullyDead: alive, storage }
  }

  test('a WAL is kept as long as some queue has a znode for it', () => {
    const world = new StorageWorld(zooKeeper)
    const { storage, run } = world
    const [first, second] = [queueOf('1', 'rs1'), queueOf('2', 'rs1')]
    run(storage.addWAL(first, wal), storage.addWAL(second, wal))
    run(storage.setOffset(first, 0, done(wal, 9)))
    expect(isLogDeletableByZnodes(wal, stateOf(world))).toBe(false)
    run(storage.setOffset(second, 0, done(wal, 9)))
    expect(isLogDeletableByZnodes(wal, stateOf(world))).toBe(true)
  })

  test('a claimed queue keeps it', () => {
    const world = new StorageWorld(zooKeeper)
    const { storage, run } = world
    run(storage.addWAL(queueOf('1', 'rs1'), wal), storage.claimQueue(queueOf('1', 'rs1'), 'rs2'))
    expect(isLogDeletableByZnodes(wal, stateOf(world))).toBe(false)
  })

  test('a WAL from before a peer was added may go, though its server is alive', () => {
    const world = new StorageWorld(zooKeeper)
    world.run(world.storage.addQueue(queueOf('1', 'rs1'), [walOf(2000)]))
    expect(isLogDeletableByZnodes(wal, stateOf(world))).toBe(true)
  })
})
