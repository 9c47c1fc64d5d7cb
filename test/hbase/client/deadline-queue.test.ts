import { expect, test } from 'vitest'
import { DeadlineQueue } from '../../../src/hbase/client/deadline-queue.js'
import { Scheduler } from '../../../src/kernel/scheduler.js'

/** A queue of numbers, of which some are over. */
function queue(over: readonly number[] = []) {
  const scheduler = new Scheduler()
  const expired: [number, number][] = []
  const deadlines = new DeadlineQueue<number>(
    scheduler,
    (entry) => expired.push([entry, scheduler.now]),
    (entry) => over.includes(entry),
  )
  return { scheduler, deadlines, expired }
}

test('each entry expires at its deadline, those of one instant in order', () => {
  const { scheduler, deadlines, expired } = queue()
  for (const [entry, us] of [
    [1, 5],
    [2, 5],
    [3, 9],
  ] as const)
    deadlines.push(entry, us)
  scheduler.run()
  expect(expired).toEqual([
    [1, 5],
    [2, 5],
    [3, 9],
  ])
  expect(deadlines.length).toBe(0)
})

test('what is over when its deadline comes costs no event of its own', () => {
  const { scheduler, deadlines, expired } = queue([1, 2, 3, 4])
  for (const entry of [1, 2, 3, 4, 5]) deadlines.push(entry, 10 * entry)
  scheduler.run()
  expect(expired).toEqual([[5, 50]])
  expect(scheduler.executed).toBe(2)
})

test('entries may be added while others expire', () => {
  const scheduler = new Scheduler()
  const expired: number[] = []
  const deadlines: DeadlineQueue<number> = new DeadlineQueue<number>(
    scheduler,
    (entry) => {
      expired.push(entry)
      if (entry < 5000) deadlines.push(entry + 1, scheduler.now)
    },
    () => false,
  )
  deadlines.push(1, 7)
  scheduler.run()
  expect(expired).toHaveLength(5000)
  expect(scheduler.now).toBe(7)
})
