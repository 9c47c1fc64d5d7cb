import { mean } from './interval.js'

/**
 * Pearson's correlation of paired values; null where it says nothing: fewer than three pairs (two
 * always lie on a line) or a side that is constant.
 */
export function correlation(xs: readonly number[], ys: readonly number[]): number | null {
  if (xs.length < 3) return null
  const xMean = mean(xs)
  const yMean = mean(ys)
  let xx = 0
  let yy = 0
  let xy = 0
  for (let i = 0; i < xs.length; i++) {
    const dx = xs[i] - xMean
    const dy = ys[i] - yMean
    xx += dx * dx
    yy += dy * dy
    xy += dx * dy
  }
  if (xx === 0 || yy === 0) return null
  return Math.max(-1, Math.min(1, xy / (Math.sqrt(xx) * Math.sqrt(yy))))
}
