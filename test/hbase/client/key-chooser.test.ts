import { describe, expect, test } from 'vitest'
import {
  exponentialKeys,
  hotspotKeys,
  type KeyChooser,
  latestKeys,
  sequentialKeys,
  uniformKeys,
  zipfianKeys,
  zipfianLength,
} from '../../../src/hbase/client/key-chooser.js'
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

describe('hotspot keys', () => {
  test('the hot rows share their part of the operations, the others the rest', () => {
    const counts = frequencies(hotspotKeys(20, { data: 0.25, operations: 0.6 }, 'ordered'), 20)
    const law = Array.from({ length: 20 }, (_, row) => (row < 5 ? 0.6 / 5 : 0.4 / 15))
    // 99.9 % quantile of chi-square with 19 degrees of freedom
    expect(chiSquare(counts, law)).toBeLessThan(43.8)
  })

  test('where no row is hot all are alike, and where all are', () => {
    for (const data of [0, 0.04, 1]) {
      const counts = frequencies(hotspotKeys(10, { data, operations: 0.9 }, 'ordered'), 10)
      expect(chiSquare(counts, new Array(10).fill(0.1))).toBeLessThan(27.9)
    }
  })

  test('hashed, a fifth of the rows is hot wherever one looks', () => {
    const keys = hotspotKeys(100_000, { data: 0.2, operations: 0.8 }, 'hashed')
    const hot = new Set<number>()
    const tenths = new Array<number>(10).fill(0)
    for (let i = 0; i < DRAWS; i++) {
      const key = keys.key((0.8 * (i + 0.5)) / DRAWS)
      if (!hot.has(key)) tenths[Math.floor(key / 10_000)]++
      hot.add(key)
    }
    expect(hot.size).toBe(20_000)
    // 2000 each, give or take five standard deviations of 40.
    for (const tenth of tenths) expect(Math.abs(tenth - 2000)).toBeLessThan(200)
  })
})

describe('exponential keys', () => {
  test('the age of a row that is asked for is geometric', () => {
    const keyCount = 30
    const keys = exponentialKeys(keyCount, { percentile: 95, fraction: 0.5 }, 'ordered')
    // 95 % go to the newest 15 rows, if there were rows without end: P(age >= 15) = 0.05.
    const perRow = 0.05 ** (1 / 15)
    const law = Array.from({ length: keyCount }, (_, row) => perRow ** (keyCount - 1 - row))
    const sum = law.reduce((total, weight) => total + weight, 0)
    const probabilities = law.map((weight) => weight / sum)
    // 99.9 % quantile of chi-square with 29 degrees of freedom
    expect(chiSquare(frequencies(keys, keyCount), probabilities)).toBeLessThan(58.3)
  })

  test('no draw is beyond the rows there are', () => {
    for (const keyCount of [1, 3, 1e10]) {
      const keys = exponentialKeys(keyCount, { percentile: 5, fraction: 1 }, 'ordered')
      expect(keys.key(2 ** -53)).toBe(keyCount - 1)
      expect(keys.key(1 - 2 ** -53)).toBe(0)
    }
  })
})

describe('sequential keys', () => {
  test('go through the rows again and again', () => {
    const keys = sequentialKeys(3, 'ordered')
    expect(Array.from({ length: 7 }, () => keys.next?.())).toEqual([0, 1, 2, 0, 1, 2, 0])
  })

  test('hashed, they still go to every row once before they come back', () => {
    for (const keyCount of [1, 2, 3, 5, 64, 1000, 4097]) {
      const keys = sequentialKeys(keyCount, 'hashed')
      const turn = Array.from({ length: keyCount }, () => keys.next?.() ?? -1)
      expect([...turn].sort((a, b) => a - b)).toEqual(turn.map((_, key) => key))
      expect(keys.next?.()).toBe(turn[0])
    }
  })

  test('hashed, neighbours do not stay together', () => {
    const keys = sequentialKeys(100_000, 'hashed')
    const tenths = new Array<number>(10).fill(0)
    for (let i = 0; i < 10_000; i++) tenths[Math.floor((keys.next?.() ?? 0) / 10_000)]++
    // 1000 each, give or take five standard deviations of 30.
    for (const tenth of tenths) expect(Math.abs(tenth - 1000)).toBeLessThan(150)
  })
})

test('of the latest keys in order, the newest row is behind the one before', () => {
  const keys = latestKeys(100, 'ordered')
  expect(keys.key(2 ** -53)).toBe(99)
  expect([keys.insert?.(), keys.insert?.(), keys.insert?.()]).toEqual([0, 1, 2])
  expect(keys.key(2 ** -53)).toBe(2)
})

test('Zipfian lengths of scans are 1 to the most, short ones being likelier', () => {
  const length = zipfianLength(3)
  const counts = [0, 0, 0]
  for (let i = 0; i < DRAWS; i++) counts[length(draws.uniform(i)) - 1]++
  expect(chiSquare(counts, zipfLaw(3))).toBeLessThan(13.9)
})
