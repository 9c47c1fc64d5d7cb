import { describe, expect, test } from 'vitest'
import { replicationCheckpointUs } from '../../src/replication/replication-checkpoint.js'

/** The checkpoint in ms of offsets at WALs created at these ms, by owner. */
function checkpointMs(
  offsets: readonly [string, number][],
  stored: Record<string, number> | null = null,
): number | null {
  const checkpointUs = replicationCheckpointUs(
    offsets.map(([owner, createdMs]) => ({ owner, walCreatedUs: createdMs * 1000 })),
    stored === null
      ? null
      : new Map(Object.entries(stored).map(([owner, ms]) => [owner, ms * 1000])),
  )
  return checkpointUs === null ? null : checkpointUs / 1000
}

const offsets: [string, number][] = [
  ['s1', 1000],
  ['s1', 4000],
  ['s2', 3000],
]

describe('the checkpoint of continuous backup', () => {
  test('RB57: without markers the oldest WAL at an offset, less 1 ms', () => {
    expect(checkpointMs(offsets)).toBe(999)
    expect(checkpointMs(offsets.slice(1))).toBe(2999)
  })

  test('has the resolution of WAL names, 1 ms', () => {
    expect(replicationCheckpointUs([{ owner: 's1', walCreatedUs: 1_000_999 }], null)).toBe(999_000)
  })

  test('with markers the stored timestamp counts where it is greater', () => {
    expect(checkpointMs(offsets, { s1: 5000 })).toBe(2999)
    expect(checkpointMs(offsets, { s1: 5000, s2: 4500 })).toBe(4500)
    expect(checkpointMs(offsets, { s1: 500, s2: 4500 })).toBe(999)
  })

  test('the stored timestamps of servers without a queue are ignored', () => {
    expect(checkpointMs(offsets, { s1: 5000, s2: 4500, gone: 10 })).toBe(4500)
  })

  test('a claimed queue can hide behind its new owner’s stored timestamp', () => {
    const claimed: [string, number][] = [...offsets, ['s2', 100]]
    expect(checkpointMs(claimed)).toBe(99)
    expect(checkpointMs(claimed, { s1: 5000, s2: 4500 })).toBe(4500)
  })

  test('without any queue there is none', () => {
    expect(checkpointMs([], { s1: 5000 })).toBeNull()
  })
})
