import { describe, expect, test } from 'vitest'
import { Host, type Protocol } from '../../src/kernel/process.js'
import { Scheduler } from '../../src/kernel/scheduler.js'
import type { ReadableWal } from '../../src/replication/readable-wal.js'
import {
  type ReplicationQueueStorage,
  shouldReplicate,
  TableReplicationQueueStorage,
  ZKReplicationQueueStorage,
} from '../../src/replication/replication-queue-storage.js'
import { HandWrittenWal, HandWrittenWals } from './hand-written-wals.js'

/** Time of the `n`-th write of a queue: 100, 101, 102 … us. */
const latencyUs = (_server: string, _peer: string, n: number) => 100 + n

function walOf(createdUs: number): HandWrittenWal {
  return new HandWrittenWal(new HandWrittenWals().log, `rs1.${createdUs}`, createdUs, 0)
}

function offset(wal: ReadableWal, position: number, complete = false) {
  return { wal, position, complete }
}

/** How long each of the calls takes, one after the other. */
function timesOf(calls: readonly Protocol[]): number[] {
  const scheduler = new Scheduler()
  const times: number[] = []
  const measure = function* (): Protocol {
    for (const call of calls) {
      const since = scheduler.now
      yield* call
      times.push(scheduler.now - since)
    }
  }
  new Host(scheduler, 'rs1').spawn('calls', measure())
  scheduler.run()
  return times
}

describe('RB24: shouldReplicate', () => {
  const at100 = offset(walOf(12345), 100)

  test('newer WALs, and the rest of the WAL at the offset', () => {
    expect(shouldReplicate(at100, walOf(12346))).toBe(true)
    expect(shouldReplicate(at100, walOf(12344))).toBe(false)
    expect(shouldReplicate(at100, walOf(12345))).toBe(true)
  })

  test('a finished WAL no more, the next one still', () => {
    const finished = offset(walOf(12345), 100, true)
    expect(shouldReplicate(finished, walOf(12345))).toBe(false)
    expect(shouldReplicate(finished, walOf(12346))).toBe(true)
  })

  test('everything while nothing is persisted', () => {
    expect(shouldReplicate(undefined, walOf(1))).toBe(true)
  })
})

describe.each<[string, () => ReplicationQueueStorage]>([
  ['ZooKeeper', () => new ZKReplicationQueueStorage(latencyUs, latencyUs)],
  ['the table hbase:replication', () => new TableReplicationQueueStorage(latencyUs)],
])('offsets in %s', (_name, make) => {
  test('are kept per server and peer, the last one counts', () => {
    const storage = make()
    const wal = walOf(1)
    timesOf([
      storage.setOffset('rs1', 'a', offset(wal, 3)),
      storage.setOffset('rs1', 'b', offset(wal, 5)),
      storage.setOffset('rs1', 'a', offset(wal, 7)),
    ])
    expect(storage.offset('rs1', 'a')).toEqual(offset(wal, 7))
    expect(storage.offset('rs1', 'b')).toEqual(offset(wal, 5))
    expect(storage.offset('rs2', 'a')).toBeUndefined()
  })

  test('are there when the write is through, not before', () => {
    const storage = make()
    const scheduler = new Scheduler()
    new Host(scheduler, 'rs1').spawn('set', storage.setOffset('rs1', 'a', offset(walOf(1), 3)))
    scheduler.run(99)
    expect(storage.offset('rs1', 'a')).toBeUndefined()
    scheduler.run(100)
    expect(storage.offset('rs1', 'a')?.position).toBe(3)
  })
})

describe('what queues cost', () => {
  test('ZooKeeper: a write per new WAL, per position, and per finished WAL', () => {
    const newWalUs = (_server: string, _peer: string, n: number) => 7 + n
    const storage = new ZKReplicationQueueStorage(latencyUs, newWalUs)
    const [old, next] = [walOf(1), walOf(2)]
    const times = timesOf([
      storage.addWAL('rs1', 'a'),
      storage.setOffset('rs1', 'a', offset(old, 5)),
      storage.setOffset('rs1', 'a', offset(old, 9, true)),
      storage.setOffset('rs1', 'a', offset(next, 2)),
    ])
    expect(times).toEqual([7, 100, 101 + 102, 103])
  })

  test('ZooKeeper: the end of a WAL met between batches removes its znode and sets no position', () => {
    const storage = new ZKReplicationQueueStorage(latencyUs, latencyUs)
    const [old, next] = [walOf(1), walOf(2)]
    const times = timesOf([
      storage.setOffset('rs1', 'a', offset(old, 5)),
      storage.setOffset('rs1', 'a', offset(old, 5, true)),
      storage.setOffset('rs1', 'a', offset(next, 0, true)),
    ])
    expect(times).toEqual([100, 101, 102])
    expect(storage.offset('rs1', 'a')).toEqual(offset(next, 0, true))
  })

  test('the table: nothing for a new WAL, one put per offset whatever it says', () => {
    const storage = new TableReplicationQueueStorage(latencyUs)
    const times = timesOf([
      storage.addWAL(),
      storage.setOffset('rs1', 'a', offset(walOf(1), 5)),
      storage.setOffset('rs1', 'a', offset(walOf(1), 5, true)),
    ])
    expect(times).toEqual([0, 100, 101])
  })

  test('the writes of each queue are numbered by themselves', () => {
    const storage = new TableReplicationQueueStorage(latencyUs)
    const wal = walOf(1)
    const times = timesOf([
      storage.setOffset('rs1', 'a', offset(wal, 1)),
      storage.setOffset('rs1', 'b', offset(wal, 1)),
      storage.setOffset('rs1', 'a', offset(wal, 2)),
      storage.setOffset('rs2', 'a', offset(wal, 1)),
    ])
    expect(times).toEqual([100, 100, 101, 100])
  })
})
