import { expect, test } from 'vitest'
import { OutstandingSyncs } from '../../../src/hbase/wal/outstanding-syncs.js'

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
  for (const [doneUs, edits, bytes] of issued.slice(0, 20)) syncs.push(0, 0, doneUs, edits, bytes)
  for (let i = 0; i < 15; i++) syncs.shift()
  // Growing now finds the first one in the middle of the ring.
  for (const [doneUs, edits, bytes] of issued.slice(20)) syncs.push(0, 0, doneUs, edits, bytes)
  expect(drain(syncs)).toEqual(issued.slice(15))
})

test('without any the first never returns', () => {
  expect(new OutstandingSyncs().firstDoneUs).toBe(Number.POSITIVE_INFINITY)
})

test('postponed, those that would have returned before return then', () => {
  const syncs = new OutstandingSyncs()
  for (const doneUs of [10, 20, 30]) syncs.push(0, 0, doneUs, 1, 1)
  syncs.postponeTo(20)
  expect(drain(syncs).map(([doneUs]) => doneUs)).toEqual([20, 20, 30])
})

test('bytes are the DataNodes’ once they are sent, in order of sending', () => {
  const syncs = new OutstandingSyncs()
  for (const sentUs of [10, 20, 30]) syncs.push(0, sentUs, sentUs + 100, 2, 1000)
  expect([syncs.editsSentBy(20), syncs.bytesSentBy(20)]).toEqual([4, 2000])
  expect(syncs.editsSentBy(9)).toBe(0)
  syncs.sendBy(15)
  expect(syncs.editsSentBy(15)).toBe(6)
})

test('those that are lost never return, and the ones before do', () => {
  const syncs = new OutstandingSyncs()
  for (const doneUs of [10, 20, 30]) syncs.push(0, 0, doneUs, 1, 1)
  syncs.loseAfter(20)
  syncs.postponeTo(25)
  const never = Number.POSITIVE_INFINITY
  expect(drain(syncs).map(([doneUs]) => doneUs)).toEqual([25, 25, never])
})

test('those that are lost return together once their bytes are sent again', () => {
  const syncs = new OutstandingSyncs()
  for (const doneUs of [10, 20, 30]) syncs.push(doneUs - 5, 0, doneUs, 1, 1)
  syncs.loseAfter(10)
  syncs.returnLostAt(70)
  expect(syncs.firstIssuedUs).toBe(5)
  expect(drain(syncs).map(([doneUs]) => doneUs)).toEqual([10, 70, 70])
})
