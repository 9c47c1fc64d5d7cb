import { describe, expect, it } from 'vitest'
import type { StoreFile } from '../../../src/hbase/regionserver/store-file.js'
import type { ReplicaEntry } from '../../../src/hbase/wal/replica-entry.js'
import { IOException } from '../../../src/storage/io-exception.js'
import { FAMILIES, isEdit, isMarker, ROW_BYTES, replicaWorld } from './replicated-primary.js'

const [FLUSHED_FAMILY] = FAMILIES

/** The secondary has been sent all of `kinds`, or all edits, that the primary wrote. */
function startsOf(entries: readonly ReplicaEntry[]): ReplicaEntry[] {
  return entries.filter(isMarker('START_FLUSH'))
}

describe('replay of events by the rules of HBase 2', () => {
  it('R27: flushes and a compaction replayed in order', () => {
    const { primary, secondary, ...world } = replicaWorld()
    for (let i = 0; i < 3; i++) {
      primary.put(100)
      primary.flush()
    }
    primary.put(100)
    primary.compact(FLUSHED_FAMILY as number)
    let commits = 0
    let rows = 0
    for (const entry of world.take()) {
      const activeBefore = secondary.activeBytes
      secondary.replay([entry])
      if (entry.marker === null) rows += entry.edits
      if (entry.marker?.kind === 'START_FLUSH') {
        expect(secondary.activeBytes).toBeLessThan(activeBefore)
      }
      if (entry.marker?.kind === 'COMMIT_FLUSH') {
        commits++
        expect(world.files()).toEqual([commits, commits, commits])
      }
      expect(world.hasRows(0, rows)).toBe(true)
    }
    expect(commits).toBe(3)
    expect(world.files()).toEqual([1, 3, 3])
    expect(world.hasRows(0, 400)).toBe(true)
  })

  it('R28: a START with a smaller id than the prepared one is ignored', () => {
    const { primary, secondary, ...world } = replicaWorld()
    primary.put(100)
    const prepared = primary.startFlush()
    primary.put(100)
    world.replay()
    const older = primary.entries.find(isMarker('START_FLUSH')) as ReplicaEntry
    const marker = { ...older.marker, flushSequenceNumber: prepared - 50 } as ReplicaEntry['marker']
    secondary.replay([{ ...older, marker }])
    expect(secondary.preparedFlush).toBe(prepared)
    expect(secondary.activeBytes).toBeGreaterThan(0)
    expect(world.hasRows(0, 200)).toBe(true)
  })

  it('R29: a COMMIT with a smaller id than the prepared one adds its files alone', () => {
    const { primary, secondary, ...world } = replicaWorld()
    primary.put(100)
    primary.flush()
    primary.put(100)
    primary.flush()
    primary.put(100)
    const entries = world.take()
    const [, secondStart] = startsOf(entries)
    secondary.replay(entries.filter((entry) => isEdit(entry) || entry === secondStart))
    const { heapBytes, preparedFlush } = secondary
    secondary.replay(entries.filter(isMarker('COMMIT_FLUSH')).slice(0, 1))
    expect(world.files()).toEqual([1, 1, 1])
    expect(secondary.heapBytes).toBe(heapBytes)
    expect(secondary.preparedFlush).toBe(preparedFlush)
    expect(preparedFlush).not.toBeNull()
    expect(world.hasRows(0, 300)).toBe(true)
  })

  it('a COMMIT with a larger id than the prepared one drops the snapshot, and more if it may', () => {
    const { primary, secondary, ...world } = replicaWorld()
    primary.put(100)
    primary.flush()
    primary.put(100)
    primary.flush()
    const entries = world.take()
    const [firstStart] = startsOf(entries)
    const [, secondCommit] = entries.filter(isMarker('COMMIT_FLUSH'))
    const edits = entries.filter(isEdit)
    secondary.replay([edits[0], firstStart, edits[1], secondCommit] as ReplicaEntry[])
    expect(secondary.heapBytes).toBe(0)
    expect(secondary.preparedFlush).toBeNull()
    expect(world.rowsRead(200)).toBe(100)
  })

  it('R30: a COMMIT without its START empties a memstore that has nothing newer', () => {
    const { primary, secondary, ...world } = replicaWorld()
    primary.put(100)
    primary.flush()
    world.replay((entry) => isEdit(entry) || isMarker('COMMIT_FLUSH')(entry))
    expect(world.files()).toEqual([1, 1, 1])
    expect(secondary.heapBytes).toBe(0)
    expect(world.hasRows(0, 100)).toBe(true)
  })

  it('a COMMIT without its START keeps a memstore that has something newer', () => {
    const { primary, secondary, ...world } = replicaWorld()
    secondary.disableReads()
    primary.put(100)
    primary.flush()
    primary.put(1)
    const entries = world.take()
    secondary.replay(entries.filter(isEdit))
    const { heapBytes } = secondary
    secondary.replay(entries.filter(isMarker('COMMIT_FLUSH')))
    expect(secondary.heapBytes).toBe(heapBytes)
    expect(secondary.readsEnabled).toBe(false)
    expect(world.hasRows(0, 101)).toBe(true)
  })

  it('R31: the open event of the next server brings what the last one flushed', () => {
    const { primary, secondary, ...world } = replicaWorld()
    primary.open()
    primary.put(100)
    primary.move()
    const [firstOpen, close, secondOpen] = world.take(isMarker('REGION_OPEN', 'REGION_CLOSE'))
    secondary.replay([firstOpen, close] as ReplicaEntry[])
    expect(world.files()).toEqual([0, 0, 0])
    expect(secondary.heapBytes).toBe(0)
    secondary.replay([secondOpen] as ReplicaEntry[])
    expect(world.files()).toEqual([1, 1, 1])
    expect(secondary.heapBytes).toBe(0)
    expect(secondary.preparedFlush).toBeNull()
    expect(world.hasRows(0, 100)).toBe(true)
  })

  it('R32: after an open event every earlier edit is ignored', () => {
    const { primary, secondary, ...world } = replicaWorld()
    primary.open()
    primary.put(100)
    primary.move()
    const entries = world.take()
    const last = entries.at(-1) as ReplicaEntry
    const marker = { ...last.marker, files: [] as StoreFile[] } as ReplicaEntry['marker']
    secondary.replay([{ ...last, marker }, ...entries.filter(isEdit)])
    expect(secondary.heapBytes).toBe(0)
    expect(world.rowsRead(100)).toBe(0)
  })

  it('an open event drops the snapshot of a flush that never ended', () => {
    const { primary, secondary, ...world } = replicaWorld()
    primary.put(100)
    primary.startFlush()
    primary.put(10)
    primary.crash()
    world.replay()
    expect(secondary.preparedFlush).toBeNull()
    expect(secondary.heapBytes).toBe(0)
    expect(world.hasRows(0, 110)).toBe(true)
  })

  it('R33: an edit far ahead moves the read point and is visible', () => {
    const { secondary } = replicaWorld()
    const id = secondary.readPoint + 100
    secondary.replay([edit(id)])
    expect(secondary.readPoint).toBe(id)
    expect(secondary.readable(id - 1, id)).toBe(true)
    expect(secondary.readable(id - 2, id)).toBe(false)
  })

  it('R35: a secondary with reads disabled refuses gets and takes replays', () => {
    const { primary, secondary, ...world } = replicaWorld()
    primary.put(100)
    world.replay()
    secondary.disableReads()
    expect(() => secondary.checkReadsEnabled()).toThrow(IOException)
    primary.put(100)
    world.replay()
    secondary.enableReads()
    expect(() => secondary.checkReadsEnabled()).not.toThrow()
    expect(world.hasRows(0, 200)).toBe(true)
  })

  it('R36: CANNOT_FLUSH enables reads, but not one from before the last open event', () => {
    const { primary, secondary, ...world } = replicaWorld()
    secondary.disableReads()
    primary.cannotFlush()
    const [early] = world.take()
    primary.open()
    world.replay()
    secondary.disableReads()
    secondary.replay([early as ReplicaEntry])
    expect(secondary.readsEnabled).toBe(false)
    primary.cannotFlush()
    world.replay()
    expect(secondary.readsEnabled).toBe(true)
  })

  it('R37: START and COMMIT alone enable reads', () => {
    const { primary, secondary, ...world } = replicaWorld()
    secondary.disableReads()
    primary.put(100)
    primary.flush()
    world.replay(isMarker('START_FLUSH', 'COMMIT_FLUSH'))
    expect(secondary.readsEnabled).toBe(true)
    expect(world.hasRows(0, 100)).toBe(true)
  })

  it('R40: a COMMIT of a file that no longer exists adds nothing', () => {
    const { primary, secondary, ...world } = replicaWorld()
    primary.put(100)
    primary.startFlush()
    const { files } = primary.commitFlush()
    primary.deleted.add(files[0] as StoreFile)
    world.replay()
    expect(world.files()).toEqual([0, 0, 0])
    expect(world.hasRows(0, 100)).toBe(true)
    expect(secondary.preparedFlush).not.toBeNull()
  })

  it('a flush of some families drops the snapshots of these alone', () => {
    const { primary, secondary, ...world } = replicaWorld()
    primary.put(90)
    const perFamily = (90 * ROW_BYTES) / 3 + 90 * 100
    primary.startFlush([1])
    world.replay()
    expect(secondary.activeBytes).toBe(2 * perFamily)
    primary.commitFlush()
    world.replay()
    expect(secondary.heapBytes).toBe(2 * perFamily)
    expect(world.files()).toEqual([0, 1, 0])
    expect(world.hasRows(0, 90)).toBe(true)
  })

  it('a bulk load is picked up once, and not if an open event has told of it', () => {
    const { primary, secondary, ...world } = replicaWorld()
    primary.bulkLoad(2)
    world.replay()
    expect(world.files()).toEqual([0, 0, 1])
    primary.bulkLoad(2)
    const load = world.take()
    primary.open()
    world.replay()
    secondary.replay(load)
    expect(world.files()).toEqual([0, 0, 2])
  })

  it('compaction markers from before another, or before the open event, are ignored', () => {
    const { primary, secondary, ...world } = replicaWorld()
    for (let i = 0; i < 2; i++) {
      primary.put(10)
      primary.flush()
    }
    primary.compact(0)
    const entries = world.take()
    secondary.replay(entries.filter((entry) => !isMarker('COMPACTION')(entry)))
    primary.open()
    world.replay()
    expect(world.files()).toEqual([1, 2, 2])
    const shown = secondary.files(0)
    secondary.replay(entries.filter(isMarker('COMPACTION')))
    expect(secondary.files(0)).toEqual(shown)
  })

  it('an older compaction marker than the last is ignored, and one without its inputs is not', () => {
    const { primary, secondary, ...world } = replicaWorld()
    for (let i = 0; i < 3; i++) {
      primary.put(10)
      primary.flush()
      if (i > 0) primary.compact(0)
    }
    const entries = world.take()
    const [older, newer] = entries.filter(isMarker('COMPACTION'))
    secondary.replay(entries.filter((entry) => entry !== older && entry !== newer))
    const [first, second, third] = secondary.files(0)
    const [output] = primary.files(0)
    secondary.replay([newer as ReplicaEntry])
    expect(new Set(secondary.files(0))).toEqual(new Set([first, second, output]))
    expect(secondary.files(0)).not.toContain(third)
    secondary.replay([older as ReplicaEntry])
    expect(new Set(secondary.files(0))).toEqual(new Set([first, second, output]))
    expect(world.hasRows(0, 30)).toBe(true)
  })

  it('a later COMMIT passes over families that the prepared flush does not have', () => {
    const { primary, secondary, ...world } = replicaWorld()
    primary.put(10)
    primary.startFlush([1])
    world.replay()
    primary.commitFlush()
    primary.put(10)
    primary.flush()
    const [, laterCommit] = world.take(isMarker('COMMIT_FLUSH'))
    secondary.replay([laterCommit as ReplicaEntry])
    expect(world.files()).toEqual([0, 1, 0])
  })

  it('a flush that is sent again takes newer edits along, until they are sent again, too', () => {
    const { primary, secondary, ...world } = replicaWorld()
    primary.put(10)
    primary.flush()
    primary.put(10)
    const entries = world.take()
    secondary.replay(entries)
    expect(world.hasRows(0, 20)).toBe(true)
    const start = entries.findIndex(isMarker('START_FLUSH'))
    const again = entries.slice(start)
    secondary.replay(again.slice(0, -1))
    expect(world.rowsRead(20)).toBe(10)
    secondary.replay(again.slice(-1))
    expect(world.hasRows(0, 20)).toBe(true)
  })

  it('refuses edits above the memstore limit of a region, after those that it took', () => {
    const { primary, secondary, ...world } = replicaWorld({
      blockingMemstoreSize: 15_000,
      cellOverhead: 0,
    })
    primary.put(50)
    primary.put(1)
    primary.put(1)
    expect(() => world.replay()).toThrow(/over memstore limit/)
    expect(secondary.heapBytes).toBe(51 * ROW_BYTES)
  })
})

function edit(id: number): ReplicaEntry {
  return {
    after: id - 1,
    firstSequenceId: id,
    sequenceId: id,
    bytes: ROW_BYTES,
    edits: 1,
    marker: null,
  }
}
