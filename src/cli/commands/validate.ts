import type { Argv } from 'yargs'
import { count } from '../../experiment/wording.js'
import { BadInput } from '../../scenario/bad-input.js'
import { Grammar } from '../../scenario/grammar.js'
import { inputNotes } from '../../scenario/input-notes.js'
import type { LoadOptions } from '../../scenario/load.js'
import { defaultVocabulary } from '../../simulation/default-vocabulary.js'
import type { Act } from '../act.js'
import { COMMAND_TABLE } from '../command-table.js'
import { EXPLAIN_HINT } from '../explain-hint.js'
import { loadFile } from '../load-file.js'
import { loadOptions, SCENARIO_OPTIONS, scenarioArguments } from '../options.js'
import type { Shell } from '../shell.js'
import { UsageError } from '../usage-error.js'
import { wrap } from '../wrap.js'

/** `hbsim validate`: checks scenario files without running them. */
export function validate(yargs: Argv, act: Act): Argv {
  return yargs.command(
    'validate <files..>',
    COMMAND_TABLE.validate.describe,
    (options) =>
      options
        .options(SCENARIO_OPTIONS)
        .positional('files', {
          type: 'string',
          array: true,
          demandOption: true,
          describe: 'scenario files, or names of shipped scenarios',
        })
        .example('$0 validate mine.yaml', 'check a file of your own')
        .example('$0 validate mine.yaml --site hbase-site.xml', "with a cluster's properties")
        .epilogue(EXPLAIN_HINT),
    (given) =>
      act((shell) => validateFiles(given.files, loadOptions(scenarioArguments(given)), shell)),
  )
}

function validateFiles(files: readonly string[], options: LoadOptions, shell: Shell): number {
  const grammar = new Grammar(defaultVocabulary)
  const good = files.filter((file) => isGood(file, options, grammar, shell))
  return good.length === files.length ? 0 : 2
}

function isGood(file: string, options: LoadOptions, grammar: Grammar, shell: Shell): boolean {
  try {
    const loaded = loadFile(file, options, grammar)
    const { variants, expectations } = loaded
    const counts = `${count(variants.length, 'variant')}, ${count(expectations.length, 'expectation')}`
    shell.out(`ok  ${file}  ${counts}\n`)
    const notes = inputNotes(loaded).map((note) => `    ${wrap(note, shell.width - 4, '      ')}\n`)
    shell.out(notes.join(''))
    return true
  } catch (error) {
    if (!(error instanceof BadInput || error instanceof UsageError)) throw error
    shell.err(`${error.message}\n`)
    return false
  }
}
