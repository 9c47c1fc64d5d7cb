import { describe, expect, it } from 'vitest'
import type { ReplicaEntry } from '../../../src/hbase/wal/replica-entry.js'
import { FAMILIES, isEdit, replicaWorld } from './replicated-primary.js'

describe('a secondary that looks into the primary’s directory', () => {
  it('R38: sees a flush when it has refreshed its files', () => {
    const { primary, secondary, ...world } = replicaWorld()
    secondary.refreshStoreFiles()
    expect(world.files()).toEqual([0, 0, 0])
    primary.put(100)
    primary.flush()
    expect(world.rowsRead(100)).toBe(0)
    secondary.refreshStoreFiles()
    expect(world.files()).toEqual([1, 1, 1])
    expect(world.hasRows(0, 100)).toBe(true)
  })

  it('R39: drops its memstore when all of it is in files', () => {
    const { primary, secondary, ...world } = replicaWorld()
    primary.put(400)
    primary.flush()
    world.replay(isEdit)
    const { heapBytes } = secondary
    expect(heapBytes).toBeGreaterThan(0)
    expect(secondary.refreshStoreFiles()).toBe(heapBytes)
    expect(secondary.heapBytes).toBe(0)
    expect(world.hasRows(0, 400)).toBe(true)
  })

  it('keeps what is newer than the files, and ignores older edits from then on', () => {
    const { primary, secondary, ...world } = replicaWorld()
    primary.put(100)
    primary.flush()
    primary.put(1)
    const entries = world.take()
    secondary.replay(entries.filter(isEdit))
    expect(secondary.refreshStoreFiles()).toBe(0)
    expect(world.hasRows(0, 101)).toBe(true)
    const { heapBytes } = secondary
    secondary.replay(entries.slice(0, 1))
    expect(secondary.heapBytes).toBe(heapBytes)
  })

  it('keeps the snapshot of a flush when the directory has only an earlier one', () => {
    const { primary, secondary, ...world } = replicaWorld()
    primary.put(1)
    primary.flush()
    world.take()
    primary.put(1)
    const prepared = primary.startFlush()
    world.replay()
    const { heapBytes } = secondary
    secondary.refreshStoreFiles()
    expect(secondary.preparedFlush).toBe(prepared)
    expect(secondary.heapBytes).toBe(heapBytes)
    expect(world.hasRows(0, 2)).toBe(true)
  })

  it('counts the inputs of a compaction until they are archived', () => {
    const { primary, secondary, ...world } = replicaWorld()
    for (let i = 0; i < 3; i++) {
      primary.put(10)
      primary.flush()
    }
    primary.compact(0)
    secondary.refreshStoreFiles()
    expect(world.files()).toEqual([4, 3, 3])
    primary.archive()
    secondary.refreshStoreFiles()
    expect(world.files()).toEqual([1, 3, 3])
    expect(world.hasRows(0, 30)).toBe(true)
  })

  it('shows half of a row while it has refreshed some families', () => {
    const { primary, secondary } = replicaWorld()
    primary.put(1)
    primary.flush()
    const refresh = secondary.beginRefresh()
    refresh.refresh(0)
    expect(FAMILIES.map((family) => secondary.readableIn(family, 0, 1))).toEqual([
      true,
      false,
      false,
    ])
    refresh.refresh(1)
    refresh.refresh(2)
    expect(secondary.readable(0, 1)).toBe(true)
    expect(refresh.end()).toBe(0)
  })
})

describe('a secondary', () => {
  it('opens with what is in files, with nothing in memory', () => {
    const { primary, secondary, ...world } = replicaWorld()
    primary.put(100)
    primary.flush()
    primary.put(10)
    world.replay()
    secondary.close()
    expect(world.memstoreBytes()).toBe(0)
    expect(world.rowsRead(110)).toBe(0)
    secondary.open(false)
    expect(secondary.readsEnabled).toBe(false)
    expect(world.hasRows(0, 100)).toBe(true)
    expect(world.rowsRead(110)).toBe(100)
    expect(secondary.lastOpenSeq).toBe(secondary.files(0).at(-1)?.maxSequenceId)
  })

  it('reads across ids that no edit has, but not across an edit that it missed', () => {
    const { primary, secondary, ...world } = replicaWorld()
    primary.put(10)
    primary.flush()
    primary.put(10)
    primary.compact(0)
    primary.put(10)
    const [, , , second, , third] = world.take() as readonly ReplicaEntry[]
    secondary.replay(primary.entries)
    expect(secondary.readable(0, primary.lastId)).toBe(true)
    secondary.close()
    secondary.open(true)
    secondary.replay([third as ReplicaEntry])
    const { sequenceId } = third as ReplicaEntry
    expect(secondary.readable((second as ReplicaEntry).sequenceId, sequenceId)).toBe(true)
    expect(secondary.readable((second as ReplicaEntry).sequenceId - 1, sequenceId)).toBe(false)
  })
})
