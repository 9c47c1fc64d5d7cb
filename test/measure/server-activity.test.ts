import { describe, expect, test } from 'vitest'
import { ServerActivity } from '../../src/measure/server-activity.js'

const S = 1_000_000

/** Measured from 100 s to 1,000 s, in windows of 10 s. */
function activity(): ServerActivity {
  return new ServerActivity({ fromUs: 100 * S, untilUs: 1_000 * S, windows: 100 })
}

function flush(lockedUs: number, stallUs: number, durationUs: number, bytes = 1) {
  const reason = 'size' as const
  const unlockedUs = lockedUs + stallUs
  return { reason, bytes, lockedUs, unlockedUs, committedUs: lockedUs + durationUs }
}

function compaction(startedUs: number, endedUs: number, major = false) {
  return { inputs: ['a', 'b', 'c'], bytes: 300, major, startedUs, endedUs }
}

describe('the activity of region servers', () => {
  test('what ends within the measured time is counted, whatever the server', () => {
    const measured = activity()
    measured.flushed('rs1', flush(90 * S, 5, 9 * S, 1_000))
    measured.flushed('rs1', flush(95 * S, 10, 10 * S, 1_000))
    measured.flushed('rs2', { ...flush(500 * S, 30, 4 * S, 500), reason: 'pressure' })
    measured.flushed('rs2', flush(999 * S, 99, 2 * S, 500))
    measured.compacted('rs1', compaction(90 * S, 120 * S))
    measured.compacted('rs2', compaction(200 * S, 290 * S, true))
    expect(measured.flushReasons).toMatchObject({ size: 1, pressure: 1, age: 0, close: 0 })
    expect(measured.flushedBytes).toBe(1_500)
    expect([measured.flushStalls.count, measured.flushStalls.max]).toEqual([2, 30])
    expect(measured.flushDurations.max).toBe(10 * S)
    expect(measured.compactionDurations.max).toBe(90 * S)
    expect([measured.majorCompactions, measured.compactedFiles]).toEqual([1, 6])
    expect(measured.compactedBytes).toBe(600)
  })

  test('rolls and refusals are counted by cause', () => {
    const measured = activity()
    measured.rolled({ reason: 'size', atUs: 50 * S })
    measured.rolled({ reason: 'size', atUs: 150 * S })
    measured.rolled({ reason: 'slow sync', atUs: 160 * S })
    measured.refused('region too busy', 170 * S)
    measured.refused('region too busy', 1_000 * S)
    expect(measured.rolls).toMatchObject({ size: 1, 'slow sync': 1, period: 0 })
    expect(measured.refusals).toEqual({
      'region too busy': 1,
      'row lock': 0,
      'file not found': 0,
      'reads disabled': 0,
      'call queue too big': 0,
      'not serving': 0,
    })
  })

  test('levels are kept at their most within the measured time', () => {
    const measured = activity()
    measured.note('memstoreBytes', 900, 10 * S)
    measured.note('memstoreBytes', 500, 200 * S)
    measured.note('memstoreBytes', 400, 300 * S)
    measured.note('walFiles', 7, 300 * S)
    expect(measured.levels).toEqual({ memstoreBytes: 500, storeFiles: 0, walFiles: 7 })
  })

  test('reads have a latency of their own', () => {
    const measured = activity()
    measured.read(99 * S, 99 * S + 10)
    measured.read(200 * S, 200 * S + 700)
    expect([measured.readLatency.count, measured.readLatency.max]).toEqual([1, 700])
  })

  test('the timeline is that of the server that flushed most, warm-up included', () => {
    const measured = activity()
    measured.flushed('rs1', flush(10 * S, 5, 9 * S, 100))
    measured.flushed('rs2', flush(20 * S, 7, 9 * S, 300))
    measured.compacted('rs2', compaction(30 * S, 50 * S))
    const timeline = measured.busiest()
    expect(timeline?.server).toBe('rs2')
    expect(timeline?.flushes).toMatchObject([{ fromUs: 20 * S, untilUs: 29 * S, stallUs: 7 }])
    expect(timeline?.compactions).toMatchObject([{ fromUs: 30 * S, untilUs: 50 * S }])
    expect(activity().busiest()).toBe(null)
  })

  test('of servers that flushed the same, the order of their flushes does not decide', () => {
    const [one, other] = [activity(), activity()]
    for (const server of ['rs1', 'rs2']) one.flushed(server, flush(200 * S, 1, 2))
    for (const server of ['rs2', 'rs1']) other.flushed(server, flush(200 * S, 1, 2))
    expect(one.busiest()?.server).toBe('rs1')
    expect(other.busiest()?.server).toBe('rs1')
  })

  test('write latency is told apart by whether a flush stalled writes at the time', () => {
    const measured = activity()
    const writeEverySecond = (fromS: number, toS: number, latencyUs: number) => {
      for (let s = fromS; s < toS; s++) measured.answered(s * S - latencyUs, s * S)
    }
    // The warm-up is in neither.
    measured.flushed('rs1', flush(50 * S, 3 * S, 4 * S))
    writeEverySecond(51, 55, 200)
    writeEverySecond(100, 300, 30)
    expect(measured.writeP999Us()).toEqual({ stalled: null, calm: 30 })
    measured.flushed('rs1', flush(305 * S, 12 * S, 20 * S))
    writeEverySecond(300, 320, 90)
    writeEverySecond(320, 400, 40)
    expect(measured.writeP999Us()).toEqual({ stalled: 90, calm: 40 })
  })
})
