import { expect, test } from 'vitest'
import { ClosedLoopMeter } from '../../src/measure/closed-loop-meter.js'

const WINDOW = { fromUs: 1_000_000, untilUs: 3_000_000, clients: 2, paced: true }

test('answers within the window count, and what they took', () => {
  const meter = new ClosedLoopMeter([WINDOW])
  for (const [sentUs, endedUs] of [
    [900_000, 999_999],
    [999_000, 1_000_000],
    [2_000_000, 2_004_000],
    [2_999_000, 3_000_000],
  ]) {
    meter.sent(0, 1, sentUs, false)
    meter.answered(0, 1, sentUs, endedUs)
  }
  expect(meter.figures(0, 10_000_000)).toEqual({
    ...{ clients: 2, operations: 2, operationsPerSecond: 1 },
    ...{ meanResponseUs: 2500, lateShare: 0 },
  })
})

test('an answer that is known before its time does not count if the end comes first', () => {
  const figuresAt = (endUs: number) => {
    const meter = new ClosedLoopMeter([WINDOW])
    meter.sent(0, 0, 1_000_000, true)
    meter.answered(0, 0, 1_000_000, 2_000_000)
    return meter.figures(0, endUs)
  }
  expect(figuresAt(1_999_999)).toMatchObject({ operations: 0, meanResponseUs: null, lateShare: 1 })
  expect(figuresAt(2_000_000)).toMatchObject({ operations: 1, operationsPerSecond: 1 })
  expect(figuresAt(900_000)?.operationsPerSecond).toBe(null)
})

test('open-loop clients have no figures, clients without a target are never late', () => {
  const meter = new ClosedLoopMeter([null, { ...WINDOW, paced: false }])
  meter.sent(1, 0, 1_500_000, true)
  expect(meter.figures(0, 3_000_000)).toBe(null)
  expect(meter.figures(1, 3_000_000)?.lateShare).toBe(null)
})
