import type { RunResult, Series } from '../simulation/result.js'
import { type LineStyle, lineStyle } from './line-style.js'

/** What the lines of an experiment are called, in the order of their styles. */
export function labelsOf(runs: readonly RunResult[]): string[] {
  const drawn = runs.flatMap((run) => run.series.map((series) => labelOf(run, series, runs)))
  return [...new Set(drawn)]
}

/** The variant, with the peer where there is more than one. */
export function labelOf(
  run: RunResult,
  series: Pick<Series, 'labels'>,
  runs: readonly RunResult[],
): string {
  const peers = new Set(runs.flatMap((each) => Object.keys(each.peers)))
  return peers.size > 1 && series.labels.peer !== undefined
    ? `${run.variant}: ${series.labels.peer}`
    : run.variant
}

/** The look of what belongs to a variant as a whole, the same in all charts. */
export function variantStyle(variant: string, runs: readonly RunResult[]): LineStyle {
  return lineStyle(labelsOf(runs).indexOf(variant))
}
