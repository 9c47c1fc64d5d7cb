import type { RunResult } from '../simulation/result.js'
import { csvCells, csvLabels } from './series-csv.js'

/**
 * `distributions.csv`: one row for each point of each cumulative distribution, in pieces of one
 * distribution each. A `share` of all was at most `value`.
 */
export function* distributionsCsv(results: readonly RunResult[]): Generator<string> {
  yield 'variant,seed,metric,labels,share,value\n'
  for (const { variant, seed, distributions } of results) {
    for (const { metric, labels, values, shares } of distributions) {
      const cells = csvCells(variant, String(seed), metric, csvLabels(labels))
      yield values.map((value, i) => `${cells},${rounded(shares[i])},${value}\n`).join('')
    }
  }
}

/** Ten digits keep what is above the 99.9999th percentile. */
function rounded(share: number): number {
  return Number(share.toFixed(10))
}
