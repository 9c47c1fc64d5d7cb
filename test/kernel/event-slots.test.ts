import { expect, test } from 'vitest'
import { EventSlots } from '../../src/kernel/event-slots.js'

test('handles of one slot differ from use to use, and old ones are recognised', () => {
  const slots = new EventSlots()
  const handles = new Set<number>()
  let previous = 0
  for (let i = 0; i < 1000; i++) {
    const slot = slots.take(i, 1, 0, 0)
    const handle = slots.handle(slot)
    if (previous !== 0) expect(slots.cancel(previous)).toBe(false)
    expect(slots.isPending(slot)).toBe(true)
    handles.add(handle)
    previous = handle
    slots.release(slot)
  }
  expect(handles.size).toBe(1000)
})

test('what a slot was filled with survives the growth of the table', () => {
  const slots = new EventSlots()
  const taken = Array.from({ length: 1000 }, (_, i) => slots.take(i, i + 1, i / 2, i * 3))
  expect(new Set(taken).size).toBe(1000)
  taken.forEach((slot, i) => {
    expect(slots.sequence(slot)).toBe(i)
    expect(slots.handler(slot)).toBe(i + 1)
    expect(slots.argument(slot)).toBe(i / 2)
    expect(slots.cause(slot)).toBe(i * 3)
    expect(slots.cancel(slots.handle(slot))).toBe(true)
  })
})
