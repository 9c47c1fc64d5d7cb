import { describe, expect, test } from 'vitest'
import { MetricsSource } from '../../src/replication/metrics-source.js'

const [FAST, STUCK] = [0, 1]

describe('status of a source', () => {
  test('RB36: without writes there are no edits, no shipment and no lag', () => {
    const metrics = new MetricsSource()
    expect(metrics.hasEditsSinceRestart).toBe(false)
    expect(metrics.timestampOfLastShippedOpUs).toBe(0)
    expect(metrics.replicationLagUs(10_000_000)).toBe(0)
  })

  test('RB38: a batch that fails for a while lags, and no more once it is shipped', () => {
    const metrics = new MetricsSource()
    metrics.handed(1000)
    metrics.failedBatches++
    expect(metrics.hasEditsSinceRestart).toBe(true)
    expect(metrics.timestampOfLastShippedOpUs).toBe(0)
    expect(metrics.replicationLagUs(11_000)).toBe(10_000)
    metrics.shipped(0, 1000, 100, 10_000, 20_000)
    expect(metrics.replicationLagUs(30_000)).toBe(0)
    expect(metrics.timestampOfLastShippedOpUs).toBe(1000)
    expect(metrics.hasEditsSinceRestart).toBe(true)
  })

  test('RB39: lag counts from the batch in flight, age stands still once it is shipped', () => {
    const metrics = new MetricsSource()
    metrics.handed(1000)
    metrics.shipped(0, 1000, 1, 10, 1000)
    metrics.handed(5000)
    expect(metrics.replicationLagUs(8000)).toBe(3000)
    metrics.shipped(0, 5000, 1, 10, 9000)
    expect(metrics.replicationLagUs(20_000)).toBe(0)
    expect(metrics.ageOfLastShippedOpUs(0)).toBe(4000)
  })

  test('shipments are counted in batches, row keys and bytes', () => {
    const metrics = new MetricsSource()
    metrics.shipped(0, 1000, 3, 30, 2000)
    metrics.shipped(1, 1000, 2, 50, 2000)
    expect([metrics.shippedBatches, metrics.shippedOps, metrics.shippedBytes]).toEqual([2, 5, 80])
  })

  test('ageOfLastShippedOp is the largest age, as the histogram that HBase exports keeps it', () => {
    const metrics = new MetricsSource()
    metrics.shipped(0, 0, 1, 10, 500)
    metrics.shipped(0, 1000, 1, 10, 1100)
    expect(metrics.ageOfLastShippedOpUs(0)).toBe(100)
    expect(metrics.maxAgeOfLastShippedOpUs).toBe(500)
  })

  test('the last shipment is that of the latest write over all groups', () => {
    const metrics = new MetricsSource()
    metrics.shipped(0, 7000, 1, 10, 8000)
    metrics.shipped(1, 3000, 1, 10, 9000)
    expect(metrics.timestampOfLastShippedOpUs).toBe(7000)
    expect([0, 1, 2].map((group) => metrics.ageOfLastShippedOpUs(group))).toEqual([1000, 6000, 0])
  })

  test('a source made anew begins without edits; its counters go on', () => {
    const metrics = new MetricsSource()
    metrics.sizeOfLogQueue = 3
    metrics.handed(1000)
    metrics.shipped(0, 1000, 1, 10, 2000)
    metrics.handed(3000)
    metrics.terminate()
    expect(metrics.sizeOfLogQueue).toBe(0)
    expect(metrics.hasEditsSinceRestart).toBe(false)
    expect(metrics.replicationLagUs(9000)).toBe(0)
    expect(metrics.timestampOfLastShippedOpUs).toBe(0)
    expect(metrics.shippedBatches).toBe(1)
  })
})

describe('traps', () => {
  test('a source that is handed nothing has no lag, however much is waiting', () => {
    expect(new MetricsSource().replicationLagUs(3_600_000_000)).toBe(0)
  })

  test('a disabled peer has no lag: what it shipped last is all it was ever handed', () => {
    const metrics = new MetricsSource()
    metrics.handed(1000)
    metrics.shipped(0, 1000, 1, 10, 1500)
    expect(metrics.replicationLagUs(3_600_000_000)).toBe(0)
  })

  test('a WAL group that ships hides one whose batch is stuck', () => {
    const metrics = new MetricsSource()
    metrics.handed(1000)
    expect(metrics.replicationLagUs(5000)).toBe(4000)
    metrics.handed(6000)
    metrics.shipped(FAST, 6000, 1, 10, 6500)
    expect(metrics.replicationLagUs(3_600_000_000)).toBe(0)
    expect(metrics.ageOfLastShippedOpUs(STUCK)).toBe(0)
  })

  test('a source that never shipped counts its lag from the last write of its first batch', () => {
    const metrics = new MetricsSource()
    const [firstWriteUs, lastWriteUs] = [1000, 60_000]
    metrics.handed(lastWriteUs)
    expect(metrics.replicationLagUs(61_000)).toBe(1000)
    expect(metrics.replicationLagUs(61_000)).toBeLessThan(61_000 - firstWriteUs)
  })
})
