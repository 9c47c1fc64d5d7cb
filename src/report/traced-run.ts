import type { RunTrace } from '../measure/run-trace.js'
import type { RunResult } from '../simulation/result.js'

/** A run that was traced. */
export interface TracedRun {
  readonly variant: string
  readonly seed: number
  readonly trace: RunTrace
}

/** Those of the results that were traced. */
export function tracedRuns(results: readonly RunResult[]): TracedRun[] {
  return results.flatMap(({ variant, seed, trace }) =>
    trace === undefined ? [] : [{ variant, seed, trace }],
  )
}

/** What was left out of a trace, in words; null if nothing was. */
export function cutSentence({ variant, trace }: TracedRun): string | null {
  const { occurrences, droppedOccurrences, ranges, droppedRanges } = trace
  const parts: string[] = []
  if (droppedOccurrences > 0) {
    parts.push(
      `the first ${occurrences.length} events of ${occurrences.length + droppedOccurrences}`,
    )
  }
  if (droppedRanges > 0) {
    parts.push(`the first ${ranges.length} edit ranges of ${ranges.length + droppedRanges}`)
  }
  return parts.length === 0 ? null : `the trace of ${variant} has only ${parts.join(' and ')}`
}
