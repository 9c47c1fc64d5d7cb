import { describe, expect, test } from 'vitest'
import { lazyOutcome } from './lazy-write-path.js'
import { noLooks } from './random-write-scenario.js'
import { calmScenario } from './write-path-fixture.js'
import type { RegionWork, WriteScenario } from './write-scenario.js'

const ROUND_TRIP_US = 100 + 20 + 100

/** Puts of 1000 B to region 0, at these times; then to region 1. */
function puts(times: readonly number[], others: readonly number[] = []): WriteScenario['puts'] {
  const first = times.map((sentUs) => ({ sentUs, region: 0, bytes: 1000 }))
  const second = others.map((sentUs) => ({ sentUs, region: 1, bytes: 1000 }))
  return [...first, ...second].sort((a, b) => a.sentUs - b.sentUs)
}

function outcome(changes: Partial<WriteScenario>) {
  const regions = Math.max(1, changes.durabilities?.length ?? 1)
  const { groups, ...rest } = lazyOutcome({ ...calmScenario, regions, ...changes }, noLooks)
  return { ...groups[0], ...rest, wal: groups[0].wals[0] }
}

describe('SKIP_WAL', () => {
  test('is answered when the memstore has it, without append and sync', () => {
    const { answers, edits, skipped, memstoreBytes } = outcome({
      durabilities: ['SKIP_WAL'],
      puts: puts([0]),
    })
    expect(answers).toEqual([
      { group: 1, edit: 0, syncedWith: 0, acknowledgedUs: ROUND_TRIP_US + 10 },
    ])
    expect(edits).toEqual([])
    expect(skipped).toMatchObject([{ region: 0, sequenceId: 1, bytes: 1000, writtenUs: 120 }])
    expect(memstoreBytes).toBe(1000)
  })

  test('adds nothing to the WAL, which is not rolled for it', () => {
    const { wal, rollsNeededUs, skipped } = outcome({
      durabilities: ['SKIP_WAL'],
      walRollSize: 500,
      puts: puts([0, 10, 20]),
    })
    expect(skipped).toHaveLength(3)
    expect(wal).toMatchObject({ entries: 0, bytes: 0 })
    expect(rollsNeededUs).toEqual([])
  })

  test('is visible in order of sequence ids', () => {
    const memstoreApply = { kind: 'empirical', values: [0, 400] } as const
    const times = Array.from({ length: 40 }, (_, i) => 10 * i)
    const { answers } = outcome({ durabilities: ['SKIP_WAL'], memstoreApply, puts: puts(times) })
    expect(answers.map(({ edit }) => edit)).toEqual(times.map((_, i) => i))
  })
})

describe('ASYNC_WAL', () => {
  test('is answered when the memstore has it; nobody asks for a sync', () => {
    const { answers, wal, syncedEdits } = outcome({
      durabilities: ['ASYNC_WAL'],
      puts: puts([0, 1000]),
    })
    expect(answers.map(({ acknowledgedUs }) => acknowledgedUs)).toEqual([230, 1230])
    expect(wal.entries).toBe(0)
    expect(syncedEdits).toBe(0)
  })

  test('becomes durable with the sync of a later edit that somebody waits for', () => {
    const { syncedEdits, wal } = outcome({
      durabilities: ['ASYNC_WAL', 'SYNC_WAL'],
      puts: puts([0, 3000], [1000]),
    })
    expect(syncedEdits).toBe(2)
    expect(wal.syncedBytes).toBe(2000)
  })

  test('becomes durable when the batch size is unsynced', () => {
    const { syncedEdits } = outcome({
      durabilities: ['ASYNC_WAL'],
      walBatchSize: 3000,
      puts: puts([0, 1000, 2000, 3000]),
    })
    expect(syncedEdits).toBe(3)
  })

  test('is synced before the roll goes on in the next file', () => {
    const { wals, safePointsUs } = outcome({
      durabilities: ['ASYNC_WAL', 'SYNC_WAL'],
      // The roller rolls what is not empty.
      puts: puts([1000], [0]),
      rollsUs: [2000],
    })
    // Asked for at 2000, there 7000 later; the sync takes 501.
    expect(safePointsUs).toEqual([9501])
    expect(wals.map(({ entries, syncedEntries }) => [entries, syncedEntries])).toEqual([
      [2, 2],
      [0, 0],
    ])
  })

  test('a killed server loses what no sync has covered, and no more', () => {
    const { answers, wal, syncedEdits } = outcome({
      durabilities: ['ASYNC_WAL', 'SYNC_WAL'],
      puts: puts([0, 2000, 2010, 2020], [1000]),
      killUs: 5000,
    })
    expect(answers.map(({ edit }) => edit)).toEqual([0, 1, 2, 3, 4])
    expect(syncedEdits).toBe(2)
    expect(wal.recoverableEntries).toBe(2)
  })
})

/** START_FLUSH is appended at 300 and synced 506 later; COMMIT_FLUSH comes 200 after that. */
const FLUSH: RegionWork = { kind: 'flush', region: 0, atUs: 300, holdUs: 0, writeUs: 200 }

describe.each(['SKIP_WAL', 'ASYNC_WAL'] as const)('%s', (durability) => {
  test('a write behind a marker of its region is visible when that is synced', () => {
    const { answers, regionWork } = outcome({
      durabilities: [durability],
      puts: puts([1000]),
      regionWork: [FLUSH],
    })
    const flushed = regionWork.find(({ what }) => what === 'flushed')
    expect(flushed?.atUs).toBeGreaterThan(1130)
    expect(answers[0].acknowledgedUs).toBe((flushed?.atUs ?? 0) + 100)
  })
})

describe('FSYNC_WAL', () => {
  test('waits for an hsync, and so does what shares it', () => {
    const { answers, wal } = outcome({
      durabilities: ['FSYNC_WAL', 'SYNC_WAL'],
      puts: puts([0], [0]),
    })
    const us = ROUND_TRIP_US + 10 + 2 * 5 + 1300 + 2
    expect(answers.map(({ acknowledgedUs }) => acknowledgedUs)).toEqual([us, us])
    expect(wal).toMatchObject({ syncedBytes: 2000, hsyncedBytes: 2000 })
  })

  test('what comes after it is hflushed again', () => {
    const { wal } = outcome({ durabilities: ['FSYNC_WAL', 'SYNC_WAL'], puts: puts([0], [5000]) })
    expect(wal).toMatchObject({ syncedBytes: 2000, hsyncedBytes: 1000 })
  })

  test('an hsync covers what was hflushed before', () => {
    const { wal } = outcome({ durabilities: ['FSYNC_WAL', 'SYNC_WAL'], puts: puts([5000], [0]) })
    expect(wal).toMatchObject({ syncedBytes: 2000, hsyncedBytes: 2000 })
  })
})

test('with hbase.wal.hsync every sync is an hsync, but for tables that want SYNC_WAL', () => {
  const usual = outcome({ useHsync: true, durabilities: [], puts: puts([0]) })
  expect(usual.wal.hsyncedBytes).toBe(1000)
  const durabilities = ['SYNC_WAL'] as const
  const sync = outcome({ useHsync: true, durabilities, puts: puts([0]) })
  expect(sync.wal).toMatchObject({ syncedBytes: 1000, hsyncedBytes: 0 })
})
