import { describe, expect, test } from 'vitest'
import { REPLICATION_MARKER } from '../../src/hbase/wal/edit-log.js'
import { Scheduler } from '../../src/kernel/scheduler.js'
import { BufferQuota } from '../../src/replication/buffer-quota.js'
import type { ReadableWal } from '../../src/replication/readable-wal.js'
import { FilterRetry } from '../../src/replication/replication-source-wal-reader.js'
import { ResendCauses } from '../../src/replication/resend-causes.js'
import { ENTRY_BYTES, HandWrittenWals } from './hand-written-wals.js'
import { editsOf, SECOND, WalReading } from './wal-reading.js'

describe('batches', () => {
  test('RB4: what is there makes one batch, what comes later the next', () => {
    const reading = new WalReading()
    const { wals } = reading
    wals.put(3)
    const first = reading.take()
    expect(first).toMatchObject({ wal: wals.current, entries: 3, toPosition: 3 })
    wals.put()
    const second = reading.take()
    expect(second).toMatchObject({ entries: 1, fromPosition: 3, toPosition: 4 })
    expect(editsOf(second)).toEqual([3])
  })

  test('RB5: a recovered queue: full batches, the end of each file, NO_MORE_DATA', () => {
    const reading = new WalReading({ only: { nbCapacity: 10 } })
    const { wals } = reading
    wals.put(10)
    const file1 = wals.roll()
    file1.close()
    wals.put(5)
    const file2 = wals.current
    file2.close()
    expect(reading.take()).toMatchObject({ entries: 10, endOfFile: false, wal: file1 })
    expect(reading.take()).toMatchObject({ entries: 0, endOfFile: true, wal: file1 })
    expect(reading.take()).toMatchObject({ entries: 5, endOfFile: true, wal: file2 })
    expect(reading.poll(SECOND)).toBe('NO_MORE_DATA')
    expect(reading.thread.alive).toBe(false)
  })

  test('a batch never spans two WALs', () => {
    const reading = new WalReading()
    const { wals } = reading
    wals.put(2)
    wals.roll().close()
    wals.put(3)
    wals.roll().close()
    wals.put(1)
    expect(reading.take()).toMatchObject({ entries: 2, endOfFile: true, toPosition: 2 })
    expect(reading.take()).toMatchObject({ entries: 3, endOfFile: true, toPosition: 3 })
    expect(reading.take()).toMatchObject({ entries: 1, endOfFile: false, toPosition: 1 })
    expect(reading.poll(60 * SECOND)).toBeUndefined()
  })

  test('the end of a file that is met between batches is a batch of its own, without entries', () => {
    const reading = new WalReading()
    const { wals } = reading
    wals.put(2)
    expect(reading.take()).toMatchObject({ entries: 2, endOfFile: false })
    const old = wals.roll()
    wals.put(1)
    expect(reading.take()).toMatchObject({
      wal: old,
      entries: 0,
      bytes: 0,
      fromPosition: 2,
      toPosition: 2,
      endOfFile: true,
    })
    expect(reading.take()).toMatchObject({ wal: wals.current, entries: 1, fromPosition: 0 })
  })

  test('entries that a file gets before it is left belong to the batch being read', () => {
    const reading = new WalReading({ readUs: (bytes) => bytes })
    const { wals, scheduler } = reading
    wals.put(3)
    scheduler.run(3 * ENTRY_BYTES - 1)
    wals.put(2)
    wals.roll()
    expect(reading.take()).toMatchObject({ entries: 5, toPosition: 5, endOfFile: true })
  })

  test('a WAL that is passed over at first sight makes no batch', () => {
    const reading = new WalReading()
    reading.wals.roll().close()
    reading.wals.put()
    expect(reading.take()).toMatchObject({ wal: reading.wals.current, entries: 1 })
  })

  test('the last entry’s write time goes with the batch', () => {
    const reading = new WalReading()
    const { wals, scheduler } = reading
    wals.put()
    scheduler.run(SECOND)
    wals.put()
    expect([reading.take().lastWriteUs, reading.take().lastWriteUs]).toEqual([0, SECOND])
  })
})

