import { describe, expect, test } from 'vitest'
import { tQuantile, tTail } from '../../src/experiment/student-t.js'

/** Two-sided critical values as every statistics book prints them: df, 90 %, 95 %, 99 %. */
const PRINTED = [
  [1, 6.314, 12.706, 63.657],
  [2, 2.92, 4.303, 9.925],
  [3, 2.353, 3.182, 5.841],
  [4, 2.132, 2.776, 4.604],
  [5, 2.015, 2.571, 4.032],
  [9, 1.833, 2.262, 3.25],
  [10, 1.812, 2.228, 3.169],
  [19, 1.729, 2.093, 2.861],
  [30, 1.697, 2.042, 2.75],
  [60, 1.671, 2.0, 2.66],
  [120, 1.658, 1.98, 2.617],
] as const

describe('quantile of Student t', () => {
  test.each(PRINTED)('agrees with the printed table for %i degrees of freedom', (df, ...values) => {
    ;[0.95, 0.975, 0.995].forEach((p, column) => {
      expect(Math.abs(tQuantile(p, df) - values[column])).toBeLessThanOrEqual(0.00051)
    })
  })

  test.each([0.51, 0.6, 0.9, 0.975, 0.995, 0.9999])('meets the closed forms at p = %d', (p) => {
    // df 1 is Cauchy; df 2 and 4 invert in radicals.
    const cauchy = Math.tan(Math.PI * (p - 0.5))
    const alpha = 4 * p * (1 - p)
    const two = (2 * p - 1) * Math.sqrt(2 / alpha)
    const q = Math.cos(Math.acos(Math.sqrt(alpha)) / 3) / Math.sqrt(alpha)
    const four = 2 * Math.sqrt(q - 1)
    for (const [df, exact] of [
      [1, cauchy],
      [2, two],
      [4, four],
    ]) {
      expect(Math.abs(tQuantile(p, df) / exact - 1)).toBeLessThan(1e-10)
    }
  })

  test('is odd around one half and undoes the tail', () => {
    expect(tQuantile(0.5, 7)).toBeCloseTo(0, 12)
    for (const df of [1, 2, 3, 8, 33, 250, 5000]) {
      expect(tQuantile(0.025, df)).toBeCloseTo(-tQuantile(0.975, df), 9)
      for (const tail of [0.4, 0.1, 0.01, 1e-6, 1e-12]) {
        expect(Math.abs(tTail(-tQuantile(tail, df), df) / tail - 1)).toBeLessThan(1e-10)
      }
    }
  })

  test('comes close to the normal quantile with many degrees of freedom', () => {
    expect(tQuantile(0.975, 1_000_000)).toBeCloseTo(1.959966, 5)
  })
})

describe('tail of Student t', () => {
  test.each([0, 0.01, 0.3, 1, 2.5, 10, 1e3])('meets the closed forms at t = %d', (t) => {
    const close = (actual: number, exact: number) =>
      expect(Math.abs(actual - exact)).toBeLessThan(1e-13)
    close(tTail(t, 1), 0.5 - Math.atan(t) / Math.PI)
    close(tTail(t, 2), 0.5 - t / (2 * Math.sqrt(2 + t * t)))
    const third = t / Math.sqrt(3)
    close(tTail(t, 3), 0.5 - (third / (1 + third * third) + Math.atan(third)) / Math.PI)
    close(tTail(-t, 3), 1 - tTail(t, 3))
  })

  test('keeps its relative accuracy far out, where 1 - P(T <= t) would have lost it', () => {
    // df 2: 1/2 - t / (2 sqrt(2 + t²)) = 1 / (s (s + t)) with s = sqrt(2 + t²).
    const t = 1e9
    const s = Math.sqrt(2 + t * t)
    expect(Math.abs(tTail(t, 2) * s * (s + t) - 1)).toBeLessThan(1e-12)
    expect(tTail(Infinity, 5)).toBe(0)
  })
})
