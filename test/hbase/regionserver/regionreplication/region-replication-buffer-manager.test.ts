import { describe, expect, it } from 'vitest'
import { edit } from './replica-entries.js'
import { ONE_ATTEMPT, sinkFixture } from './sink-fixture.js'

const LIMITS = { ...ONE_ATTEMPT, maxPendingBytes: 10_000, softPendingBytes: 8000 }

describe('the region replication buffer manager', () => {
  it('above the soft limit flushes the region with the most pending', () => {
    const { scheduler, newSink, pressureFlushes } = sinkFixture(LIMITS)
    const [a, b] = [newSink({ primary: 10 }), newSink({ primary: 20 })]
    a.add(edit(1, 3000))
    b.add(edit(1, 5000))
    scheduler.run()
    expect(pressureFlushes).toEqual([])
    a.add(edit(2, 1000))
    scheduler.run()
    expect(pressureFlushes.map(({ primary }) => primary)).toEqual([20])
  })

  it('flushes one region at a time and drops what it is asked meanwhile', () => {
    const { scheduler, newSink, pressureFlushes } = sinkFixture(LIMITS)
    const [a, b] = [newSink({ primary: 10 }), newSink({ primary: 20 })]
    a.add(edit(1, 8500))
    scheduler.run()
    b.add(edit(1, 100))
    scheduler.run()
    expect(pressureFlushes).toHaveLength(1)
    pressureFlushes[0]?.ended()
    scheduler.run()
    expect(pressureFlushes).toHaveLength(1)
    b.add(edit(2, 100))
    scheduler.run()
    expect(pressureFlushes.map(({ primary }) => primary)).toEqual([10, 10])
  })

  it('takes exactly the max pending size', () => {
    const { sink, flushes, dropped } = sinkFixture(LIMITS)
    sink.add(edit(1, 6000))
    sink.add(edit(2, 4000))
    expect(dropped).toEqual([])
    sink.add(edit(3, 100))
    expect(dropped).toEqual([{ replica: null, ids: [2, 3], reason: 'pending size' }])
    expect(sink.failedReplicas).toEqual([1, 2])
    expect(flushes).toHaveLength(1)
  })

  it('counts all regions, and drops only what that one has queued that goes beyond', () => {
    const { newSink, bufferManager } = sinkFixture(LIMITS)
    const [a, b] = [newSink({ primary: 10 }), newSink({ primary: 20 })]
    a.add(edit(1, 6000))
    b.add(edit(1, 3900))
    b.add(edit(2, 101))
    expect([a.pendingBytes, b.pendingBytes]).toEqual([6000, 3900])
    expect([a.failedReplicas, b.failedReplicas]).toEqual([[], [1, 2]])
    expect(bufferManager.pendingBytes).toBe(9900)
  })

  it('refuses the entry of an idle region, too', () => {
    const { newSink, calls, dropped } = sinkFixture(LIMITS)
    const [a, b] = [newSink({ primary: 10 }), newSink({ primary: 20, replicas: [7] })]
    a.add(edit(1, 9950))
    b.add(edit(1, 100))
    expect(calls.made.map(({ replica }) => replica)).toEqual([1, 2])
    expect(dropped).toEqual([{ replica: null, ids: [1], reason: 'pending size' }])
    expect(b.pendingBytes).toBe(0)
  })

  it('does not flush a region that has closed', () => {
    const { scheduler, newSink, pressureFlushes } = sinkFixture(LIMITS)
    const [a, b] = [newSink({ primary: 10 }), newSink({ primary: 20 })]
    a.add(edit(1, 6000))
    a.stop()
    b.add(edit(1, 2100))
    scheduler.run()
    expect(pressureFlushes.map(({ primary }) => primary)).toEqual([20])
  })

  it('starts no flush after the server has stopped', () => {
    const { scheduler, sink, bufferManager, pressureFlushes } = sinkFixture(LIMITS)
    bufferManager.stop()
    sink.add(edit(1, 9000))
    scheduler.run()
    expect(pressureFlushes).toEqual([])
  })
})