describe('limits of a batch', () => {
  test.each([
    ['reached exactly', [50, 50, 50], [100, 50]],
    ['passed', [40, 40, 40, 40], [120, 40]],
    ['passed by one entry alone', [10, 500, 10], [510, 10]],
  ])('by size: it ends after the entry with which the limit is %s', (_case, sizes, batches) => {
    const reading = new WalReading({ only: { sizeCapacity: 100 } })
    reading.wals.append(...sizes)
    reading.wals.current.sync()
    expect(batches.map(() => reading.take().bytes)).toEqual(batches)
  })

  test('by count', () => {
    const reading = new WalReading({ only: { nbCapacity: 3 } })
    reading.wals.put(7)
    expect([1, 2, 3].map(() => reading.take().entries)).toEqual([3, 3, 1])
  })

  test('filtered entries count for neither', () => {
    const wants = (edit: number) => edit % 2 === 1
    const bySize = new WalReading({ wants, only: { sizeCapacity: 2 * ENTRY_BYTES } })
    bySize.wals.put(8)
    expect(editsOf(bySize.take())).toEqual([1, 3])
    expect(editsOf(bySize.take())).toEqual([5, 7])
    const byCount = new WalReading({ wants, only: { nbCapacity: 3 } })
    byCount.wals.put(8)
    expect(editsOf(byCount.take())).toEqual([1, 3, 5])
    expect(byCount.take()).toMatchObject({ entries: 1, fromPosition: 6, toPosition: 8 })
    expect(byCount.metrics).toMatchObject({ logEditsRead: 8, logEditsFiltered: 4 })
  })

  test('a batch of which nothing is wanted is made all the same (HBASE-23205)', () => {
    const reading = new WalReading({ wants: () => false })
    reading.wals.put(3)
    expect(reading.take()).toMatchObject({ entries: 0, bytes: 0, fromPosition: 0, toPosition: 3 })
    expect(reading.quota.used).toBe(0)
  })
})

describe('markers', () => {
  const write = (wals: HandWrittenWals) => {
    wals.put(2)
    wals.marker({ kind: 'CANNOT_FLUSH' })
    wals.put(1)
    wals.log.appendMarker(0, -1, 1, ENTRY_BYTES, REPLICATION_MARKER)
    wals.current.entries++
    wals.current.sync()
  }

  test('of regions are filtered, those of replication are not', () => {
    const reading = new WalReading()
    write(reading.wals)
    expect(editsOf(reading.take())).toEqual([0, 1, 3, 4])
    expect(reading.metrics.logEditsFiltered).toBe(1)
  })

  test('of regions pass for a peer without a filter by scope, if nothing else filters them', () => {
    const reading = new WalReading({ wantsMarkers: true })
    write(reading.wals)
    expect(editsOf(reading.take())).toEqual([0, 1, 2, 3, 4])
    const filtered = new WalReading({ wantsMarkers: true, wants: (edit) => edit < 2 })
    write(filtered.wals)
    expect(editsOf(filtered.take())).toEqual([0, 1, 4])
  })
})

describe('waiting', () => {
  test('RB6: a disabled peer’s reader looks at the flag and reads nothing', () => {
    let checks = 0
    let enabled = false
    const peerEnabled = () => {
      checks++
      return enabled
    }
    const reading = new WalReading({ peerEnabled })
    reading.wals.put(3)
    expect(reading.poll(5 * SECOND)).toBeUndefined()
    expect(checks).toBeGreaterThanOrEqual(5)
    expect(reading.pollsUs).toEqual([])
    enabled = true
    expect(reading.take().entries).toBe(3)
    expect(reading.poll(60 * SECOND)).toBeUndefined()
  })

  test('RB12: an idle reader looks ever more rarely', () => {
    const reading = new WalReading()
    const { wals, scheduler } = reading
    wals.put()
    reading.take()
    scheduler.run(30 * SECOND)
    wals.put()
    expect(reading.take()).toMatchObject({ entries: 1, fromPosition: 1 })
    expect(scheduler.now).toBe(35 * SECOND)
    scheduler.run(40 * SECOND)
    const polls = [0, 0, 2, 5, 9, 14, 20, 27, 35, 35, 37, 40].map((s) => s * SECOND)
    expect(reading.pollsUs).toEqual(polls)
  })

  test('the sleep grows up to the largest multiple and a switch of files does not shorten it', () => {
    const reading = new WalReading({ only: { maxRetriesMultiplier: 4 }, batchesAhead: 10 })
    const { wals, scheduler } = reading
    wals.put()
    scheduler.run(13 * SECOND)
    wals.roll()
    scheduler.run(30 * SECOND)
    const polls = [0, 0, 2, 5, 9, 13, 17, 17, 21, 25, 29].map((s) => s * SECOND)
    expect(reading.pollsUs).toEqual(polls)
    expect(reading.batches.length).toBe(2)
  })

  test('the reader is ahead by as many batches as it may be, and one it holds', () => {
    const reading = new WalReading({ batchesAhead: 2, only: { nbCapacity: 1 } })
    reading.wals.put(10)
    reading.scheduler.run(60 * SECOND)
    expect(reading.batches.length).toBe(2)
    expect(reading.metrics.logEditsRead).toBe(3)
  })
})

