import { expect, test } from 'vitest'
import { decimate } from '../../src/report/decimate.js'

test('few points are drawn as they are', () => {
  const points = [
    { x: 0, y: 1 },
    { x: 5, y: null },
  ]
  expect(decimate(points, 0, 10, 100)).toEqual(points)
})

test('a single peak among a hundred thousand points is kept at its instant', () => {
  const points = Array.from({ length: 100_000 }, (_, x) => ({ x, y: x === 77_777 ? 9 : 1 }))
  const drawn = decimate(points, 0, 100_000, 50)
  expect(drawn.length).toBeLessThanOrEqual(200)
  expect(drawn).toContainEqual({ x: 77_777, y: 9 })
  expect(drawn[0]).toEqual({ x: 0, y: 1 })
  expect(drawn[drawn.length - 1]).toEqual({ x: 99_999, y: 1 })
})

test('a gap stays a gap', () => {
  const points = Array.from({ length: 10_000 }, (_, x) => ({ x, y: x === 5_000 ? null : x % 7 }))
  expect(decimate(points, 0, 10_000, 10)).toContainEqual({ x: 5_000, y: null })
})

test('points stay in order of time, with both ends of a jump at one instant', () => {
  const points = Array.from({ length: 8_000 }, (_, i) => ({ x: i >> 1, y: i % 2 }))
  const drawn = decimate(points, 0, 4_000, 10)
  const times = drawn.map(({ x }) => x)
  expect(times).toEqual([...times].sort((a, b) => a - b))
  expect(drawn.some(({ y }) => y === 0) && drawn.some(({ y }) => y === 1)).toBe(true)
})
