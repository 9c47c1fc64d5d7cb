import { existsSync } from 'node:fs'
import { checkExpectations } from '../experiment/expectation-paths.js'
import { Grammar } from '../scenario/grammar.js'
import { type LoadedScenario, type LoadOptions, loadScenario } from '../scenario/load.js'
import { defaultVocabulary } from '../simulation/default-vocabulary.js'
import { readScenario } from './read-source.js'
import { scenarioInputs } from './scenario-inputs.js'
import { shippedFile } from './shipped-scenarios.js'

/**
 * Loads the scenario that `file` names, a path or a shipped scenario, with the files it names. Who
 * loads many gives the grammar that they have in common.
 *
 * @throws BadInput, UsageError
 */
export function loadFile(
  file: string,
  options: LoadOptions = {},
  grammar = new Grammar(defaultVocabulary),
): LoadedScenario {
  const source = readScenario(file)
  const shipped = !existsSync(file)
  const read = scenarioInputs(shipped ? shippedFile(file) : file, shipped)
  const loaded = loadScenario(source, grammar, { read, ...options })
  checkExpectations(loaded)
  return loaded
}
