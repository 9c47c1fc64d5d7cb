import { describe, expect, it } from 'vitest'
import { Host } from '../../../../src/kernel/process.js'
import { commitFlush, edit, markerEntry, startFlush, startPartialFlush } from './replica-entries.js'
import { ONE_ATTEMPT, SECOND, sinkFixture } from './sink-fixture.js'

const KIB = 1024

function idsOf({ entries }: { entries: readonly { sequenceId: number }[] }): number[] {
  return entries.map(({ sequenceId }) => sequenceId)
}

describe('the region replication sink', () => {
  it('R46: beyond the pending size drops its queue, but not the batch under way', () => {
    const fixture = sinkFixture({ ...ONE_ATTEMPT, maxPendingBytes: 6000, softPendingBytes: 6000 })
    const { sink, calls, flushes, bufferManager } = fixture
    sink.add(edit(1, 1100))
    sink.add(edit(2, 2200))
    expect(sink.pendingBytes).toBe(3300)
    sink.add(edit(3, 3200))
    expect(sink.pendingBytes).toBe(1100)
    expect(bufferManager.pendingBytes).toBe(1100)
    expect(flushes).toHaveLength(1)
    calls.answerAll()
    expect(sink.pendingBytes).toBe(0)
    expect(calls.made).toHaveLength(2)
  })

  it('R47: skips a replica that failed until a flush of all families begins', () => {
    const { sink, calls, flushes } = sinkFixture()
    sink.add(edit(1, 1100))
    sink.add(edit(1, 2200))
    calls.answerOf(1)
    calls.answerOf(2, 'refused')
    expect(calls.made).toHaveLength(3)
    expect(calls.waiting.map(({ replica }) => replica)).toEqual([1])
    expect(flushes).toHaveLength(1)
    calls.answer()
    sink.add(startFlush(3, 2))
    expect(calls.made).toHaveLength(5)
    calls.answerAll()
    expect(sink.pendingBytes).toBe(0)
  })

  it('R48: a batch ends with the entry that reaches its capacity', () => {
    const { sink, calls } = sinkFixture()
    for (const [i, kib] of [600, 1200, 1800].entries()) sink.add(edit(i + 1, kib * KIB + 100))
    const rpcs: number[] = []
    for (let batch = 0; batch < 3; batch++) {
      rpcs.push(calls.made.length)
      calls.answer()
      calls.answer()
    }
    expect(rpcs).toEqual([2, 4, 6])
    expect(calls.made.map(({ entries }) => entries.length)).toEqual([1, 1, 1, 1, 1, 1])
    expect(sink.pendingBytes).toBe(0)
  })

  it('R49: a failure that is noticed after the flush began marks no replica', () => {
    const { sink, calls, flushes } = sinkFixture(ONE_ATTEMPT, { replicas: [1] })
    sink.add(edit(1))
    sink.add(startFlush(3, 2))
    calls.answer('refused')
    expect(sink.failedReplicas).toEqual([])
    expect(flushes).toEqual([])
    calls.answer()
    sink.add(commitFlush(4, 2))
    calls.answer()
    expect(calls.made.map(idsOf)).toEqual([[1], [3], [4]])
    sink.add(edit(5))
    expect(calls.made).toHaveLength(4)
  })

  it('sends one batch at a time, the next when the slowest replica has answered', () => {
    const { sink, calls } = sinkFixture()
    sink.add(edit(1))
    sink.add(edit(2))
    sink.add(edit(3))
    calls.answerOf(1)
    expect(calls.made.map(idsOf)).toEqual([[1], [1]])
    calls.answerOf(2)
    expect(calls.made.map(idsOf)).toEqual([[1], [1], [2, 3], [2, 3]])
  })

  it('a batch is full with so many entries', () => {
    const { sink, calls } = sinkFixture({ ...ONE_ATTEMPT, batchEntries: 5 }, { replicas: [1] })
    for (let id = 1; id <= 12; id++) sink.add(edit(id))
    calls.answerAll()
    expect(calls.made.map(({ entries }) => entries.length)).toEqual([1, 5, 5, 1])
  })

  it('entries share a batch while they are below its capacity', () => {
    const { sink, calls } = sinkFixture({ ...ONE_ATTEMPT, batchBytes: 3000 }, { replicas: [1] })
    for (let id = 1; id <= 6; id++) sink.add(edit(id, 1400))
    calls.answerAll()
    expect(calls.made.map(idsOf)).toEqual([[1], [2, 3, 4], [5, 6]])
  })

  it('gives batches with a marker more time', () => {
    const { sink, calls } = sinkFixture(ONE_ATTEMPT, { replicas: [1] })
    sink.add(edit(1))
    sink.add(edit(2))
    sink.add(markerEntry(3, { kind: 'ABORT_FLUSH', flushSequenceNumber: 2 }))
    calls.answerAll()
    expect(calls.made.map(({ timeoutUs }) => timeoutUs)).toEqual([1 * SECOND, 15 * SECOND])
  })

  it('sends markers only where the table’s memstores are not replicated', () => {
    const { sink, calls } = sinkFixture(ONE_ATTEMPT, { replicas: [1], memstoreReplication: false })
    sink.add(edit(1))
    sink.add(startFlush(3, 2))
    calls.answerAll()
    sink.add(edit(4))
    expect(calls.made.map(idsOf)).toEqual([[3]])
    expect(sink.pendingBytes).toBe(0)
  })

  it('drops what is queued when a flush of all families begins, whose files will hold it', () => {
    const { sink, calls, dropped } = sinkFixture(ONE_ATTEMPT, { replicas: [1] })
    for (let id = 1; id <= 3; id++) sink.add(edit(id))
    sink.add(startFlush(5, 4))
    expect(dropped).toEqual([{ replica: null, ids: [2, 3], reason: 'flush' }])
    calls.answerAll()
    expect(calls.made.map(idsOf)).toEqual([[1], [5]])
  })

  it('neither drops entries nor forgives a replica when only some families are flushed', () => {
    const { sink, calls, dropped } = sinkFixture()
    sink.add(edit(1))
    sink.add(edit(2))
    calls.answerOf(2, 'timeout')
    calls.answerOf(1)
    sink.add(edit(3))
    sink.add(startPartialFlush(5, 4))
    calls.answerAll()
    expect(sink.failedReplicas).toEqual([2])
    expect(calls.made.map(idsOf)).toEqual([[1], [1], [2], [3, 5]])
    expect(dropped).toEqual([
      { replica: 2, ids: [1], reason: 'error' },
      { replica: 2, ids: [2], reason: 'failed' },
      { replica: 2, ids: [3, 5], reason: 'failed' },
    ])
  })

  it('a CANNOT_FLUSH says that all is in files, so it forgives as well', () => {
    const { sink, calls } = sinkFixture()
    sink.add(edit(1))
    calls.answerOf(2, 'timeout')
    calls.answerOf(1)
    sink.add(markerEntry(2, { kind: 'CANNOT_FLUSH' }))
    expect(sink.failedReplicas).toEqual([])
    expect(calls.waiting.map(({ replica }) => replica)).toEqual([1, 2])
  })

  it('with all replicas failed keeps nothing (HBASE-29230)', () => {
    const { sink, calls, bufferManager, dropped } = sinkFixture()
    sink.add(edit(1))
    sink.add(edit(2))
    calls.answer('timeout')
    calls.answer('timeout')
    sink.add(edit(3))
    expect(calls.made).toHaveLength(2)
    expect([sink.pendingBytes, bufferManager.pendingBytes]).toEqual([0, 0])
    expect(dropped.slice(2)).toEqual([
      { replica: null, ids: [2], reason: 'failed' },
      { replica: null, ids: [3], reason: 'failed' },
    ])
  })

  it('a region that closes drops its queue and waits for the batch under way', () => {
    const { sink, calls, bufferManager, flushes, dropped, scheduler } = sinkFixture()
    sink.add(edit(1))
    sink.add(edit(2))
    const stops: string[] = []
    new Host(scheduler, 'server').spawn(
      'close',
      (function* () {
        sink.stop()
        yield* sink.waitUntilStopped()
        stops.push('stopped')
      })(),
    )
    scheduler.run(1 * SECOND)
    sink.add(edit(3))
    expect(bufferManager.pendingBytes).toBe(1000)
    calls.answer('timeout')
    expect(stops).toEqual([])
    calls.answer()
    scheduler.run(60 * SECOND)
    expect(stops).toEqual(['stopped'])
    expect(dropped.map(({ ids, reason }) => [ids, reason])).toEqual([
      [[2], 'close'],
      [[3], 'close'],
    ])
    expect(calls.made).toHaveLength(2)
    expect(bufferManager.pendingBytes).toBe(0)
    expect(flushes).toEqual([])
  })

  it('a region that closes asks for no flush any more', () => {
    const { sink, calls, flushes, scheduler } = sinkFixture()
    sink.add(edit(1))
    calls.answer('timeout')
    calls.answer()
    sink.add(edit(2))
    calls.answer('timeout')
    expect(flushes).toHaveLength(1)
    sink.stop()
    scheduler.run(60 * SECOND)
    expect(flushes).toHaveLength(1)
  })
})
