import { describe, expect, it } from 'vitest'
import { SecondaryRegion } from '../../../../src/hbase/regionserver/secondary-region.js'
import { PrimaryByHand } from './primary-by-hand.js'
import { ONE_ATTEMPT, SECOND, sinkFixture } from './sink-fixture.js'

/** A primary and its one secondary, whose open marker is delivered; all else the test does. */
function replicaFixture({ flushMinIntervalSeconds = 1, flushesWhenAsked = false } = {}) {
  const settings = { ...ONE_ATTEMPT, flushMinIntervalSeconds }
  const { scheduler, calls, newSink, flushes } = sinkFixture(settings, { replicas: [1] })
  const flushHandler = scheduler.handler(() => primary.flush())
  const requestFlush = () => {
    flushes.push(scheduler.now)
    if (flushesWhenAsked) scheduler.schedule(scheduler.now, flushHandler)
  }
  const sinkOf = () => newSink({ requestFlush })
  const sink = sinkOf()
  const primary: PrimaryByHand = new PrimaryByHand(sink)
  const secondary = new SecondaryRegion({
    shares: [1],
    cellOverhead: 0,
    blockingMemstoreSize: Number.POSITIVE_INFINITY,
    version: '3.x',
    listing: () => primary.files,
    exists: () => true,
    onMemstoreChanged: () => {},
  })
  secondary.open(true)
  const deliver = () => {
    secondary.replay(calls.waiting[0]?.entries ?? [])
    calls.answer()
  }
  const deliverAll = () => {
    while (calls.waiting.length > 0) deliver()
  }
  const fail = () => calls.answer('refused')
  deliverAll()
  return { scheduler, calls, sink, sinkOf, flushes, primary, secondary, deliver, deliverAll, fail }
}

describe('replication of a primary to its secondary, HBase 3', () => {
  it('R49: a put that fails while a flush begins is there after the flush', () => {
    const { calls, sink, flushes, primary, secondary, deliverAll, fail } = replicaFixture()
    const [sentBefore, k1] = [calls.made.length, primary.put()]
    primary.flush()
    fail()
    deliverAll()
    expect(sink.failedReplicas).toEqual([])
    const markers = calls.made.slice(sentBefore + 1).flatMap(({ entries }) => entries)
    expect(markers.map(({ marker }) => marker?.kind)).toEqual(['START_FLUSH', 'COMMIT_FLUSH'])
    const k2 = primary.put()
    deliverAll()
    expect(flushes).toEqual([])
    expect(secondary.readable(k1 - 1, k2)).toBe(true)
  })

  it('R50: a flush that finds nothing to flush says so, and the replica goes on', () => {
    const options = { flushMinIntervalSeconds: 3, flushesWhenAsked: true }
    const { scheduler, calls, sink, primary, secondary, deliver, fail } = replicaFixture(options)
    const put = primary.put()
    fail()
    scheduler.run(1 * SECOND)
    expect(calls.waiting[0]?.entries.map(({ marker }) => marker?.kind)).toEqual(['START_FLUSH'])
    fail()
    expect(sink.failedReplicas).toEqual([1])
    scheduler.run(4 * SECOND)
    expect(calls.waiting[0]?.entries.map(({ marker }) => marker?.kind)).toEqual(['CANNOT_FLUSH'])
    expect(sink.failedReplicas).toEqual([])
    expect(secondary.readable(put - 1, put)).toBe(false)
    deliver()
    expect(secondary.readable(put - 1, put)).toBe(true)
    scheduler.run(60 * SECOND)
    expect(primary.preparedFlushes).toBe(2)
  })

  it('R54: the secondary drops what the primary has flushed, and no more', () => {
    const { primary, secondary, deliverAll } = replicaFixture()
    const first = primary.put()
    let second = 0
    primary.flush(() => {
      second = primary.put()
    })
    deliverAll()
    expect(secondary.readable(first - 1, second)).toBe(true)
    expect(primary.memstoreBytes).toBe(100)
    expect(secondary.heapBytes).toBe(primary.memstoreBytes)
    expect(secondary.preparedFlush).toBeNull()
  })

  it('R55: what fails between the start of a flush and its end is there after the next', () => {
    const { flushes, primary, secondary, deliver, deliverAll, fail } = replicaFixture()
    const row0 = primary.put()
    deliverAll()
    primary.flush(() => primary.put())
    deliver()
    fail()
    expect(flushes).toHaveLength(1)
    const row2 = primary.put()
    expect(secondary.readable(row0, row2)).toBe(false)
    primary.flush()
    deliverAll()
    expect(secondary.readable(row0 - 1, row2)).toBe(true)
    expect(secondary.heapBytes).toBe(0)
  })

  it('R56: what failed before the primary was moved is there when it opens again', () => {
    const { primary, sinkOf, secondary, deliverAll, fail } = replicaFixture()
    const put = primary.put()
    fail()
    primary.close()
    deliverAll()
    expect(secondary.readable(put - 1, put)).toBe(false)
    primary.reopen(sinkOf())
    deliverAll()
    expect(secondary.readable(put - 1, put)).toBe(true)
  })

  it('a put that fails before a flush is there after it, and memstores are equal', () => {
    const { flushes, primary, secondary, deliverAll, fail } = replicaFixture()
    const first = primary.put()
    fail()
    expect(flushes).toHaveLength(1)
    let second = 0
    primary.flush(() => {
      second = primary.put()
    })
    deliverAll()
    expect(secondary.readable(first - 1, second)).toBe(true)
    expect(secondary.heapBytes).toBe(primary.memstoreBytes)
  })
})
