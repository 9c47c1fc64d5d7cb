import { expect, test } from 'vitest'
import { ServerActivity } from '../../src/measure/server-activity.js'
import { regionServersOf } from '../../src/simulation/region-server-results.js'

const S = 1_000_000

test('every reason and kind is there although nothing happened; reads are not', () => {
  const result = regionServersOf(new ServerActivity({ fromUs: 0, untilUs: S, windows: 10 }))
  expect(Object.values(result.flushes.byReason).every((count) => count === 0)).toBe(true)
  expect(Object.keys(result.flushes.byReason)).toContain('max-logs')
  expect(Object.keys(result.rolls)).toContain('low replication')
  expect(result.refused).toEqual({
    'region too busy': 0,
    'file not found': 0,
    'reads disabled': 0,
    'call queue too big': 0,
    'row lock': 0,
    'not serving': 0,
  })
  expect(result.flushes.stallUs).toEqual({ count: 0, p50: null, p99: null, p999: null, max: null })
  expect(result).not.toHaveProperty('readLatencyUs')
})

test('figures are those of the activity', () => {
  const activity = new ServerActivity({ fromUs: 0, untilUs: 100 * S, windows: 10 })
  const times = { lockedUs: 5 * S, unlockedUs: 5 * S + 80, committedUs: 9 * S }
  activity.flushed('rs1', { reason: 'age', bytes: 77, ...times })
  activity.compacted('rs1', {
    ...{ inputs: [1, 2, 3, 4], bytes: 500, major: true, startedUs: 10 * S, endedUs: 30 * S },
  })
  activity.read(S, S + 40)
  activity.note('storeFiles', 5, S)
  const result = regionServersOf(activity)
  expect(result.flushes).toMatchObject({
    count: 1,
    bytes: 77,
    byReason: { age: 1, size: 0 },
    stallUs: { p99: 80, max: 80 },
    durationUs: { max: 4 * S },
  })
  expect(result.compactions).toMatchObject({ count: 1, major: 1, inputFiles: 4, bytes: 500 })
  expect(result.compactions.durationUs.max).toBe(20 * S)
  expect(result.readLatencyUs).toMatchObject({ count: 1, max: 40 })
  expect(result.storeFiles).toEqual({ max: 5 })
})
