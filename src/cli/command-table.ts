import type { Options } from 'yargs'
import { RUN_OPTIONS, SCENARIO_OPTIONS } from './options.js'

/** What completion and the guess at a misspelt word know of a command. */
export interface CommandEntry {
  readonly describe: string
  /** What its arguments are. */
  readonly takes: 'scenarios' | 'shells' | 'words' | 'nothing'
  readonly options: Readonly<Record<string, Options>>
}

/** Every command, in the order in which help lists them. */
export const COMMAND_TABLE = {
  run: {
    describe: 'run a scenario and its variants once',
    takes: 'scenarios',
    options: RUN_OPTIONS,
  },
  compare: {
    describe: 'run a scenario and its variants over several seeds and compare them',
    takes: 'scenarios',
    options: RUN_OPTIONS,
  },
  validate: {
    describe: 'check scenario files without running them',
    takes: 'scenarios',
    options: SCENARIO_OPTIONS,
  },
  list: { describe: 'list the shipped scenarios', takes: 'nothing', options: {} },
  schema: {
    describe: 'print the JSON Schema of scenario files, for editors',
    takes: 'nothing',
    options: {},
  },
  explain: {
    describe: 'say what a key, property, design, fault, figure or other word means',
    takes: 'words',
    options: {},
  },
  completion: {
    describe: 'print a script that completes commands in bash, zsh or fish',
    takes: 'shells',
    options: {},
  },
} as const satisfies Record<string, CommandEntry>
