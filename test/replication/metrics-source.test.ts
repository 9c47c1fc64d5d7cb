import { expect, test } from 'vitest'
import { MetricsSource } from '../../src/replication/metrics-source.js'
import { ReplicationSourceLogQueue } from '../../src/replication/replication-source-log-queue.js'
import { HandWrittenWal, HandWrittenWals } from './hand-written-wals.js'

test('RB39: lag counts from the batch in flight, age stands still once it is shipped', () => {
  const metrics = new MetricsSource()
  metrics.handed(1000)
  metrics.shipped(1000, 1, 10, 1000)
  metrics.handed(5000)
  expect(metrics.replicationLagUs(8000)).toBe(3000)
  metrics.shipped(5000, 1, 10, 9000)
  expect(metrics.replicationLagUs(20_000)).toBe(0)
  expect(metrics.ageOfLastShippedOpUs).toBe(4000)
})

test('the largest age is kept, as the histogram that HBase exports keeps it', () => {
  const metrics = new MetricsSource()
  metrics.shipped(0, 1, 10, 500)
  metrics.shipped(1000, 1, 10, 1100)
  expect(metrics.ageOfLastShippedOpUs).toBe(100)
  expect(metrics.maxAgeOfLastShippedOpUs).toBe(500)
})

test('a source that was never shown a batch has no lag, however much is waiting', () => {
  expect(new MetricsSource().replicationLagUs(3_600_000_000)).toBe(0)
})

test('oldestWalAge is that of the oldest queued WAL, 0 without any', () => {
  const queue = new ReplicationSourceLogQueue()
  const wal = (createdUs: number) => new HandWrittenWal(new HandWrittenWals().log, '', createdUs, 0)
  expect(queue.oldestWalAgeUs(10)).toBe(0)
  queue.enqueue(wal(4))
  queue.enqueue(wal(8))
  expect([queue.length, queue.oldestWalAgeUs(10)]).toEqual([2, 6])
  queue.dequeue()
  expect([queue.length, queue.oldestWalAgeUs(10)]).toEqual([1, 2])
})
