import { describe, expect, test } from 'vitest'
import { MetricsSource } from '../../src/replication/metrics-source.js'
import { ReplicationSourceLogQueue } from '../../src/replication/replication-source-log-queue.js'
import { walOf } from './queue-storage-world.js'

const [A, B] = [0, 1]

function logQueue() {
  const clock = { now: 10 }
  const metrics = new MetricsSource()
  return { clock, metrics, queue: new ReplicationSourceLogQueue(metrics, clock) }
}

describe('the log queue of a source', () => {
  test('RB21: a meta WAL is refused, a normal one counted', () => {
    const { metrics, queue } = logQueue()
    expect(queue.enqueueLog(walOf(1, A, 'rs1.1.meta'))).toBe(false)
    expect(metrics.sizeOfLogQueue).toBe(0)
    expect(queue.enqueueLog(walOf(1, A))).toBe(true)
    expect(metrics.sizeOfLogQueue).toBe(1)
  })

  test('RB22: oldestWalAge is that of the oldest WAL of all groups, 0 without any', () => {
    const { metrics, queue } = logQueue()
    const ages: number[] = []
    const told = () => ages.push(metrics.oldestWalAgeUs)
    queue.enqueueLog(walOf(8, A))
    told()
    queue.enqueueLog(walOf(4, B))
    told()
    queue.queueOf(B).dequeue()
    told()
    queue.queueOf(A).dequeue()
    told()
    expect(ages).toEqual([2, 6, 2, 0])
  })

  test('trap: the exported oldestWalAge stands still while nobody queues or leaves a WAL', () => {
    const { clock, metrics, queue } = logQueue()
    queue.enqueueLog(walOf(10, A))
    clock.now = 3_600_000_000
    expect(metrics.oldestWalAgeUs).toBe(0)
    expect(queue.oldestWalAgeUs(clock.now)).toBe(3_599_999_990)
    queue.enqueueLog(walOf(clock.now, A))
    expect(metrics.oldestWalAgeUs).toBe(3_599_999_990)
  })

  test('groups are apart; the first WAL of each is told', () => {
    const { metrics, queue } = logQueue()
    const wals = [walOf(1, A), walOf(2, B), walOf(3, A)]
    expect(wals.map((wal) => queue.enqueueLog(wal))).toEqual([true, true, false])
    expect(queue.groups).toEqual([A, B])
    expect([queue.queueOf(A).length, queue.queueOf(B).length]).toEqual([2, 1])
    expect(queue.queueOf(A).dequeue()).toBe(wals[0])
    expect(queue.queueOf(A).head).toBe(wals[2])
    expect(queue.queueOf(B).head).toBe(wals[1])
    expect(metrics.sizeOfLogQueue).toBe(2)
  })

  test('WALs stand in the order of their start, not of their arrival', () => {
    const { queue } = logQueue()
    for (const createdUs of [20, 10, 30, 15]) queue.enqueueLog(walOf(createdUs, A))
    const order = Array.from({ length: 4 }, () => queue.queueOf(A).dequeue()?.createdUs)
    expect(order).toEqual([10, 15, 20, 30])
  })

  test('an empty queue gives nothing and counts nothing', () => {
    const { metrics, queue } = logQueue()
    queue.enqueueLog(walOf(1, A))
    queue.queueOf(A).dequeue()
    expect(queue.queueOf(A).dequeue()).toBeUndefined()
    expect(metrics.sizeOfLogQueue).toBe(0)
  })
})