describe('a filter that cannot decide yet', () => {
  test('RB7: after a switch of files the new one is read from its start', () => {
    let calls = 0
    const wants = () => {
      if (++calls === 4) throw new FilterRetry()
      return true
    }
    const reading = new WalReading({ wants, only: { nbCapacity: 1 } })
    const { wals } = reading
    wals.put(3)
    wals.roll().close()
    wals.put(3)
    const edits: number[] = []
    while (edits.length < 6) edits.push(...editsOf(reading.take()))
    expect(edits).toEqual([0, 1, 2, 3, 4, 5])
    expect(reading.poll(reading.scheduler.now + 60 * SECOND)).toBeUndefined()
    expect(calls).toBe(7)
  })

  test('gives back what the half-made batch took of the quota (HBASE-27778)', () => {
    let throws = 0
    const used: number[] = []
    const reading = new WalReading({
      wants: (edit) => {
        if (edit === 2 && throws < 3) {
          throws++
          throw new FilterRetry()
        }
        return true
      },
      openUs: () => {
        used.push(reading.quota.used)
        return 0
      },
    })
    reading.wals.put(3)
    const batch = reading.take()
    expect(batch).toMatchObject({ entries: 3, toPosition: 3, bytes: 3 * ENTRY_BYTES })
    expect(used).toEqual([0, 0, 0, 0, 3 * ENTRY_BYTES])
    expect(reading.quota.used).toBe(3 * ENTRY_BYTES)
    expect(reading.scheduler.now).toBe((2 + 3 + 4) * SECOND)
    expect(reading.poll(60 * SECOND)).toBeUndefined()
  })

  test('gives back what was wanted before it, too', () => {
    let undecided = true
    const reading = new WalReading({
      only: { nbCapacity: 3 },
      wants: (edit) => {
        if (edit === 3 && undecided) throw new FilterRetry()
        return edit > 0
      },
    })
    reading.wals.put(5)
    reading.scheduler.run(SECOND)
    expect(reading.quota.used).toBe(0)
    undecided = false
    expect(editsOf(reading.take())).toEqual([1, 2, 3])
    expect(editsOf(reading.take())).toEqual([4])
    expect(reading.quota.used).toBe(4 * ENTRY_BYTES)
  })
})

describe('WALs without a readable header', () => {
  test('RB9: a recovered queue of nothing else ends', () => {
    const reading = new WalReading({ only: { autorecovery: true } })
    const { wals } = reading
    wals.current.truncate()
    wals.current.close(false)
    expect(reading.poll(SECOND)).toBe('NO_MORE_DATA')
    expect(reading.thread.alive).toBe(false)
    expect(wals.queue.length).toBe(0)
  })

  test('RB10: a normal queue drops one that was archived and truncated', () => {
    const reading = new WalReading({ only: { autorecovery: true, maxRetriesMultiplier: 1 } })
    const { wals, scheduler } = reading
    const old = wals.roll()
    old.close()
    old.archive()
    old.truncate()
    expect(wals.queue.length).toBe(2)
    scheduler.run(10 * SECOND)
    expect(wals.queue.length).toBe(1)
    expect(reading.thread.alive).toBe(true)
  })

  test('RB11: one between 20 entries and the file being written costs no batch', () => {
    let enabled = false
    const reading = new WalReading({
      peerEnabled: () => enabled,
      batchesAhead: 10,
      only: { autorecovery: true },
    })
    const { wals, scheduler } = reading
    wals.put(20)
    wals.roll().close()
    const empty = wals.roll()
    empty.close(false)
    empty.truncate()
    expect(wals.queue.length).toBe(3)
    enabled = true
    expect(reading.take()).toMatchObject({ entries: 20, endOfFile: true })
    scheduler.run(60 * SECOND)
    expect(reading.batches.length).toBe(0)
    expect(wals.queue.length).toBe(1)
  })

  test('without autorecovery the queue stands still and nothing behind is read', () => {
    const reading = new WalReading()
    const { wals } = reading
    const old = wals.roll()
    old.close()
    old.truncate()
    wals.put(5)
    expect(reading.poll(3600 * SECOND)).toBeUndefined()
    expect(wals.queue.length).toBe(2)
  })
})

