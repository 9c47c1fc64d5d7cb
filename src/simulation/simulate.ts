import type { Scenario } from '../scenario/scenario.js'
import type { RunResult } from './result.js'
import { resultOf } from './result-of.js'
import { Run } from './run.js'

/**
 * Simulates a scenario once. The same scenario, seed and version give the same result, byte for
 * byte, wherever it runs.
 *
 * @param seed chooses the luck; twins of a comparison share it
 * @param variant name under which the result is reported
 * @throws InternalError if a rule of the simulator itself is broken
 */
export function simulate(scenario: Scenario, seed: number, variant = 'base'): RunResult {
  const run = new Run(scenario, seed)
  run.execute()
  return resultOf(run, seed, variant)
}
