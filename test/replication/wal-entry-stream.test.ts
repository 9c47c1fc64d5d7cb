import { describe, expect, test } from 'vitest'
import { MetricsSource } from '../../src/replication/metrics-source.js'
import { type HasNext, WALEntryStream } from '../../src/replication/wal-entry-stream.js'
import { ENTRY_BYTES, HandWrittenWals } from './hand-written-wals.js'

interface StreamOptions {
  readonly position?: number
  readonly autorecovery?: boolean
  readonly unfixed?: readonly string[]
}

/** A stream over a server's WALs that answers with the numbers of the edits it reads. */
class Reading {
  readonly metrics = new MetricsSource()
  readonly stream: WALEntryStream

  constructor(
    private readonly wals: HandWrittenWals,
    { position = 0, autorecovery = true, unfixed = [] }: StreamOptions = {},
  ) {
    const { metrics } = this
    const { queue } = wals
    this.stream = new WALEntryStream({ queue, metrics, position, autorecovery, unfixed })
  }

  get position(): number {
    return this.stream.position
  }

  poll(): HasNext {
    return this.stream.hasNext()
  }

  /** The next edit, or what stands in its way; RETRY_IMMEDIATELY is obeyed. */
  next(): number | HasNext {
    let hasNext = this.poll()
    while (hasNext === 'RETRY_IMMEDIATELY') hasNext = this.poll()
    if (hasNext !== 'YES') return hasNext
    const edit = (this.stream.wal?.from ?? Number.NaN) + this.position
    expect(edit).toBeLessThan(this.wals.log.length)
    this.stream.take(1)
    return edit
  }
}

describe('entries across appends and rolls', () => {
  test('RB1: a stream resumed at the last position reads the tail of a rolled file, then the new one', () => {
    const wals = new HandWrittenWals()
    wals.put()
    const first = new Reading(wals)
    expect(first.poll()).toBe('YES')
    expect([first.next(), first.poll()]).toEqual([0, 'RETRY'])

    wals.put()
    const second = new Reading(wals, { position: first.position })
    expect(second.next()).toBe(1)

    wals.put()
    wals.roll()
    wals.put()
    const third = new Reading(wals, { position: second.position })
    expect([third.next(), third.next(), third.next()]).toEqual([2, 3, 'RETRY'])
  })

  test('RB2: a roll while streaming loses nothing of the file that was left', () => {
    const wals = new HandWrittenWals()
    wals.put(2)
    const reading = new Reading(wals)
    expect(reading.next()).toBe(0)

    wals.put()
    wals.roll()
    wals.put()
    expect(reading.next()).toBe(1)
    expect(wals.queue.length).toBe(2)
    expect([reading.next(), reading.next()]).toEqual([2, 3])
    expect(wals.queue.length).toBe(1)
    expect(reading.poll()).toBe('RETRY')
  })

  test('what is appended while a file is read is seen after it is opened again', () => {
    const wals = new HandWrittenWals()
    wals.put()
    const reading = new Reading(wals)
    expect(reading.next()).toBe(0)
    wals.put(2)
    expect(reading.poll()).toBe('RETRY')
    expect([reading.next(), reading.next(), reading.next()]).toEqual([1, 2, 'RETRY'])
  })

  test('a file that moves to oldWALs while it is read is read on', () => {
    const wals = new HandWrittenWals()
    wals.put(2)
    const reading = new Reading(wals)
    expect(reading.next()).toBe(0)
    const old = wals.roll()
    old.close()
    old.archive()
    wals.put()
    expect([reading.next(), reading.next(), reading.next()]).toEqual([1, 2, 'RETRY'])
  })

  test('a recovered queue ends with its last file', () => {
    const wals = new HandWrittenWals()
    wals.put()
    wals.current.close()
    const reading = new Reading(wals)
    expect([reading.next(), reading.next()]).toEqual([0, 'NO'])
  })
})

describe('the synced length (HBASE-14004)', () => {
  test('RB3: an entry that ends beyond the synced length of the only file is not returned', () => {
    const wals = new HandWrittenWals()
    wals.append(ENTRY_BYTES, ENTRY_BYTES)
    wals.current.sync(2 * ENTRY_BYTES - 1)
    const reading = new Reading(wals)
    expect([reading.next(), reading.next(), reading.next()]).toEqual([0, 'RETRY', 'RETRY'])
    wals.current.sync(2 * ENTRY_BYTES)
    expect([reading.next(), reading.next()]).toEqual([1, 'RETRY'])
  })

  test('it does not limit a file that the writer has left', () => {
    const wals = new HandWrittenWals()
    wals.append(ENTRY_BYTES, ENTRY_BYTES)
    const old = wals.roll()
    old.sync(ENTRY_BYTES)
    const reading = new Reading(wals)
    expect([reading.next(), reading.next(), reading.next()]).toEqual([0, 1, 'RETRY'])
  })
})

