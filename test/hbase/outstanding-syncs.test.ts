import { expect, test } from 'vitest'
import { OutstandingSyncs } from '../../src/hbase/outstanding-syncs.js'

/** All that is outstanding, taken out. */
function drain(syncs: OutstandingSyncs): number[][] {
  const drained: number[][] = []
  while (syncs.length > 0) {
    drained.push([syncs.firstDoneUs, syncs.firstEdits, syncs.firstBytes])
    syncs.shift()
  }
  return drained
}

test('syncs return in the order in which they were issued, however many there are', () => {
  const syncs = new OutstandingSyncs()
  const issued = Array.from({ length: 100 }, (_, i) => [10 * i, i + 1, 1000 * i])
  for (const [doneUs, edits, bytes] of issued.slice(0, 20)) syncs.push(doneUs, edits, bytes)
  for (let i = 0; i < 15; i++) syncs.shift()
  // Growing now finds the first one in the middle of the ring.
  for (const [doneUs, edits, bytes] of issued.slice(20)) syncs.push(doneUs, edits, bytes)
  expect(drain(syncs)).toEqual(issued.slice(15))
})

test('without any the first never returns', () => {
  expect(new OutstandingSyncs().firstDoneUs).toBe(Number.POSITIVE_INFINITY)
})

test('postponed, those that would have returned before return then', () => {
  const syncs = new OutstandingSyncs()
  for (const doneUs of [10, 20, 30]) syncs.push(doneUs, 1, 1)
  syncs.postponeTo(20)
  expect(drain(syncs).map(([doneUs]) => doneUs)).toEqual([20, 20, 30])
})
