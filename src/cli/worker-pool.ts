import { availableParallelism } from 'node:os'
import { Tinypool } from 'tinypool'
import type { Pool } from './shell.js'

/** Worker threads for `jobs` simulations, at most one for each core. */
export function workerPool(jobs: number): Pool {
  const concurrency = Math.max(1, Math.min(jobs, availableParallelism()))
  const pool = new Tinypool({
    filename: new URL('./worker.js', import.meta.url).href,
    minThreads: concurrency,
    maxThreads: concurrency,
  })
  return {
    concurrency,
    execute: (job, clock) => pool.run({ job, clock }),
    close: () => pool.destroy(),
  }
}
