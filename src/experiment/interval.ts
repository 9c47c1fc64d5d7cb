import { atMostHeads } from './coin-tosses.js'
import { tQuantile } from './student-t.js'

/** A figure over seeds with its confidence interval; the unit of observation is the seed. */
export interface Estimate {
  /** Mean or median, by the function that made it. */
  center: number
  /** Null if there are too few seeds for the level asked. */
  interval: [number, number] | null
  /**
   * Probability with which `interval` covers the true value; where `interval` is null, that with
   * which the range of the samples covers it. Null for a single seed.
   */
  coverage: number | null
}

export function mean(samples: readonly number[]): number {
  let sum = 0
  for (const sample of samples) sum += sample
  return sum / samples.length
}

/**
 * Mean with Student's t interval at confidence `level`. The samples are taken as normal; for
 * quantiles of a run, averages over many edits each, that is a fair approximation.
 */
export function meanInterval(samples: readonly number[], level: number): Estimate {
  const center = mean(samples)
  if (samples.length < 2) return { center, interval: null, coverage: null }
  const half = tQuantile((1 + level) / 2, samples.length - 1) * standardError(samples)
  return { center, interval: [center - half, center + half], coverage: level }
}

/** Estimated standard deviation of the mean of two or more samples. */
export function standardError(samples: readonly number[]): number {
  const center = mean(samples)
  let squares = 0
  for (const sample of samples) squares += (sample - center) * (sample - center)
  return Math.sqrt(squares / (samples.length - 1) / samples.length)
}

/**
 * Median with the narrowest symmetric pair of order statistics that covers it with at least
 * `level`, whatever the distribution. The k-th from below and above fail to cover it with
 * probability 2 P(Binomial(n, 1/2) < k): for 95 % that takes six samples.
 */
export function medianInterval(samples: readonly number[], level: number): Estimate {
  const sorted = Float64Array.from(samples).sort()
  const n = sorted.length
  const center = (sorted[Math.floor((n - 1) / 2)] + sorted[Math.floor(n / 2)]) / 2
  if (n < 2) return { center, interval: null, coverage: null }
  let rank = 1
  if (coverageOfRank(rank, n) < level) {
    return { center, interval: null, coverage: coverageOfRank(rank, n) }
  }
  while (2 * (rank + 1) <= n && coverageOfRank(rank + 1, n) >= level) rank++
  return {
    center,
    interval: [sorted[rank - 1], sorted[n - rank]],
    coverage: coverageOfRank(rank, n),
  }
}

function coverageOfRank(rank: number, n: number): number {
  return 1 - 2 * atMostHeads(rank - 1, n)
}
