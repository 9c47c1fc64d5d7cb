import type { Argv } from 'yargs'
import { count } from '../../experiment/wording.js'
import { BadInput } from '../../scenario/bad-input.js'
import { type LoadOptions, loadScenario } from '../../scenario/load.js'
import { defaultVocabulary } from '../../simulation/default-vocabulary.js'
import type { Act } from '../act.js'
import { loadOptions, scenarioArguments, scenarioOptions } from '../options.js'
import { readScenario } from '../read-source.js'
import type { Shell } from '../shell.js'
import { UsageError } from '../usage-error.js'

/** `hbsim validate`: checks scenario files without running them. */
export function validate(yargs: Argv, act: Act): Argv {
  return yargs.command(
    'validate <files..>',
    'check scenario files without running them',
    (options) =>
      scenarioOptions(options).positional('files', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'scenario files, or names of shipped scenarios',
      }),
    (given) =>
      act((shell) => validateFiles(given.files, loadOptions(scenarioArguments(given)), shell)),
  )
}

function validateFiles(files: readonly string[], options: LoadOptions, shell: Shell): number {
  const good = files.filter((file) => isGood(file, options, shell))
  return good.length === files.length ? 0 : 2
}

function isGood(file: string, options: LoadOptions, shell: Shell): boolean {
  try {
    const { variants, expectations } = loadScenario(readScenario(file), defaultVocabulary, options)
    const counts = `${count(variants.length, 'variant')}, ${count(expectations.length, 'expectation')}`
    shell.out(`ok  ${file}  ${counts}\n`)
    return true
  } catch (error) {
    if (!(error instanceof BadInput || error instanceof UsageError)) throw error
    shell.err(`${error.message}\n`)
    return false
  }
}
