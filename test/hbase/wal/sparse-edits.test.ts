import { describe, expect, test } from 'vitest'
import { EditLog } from '../../../src/hbase/wal/edit-log.js'
import { SparseEdits } from '../../../src/hbase/wal/sparse-edits.js'
import { InternalError } from '../../../src/kernel/errors.js'

function sparse(...edits: number[]): SparseEdits {
  const list = new SparseEdits()
  for (const edit of edits) list.add(edit, 100 + edit)
  return list
}

describe('a sparse list of edits', () => {
  test('knows its edits, how many lie in a range and their bytes', () => {
    const list = sparse(3, 4, 9)
    expect([2, 3, 4, 5, 9, 10].map((edit) => list.has(edit))).toEqual([
      false,
      true,
      true,
      false,
      true,
      false,
    ])
    expect([list.countIn(0, 10), list.countIn(4, 9), list.countIn(5, 9)]).toEqual([3, 1, 0])
    expect([list.bytesIn(0, 10), list.bytesIn(4, 9)]).toEqual([103 + 104 + 109, 104])
  })

  test('counts from the beginning what it has released, and knows no more of it', () => {
    const list = sparse(3, 4, 9)
    list.release(5)
    expect([list.countIn(0, 10), list.bytesIn(0, 10)]).toEqual([3, 103 + 104 + 109])
    expect(list.countIn(5, 10)).toBe(1)
    expect(() => list.countIn(4, 10)).toThrow(InternalError)
  })

  test('takes edits in order only', () => {
    expect(() => sparse(4, 4)).toThrow(InternalError)
  })
})

describe('markers of a log', () => {
  test('are edits without an operation, which nobody waits for', () => {
    const log = new EditLog(0)
    log.append(10, 0, 1, 500, 7)
    const marker = log.appendMarker(20, 2, 9, 60)
    expect(marker).toBe(1)
    expect([log.operation(1), log.region(1), log.sequenceId(1)]).toEqual([-1, 2, 9])
    expect(log.acknowledgedUs(0)).toBe(Number.POSITIVE_INFINITY)
    expect(log.acknowledgedUs(1)).toBe(Number.NEGATIVE_INFINITY)
    expect(log.bytesOf(0, 2)).toBe(560)
    expect([log.markers.has(0), log.markers.has(1)]).toEqual([false, true])
  })

  test('tell what they say, if they say anything', () => {
    const log = new EditLog(0)
    log.appendMarker(0, 2, 9, 60)
    log.append(10, 2, 10, 500, 7)
    const marker = log.appendMarker(20, 2, 11, 60)
    log.markers.describe(marker, { kind: 'ABORT_FLUSH', flushSequenceNumber: 8 })
    const said = [0, 1, 2].map((edit) => log.markers.descriptor(edit))
    expect(said).toEqual([null, null, { kind: 'ABORT_FLUSH', flushSequenceNumber: 8 }])
  })

  test('go with the segments that are released', () => {
    const log = new EditLog(0)
    log.appendMarker(0, 0, 1, 60)
    for (let i = 1; i < 5000; i++) log.append(i, 0, i + 1, 10, i)
    log.appendMarker(5000, 0, 5001, 60)
    log.markers.describe(5000, { kind: 'CANNOT_FLUSH' })
    log.release(4500)
    expect(log.markers.descriptor(0)).toBe(null)
    expect(log.markers.descriptor(5000)).toEqual({ kind: 'CANNOT_FLUSH' })
    expect(log.markers.has(0)).toBe(false)
    expect(log.markers.countIn(0, log.length)).toBe(2)
    expect(log.markers.bytesIn(4500, log.length)).toBe(60)
  })
})
