import { expect, test } from 'vitest'
import { ActivityTimeline } from '../../src/measure/activity-timeline.js'

test('few intervals are kept as they were, in order of begin', () => {
  const timeline = new ActivityTimeline(10)
  timeline.add(50, 60, 3, 51)
  timeline.add(10, 90, 0, 10)
  expect(timeline.intervals()).toEqual([
    { fromUs: 10, untilUs: 90, count: 1, stallUs: 0, stalledAtUs: 10 },
    { fromUs: 50, untilUs: 60, count: 1, stallUs: 3, stalledAtUs: 51 },
  ])
})

test('of very many, neighbours become one that keeps their number and the longest stall', () => {
  const timeline = new ActivityTimeline(100)
  for (let i = 0; i < 50_000; i++) {
    const fromUs = i * 1_000_000
    timeline.add(fromUs, fromUs + 400_000, i === 31_415 ? 999 : 5, fromUs + 7)
  }
  const intervals = timeline.intervals()
  expect(intervals.length).toBeGreaterThan(10)
  expect(intervals.length).toBeLessThanOrEqual(100)
  expect(intervals.reduce((sum, { count }) => sum + count, 0)).toBe(50_000)
  expect(intervals[0].fromUs).toBe(0)
  expect(intervals.at(-1)?.untilUs).toBe(49_999_400_000)
  const longest = intervals.filter(({ stallUs }) => stallUs === 999)
  expect(longest.map(({ stalledAtUs }) => stalledAtUs)).toEqual([31_415_000_007])
})

test('merging closes no gap that is long beside those within a burst', () => {
  const timeline = new ActivityTimeline(100)
  for (let burst = 0; burst < 10; burst++) {
    for (let i = 0; i < 50; i++) {
      const fromUs = burst * 3_600_000_000 + i * 1_000_000
      timeline.add(fromUs, fromUs + 400_000, 0, fromUs)
    }
  }
  for (const { fromUs, untilUs } of timeline.intervals()) {
    expect(untilUs - fromUs).toBeLessThan(50_000_000)
  }
})