describe('the buffer quota', () => {
  test('is passed by no more than one entry', () => {
    const quota = new BufferQuota(95)
    const reading = new WalReading({ quota, batchesAhead: 10 })
    reading.wals.put(50)
    reading.scheduler.run(60 * SECOND)
    expect(quota.used).toBe(100)
    expect(reading.take().entries).toBe(10)
    expect(reading.poll(120 * SECOND)).toBeUndefined()
    quota.release(10 * ENTRY_BYTES)
    expect(reading.take().entries).toBe(10)
  })

  test('is passed by no more than one entry of each of the readers that share it', () => {
    const scheduler = new Scheduler()
    const quota = new BufferQuota(1000)
    const readUs = (bytes: number) => 100 * bytes
    for (let i = 0; i < 3; i++) {
      new WalReading({ scheduler, quota, readUs, batchesAhead: 10 }).wals.put(200)
    }
    scheduler.run(60 * SECOND)
    expect(quota.maxUsed).toBeGreaterThan(1000)
    expect(quota.maxUsed).toBeLessThanOrEqual(1000 + 3 * ENTRY_BYTES)
  })

  test('holds what was read and is wanted, until it is shipped', () => {
    const reading = new WalReading({ wants: (edit) => edit < 2, batchesAhead: 10 })
    reading.wals.put(5)
    reading.scheduler.run(SECOND)
    expect(reading.quota.used).toBe(2 * ENTRY_BYTES)
  })
})

describe('entries that may have been sent before', () => {
  test('those an earlier reader had handed over say why, the others nothing', () => {
    const wals = new HandWrittenWals()
    wals.put(5)
    const earlier = new Map<ReadableWal, number>([[wals.current, 3]])
    const resends = new ResendCauses(earlier, 'source refresh', false)
    const batch = new WalReading({ wals, startPosition: 1, resends }).take()
    expect(batch.extents).toEqual([
      { log: 0, from: 1, to: 3, bytes: 2 * ENTRY_BYTES, resend: 'source refresh' },
      { log: 0, from: 3, to: 5, bytes: 2 * ENTRY_BYTES },
    ])
  })

  test('a file begins with what the one before it could not sync', () => {
    const wals = new HandWrittenWals()
    wals.put(3)
    wals.rollWithReappend(2)
    wals.put(1)
    const reading = new WalReading({ wals })
    expect(reading.take()).toMatchObject({ entries: 3, endOfFile: true })
    expect(reading.take().extents).toEqual([
      { log: 0, from: 1, to: 3, bytes: 2 * ENTRY_BYTES, resend: 'WAL re-append' },
      { log: 0, from: 3, to: 4, bytes: ENTRY_BYTES },
    ])
  })

  test('nobody knows what a dead server had sent: all of it is tagged', () => {
    const wals = new HandWrittenWals()
    wals.put(3)
    wals.die()
    const resends = new ResendCauses(new Map(), 'source refresh', true)
    const [extent] = new WalReading({ wals, resends }).take().extents
    expect(extent).toMatchObject({ from: 0, to: 3, resend: 'claim' })
  })
})

describe('what went wrong before', () => {
  test('HBASE-23205: a batch of which nothing is wanted is not made', () => {
    const reading = new WalReading({ wants: () => false, unfixed: ['HBASE-23205'] })
    reading.wals.put(3)
    reading.wals.roll().close()
    reading.wals.put(3)
    expect(reading.poll(60 * SECOND)).toBeUndefined()
    expect(reading.metrics.logEditsFiltered).toBe(6)
  })

  test('HBASE-27778: each retry of a filter keeps what the half-made batch had taken', () => {
    let throws = 0
    const reading = new WalReading({
      unfixed: ['HBASE-27778'],
      wants: (edit) => {
        if (edit === 2 && throws++ < 3) throw new FilterRetry()
        return true
      },
    })
    reading.wals.put(3)
    reading.take()
    expect(reading.quota.used).toBe((3 * 2 + 3) * ENTRY_BYTES)
  })

  test('HBASE-29987: after a switch of files the new one is read from the old one’s end', () => {
    let calls = 0
    const reading = new WalReading({
      unfixed: ['HBASE-29987'],
      only: { nbCapacity: 1 },
      wants: () => {
        if (++calls === 4) throw new FilterRetry()
        return true
      },
    })
    const { wals } = reading
    wals.put(3)
    wals.roll().close()
    wals.put(5)
    const edits = [1, 2, 3].flatMap(() => editsOf(reading.take()))
    expect(reading.take()).toMatchObject({ entries: 0, endOfFile: true })
    edits.push(...editsOf(reading.take()), ...editsOf(reading.take()))
    expect(edits).toEqual([0, 1, 2, 6, 7])
  })
})
