import { DrawStream } from '../../kernel/draws.js'
import { exp, ln } from '../../kernel/exact-math.js'

/** Chooses the key of an operation from a uniform draw. */
export interface KeyChooser {
  /** A number in `[0, keyCount)`. */
  key(u: number): number
  /** The key of the next row, if puts add rows. */
  insert?(): number
}

export function uniformKeys(keyCount: number): KeyChooser {
  return { key: (u) => Math.floor(u * keyCount) }
}

/**
 * YCSB's scrambled Zipfian keys: ranks follow Zipf's law with exponent 0.99 (by the formula of
 * Gray et al., SIGMOD 1994, that YCSB's ZipfianGenerator uses), and a hash spreads them over the
 * key space. The hash is not YCSB's FNV-64, so which keys are hot differs, not how hot they are.
 */
export function zipfianKeys(keyCount: number): KeyChooser {
  const rank = zipfianRanks(keyCount)
  return { key: (u) => hashed(rank(u), keyCount) }
}

/**
 * YCSB's latest keys (SkewedLatestGenerator): puts add rows, and reads ask for the newest ones, by
 * Zipf's law of their age. Rows are counted through from the oldest, and a hash spreads them over
 * the key space (`insertorder=hashed`).
 *
 * Simplification: the key space does not grow, so that a new row may overwrite an old one.
 */
export function latestKeys(keyCount: number): KeyChooser {
  const rank = zipfianRanks(keyCount)
  let newest = keyCount - 1
  return {
    key: (u) => hashed(newest - rank(u), keyCount),
    insert: () => hashed(++newest, keyCount),
  }
}

function hashed(n: number, keyCount: number): number {
  return Math.floor(RANK_HASH.uniform(n) * keyCount)
}

function zipfianRanks(keyCount: number): (u: number) => number {
  const theta = 0.99
  const alpha = 1 / (1 - theta)
  const zeta = zetaSum(keyCount, theta)
  const secondRank = 1 + power(0.5, theta)
  const eta = (1 - power(2 / keyCount, 1 - theta)) / (1 - secondRank / zeta)
  return (u: number): number => {
    const scaled = u * zeta
    if (scaled < 1) return 0
    if (scaled < secondRank) return 1
    return Math.min(keyCount - 1, Math.floor(keyCount * power(eta * u - eta + 1, alpha)))
  }
}

/**
 * Uniform to 52 bits, because the largest key spaces have more than 2^32 keys. The words are chosen
 * so that no two ranks of up to five are hashed to the same key.
 */
const RANK_HASH = new DrawStream(0, 272)

function power(base: number, exponent: number): number {
  return exp(exponent * ln(base))
}

/** Sum of i^-theta for i = 1 … n: exactly for the head, by Euler–Maclaurin for the tail. */
function zetaSum(n: number, theta: number): number {
  const head = Math.min(n, 1000)
  let sum = 0
  for (let i = 1; i <= head; i++) sum += power(1 / i, theta)
  if (n === head) return sum
  const integral = (power(n, 1 - theta) - power(head, 1 - theta)) / (1 - theta)
  return sum + integral + (power(1 / n, theta) - power(1 / head, theta)) / 2
}
