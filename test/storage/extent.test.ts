import { expect, test } from 'vitest'
import { appendExtent, type Extent } from '../../src/storage/extent.js'

test('an extent that continues the last one is merged with it', () => {
  const extents: Extent[] = []
  appendExtent(extents, { log: 1, from: 0, to: 2, bytes: 20 })
  appendExtent(extents, { log: 1, from: 2, to: 5, bytes: 7 })
  expect(extents).toEqual([{ log: 1, from: 0, to: 5, bytes: 27 }])
})

test('an extent after a gap, of an earlier edit, or of another log stands for itself', () => {
  const extents: Extent[] = []
  appendExtent(extents, { log: 1, from: 0, to: 2, bytes: 20 })
  appendExtent(extents, { log: 1, from: 3, to: 4, bytes: 10 })
  appendExtent(extents, { log: 1, from: 3, to: 4, bytes: 10 })
  appendExtent(extents, { log: 2, from: 4, to: 5, bytes: 10 })
  expect(extents.map((extent) => extent.bytes)).toEqual([20, 10, 10, 10])
})
