import { expect, test } from 'vitest'
import { ReplicaSegments } from '../../src/measure/replica-segments.js'

const BOTH = 3

/** Ids of the segments as first-last, with their edits. */
function listed(segments: ReplicaSegments): string[] {
  return Array.from(
    { length: segments.size },
    (_, i) => `${segments.firstId(i)}-${segments.lastId(i)}:${segments.editsIn(i)}`,
  )
}

/** One edit per id, in turn; those of `readable` on both secondaries. */
function segmentsOf(ids: number, readable: readonly number[], cutBefore = 0): ReplicaSegments {
  const segments = new ReplicaSegments(BOTH)
  for (let id = 1; id <= ids; id++) segments.append(id, 100 - id, id === cutBefore)
  for (const id of readable) segments.setReadable(id - 1, BOTH)
  return segments
}

test('neighbours that all secondaries have readable become one of the earliest time', () => {
  const segments = segmentsOf(6, [1, 2, 4, 5, 6])
  segments.mergeReadable(0, 6)
  expect(listed(segments)).toEqual(['1-2:2', '3-3:1', '4-6:3'])
  expect([segments.earliestUs(2), segments.latestUs(2)]).toEqual([94, 96])
  expect([0, 2, 3, 6].map((id) => segments.indexAfter(id))).toEqual([0, 1, 2, 3])
})

test('a cut keeps them apart', () => {
  const segments = segmentsOf(4, [1, 2, 3, 4], 3)
  segments.mergeReadable(0, 4)
  expect(listed(segments)).toEqual(['1-2:2', '3-4:2'])
})

test('an edit that is readable everywhere joins those before it, wherever it lies', () => {
  for (const pending of [2, 20]) {
    const segments = segmentsOf(3 + pending, [1, 2])
    segments.mergeReadable(0, 2)
    segments.setReadable(1, BOTH)
    segments.mergeReadable(0, 2)
    expect(listed(segments).slice(0, 2)).toEqual(['1-3:3', '4-4:1'])
    expect(segments.lastId(segments.size - 1)).toBe(3 + pending)
    segments.append(100, 0, false)
    segments.dropFirst(1)
    expect([segments.edits, segments.firstId(0)]).toEqual([pending + 1, 4])
  }
})

test('a backlog of any length takes bounded room in even steps', () => {
  const segments = segmentsOf(100_000, [])
  expect(segments.size).toBeLessThanOrEqual(512)
  const sizes = Array.from({ length: segments.size }, (_, i) => segments.editsIn(i))
  expect(Math.max(...sizes)).toBeLessThanOrEqual(100_000 / 128)
  expect(segments.edits).toBe(100_000)
})

test('what begins above an id is dropped', () => {
  const segments = segmentsOf(5, [1, 2])
  segments.mergeReadable(0, 2)
  segments.dropAfter(1)
  expect([segments.size, segments.lastId(0)]).toEqual([1, 1])
  segments.dropAfter(0)
  expect([segments.size, segments.edits]).toEqual([0, 0])
})
