import { describe, expect, test } from 'vitest'
import { CallQueues } from '../../../src/hbase/regionserver/call-queues.js'
import { DrawStream } from '../../../src/kernel/draws.js'

/** How many handlers each queue has. */
function handlersPerQueue(queues: CallQueues): number[] {
  return Array.from({ length: queues.count }, (_, queue) => {
    let handlers = 0
    while (queues.takeHandler(queue)) handlers++
    return handlers
  })
}

describe('queues and their handlers', () => {
  test('there are factor x handlers queues, at least one', () => {
    expect(new CallQueues(30, 0.1, 10).count).toBe(3)
    expect(new CallQueues(30, 0, 10).count).toBe(1)
    expect(new CallQueues(30, 1, 10).count).toBe(30)
    expect(new CallQueues(4, 0.1, 10).count).toBe(1)
    expect(new CallQueues(5, 0.1, 10).count).toBe(1)
  })

  test('handler i serves queue i mod n', () => {
    expect(handlersPerQueue(new CallQueues(30, 0.1, 10))).toEqual([10, 10, 10])
    expect(handlersPerQueue(new CallQueues(5, 0.4, 10))).toEqual([3, 2])
    expect(handlersPerQueue(new CallQueues(5, 0.6, 10))).toEqual([2, 2, 1])
  })

  test('a handler given back can be taken by its own queue only', () => {
    const queues = new CallQueues(2, 1, 10)
    handlersPerQueue(queues)
    queues.releaseHandler(1)
    expect(queues.takeHandler(0)).toBe(false)
    expect(queues.takeHandler(1)).toBe(true)
    expect(queues.takeHandler(1)).toBe(false)
  })
})

describe('limits', () => {
  test('a full queue refuses a call, another queue does not', () => {
    const queues = new CallQueues(2, 1, 2)
    expect(queues.offer(0, 1, 0)).toBe(true)
    expect(queues.offer(0, 2, 0)).toBe(true)
    expect(queues.offer(0, 3, 0)).toBe(false)
    expect(queues.offer(1, 3, 0)).toBe(true)
    expect(queues.queued).toBe(3)
  })

  test('a call that is taken makes room', () => {
    const queues = new CallQueues(1, 1, 1)
    const enqueuedUs = new Float64Array(8)
    queues.offer(0, 5, 0)
    expect(queues.poll(0, enqueuedUs, 3)).toBe(5)
    expect(queues.poll(0, enqueuedUs, 3)).toBe(-1)
    expect(queues.offer(0, 6, 4)).toBe(true)
  })
})

test("Little's law holds exactly: the integral of queued calls is the sum of their stays", () => {
  const queues = new CallQueues(9, 0.33, 20)
  const draws = new DrawStream(1, 2)
  const enqueuedUs = new Float64Array(3000)
  let offered = 0
  let refused = 0
  let nowUs = 0
  let area = 0
  for (let step = 0; step < 3000; step++) {
    const gapUs = Math.floor(draws.uniform(step) * 50)
    area += queues.queued * gapUs
    nowUs += gapUs
    const queue = step % queues.count
    if (draws.uniform(step, 1) < 0.55) {
      enqueuedUs[step] = nowUs
      if (queues.offer(queue, step, nowUs)) offered++
      else refused++
    } else queues.poll(queue, enqueuedUs, nowUs)
  }
  expect(refused).toBeGreaterThan(10)
  expect(offered).toBeGreaterThan(1000)
  for (let queue = 0; queue < queues.count; queue++) {
    while (queues.poll(queue, enqueuedUs, nowUs) >= 0) {}
  }
  expect(queues.queued).toBe(0)
  expect(queues.queuedArea).toBe(area)
  expect(queues.queuedSojournUs).toBe(area)
})

test('cleared, the queues are empty and the stays of those who waited are over', () => {
  const queues = new CallQueues(2, 1, 5)
  const enqueuedUs = new Float64Array(4)
  for (let slot = 0; slot < 4; slot++) queues.offer(slot % 2, slot, 0)
  queues.clear(enqueuedUs, 10)
  expect(queues.queued).toBe(0)
  expect(queues.queuedSojournUs).toBe(40)
  expect(queues.queuedArea).toBe(40)
})
