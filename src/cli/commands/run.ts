import type { Argv } from 'yargs'
import type { Act } from '../act.js'
import { COMMAND_TABLE } from '../command-table.js'
import { loadAndRun } from '../load-and-run.js'
import { runArguments, runOptions } from '../options.js'

/** `hbsim run`: run a scenario and its variants once. */
export function run(yargs: Argv, act: Act): Argv {
  return yargs.command(
    'run <file>',
    COMMAND_TABLE.run.describe,
    (options) =>
      runOptions(options, 1)
        .example('$0 run quickstart', 'run a shipped scenario')
        .example('$0 run mine.yaml --dry-run', 'see what would be run')
        .example('$0 run mine.yaml --set duration="10 min"', 'change it for once')
        .example('$0 run mine.yaml --site hbase-site.xml', "with a cluster's own properties"),
    (given) => act((shell) => loadAndRun('run', runArguments(given), shell)),
  )
}
