import { expect, test } from 'vitest'
import { TrackedWals } from '../../src/replication/tracked-wals.js'
import { type HandWrittenWal, HandWrittenWals } from './hand-written-wals.js'

/** Three WALs of one group with 4, 3 and 2 entries, all tracked. */
function threeWals() {
  const wals = new HandWrittenWals()
  for (const entries of [4, 3, 2]) {
    if (entries < 4) wals.roll().close()
    wals.put(entries)
  }
  const told: string[] = []
  const tracked = new TrackedWals(({ name }, from, to) => told.push(`${name} ${from}-${to}`))
  for (const wal of wals.all) tracked.track(wal)
  const passed = (wal: HandWrittenWal, position: number, complete = false) => {
    tracked.passed(0, { wal, position, complete })
    return told.splice(0)
  }
  return { wals: wals.all, tracked, told, passed }
}

test('an offset confirms what it has newly passed, once', () => {
  const { wals, passed } = threeWals()
  expect(passed(wals[0], 2)).toEqual(['rs1.0.1 0-2'])
  expect(passed(wals[0], 3)).toEqual(['rs1.0.1 2-3'])
  expect(passed(wals[0], 1)).toEqual([])
  expect(passed(wals[0], 4, true)).toEqual(['rs1.0.1 3-4'])
})

test('it declares older WALs done, shipped or not, and they are dropped', () => {
  const { wals, tracked, passed } = threeWals()
  expect(passed(wals[2], 1)).toEqual(['rs1.0.1 0-4', 'rs1.0.2 0-3', 'rs1.0.3 0-1'])
  expect(tracked.wals()).toEqual([wals[2]])
})

test('it does not confirm what an older WAL holds and its own WAL repeats behind it', () => {
  const wals = new HandWrittenWals()
  wals.put(4)
  const [first] = wals.all
  wals.rollWithReappend(1)
  wals.put(4)
  const repeating = wals.current
  const told: string[] = []
  const tracked = new TrackedWals((_, from, to) => told.push(`${from}-${to}`))
  tracked.track(first)
  tracked.track(repeating)
  tracked.passed(0, { wal: repeating, position: 0, complete: false })
  expect(told).toEqual(['0-3'])
  tracked.passed(0, { wal: repeating, position: 2, complete: false })
  expect(told).toEqual(['0-3', '0-2'])
})

test('the removal of a queue that is at its end declares all of it done', () => {
  const { tracked, told } = threeWals()
  tracked.finished()
  expect(told).toEqual(['rs1.0.1 0-4', 'rs1.0.2 0-3', 'rs1.0.3 0-2'])
  expect(tracked.wals()).toEqual([])
})

test('what was handed to an endpoint is known to later readers until it is passed', () => {
  const { wals, tracked, passed } = threeWals()
  tracked.handedTo(wals[0], 3)
  tracked.handedTo(wals[0], 2)
  const before = tracked.handed()
  passed(wals[0], 4, true)
  expect(before.get(wals[0])).toBe(3)
  expect(tracked.handed().size).toBe(0)
})
