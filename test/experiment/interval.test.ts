import { describe, expect, test } from 'vitest'
import { atMostHeads } from '../../src/experiment/coin-tosses.js'
import { meanInterval, medianInterval } from '../../src/experiment/interval.js'
import { normals, uniforms } from './random.js'

describe('mean over seeds', () => {
  test('has the Student t interval of the textbook', () => {
    // Samples 1…5: mean 3, s = sqrt(2.5), half width 2.776445105 * s / sqrt(5) = 1.963243161.
    const { center, interval, coverage } = meanInterval([5, 3, 1, 4, 2], 0.95)
    expect(center).toBe(3)
    expect(interval?.[0]).toBeCloseTo(3 - 1.963243161, 8)
    expect(interval?.[1]).toBeCloseTo(3 + 1.963243161, 8)
    expect(coverage).toBe(0.95)
  })

  test('has no interval with one seed', () => {
    expect(meanInterval([42], 0.95)).toEqual({ center: 42, interval: null, coverage: null })
  })

  test('is covered as often as promised', () => {
    const normal = normals(7)
    const samples = Array.from({ length: 4000 }, () =>
      Array.from({ length: 5 }, () => 10 + 3 * normal()),
    )
    const covered = samples.filter((five) => contains(meanInterval(five, 0.95).interval, 10))
    // Standard error of the share: sqrt(0.95 * 0.05 / 4000) = 0.0034.
    expect(Math.abs(covered.length / 4000 - 0.95)).toBeLessThan(3 * 0.0034)
  })
})

describe('median over seeds', () => {
  test.each([
    // n, rank from either end, coverage: the printed table of order-statistic intervals.
    [6, 1, 0.96875],
    [8, 1, 0.9921875],
    [9, 2, 0.9609375],
    [10, 2, 0.978515625],
    [15, 4, 0.96484375],
    [20, 6, 1 - (2 * 21_700) / 1_048_576],
    [25, 8, 1 - (2 * 726_206) / 33_554_432],
  ])('of %i seeds lies between the %i. from below and above', (n, rank, exact) => {
    const samples = Array.from({ length: n }, (_, index) => n - index)
    const { center, interval, coverage } = medianInterval(samples, 0.95)
    expect(center).toBe((n + 1) / 2)
    expect(interval).toEqual([rank, n + 1 - rank])
    expect(coverage).toBeCloseTo(exact, 8)
  })

  test('has no 95 % interval with five seeds, whose whole range covers it in 93.75 %', () => {
    const samples = [900, 12, 80, 41, 30]
    expect(medianInterval(samples, 0.95)).toEqual({ center: 41, interval: null, coverage: 0.9375 })
    expect(medianInterval(samples, 0.9).interval).toEqual([12, 900])
  })

  test('has no interval with one seed', () => {
    expect(medianInterval([42], 0.95)).toEqual({ center: 42, interval: null, coverage: null })
  })

  test('is covered as often as the binomial says, however skewed the samples', () => {
    const uniform = uniforms(11)
    // u / (1 - u) has median 1 and no mean.
    const samples = Array.from({ length: 4000 }, () =>
      Array.from({ length: 9 }, () => {
        const u = uniform()
        return u / (1 - u)
      }),
    )
    const covered = samples.filter((nine) => contains(medianInterval(nine, 0.95).interval, 1))
    expect(Math.abs(covered.length / 4000 - 0.9609375)).toBeLessThan(3 * 0.0031)
  })
})

describe('tosses of a fair coin', () => {
  test.each([
    [2, 10, 56 / 1024],
    [0, 5, 1 / 32],
    [3, 7, 0.5],
    [-1, 7, 0],
    [7, 7, 1],
  ])('at most %i heads of %i', (most, tosses, exact) => {
    expect(atMostHeads(most, tosses)).toBeCloseTo(exact, 14)
  })

  test('stay accurate where 2^-n is below the smallest double', () => {
    // The chance of at most 999 of 1999 heads is one half by symmetry.
    expect(atMostHeads(999, 1999)).toBeCloseTo(0.5, 12)
  })
})

function contains(interval: [number, number] | null, value: number): boolean {
  return interval !== null && interval[0] <= value && value <= interval[1]
}