describe('the end of a file', () => {
  test('RB8: files closed cleanly on each roll do not count as unclean', () => {
    const wals = new HandWrittenWals()
    const reading = new Reading(wals)
    for (let roll = 0; roll < 3; roll++) {
      wals.put()
      expect(reading.next()).toBe(roll)
      wals.roll().close()
    }
    wals.put()
    expect(reading.next()).toBe(3)
    expect(reading.metrics.uncleanlyClosedLogs).toBe(0)
    expect(reading.metrics.completedLogs).toBe(3)
  })

  test('a file that is still being closed is left for the next one, and is not unclean', () => {
    const wals = new HandWrittenWals()
    wals.put()
    const reading = new Reading(wals)
    expect(reading.next()).toBe(0)
    wals.roll()
    wals.put()
    expect(reading.next()).toBe(1)
    expect(reading.metrics.uncleanlyClosedLogs).toBe(0)
  })

  test('a dead server’s file without a trailer is read once more', () => {
    const wals = new HandWrittenWals()
    wals.put()
    const reading = new Reading(wals)
    expect(reading.next()).toBe(0)
    wals.put()
    wals.current.close(false)
    expect([reading.next(), reading.next()]).toEqual([1, 'NO'])
    expect(reading.metrics).toMatchObject({ completedLogs: 1, uncleanlyClosedLogs: 0 })
  })

  test('it counts as unclean if there are bytes behind its last entry', () => {
    const wals = new HandWrittenWals()
    wals.put(2)
    wals.current.close(false)
    wals.current.tornBytes = 7
    const reading = new Reading(wals)
    expect([reading.next(), reading.next(), reading.next()]).toEqual([0, 1, 'NO'])
    expect(reading.metrics).toMatchObject({
      uncleanlyClosedLogs: 1,
      ignoredUncleanlyClosedLogContentsInBytes: 7,
    })
  })

  test('a file that was opened when it had its trailer is left without being counted', () => {
    const wals = new HandWrittenWals()
    wals.put()
    wals.roll().close()
    wals.put()
    const reading = new Reading(wals)
    expect([reading.next(), reading.next()]).toEqual([0, 1])
    expect(reading.metrics.completedLogs).toBe(0)
  })

  test('the position is 0 as soon as the file is switched (HBASE-29987)', () => {
    const wals = new HandWrittenWals()
    wals.put(3)
    wals.roll().close()
    wals.put()
    const reading = new Reading(wals)
    for (let i = 0; i < 3; i++) reading.next()
    expect(reading.poll()).toBe('RETRY_IMMEDIATELY')
    expect(reading.position).toBe(0)
  })
})

describe('files without entries', () => {
  test('one with a header is passed over whatever autorecovery says (HBASE-28748)', () => {
    const wals = new HandWrittenWals()
    wals.roll().close()
    wals.put()
    const reading = new Reading(wals, { autorecovery: false })
    expect(reading.poll()).toBe('RETRY_IMMEDIATELY')
    expect(reading.next()).toBe(0)
  })

  test('one of 0 bytes blocks the queue for ever without autorecovery', () => {
    const wals = new HandWrittenWals()
    wals.roll().truncate()
    wals.put()
    const reading = new Reading(wals, { autorecovery: false })
    for (let i = 0; i < 10; i++) expect(reading.next()).toBe('RETRY')
    expect(wals.queue.length).toBe(2)
  })

  test('one of 0 bytes is skipped with autorecovery, unless it is being written', () => {
    const wals = new HandWrittenWals()
    wals.current.truncate()
    const reading = new Reading(wals)
    expect(reading.next()).toBe('RETRY')
    const old = wals.roll()
    expect(reading.next()).toBe('RETRY')
    expect(wals.queue.head).toBe(old)
    old.close(false)
    wals.put()
    expect(reading.next()).toBe(0)
    expect(reading.metrics.completedLogs).toBe(0)
  })
})

describe('what went wrong before', () => {
  test('HBASE-14004: entries beyond the synced length are read', () => {
    const wals = new HandWrittenWals()
    wals.put()
    wals.append(ENTRY_BYTES)
    const reading = new Reading(wals, { unfixed: ['HBASE-14004'] })
    expect([reading.next(), reading.next(), reading.next()]).toEqual([0, 1, 'RETRY'])
  })

  test('HBASE-29987: a byte position of another file skips what is before it', () => {
    const wals = new HandWrittenWals()
    wals.put(3)
    const reading = new Reading(wals)
    reading.stream.resetToBytes(2 * ENTRY_BYTES)
    expect([reading.next(), reading.next()]).toEqual([2, 'RETRY'])
  })

  test('HBASE-29987: in the middle of an entry nothing can be read, ever', () => {
    const wals = new HandWrittenWals()
    wals.put(3)
    const reading = new Reading(wals)
    reading.stream.resetToBytes(ENTRY_BYTES + 1)
    wals.roll().close()
    wals.put()
    for (let i = 0; i < 5; i++) expect(reading.next()).toBe('RETRY')
  })

  test('HBASE-29987: behind the end it waits until the file is as long', () => {
    const wals = new HandWrittenWals()
    wals.put()
    const reading = new Reading(wals)
    reading.stream.resetToBytes(3 * ENTRY_BYTES)
    expect(reading.next()).toBe('RETRY')
    wals.put(3)
    expect([reading.next(), reading.next()]).toEqual([3, 'RETRY'])
  })
})

describe('two streams that share a queue', () => {
  test('each end takes the head away, whoever is at it: a file is skipped', () => {
    const wals = new HandWrittenWals()
    wals.put(2)
    wals.roll().close()
    wals.put()
    wals.roll().close()
    wals.put()
    const old = new Reading(wals)
    const next = new Reading(wals)
    expect([old.next(), next.next()]).toEqual([0, 0])
    expect([old.next(), old.next()]).toEqual([1, 2])
    expect([next.next(), next.next(), next.next()]).toEqual([1, 3, 'RETRY'])
  })

  test('an open file whose place in the queue was taken away is read on', () => {
    const wals = new HandWrittenWals()
    wals.put()
    const old = new Reading(wals)
    const next = new Reading(wals)
    expect([old.next(), next.next()]).toEqual([0, 0])
    wals.roll().close()
    expect(next.next()).toBe('RETRY')
    expect(old.next()).toBe('NO')
    wals.put()
    expect([next.next(), next.next()]).toEqual([1, 'RETRY'])
  })
})
