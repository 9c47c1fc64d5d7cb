import type { Argv } from 'yargs'
import type { Act } from '../act.js'
import { experiment } from '../experiment.js'
import { runArguments, runOptions } from '../options.js'

/** `hbsim run`: run a scenario and its variants once. */
export function run(yargs: Argv, act: Act): Argv {
  return yargs.command(
    'run <file>',
    'run a scenario and its variants once',
    (options) => runOptions(options, 1),
    (given) => act((shell) => experiment('run', runArguments(given), shell)),
  )
}
