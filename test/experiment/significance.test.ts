import { describe, expect, test } from 'vitest'
import { correlation } from '../../src/experiment/correlation.js'
import { holm, pairedTTest, signTest } from '../../src/experiment/significance.js'
import { normals } from './random.js'

describe('paired t-test', () => {
  test('meets the closed form for three differences', () => {
    // 1, 2, 6: mean 3, s² = 7, t = 3 / sqrt(7 / 3), two degrees of freedom.
    const t = 3 / Math.sqrt(7 / 3)
    expect(pairedTTest([1, 2, 6])).toBeCloseTo(1 - t / Math.sqrt(2 + t * t), 12)
  })

  test('leaves no doubt about equal differences, and says nothing about one', () => {
    expect(pairedTTest([3, 3, 3])).toBe(0)
    expect(pairedTTest([0, 0, 0])).toBe(1)
    expect(pairedTTest([3])).toBeNull()
  })

  test('is uniform where there is no difference', () => {
    const normal = normals(3)
    const pValues = Array.from({ length: 4000 }, () =>
      pairedTTest([normal(), normal(), normal(), normal()]),
    )
    for (const level of [0.05, 0.3, 0.8]) {
      const share = pValues.filter((p) => p !== null && p < level).length / 4000
      const error = Math.sqrt((level * (1 - level)) / 4000)
      expect(Math.abs(share - level)).toBeLessThan(3 * error)
    }
  })
})

describe('sign test', () => {
  test('counts signs only', () => {
    expect(signTest([5, 9, 1, 1e9, 3])).toBe(2 / 32)
    expect(signTest([-5, 9, 1, 1e9, 3])).toBe(12 / 32)
    expect(signTest([-1, 1])).toBe(1)
  })

  test('lets a zero take no side', () => {
    expect(signTest([0, 0, 4, 4, 4])).toBe(2 / 8)
    expect(signTest([0, 0])).toBe(1)
    expect(signTest([4])).toBeNull()
  })
})

describe('Holm correction', () => {
  test('multiplies the smallest by the size of the family and never steps back down', () => {
    const adjusted = holm([0.01, 0.04, 0.03, 0.005])
    ;[0.03, 0.06, 0.06, 0.02].forEach((exact, index) => {
      expect(adjusted[index]).toBeCloseTo(exact, 14)
    })
  })

  test('stays within 1 and treats ties alike', () => {
    expect(holm([0.6, 0.6])).toEqual([1, 1])
    expect(holm([])).toEqual([])
  })
})

describe('luck shared', () => {
  test('is Pearson correlation', () => {
    expect(correlation([1, 2, 3], [2, 4, 6])).toBeCloseTo(1, 14)
    expect(correlation([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 14)
    // Deviations (-1, 0, 1) and (-1, 1, 0): 1 / (sqrt 2 · sqrt 2).
    expect(correlation([1, 2, 3], [1, 3, 2])).toBeCloseTo(0.5, 14)
  })

  test('says nothing about two seeds or a constant side', () => {
    expect(correlation([1, 2], [1, 2])).toBeNull()
    expect(correlation([1, 2, 3], [5, 5, 5])).toBeNull()
  })
})
