import picocolors from 'picocolors'
import { commandLine } from '../../src/cli/command-line.js'
import type { Shell } from '../../src/cli/shell.js'
import type { Job } from '../../src/experiment/run-all.js'
import type { RunResult } from '../../src/simulation/result.js'
import { run } from '../report/fixture.js'

export interface Obeyed {
  code: number
  out: string
  err: string
  /** Simulations that were asked for. */
  jobs: number
}

interface Surroundings {
  /** Takes the place of a simulation; takes no time if absent. */
  simulated?: (job: Job, interrupt: () => void) => RunResult
  live?: boolean
  coloured?: boolean
}

/** Obeys a command line in a shell that writes down what is printed. */
export async function obey(
  words: readonly string[],
  { simulated = fixtureRun, live = false, coloured = false }: Surroundings = {},
): Promise<Obeyed> {
  let out = ''
  let err = ''
  let jobs = 0
  let interrupt = () => {}
  const shell: Shell = {
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
    width: 100,
    colours: picocolors.createColors(coloured),
    live,
    openPool: () => ({
      concurrency: 1,
      execute: async (job) => {
        jobs++
        return simulated(job, interrupt)
      },
      close: async () => {},
    }),
    onInterrupt: (callback) => {
      interrupt = callback
      return () => {}
    },
  }
  const code = await commandLine(words, shell)
  return { code, out, err, jobs }
}

export function fixtureRun({ variant, seed }: Job): RunResult {
  return run(variant, seed)
}
