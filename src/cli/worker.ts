import type { Job } from '../experiment/run-all.js'
import type { RunResult } from '../simulation/result.js'
import { simulate } from '../simulation/simulate.js'
import type { RunClock } from './run-clock.js'

/** What a worker thread does with a job; it keeps the clock of the run. */
export default function run({ job, clock }: { job: Job; clock: RunClock }): RunResult {
  const { scenario, seed, variant, trace = false } = job
  return simulate(scenario, seed, variant, {
    trace,
    progress: (nowUs) => {
      clock[0] = nowUs
    },
  })
}
