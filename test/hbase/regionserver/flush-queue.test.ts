import { describe, expect, it } from 'vitest'
import { FlushQueue } from '../../../src/hbase/regionserver/flush-queue.js'

const MS = 1000

describe('the flush queue', () => {
  it('R26: a delayed flush that is due is not replaced by an immediate one', () => {
    const queue = new FlushQueue()
    queue.requestDelayed(1, 100 * MS, 'age', 0)
    expect(queue.request(1, null, 'size', 200 * MS)).toBe(false)
    expect(queue.length).toBe(1)
    expect(queue.poll(200 * MS)).toMatchObject({ region: 1, reason: 'age' })
  })

  it('an immediate flush replaces a delayed one that is not due', () => {
    const queue = new FlushQueue()
    queue.requestDelayed(1, 100 * MS, 'age', 0)
    expect(queue.request(1, null, 'size', 50 * MS)).toBe(true)
    expect(queue.length).toBe(1)
    expect(queue.poll(50 * MS)).toMatchObject({ reason: 'size', createdUs: 50 * MS })
    expect(queue.poll(1000 * MS)).toBeNull()
  })

  it('a delayed flush replaces none', () => {
    const queue = new FlushQueue()
    queue.requestDelayed(1, 100 * MS, 'age', 0)
    expect(queue.requestDelayed(1, 10 * MS, 'age', 0)).toBe(false)
    expect(queue.dueUs).toBe(100 * MS)
  })

  it('hands out regions by the time at which they are due, then in order of request', () => {
    const queue = new FlushQueue()
    queue.requestDelayed(1, 30, 'age', 0)
    queue.request(2, null, 'size', 20)
    queue.request(3, [1], 'max-logs', 20)
    queue.requestDelayed(4, 0, 'age', 20)
    expect(queue.poll(19)).toBeNull()
    const regions = [1, 2, 3, 4].map(() => queue.poll(30)?.region)
    expect(regions).toEqual([2, 3, 4, 1])
    expect(queue.dueUs).toBe(Number.POSITIVE_INFINITY)
  })

  it('an entry that is put off keeps the time of its request', () => {
    const queue = new FlushQueue()
    queue.request(1, null, 'size', 5)
    const entry = queue.poll(5)
    if (entry !== null) queue.requeue(entry, 900 * MS, 10)
    expect(queue.poll(899 * MS)).toBeNull()
    expect(queue.poll(900 * MS + 10)).toMatchObject({ createdUs: 5, requeueCount: 1 })
  })
})
