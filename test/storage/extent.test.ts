import { expect, test } from 'vitest'
import {
  appendExtent,
  type Extent,
  equalEditsWithin,
  firstBytes,
  piecesOf,
  resent,
} from '../../src/storage/extent.js'

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

test('edits sent again are told apart by why they are', () => {
  const extents: Extent[] = []
  const sent = [{ log: 1, from: 0, to: 2, bytes: 20 }]
  for (const extent of sent) appendExtent(extents, extent)
  const [again] = resent([{ log: 1, from: 2, to: 4, bytes: 20 }], 'retry')
  appendExtent(extents, again)
  appendExtent(extents, { log: 1, from: 4, to: 5, bytes: 10, resend: 'retry' })
  appendExtent(extents, { log: 1, from: 5, to: 6, bytes: 10, resend: 'claim' })
  expect(extents).toEqual([
    { log: 1, from: 0, to: 2, bytes: 20 },
    { log: 1, from: 2, to: 5, bytes: 30, resend: 'retry' },
    { log: 1, from: 5, to: 6, bytes: 10, resend: 'claim' },
  ])
})

test('pieces keep the cause, and the edits are in the last', () => {
  const extent: Extent = { log: 1, from: 3, to: 5, bytes: 25, resend: 'claim' }
  expect([...piecesOf(extent, 10)]).toEqual([
    { log: 1, from: 3, to: 3, bytes: 10, resend: 'claim' },
    { log: 1, from: 3, to: 3, bytes: 10, resend: 'claim' },
    { log: 1, from: 3, to: 5, bytes: 5, resend: 'claim' },
  ])
})

test('a cut leaves whole edits, and bytes of a torn one', () => {
  const extents: Extent[] = [
    { log: 1, from: 0, to: 2, bytes: 20 },
    { log: 2, from: 7, to: 10, bytes: 30 },
  ]
  const cut = (bytes: number) => firstBytes(extents, bytes, equalEditsWithin)
  expect(cut(0)).toEqual([])
  expect(cut(20)).toEqual([extents[0]])
  expect(cut(45)).toEqual([extents[0], { log: 2, from: 7, to: 9, bytes: 25 }])
  expect(cut(50)).toEqual(extents)
  expect(cut(5)).toEqual([{ log: 1, from: 0, to: 0, bytes: 5 }])
})
