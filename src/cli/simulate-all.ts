import { runAll, seedsFrom } from '../experiment/run-all.js'
import type { LoadedScenario } from '../scenario/load.js'
import type { RunResult } from '../simulation/result.js'
import type { RunArguments } from './options.js'
import { type Progress, startProgress } from './progress.js'
import type { Pool, Shell } from './shell.js'

/** Where a command's simulations run, and whether they are to go on. */
export interface Workplace {
  readonly pool: Pool
  readonly progress: Progress
  /** Runs one job in the pool, followed by the progress. */
  readonly execute: (job: Parameters<Pool['execute']>[0]) => Promise<RunResult>
  readonly signal: { readonly aborted: boolean }
}

/**
 * Opens a pool for `jobs` simulations at a time at most, does `work` in it, and closes it. Once the
 * user interrupts, `signal` says so and the jobs under way fail.
 */
export async function inWorkplace<T>(
  jobs: number,
  visible: boolean,
  shell: Shell,
  work: (place: Workplace) => Promise<T>,
): Promise<T> {
  const signal = { aborted: false }
  const pool = shell.openPool(jobs)
  const progress = startProgress(visible)
  const stopListening = shell.onInterrupt(() => {
    signal.aborted = true
    // Ends the runs under way, each of which could take long.
    void pool.close()
  })
  const execute: Workplace['execute'] = (job) =>
    progress.follow(job, (clock) => pool.execute(job, clock))
  try {
    return await work({ pool, progress, execute, signal })
  } finally {
    stopListening()
    progress.stop()
    await pool.close()
  }
}

/** Runs every variant under every seed; the first seed is the one that may be traced. */
export async function simulateAll(
  loaded: LoadedScenario,
  { seeds, trace }: Pick<RunArguments, 'seeds' | 'trace'>,
  { pool, progress, execute, signal }: Workplace,
): Promise<RunResult[]> {
  const { variants } = loaded
  for (const { scenario } of variants) progress.plan(scenario.durationUs, seeds)
  const [first, ...others] = seedsFrom(variants[0].scenario.seed, seeds)
  return runAll({
    loaded,
    seeds: [first, ...others],
    execute: (job) => execute({ ...job, trace: trace && job.seed === first }),
    concurrency: pool.concurrency,
    signal,
  })
}
