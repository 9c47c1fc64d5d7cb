import type { ConsistencyResult } from '../simulation/read-results.js'
import type { Metric } from './metric.js'

export const CONSISTENCIES = ['strong', 'timeline'] as const

/** A figure of the reads with one consistency, over runs not all of which have such reads. */
export function readFigure(
  consistency: (typeof CONSISTENCIES)[number],
  figure: (reads: ConsistencyResult) => number | null | undefined,
): Metric['of'] {
  return ({ reads }) => {
    const its = reads?.[consistency]
    return (its && figure(its)) ?? null
  }
}
