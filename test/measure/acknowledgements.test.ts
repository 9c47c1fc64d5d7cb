import { describe, expect, test } from 'vitest'
import { EditLog } from '../../src/hbase/wal/edit-log.js'
import { Acknowledgements } from '../../src/measure/acknowledgements.js'
import { wantedEdits } from '../../src/measure/wanted-edits.js'
import { acknowledgementsOf } from './edits.js'

const allOf = ({ source }: Acknowledgements) => wantedEdits(source.log, null)

/** The answer of the second edit overtakes that of the first; the last was never answered. */
const overtaking = () =>
  acknowledgementsOf([
    { writtenUs: 10, acknowledgedUs: 90, bytes: 1 },
    { writtenUs: 20, acknowledgedUs: 40, bytes: 10 },
    { writtenUs: 30, acknowledgedUs: 60, bytes: 100 },
    { writtenUs: 50, bytes: 1000 },
  ])

describe('which edits are acknowledged', () => {
  test('an answer counts from the instant it arrives, in whatever order', () => {
    expect([39, 40, 60, 89, 90, 1000].map((us) => overtaking().count(us))).toEqual([
      { edits: 0, bytes: 0 },
      { edits: 1, bytes: 10 },
      { edits: 2, bytes: 110 },
      { edits: 2, bytes: 110 },
      { edits: 3, bytes: 111 },
      { edits: 3, bytes: 111 },
    ])
  })

  test('edits are settled up to the first whose answer is outstanding', () => {
    const acknowledgements = overtaking()
    acknowledgements.settle(60)
    expect(acknowledgements.settled).toBe(0)
    acknowledgements.settle(90)
    expect(acknowledgements.settled).toBe(3)
  })

  test('answers under way when the clients are lost never arrive', () => {
    const acknowledgements = overtaking()
    acknowledgements.stopAt(60)
    expect(acknowledgements.count(1000)).toEqual({ edits: 2, bytes: 110 })
    expect(acknowledgements.isAcknowledged(2, 1000)).toBe(true)
    expect(acknowledgements.isAcknowledged(0, 1000)).toBe(false)
    expect(
      acknowledgements.earliest(0, 1, 1000, Number.POSITIVE_INFINITY, allOf(acknowledgements)),
    ).toBe(Infinity)
  })

  test('the earliest answer of a range is found behind a later one', () => {
    const acknowledgements = overtaking()
    expect(acknowledgements.earliest(0, 4, 100, Infinity, allOf(acknowledgements))).toBe(40)
    expect(acknowledgements.earliest(0, 1, 100, Infinity, allOf(acknowledgements))).toBe(90)
    expect(acknowledgements.earliest(0, 1, 89, Infinity, allOf(acknowledgements))).toBe(Infinity)
    expect(acknowledgements.earliest(2, 4, 100, 50, allOf(acknowledgements))).toBe(50)
    expect(acknowledgements.earliest(3, 4, 100, Infinity, allOf(acknowledgements))).toBe(Infinity)
  })

  test('of a range, wanted ones are counted that are answered, settled or not', () => {
    const acknowledgements = overtaking()
    const odd = { has: (edit: number) => edit % 2 === 1 }
    const { log } = acknowledgements.source
    for (const us of [39, 60, 90]) {
      acknowledgements.settle(us)
      expect(acknowledgements.countIn(0, 4, us, allOf(acknowledgements))).toEqual(
        overtaking().count(us),
      )
    }
    const wanted = wantedEdits(log, () => false)
    expect(acknowledgements.countIn(0, 4, 90, wanted)).toEqual({ edits: 0, bytes: 0 })
    expect(acknowledgements.earliest(0, 4, 90, Infinity, { ...wanted, ...odd })).toBe(40)
  })

  test('the search ends at the first edit written after the best answer so far', () => {
    const log = new EditLog(0)
    for (let i = 0; i < 4; i++) log.acknowledge(log.append(10 * i, 0, i, 1, i), 10 * i + 5)
    const asked: number[] = []
    const { acknowledgedUs } = log
    log.acknowledgedUs = (edit) => {
      asked.push(edit)
      return acknowledgedUs.call(log, edit)
    }
    const acknowledgements = new Acknowledgements({ log, advance() {} })
    expect(acknowledgements.earliest(0, 4, 100, Infinity, allOf(acknowledgements))).toBe(5)
    expect(asked).toEqual([0])
  })

  test('bytes are counted beyond what the log has recycled', () => {
    const edits = Array.from({ length: 10_000 }, (_, i) => ({
      ...{ writtenUs: i, acknowledgedUs: i + 1, bytes: 3 },
    }))
    const acknowledgements = acknowledgementsOf(edits)
    acknowledgements.settle(9000)
    acknowledgements.source.log.release(acknowledgements.settled)
    expect(acknowledgements.source.log.firstRetained).toBe(8192)
    expect(acknowledgements.count(9500)).toEqual({ edits: 9500, bytes: 28_500 })
  })
})
