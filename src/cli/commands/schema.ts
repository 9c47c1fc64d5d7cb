import type { Argv } from 'yargs'
import { scenarioJsonSchema } from '../../scenario/json-schema.js'
import { defaultVocabulary } from '../../simulation/default-vocabulary.js'
import type { Act } from '../act.js'

/** `hbsim schema`: prints the JSON Schema of scenario files, for editors. */
export function schema(yargs: Argv, act: Act): Argv {
  return yargs.command(
    'schema',
    'print the JSON Schema of scenario files, for editors',
    (options) => options,
    () =>
      act(({ out }) => {
        out(`${JSON.stringify(scenarioJsonSchema(defaultVocabulary), null, 2)}\n`)
        return 0
      }),
  )
}
