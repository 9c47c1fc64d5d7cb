import { describe, expect, test } from 'vitest'
import { type KeyChooser, uniformKeys, zipfianKeys } from '../../../src/hbase/client/key-chooser.js'
import { DrawStream } from '../../../src/kernel/draws.js'

const DRAWS = 200_000
const draws = new DrawStream(28987, 5)

/** How often each key is chosen. */
function frequencies(keys: KeyChooser, keyCount: number): number[] {
  const counts = new Array<number>(keyCount).fill(0)
  for (let i = 0; i < DRAWS; i++) counts[keys.key(draws.uniform(i))]++
  return counts
}

function chiSquare(counts: readonly number[], probabilities: readonly number[]): number {
  return counts.reduce((sum, count, key) => {
    const expected = DRAWS * probabilities[key]
    return expected === 0 ? sum + count * 1e9 : sum + (count - expected) ** 2 / expected
  }, 0)
}

/** Probabilities of the ranks by Zipf's law with exponent 0.99. */
function zipfLaw(keyCount: number): number[] {
  const weights = Array.from({ length: keyCount }, (_, rank) => (rank + 1) ** -0.99)
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}

/**
 * Each rank's key and probability: ranks grow with the draw, so they are the runs of equal keys as
 * the draw goes from 0 to 1 (if no two neighbouring ranks are hashed to the same key).
 */
function ranks(keys: KeyChooser): { key: number; probability: number }[] {
  const runs: { key: number; probability: number }[] = []
  for (let i = 0; i < DRAWS; i++) {
    const key = keys.key((i + 0.5) / DRAWS)
    if (runs.length === 0 || runs[runs.length - 1].key !== key) runs.push({ key, probability: 0 })
    runs[runs.length - 1].probability += 1 / DRAWS
  }
  return runs
}

describe('uniform keys', () => {
  test('every key is chosen equally often', () => {
    const counts = frequencies(uniformKeys(10), 10)
    // 99.9 % quantile of chi-square with 9 degrees of freedom
    expect(chiSquare(counts, new Array(10).fill(0.1))).toBeLessThan(27.9)
  })

  test('the smallest and the largest draw choose the first and the last key', () => {
    for (const keyCount of [1, 3, 1_000_000, 1e10]) {
      const keys = uniformKeys(keyCount)
      expect(keys.key(2 ** -53)).toBe(0)
      expect(keys.key(1 - 2 ** -53)).toBe(keyCount - 1)
    }
  })
})

describe('Zipfian keys', () => {
  test('with up to three keys they follow the law exactly', () => {
    for (const keyCount of [2, 3]) {
      const found = ranks(zipfianKeys(keyCount)).map(({ probability }) => probability)
      const law = zipfLaw(keyCount)
      expect(found).toHaveLength(keyCount)
      for (let rank = 0; rank < keyCount; rank++) expect(found[rank]).toBeCloseTo(law[rank], 4)
    }
  })

  test('of up to five keys every one is used', () => {
    for (let keyCount = 1; keyCount <= 5; keyCount++) {
      const used = new Set(ranks(zipfianKeys(keyCount)).map(({ key }) => key))
      expect(used.size).toBe(keyCount)
    }
  })

  test("the two hottest ranks follow the law, the others YCSB's approximation of it", () => {
    const keyCount = 25
    const found = ranks(zipfianKeys(keyCount)).map(({ probability }) => probability)
    const law = zipfLaw(keyCount)
    expect(found).toHaveLength(keyCount)
    // Rank r ends where keyCount (eta u - eta + 1) ^ (1 / (1 - 0.99)) reaches r + 1.
    const zeta = 1 / law[0]
    const two = 1 + 0.5 ** 0.99
    const eta = (1 - (2 / keyCount) ** 0.01) / (1 - two / zeta)
    const end = (rank: number) => (((rank + 1) / keyCount) ** 0.01 - 1 + eta) / eta
    expect(found[0]).toBeCloseTo(law[0], 4)
    expect(found[1]).toBeCloseTo(law[1], 4)
    for (let rank = 2; rank < keyCount; rank++) {
      const from = rank === 2 ? two / zeta : end(rank - 1)
      expect(found[rank]).toBeCloseTo(end(rank) - from, 4)
      expect(Math.abs(found[rank] / law[rank] - 1)).toBeLessThan(0.12)
    }
  })

  test('keys are drawn with the probabilities of the ranks hashed to them', () => {
    const keyCount = 10
    const keys = zipfianKeys(keyCount)
    const probabilities = new Array<number>(keyCount).fill(0)
    for (const { key, probability } of ranks(keys)) probabilities[key] += probability
    const degrees = probabilities.filter((probability) => probability > 0).length - 1
    expect(degrees).toBeGreaterThan(3)
    // 99.9 % quantile of chi-square with at most 9 degrees of freedom
    expect(chiSquare(frequencies(keys, keyCount), probabilities)).toBeLessThan(27.9)
  })

  test('with a million keys the hottest has its share by the law', () => {
    const counts = new Map<number, number>()
    const keys = zipfianKeys(1_000_000)
    for (let i = 0; i < DRAWS; i++) {
      const key = keys.key(draws.uniform(i))
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
    const [first, second] = [...counts.values()].sort((a, b) => b - a)
    // zeta(1,000,000; 0.99) = 15.391850; four standard deviations are 0.0022 and 0.0016.
    expect(Math.abs(first / DRAWS - 1 / 15.39185)).toBeLessThan(0.0022)
    expect(Math.abs(second / DRAWS - 0.5 ** 0.99 / 15.39185)).toBeLessThan(0.0016)
  })

  test('every part of the key space gets its share, however large it is', () => {
    for (const keyCount of [1000, 1_000_000, 1e9, 1e10]) {
      const tenths = new Array<number>(10).fill(0)
      const keys = zipfianKeys(keyCount)
      for (let i = 0; i < 50_000; i++) {
        tenths[Math.floor((keys.key(draws.uniform(i)) * 10) / keyCount)] += 1 / 50_000
      }
      // A tenth each, but for the few hottest keys.
      expect(Math.min(...tenths)).toBeGreaterThan(0.04)
      expect(Math.max(...tenths)).toBeLessThan(0.3)
    }
  })
})
