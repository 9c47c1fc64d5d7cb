import picocolors from 'picocolors'
import type { Job } from '../experiment/run-all.js'
import type { RunResult } from '../simulation/result.js'
import { wantsColours } from './colours.js'
import type { RunClock } from './run-clock.js'
import { workerPool } from './worker-pool.js'

/** What a command has to do with the world outside; tests bring their own. */
export interface Shell {
  /** Results. */
  out: (text: string) => void
  /** Errors and progress. */
  err: (text: string) => void
  /** Columns to wrap results at. */
  width: number
  /** Results are marked up for a terminal. */
  colours: ReturnType<typeof picocolors.createColors>
  /** Progress may be drawn to stderr. */
  live: boolean
  /** Where simulations run; `jobs` is how many there will be. */
  openPool: (jobs: number) => Pool
  /** Calls back when the user wants to stop; returns how to stop listening. */
  onInterrupt: (callback: () => void) => () => void
}

/** Runs simulations elsewhere. After `close`, jobs under way fail. */
export interface Pool {
  concurrency: number
  execute: (job: Job, clock: RunClock) => Promise<RunResult>
  close: () => Promise<void>
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** The shell of this process. */
export function processShell(): Shell {
  return {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    width: Math.max(60, Math.min(process.stdout.columns ?? 100, 120)),
    colours: picocolors.createColors(wantsColours(process.env, process.stdout.isTTY === true)),
    live: process.stderr.isTTY === true,
    openPool: workerPool,
    onInterrupt: (callback) => {
      const listener = () => {
        // Only the first signal: whoever sends a second does not want to wait.
        stopListening()
        callback()
      }
      const stopListening = () => {
        for (const signal of SIGNALS) process.off(signal, listener)
      }
      for (const signal of SIGNALS) process.on(signal, listener)
      return stopListening
    },
  }
}
