import { DrawStream } from '../../kernel/draws.js'
import { exp, ln } from '../../kernel/exact-math.js'
import { permutation } from './permutation.js'

/** Chooses the key of an operation from a uniform draw. */
export interface KeyChooser {
  /** A number in `[0, keyCount)`; the more likely, the more operations are for it. */
  key(u: number): number
  /** The key of the next row, if puts add rows. */
  insert?(): number
  /** The key of the next operation, if they go through the rows in turn; needs no draw. */
  next?(): number
}

/** `hashed`: rows lie anywhere; `ordered`: in the order in which they were added. */
export type InsertOrder = 'hashed' | 'ordered'

export function uniformKeys(keyCount: number): KeyChooser {
  return { key: (u) => Math.floor(u * keyCount) }
}

/**
 * YCSB's scrambled Zipfian keys: ranks follow Zipf's law with exponent 0.99 (by the formula of
 * Gray et al., SIGMOD 1994, that YCSB's ZipfianGenerator uses), and a hash spreads them over the
 * key space. The hash is not YCSB's FNV-64, so which keys are hot differs.
 *
 * Difference: YCSB's ScrambledZipfianGenerator draws ranks of 10^10 items, however many keys there
 * are, and takes the hash modulo their number. Its hottest key gets 3.8 % of operations whatever the
 * key count, and what lies beyond the key count is spread evenly; here the law holds for the keys
 * themselves, of which the hottest of 10^6 gets 6.5 %. Effect: hot keys and regions are hotter.
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
export function latestKeys(keyCount: number, order: InsertOrder = 'hashed'): KeyChooser {
  const rank = zipfianRanks(keyCount)
  const place = (n: number) => (order === 'hashed' ? hashed(n, keyCount) : n % keyCount)
  let newest = keyCount - 1
  return {
    key: (u) => place(newest - rank(u)),
    insert: () => place(++newest),
  }
}

/**
 * YCSB's hotspot keys (HotspotIntegerGenerator): a share of operations goes to the first rows, a
 * share `data` of all, evenly; the rest evenly to the others.
 */
export function hotspotKeys(
  keyCount: number,
  { data, operations }: { readonly data: number; readonly operations: number },
  order: InsertOrder,
): KeyChooser {
  const hot = Math.floor(keyCount * data)
  const share = hot === 0 ? 0 : hot === keyCount ? 1 : operations
  const place = placeOf(keyCount, order)
  return {
    key: (u) => {
      if (u < share) return place(Math.min(hot - 1, Math.floor((u / share) * hot)))
      const cold = Math.floor(((u - share) / (1 - share)) * (keyCount - hot))
      return place(Math.min(keyCount - 1, hot + cold))
    },
  }
}

/**
 * YCSB's exponential keys (ExponentialGenerator): how old a row is that is asked for, counted in
 * rows, is exponential; `percentile` per cent of operations would go to the newest rows, a share
 * `fraction` of all, if there were rows without end. Ages that no row has are drawn again.
 *
 * Simplification: puts add no rows.
 */
export function exponentialKeys(
  keyCount: number,
  { percentile, fraction }: { readonly percentile: number; readonly fraction: number },
  order: InsertOrder,
): KeyChooser {
  const meanAge = (-keyCount * fraction) / ln(1 - percentile / 100)
  const younger = 1 - exp(-keyCount / meanAge)
  const place = placeOf(keyCount, order)
  return {
    key: (u) => {
      const age = Math.floor(-meanAge * ln(1 - u * younger))
      return place(Math.max(0, keyCount - 1 - age))
    },
  }
}

/** YCSB's sequential keys (SequentialGenerator): all rows in turn, again and again. */
export function sequentialKeys(keyCount: number, order: InsertOrder): KeyChooser {
  const place = placeOf(keyCount, order)
  let next = 0
  return {
    key: (u) => Math.floor(u * keyCount),
    next: () => place(next++ % keyCount),
  }
}

/** Where in the key space the n-th row is. */
function placeOf(keyCount: number, order: InsertOrder): (n: number) => number {
  return order === 'hashed' ? permutation(keyCount) : (n) => n
}

/**
 * How many rows a scan asks for at most `most`: YCSB's `scanlengthdistribution=zipfian`, the fewer
 * the likelier.
 */
export function zipfianLength(most: number): (u: number) => number {
  const rank = zipfianRanks(most)
  return (u) => 1 + rank(u)
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
