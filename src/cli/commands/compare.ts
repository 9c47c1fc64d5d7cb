import type { Argv } from 'yargs'
import type { Act } from '../act.js'
import { COMMAND_TABLE } from '../command-table.js'
import { loadAndRun } from '../load-and-run.js'
import { runArguments, runOptions } from '../options.js'

/** `hbsim compare`: run a scenario and its variants over several seeds and compare them. */
export function compare(yargs: Argv, act: Act): Argv {
  return yargs.command(
    'compare <file>',
    COMMAND_TABLE.compare.describe,
    (options) =>
      runOptions(options, 5)
        .example('$0 compare backup-options', 'compare the variants of a shipped scenario')
        .example('$0 compare mine.yaml --seeds 20', 'with narrower intervals')
        .example('$0 compare mine.yaml --sensitivity', 'and see what hangs on estimates')
        .example('$0 compare mine.yaml --json > mine.json', 'for other programs to read'),
    (given) => act((shell) => loadAndRun('compare', runArguments(given), shell)),
  )
}
