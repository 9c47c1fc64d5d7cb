import yargs, { type Argv } from 'yargs'
import { exitCode } from '../experiment/exit-code.js'
import { UnusableFolder } from '../report/output-folder.js'
import { BadInput } from '../scenario/bad-input.js'
import { nearestName } from '../scenario/nearest.js'
import { quote } from '../scenario/source-text.js'
import type { Act } from './act.js'
import { COMMAND_TABLE } from './command-table.js'
import { compare } from './commands/compare.js'
import { completion } from './commands/completion.js'
import { explain as explainWords } from './commands/explain.js'
import { list } from './commands/list.js'
import { run } from './commands/run.js'
import { schema } from './commands/schema.js'
import { validate } from './commands/validate.js'
import { VERSION } from './package-info.js'
import type { Shell } from './shell.js'
import { UsageError } from './usage-error.js'

const COMMANDS: readonly string[] = Object.keys(COMMAND_TABLE)
const OPTIONS = [
  ...new Set(Object.values(COMMAND_TABLE).flatMap(({ options }) => Object.keys(options))),
  'help',
  'version',
]
const EPILOGUE = `Exit codes:
  0    done, and everything expected held
  1    an expectation or an invariant was violated; the results are written all the same
  2    bad input; nothing was run
  3    an expectation could not be decided
  70   a bug of hbsim
  130  interrupted; the runs that were finished are kept

See also:
  hbsim help COMMAND   the options of a command
  hbsim list           the shipped scenarios
  hbsim explain WORD   what a key, a figure or another word means
  hbsim completion     how to have the shell complete commands, options and names`
const SEE_HELP = '; see `hbsim --help`'

/** Obeys a command line; returns the exit code and never throws. */
export async function commandLine(words: readonly string[], shell: Shell): Promise<number> {
  let code = 0
  const act: Act = async (work) => {
    code = await work(shell)
  }
  const parser = grammar(words, shell)
  const commands = [run, compare, validate, list, explainWords, schema, completion]
  for (const command of commands) command(parser, act)
  // `hbsim help run`, as git has it.
  const asked = words[0] === 'help' ? [...words.slice(1), '--help'] : [...words]
  try {
    await parser.parseAsync(asked, {}, (_error, _given, output) => {
      if (output !== '') shell.out(`${output}\n`)
    })
    return code
  } catch (error) {
    return report(error, words, shell)
  }
}

function grammar(words: readonly string[], { width }: Shell): Argv {
  return yargs()
    .scriptName('hbsim')
    .usage('$0 <command>\n\nA deterministic simulator of HBase replication.')
    .example('$0 list', 'see the scenarios that come with it')
    .example('$0 run quickstart', 'run one of them')
    .example('$0 compare backup-options', 'run its variants over several seeds')
    .epilogue(EPILOGUE)
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
      throw error ?? new UsageError(explain(message, words))
    })
}

/** Yargs says which word it does not know; we say what it is and which one was meant. */
function explain(message: string, words: readonly string[]): string {
  const unknown = /^Unknown (?:argument|command)s?: (.+?)(?:, |$)/.exec(message)?.[1]
  if (unknown !== undefined) {
    const option = words.find((word) => word.replace(/^--?|=.*$/g, '') === unknown)
    if (option?.startsWith('-')) {
      return `there is no option ${option.split('=', 1)[0]}${hint(unknown, OPTIONS, '--')}`
    }
    if (COMMANDS.some((command) => words.includes(command))) {
      return `${quote(unknown)} is one argument too many${SEE_HELP}`
    }
    return `there is no command ${quote(unknown)}${hint(unknown, COMMANDS, '')}`
  }
  if (message.startsWith('Not enough non-option')) return `name a scenario file${SEE_HELP}`
  return message + SEE_HELP
}

function hint(name: string, names: readonly string[], dashes: string): string {
  const nearest = nearestName(name, names)
  return nearest === null ? SEE_HELP : `; did you mean "${dashes}${nearest}"?`
}

function report(error: unknown, words: readonly string[], { err }: Shell): number {
  const outcome = { interrupted: false, violated: false, undecided: false }
  if (error instanceof BadInput) {
    err(`${error.message}\n`)
    return exitCode({ ...outcome, internal: false, badInput: true })
  }
  // Yargs throws its own for what its grammar forbids, such as an option without its value.
  const refused = error instanceof Error && error.name === 'YError'
  if (refused || error instanceof UsageError || error instanceof UnusableFolder) {
    err(`hbsim: ${error.message}\n`)
    return exitCode({ ...outcome, internal: false, badInput: true })
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  err(`hbsim: this is a bug of hbsim ${VERSION}, not of the scenario:\n${stack}\n`)
  err(`It happened in: hbsim ${words.join(' ')}\n`)
  return exitCode({ ...outcome, internal: true, badInput: false })
}
