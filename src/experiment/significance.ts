import { atMostHeads } from './coin-tosses.js'
import { mean, standardError } from './interval.js'
import { tTail } from './student-t.js'

/**
 * Two-sided p-value of the paired t-test that the mean difference is zero; null for fewer than two
 * differences. Differences that are all equal leave no doubt: 1 if they are zero, else 0.
 */
export function pairedTTest(differences: readonly number[]): number | null {
  if (differences.length < 2) return null
  const center = mean(differences)
  const error = standardError(differences)
  if (error === 0) return center === 0 ? 1 : 0
  return 2 * tTail(Math.abs(center) / error, differences.length - 1)
}

/**
 * Two-sided p-value of the exact sign test that the median difference is zero; differences of zero
 * take no side. Null for fewer than two differences. With n seeds it cannot fall below 2^(1 - n).
 */
export function signTest(differences: readonly number[]): number | null {
  if (differences.length < 2) return null
  const above = differences.filter((difference) => difference > 0).length
  const below = differences.filter((difference) => difference < 0).length
  return Math.min(1, 2 * atMostHeads(Math.min(above, below), above + below))
}

/**
 * Holm's step-down adjustment, in the order given: rejecting where the adjusted value is below
 * alpha keeps the chance of any false rejection in the family below alpha.
 */
export function holm(pValues: readonly number[]): number[] {
  const ascending = pValues.map((_, index) => index)
  ascending.sort((i, j) => pValues[i] - pValues[j] || i - j)
  const adjusted = new Array<number>(pValues.length)
  let floor = 0
  ascending.forEach((index, rank) => {
    floor = Math.max(floor, Math.min(1, (pValues.length - rank) * pValues[index]))
    adjusted[index] = floor
  })
  return adjusted
}
