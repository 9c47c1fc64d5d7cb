import type { Job } from '../experiment/run-all.js'
import type { RunResult } from '../simulation/result.js'
import { simulate } from '../simulation/simulate.js'

/** What a worker thread does with a job. */
export default function run({ scenario, seed, variant }: Job): RunResult {
  return simulate(scenario, seed, variant)
}
