import { describe, expect, test } from 'vitest'
import { IntervalSet } from '../../src/kernel/interval-set.js'
import { Duplicates } from '../../src/measure/duplicates.js'
import type { Resend } from '../../src/storage/extent.js'

/** Objects that come to the store one after another. */
function countsOf(...objects: [from: number, to: number, resend?: Resend][]) {
  const duplicates = new Duplicates()
  const known = new IntervalSet()
  for (const [from, to, resend] of objects) {
    const extent = { log: 0, from, to, bytes: 1 }
    duplicates.stored(resend === undefined ? extent : { ...extent, resend }, known)
    known.add(from, to)
  }
  const counts = Object.entries(duplicates.counts).filter(([, edits]) => edits > 0)
  return [Object.fromEntries(counts), duplicates.total]
}

describe('surplus occurrences', () => {
  test('have the cause for which they were sent again', () => {
    expect(countsOf([0, 10], [5, 10, 'retry'], [8, 20, 'claim'])).toEqual([
      { retry: 5, claim: 2 },
      7,
    ])
  })

  test('are unexplained if nobody says why', () => {
    expect(countsOf([0, 10], [5, 12])).toEqual([{ unexplained: 5 }, 5])
  })

  test('have the same cause if the second sending overtakes the first', () => {
    expect(countsOf([0, 4, 'retry'], [0, 10])).toEqual([{ retry: 4 }, 4])
    expect(countsOf([0, 4, 'retry'], [0, 10], [0, 10])).toEqual([{ retry: 4, unexplained: 10 }, 14])
  })

  test('there are none where edits were sent again and came once', () => {
    expect(countsOf([0, 4, 'retry'], [4, 10, 'claim'])).toEqual([{}, 0])
  })
})
