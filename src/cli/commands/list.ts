import type { Argv } from 'yargs'
import { loadScenario } from '../../scenario/load.js'
import { defaultVocabulary } from '../../simulation/default-vocabulary.js'
import type { Act } from '../act.js'
import { readScenario } from '../read-source.js'
import type { Shell } from '../shell.js'
import { shippedScenarios } from '../shipped-scenarios.js'
import { wrap } from '../wrap.js'

/** `hbsim list`: the shipped scenarios. */
export function list(yargs: Argv, act: Act): Argv {
  return yargs.command(
    'list',
    'list the shipped scenarios',
    (options) => options,
    () => act(listScenarios),
  )
}

function listScenarios({ out, width, colours }: Shell): number {
  for (const name of shippedScenarios()) {
    const { description, variants } = loadScenario(readScenario(name), defaultVocabulary)
    const names = variants.map((variant) => variant.name).join(', ')
    out(`${colours.bold(name)}\n`)
    for (const text of [description, `Variants: ${names}`]) {
      out(`  ${wrap(text, width - 2, '  ')}\n`)
    }
  }
  return 0
}
