import type { Argv } from 'yargs'
import { Grammar } from '../../scenario/grammar.js'
import { defaultVocabulary } from '../../simulation/default-vocabulary.js'
import type { Act } from '../act.js'
import { COMMAND_TABLE } from '../command-table.js'
import { EXPLAIN_HINT } from '../explain-hint.js'
import { loadFile } from '../load-file.js'
import type { Shell } from '../shell.js'
import { shippedScenarios } from '../shipped-scenarios.js'
import { wrap } from '../wrap.js'

/** `hbsim list`: the shipped scenarios. */
export function list(yargs: Argv, act: Act): Argv {
  return yargs.command(
    'list',
    COMMAND_TABLE.list.describe,
    (options) => options.epilogue(EXPLAIN_HINT),
    () => act(listScenarios),
  )
}

function listScenarios({ out, width, colours }: Shell): number {
  const grammar = new Grammar(defaultVocabulary)
  for (const name of shippedScenarios()) {
    const { description, variants } = loadFile(name, {}, grammar)
    const names = variants.map((variant) => variant.name).join(', ')
    out(`${colours.bold(name)}\n`)
    for (const text of [description, `Variants: ${names}`]) {
      out(`  ${wrap(text, width - 2, '  ')}\n`)
    }
  }
  return 0
}
