import { compare } from '../../src/experiment/compare.js'
import { type Summary, summarize } from '../../src/experiment/summary.js'
import type { RunResult } from '../../src/simulation/result.js'

/** The summary of `results` of a scenario that expects nothing. */
export function summaryOf(results: readonly RunResult[], name = 'backup-options'): Summary {
  const comparison = results.length > 1 ? compare(results) : null
  return summarize({ name, hash: '0123abcd', expectations: [] }, results, comparison, '0.1.0')
}
