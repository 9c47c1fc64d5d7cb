import type { Scenario } from '../scenario/scenario.js'

/** One simulation to be run, here or in a worker. */
export interface Job {
  variant: string
  scenario: Scenario
  seed: number
  /** The result is to tell what happened. */
  trace?: boolean
}

export interface RunAllOptions<R> {
  loaded: { readonly variants: readonly { name: string; scenario: Scenario }[] }
  seeds: readonly number[]
  /** Runs one job, and keeps of its result what is wanted; whoever calls decides where. */
  execute: (job: Job) => Promise<R>
  /** Jobs under way at the same time, at least 1. */
  concurrency: number
  onDone?: (done: number, total: number) => void
  /** Once `aborted`, no further job starts and jobs under way may fail unnoticed. */
  signal?: { readonly aborted: boolean }
}

/**
 * Runs every variant under every seed. Results come by variant, then seed, in whatever order they
 * finish; if interrupted, those that finished.
 *
 * @throws what `execute` throws, unless interrupted
 */
export async function runAll<R>(options: RunAllOptions<R>): Promise<R[]> {
  const { seeds, execute, onDone, signal } = options
  const { variants } = options.loaded
  const total = variants.length * seeds.length
  const results = new Map<number, R>()
  let next = 0
  let failed = false
  const interrupted = (): boolean => signal?.aborted === true

  async function work(): Promise<void> {
    while (next < total && !failed && !interrupted()) {
      // Seed by seed: an interrupted comparison then has whole sets of twins, not one long variant.
      const seedIndex = Math.floor(next / variants.length)
      const variantIndex = next % variants.length
      next++
      const { name, scenario } = variants[variantIndex]
      try {
        const result = await execute({ variant: name, scenario, seed: seeds[seedIndex] })
        results.set(variantIndex * seeds.length + seedIndex, result)
      } catch (error) {
        if (interrupted()) return
        failed = true
        throw error
      }
      onDone?.(results.size, total)
    }
  }

  await Promise.all(Array.from({ length: Math.min(options.concurrency, total) }, work))
  return [...results].sort(([a], [b]) => a - b).map(([, result]) => result)
}

/** The seeds of an experiment: `first`, `first` + 1, … */
export function seedsFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index)
}
