import { describe, expect, test } from 'vitest'
import { EditLog } from '../../src/hbase/wal/edit-log.js'
import { wantedEdits } from '../../src/measure/wanted-edits.js'

const SEGMENT = 4096

/** Edits of regions 0, 1, 2, 0, … with bytes 1, 2, 3, … */
function logOf(edits: number): EditLog {
  const log = new EditLog(0)
  for (let i = 0; i < edits; i++) log.append(i, i % 3, i, i + 1, i)
  return log
}

describe('the edits that a peer wants', () => {
  test('are all edits for a peer without a list of tables', () => {
    const all = wantedEdits(logOf(10), null)
    expect([all.has(4), all.countIn(2, 6), all.bytesIn(2, 6)]).toEqual([true, 4, 3 + 4 + 5 + 6])
  })

  test('are those of its regions, known as soon as they are written', () => {
    const log = logOf(7)
    const wanted = wantedEdits(log, (region) => region === 1)
    expect([wanted.countIn(0, 7), wanted.bytesIn(0, 7)]).toEqual([2, 2 + 5])
    expect([wanted.countIn(2, 4), wanted.countIn(1, 5), wanted.bytesIn(4, 5)]).toEqual([0, 2, 5])
    log.append(7, 1, 7, 100, 7)
    expect([wanted.countIn(5, 8), wanted.bytesIn(5, 8)]).toEqual([1, 100])
  })

  test.each([0, 100, 2 * SEGMENT])('are counted on when columns are recycled after %i', (seen) => {
    const log = logOf(seen)
    const wanted = wantedEdits(log, (region) => region === 0)
    wanted.countIn(0, seen)
    for (let i = seen; i < 4 * SEGMENT; i++) log.append(i, i % 3, i, i + 1, i)
    log.release(3 * SEGMENT)
    const from = 3 * SEGMENT
    expect(wanted.countIn(from, from + 5)).toBe(2)
    expect(wanted.bytesIn(from, from + 5)).toBe(from + 1 + from + 4)
    expect(wanted.countIn(from, 4 * SEGMENT)).toBe(Math.ceil(SEGMENT / 3))
  })
})
