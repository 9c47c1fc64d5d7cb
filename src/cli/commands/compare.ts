import type { Argv } from 'yargs'
import type { Act } from '../act.js'
import { experiment } from '../experiment.js'
import { runArguments, runOptions } from '../options.js'

/** `hbsim compare`: run a scenario and its variants over several seeds and compare them. */
export function compare(yargs: Argv, act: Act): Argv {
  return yargs.command(
    'compare <file>',
    'run a scenario and its variants over several seeds and compare them',
    (options) => runOptions(options, 5),
    (given) => act((shell) => experiment('compare', runArguments(given), shell)),
  )
}
