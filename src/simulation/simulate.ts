import type { Scenario } from '../scenario/scenario.js'
import type { RunResult } from './result.js'
import { resultOf } from './result-of.js'
import { Run } from './run.js'
import type { RunWatch } from './run-watch.js'

/**
 * Simulates a scenario once. The same scenario, seed and version give the same result, byte for
 * byte, wherever it runs.
 *
 * @param seed chooses the luck; twins of a comparison share it
 * @param variant name under which the result is reported
 * @param watch is told how the run goes
 * @throws InternalError if a rule of the simulator itself is broken
 */
export function simulate(
  scenario: Scenario,
  seed: number,
  variant = 'base',
  watch: RunWatch = {},
): RunResult {
  const run = new Run(scenario, seed, watch)
  run.execute()
  const result = resultOf(run, seed, variant)
  if (run.trace !== null) result.trace = run.trace.of(result)
  return result
}
