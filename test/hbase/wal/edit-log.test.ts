import { describe, expect, test } from 'vitest'
import { EditLog } from '../../../src/hbase/wal/edit-log.js'
import { InternalError } from '../../../src/kernel/errors.js'

const SEGMENT = 4096

/** A log of `edits` edits; edit n has n % 7 + 1 bytes. */
function logOf(edits: number): EditLog {
  const log = new EditLog(3)
  append(log, edits)
  return log
}

function append(log: EditLog, edits: number): void {
  for (let i = 0; i < edits; i++) {
    const edit = log.length
    log.append(10 * edit, edit % 5, edit + 1, sizeOf(edit), 2 * edit)
  }
}

function sizeOf(edit: number): number {
  return (edit % 7) + 1
}

function bytesBefore(edit: number): number {
  let bytes = 0
  for (let i = 0; i < edit; i++) bytes += sizeOf(i)
  return bytes
}

describe('columns', () => {
  test('an edit keeps what it was appended with, across segments', () => {
    const log = logOf(2 * SEGMENT + 1)
    for (const edit of [0, SEGMENT - 1, SEGMENT, 2 * SEGMENT]) {
      expect(log.writtenUs(edit)).toBe(10 * edit)
      expect(log.region(edit)).toBe(edit % 5)
      expect(log.sequenceId(edit)).toBe(edit + 1)
      expect(log.operation(edit)).toBe(2 * edit)
    }
    expect(log.length).toBe(2 * SEGMENT + 1)
    expect(log.bytes).toBe(bytesBefore(2 * SEGMENT + 1))
  })

  test('an edit is the number of edits before it', () => {
    const log = new EditLog(0)
    expect([1, 2, 3].map((bytes) => log.append(0, 0, 1, bytes, 0))).toEqual([0, 1, 2])
  })

  test('an edit is unacknowledged until it is acknowledged', () => {
    const log = logOf(2)
    log.acknowledge(1, 777)
    expect(log.acknowledgedUs(0)).toBe(Number.POSITIVE_INFINITY)
    expect(log.acknowledgedUs(1)).toBe(777)
  })

  test('an edit that was never appended is an internal error', () => {
    expect(() => logOf(1).region(SEGMENT)).toThrow(InternalError)
  })
})

describe('a visit of the columns of a range', () => {
  const log = logOf(3 * SEGMENT)

  /** The ids of the edits `[from, to)`, piece by piece. */
  function visited(from: number, to: number): number[][] {
    const pieces: number[][] = []
    log.forEachSegment(from, to, ({ sequenceId }, start, end) => {
      pieces.push([...sequenceId.subarray(start, end)])
    })
    return pieces
  }

  test('covers each edit once, in a piece per segment', () => {
    expect(visited(5, 8)).toEqual([[6, 7, 8]])
    expect(visited(SEGMENT - 1, SEGMENT + 2)).toEqual([[SEGMENT], [SEGMENT + 1, SEGMENT + 2]])
    const whole = visited(1, 3 * SEGMENT - 1)
    expect(whole.map((piece) => piece.length)).toEqual([SEGMENT - 1, SEGMENT, SEGMENT - 1])
    expect(whole.flat()).toEqual(Array.from({ length: 3 * SEGMENT - 2 }, (_, i) => i + 2))
  })

  test('visits nothing of an empty range, even at the end of a full log', () => {
    expect(visited(7, 7)).toEqual([])
    expect(visited(3 * SEGMENT, 3 * SEGMENT)).toEqual([])
  })
})

describe('bytes', () => {
  const log = logOf(2 * SEGMENT)
  const borders = [0, 1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT - 1, 2 * SEGMENT]

  test('before an edit, at the borders of segments and behind the last edit', () => {
    expect(borders.map((edit) => log.bytesBefore(edit))).toEqual(borders.map(bytesBefore))
  })

  test('of a range, across borders and of nothing', () => {
    expect(log.bytesOf(SEGMENT - 1, SEGMENT + 1)).toBe(sizeOf(SEGMENT - 1) + sizeOf(SEGMENT))
    expect(log.bytesOf(SEGMENT, SEGMENT)).toBe(0)
    expect(log.bytesOf(0, 2 * SEGMENT)).toBe(log.bytes)
  })

  test('the last edit within a number of bytes is what a scan finds', () => {
    for (const from of [0, SEGMENT - 3, SEGMENT]) {
      const to = from + 10
      for (let bytes = 0; bytes <= 50; bytes++) {
        let scan = from
        while (scan < to && log.bytesOf(from, scan + 1) <= bytes) scan++
        expect(log.lastWithin(from, to, bytes)).toBe(scan)
      }
    }
  })
})

describe('release', () => {
  test('only whole segments below the edit are given up', () => {
    const log = logOf(2 * SEGMENT + 10)
    log.release(SEGMENT - 1)
    expect(log.firstRetained).toBe(0)
    log.release(2 * SEGMENT - 1)
    expect(log.firstRetained).toBe(SEGMENT)
    expect(() => log.region(SEGMENT - 1)).toThrow(InternalError)
    expect(log.region(SEGMENT)).toBe(SEGMENT % 5)
  })

  test('bytes are still counted from the log’s beginning', () => {
    const log = logOf(2 * SEGMENT + 10)
    log.release(SEGMENT)
    expect(log.bytesBefore(SEGMENT)).toBe(bytesBefore(SEGMENT))
    expect(log.bytesBefore(SEGMENT + 1)).toBe(bytesBefore(SEGMENT + 1))
    expect(log.lastWithin(SEGMENT, SEGMENT + 5, sizeOf(SEGMENT))).toBe(SEGMENT + 1)
    expect(() => log.bytesBefore(SEGMENT - 1)).toThrow(InternalError)
  })

  test('everything can be released, also when the last segment is full', () => {
    const log = logOf(SEGMENT)
    log.release(SEGMENT)
    expect(log.firstRetained).toBe(SEGMENT)
    expect(log.bytesBefore(SEGMENT)).toBe(log.bytes)
    append(log, 1)
    expect(log.operation(SEGMENT)).toBe(2 * SEGMENT)
  })

  test('a segment is used again, without the answers of its former edits', () => {
    const log = logOf(SEGMENT)
    const segment = log.segment(0)
    log.acknowledge(7, 500)
    append(log, 1)
    log.release(SEGMENT)
    append(log, SEGMENT)
    expect(log.segment(2 * SEGMENT)).toBe(segment)
    expect(log.acknowledgedUs(2 * SEGMENT)).toBe(Number.POSITIVE_INFINITY)
    append(log, 7)
    expect(log.acknowledgedUs(2 * SEGMENT + 7)).toBe(Number.POSITIVE_INFINITY)
  })

  test('a log that is released as it grows holds two segments, however long it gets', () => {
    const log = new EditLog(0)
    const segments = new Set<unknown>()
    for (let i = 0; i < 20; i++) {
      append(log, SEGMENT)
      segments.add(log.segment(log.length - 1))
      log.release(log.length - 10)
    }
    expect(segments.size).toBe(2)
    expect(log.bytes).toBe(bytesBefore(20 * SEGMENT))
  })
})
