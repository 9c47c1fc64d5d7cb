import yargs, { type Argv } from 'yargs'
import { exitCode } from '../experiment/exit-code.js'
import { UnusableFolder } from '../report/output-folder.js'
import { BadInput } from '../scenario/bad-input.js'
import { nearestName } from '../scenario/nearest.js'
import type { Act } from './act.js'
import { compare } from './commands/compare.js'
import { list } from './commands/list.js'
import { run } from './commands/run.js'
import { schema } from './commands/schema.js'
import { validate } from './commands/validate.js'
import { VERSION } from './package-info.js'
import type { Shell } from './shell.js'
import { UsageError } from './usage-error.js'

const COMMANDS = ['run', 'compare', 'validate', 'schema', 'list']
const OPTIONS = ['seed', 'seeds', 'set', 'site', 'out', 'json', 'quiet', 'help', 'version']

/** Obeys a command line; returns the exit code and never throws. */
export async function commandLine(words: readonly string[], shell: Shell): Promise<number> {
  let code = 0
  const act: Act = async (work) => {
    code = await work(shell)
  }
  const parser = grammar(shell)
  for (const command of [run, compare, validate, schema, list]) command(parser, act)
  try {
    await parser.parseAsync([...words], {}, (_error, _given, output) => {
      if (output !== '') shell.out(`${output}\n`)
    })
    return code
  } catch (error) {
    return report(error, words, shell)
  }
}

function grammar({ width }: Shell): Argv {
  return yargs()
    .scriptName('hbsim')
    .usage('$0 <command>\n\nA deterministic simulator of HBase replication.')
    .demandCommand(1, `name a command: ${COMMANDS.join(', ')}`)
    .strict()
    .locale('en')
    .version(VERSION)
    .wrap(width)
    .exitProcess(false)
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'greedy-arrays': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .fail((message, error) => {
      throw error ?? new UsageError(withNearest(message))
    })
}

/** Yargs says which name it does not know; we say which one was meant. */
function withNearest(message: string): string {
  const unknown = /^Unknown (argument|command)s?: ([^,]+)/.exec(message)
  if (unknown === null) return `${message}; see \`hbsim --help\``
  const nearest = nearestName(unknown[2], [...COMMANDS, ...OPTIONS])
  if (nearest === null) return `${message}; see \`hbsim --help\``
  return `${message}; did you mean "${COMMANDS.includes(nearest) ? '' : '--'}${nearest}"?`
}

function report(error: unknown, words: readonly string[], { err }: Shell): number {
  const outcome = { interrupted: false, violated: false, undecided: false }
  if (error instanceof BadInput) {
    err(`${error.message}\n`)
    return exitCode({ ...outcome, internal: false, badInput: true })
  }
  if (error instanceof UsageError || error instanceof UnusableFolder) {
    err(`hbsim: ${error.message}\n`)
    return exitCode({ ...outcome, internal: false, badInput: true })
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  err(`hbsim: this is a bug of hbsim ${VERSION}, not of the scenario:\n${stack}\n`)
  err(`It happened in: hbsim ${words.join(' ')}\n`)
  return exitCode({ ...outcome, internal: true, badInput: false })
}
