import { expect, it } from 'vitest'
import type { ReplicaEntry } from '../../../src/hbase/wal/replica-entry.js'
import { IOException } from '../../../src/storage/io-exception.js'
import { isEdit, isMarker, ReplicaWorld, ROW_BYTES } from './replicated-primary.js'

function setUp(changes: ConstructorParameters<typeof ReplicaWorld>[0] = {}): ReplicaWorld {
  return new ReplicaWorld({ version: '3.x', ...changes })
}

it('skips what it has had, and moves the read point with every entry', () => {
  const world = setUp()
  const { primary, secondary } = world
  primary.put(10)
  primary.startFlush()
  const entries = world.take()
  secondary.replay(entries)
  const { heapBytes, preparedFlush } = secondary
  secondary.replay(entries)
  expect(secondary.heapBytes).toBe(heapBytes)
  expect(secondary.preparedFlush).toBe(preparedFlush)
  expect(secondary.readPoint).toBe(primary.lastId)
})

it('takes the rest of a run of which it has had the beginning', () => {
  const { secondary } = setUp()
  const run = { after: 0, firstSequenceId: 1, bytes: 10 * ROW_BYTES, edits: 10, marker: null }
  secondary.replay([{ ...run, sequenceId: 10 }])
  const heapBytes = secondary.heapBytes
  secondary.replay([{ ...run, sequenceId: 20, edits: 20, bytes: 20 * ROW_BYTES }])
  expect(secondary.heapBytes).toBe(2 * heapBytes)
  expect(secondary.readable(0, 20)).toBe(true)
})

it.each([
  'COMMIT_FLUSH',
  'CANNOT_FLUSH',
  'REGION_OPEN',
  'REGION_CLOSE',
  'COMPACTION',
  'BULK_LOAD',
] as const)('%s sends it to the primary’s directory', (kind) => {
  const world = setUp()
  const { primary, secondary } = world
  primary.put(10)
  primary.flush()
  primary.compact(1)
  primary.archive()
  primary.bulkLoad(2)
  primary.cannotFlush()
  primary.move()
  const marker = primary.entries.find(isMarker(kind)) as ReplicaEntry
  secondary.replay([marker])
  expect(world.files()).toEqual([2, 2, 3])
  expect(world.hasRows(0, 10)).toBe(true)
})

it('R54: what is put after a flush began is all that is in memory when the flush has ended', () => {
  const world = setUp()
  const { primary, secondary } = world
  primary.put(1)
  primary.startFlush()
  primary.put(1)
  world.replay()
  const memoryOfTwo = secondary.heapBytes
  primary.commitFlush()
  world.replay()
  expect(secondary.heapBytes).toBe(memoryOfTwo / 2)
  expect(secondary.preparedFlush).toBeNull()
  expect(world.hasRows(0, 2)).toBe(true)
})

it('R55: a flush whose COMMIT was lost is made good by the next', () => {
  const world = setUp()
  const { primary, secondary } = world
  primary.put(1)
  world.replay()
  primary.startFlush()
  world.replay()
  primary.put(1)
  primary.commitFlush()
  world.take()
  primary.put(1)
  primary.flush()
  world.replay(isMarker('START_FLUSH', 'COMMIT_FLUSH'))
  expect(world.hasRows(0, 3)).toBe(true)
  expect(secondary.heapBytes).toBe(0)
})

it('R56: an open event brings what was never delivered', () => {
  const world = setUp()
  const { primary } = world
  primary.put(1)
  world.take()
  expect(world.rowsRead(1)).toBe(0)
  primary.move()
  world.replay(isMarker('REGION_OPEN'))
  expect(world.hasRows(0, 1)).toBe(true)
})

it('after ABORT_FLUSH the next flush takes up the snapshot that is left', () => {
  const world = setUp()
  const { primary, secondary } = world
  primary.put(1)
  const flushSequenceNumber = primary.startFlush()
  world.replay()
  const { heapBytes } = secondary
  const abort = { kind: 'ABORT_FLUSH', flushSequenceNumber } as const
  const id = primary.lastId + 1
  secondary.replay([
    { after: 1, firstSequenceId: id, sequenceId: id, bytes: 0, edits: 0, marker: abort },
  ])
  expect(secondary.preparedFlush).toBeNull()
  expect(secondary.heapBytes).toBe(heapBytes)
  primary.crash()
  primary.put(1)
  primary.flush()
  world.replay()
  expect(secondary.preparedFlush).toBeNull()
  expect(world.hasRows(0, 2)).toBe(true)
})

it('a START while a flush is prepared changes nothing', () => {
  const world = setUp()
  const { primary, secondary } = world
  primary.put(1)
  const prepared = primary.startFlush()
  primary.put(1)
  world.replay()
  const { activeBytes } = secondary
  primary.startFlush()
  world.replay()
  expect(secondary.preparedFlush).toBe(prepared)
  expect(secondary.activeBytes).toBe(activeBytes)
})

it('does not look at the memstore limit of a region', () => {
  const world = setUp({ blockingMemstoreSize: 1 })
  world.primary.put(1)
  world.primary.put(1)
  world.replay(isEdit)
  expect(world.hasRows(0, 2)).toBe(true)
})

it('enables no reads by itself: the handler that asked for the flush does', () => {
  const world = setUp()
  const { primary, secondary } = world
  secondary.disableReads()
  primary.put(1)
  primary.flush()
  primary.cannotFlush()
  primary.open()
  world.replay()
  expect(secondary.readsEnabled).toBe(false)
})

it('replays a marker again if the directory could not be listed', () => {
  const world = setUp()
  const { primary, secondary } = world
  primary.put(1)
  primary.flush()
  const entries = world.take(isMarker('COMMIT_FLUSH'))
  primary.listingFails = true
  expect(() => secondary.replay(entries)).toThrow(IOException)
  expect(world.files()).toEqual([0, 0, 0])
  primary.listingFails = false
  secondary.replay(entries)
  expect(world.hasRows(0, 1)).toBe(true)
})
