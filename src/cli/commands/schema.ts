import type { Argv } from 'yargs'
import { editorJsonSchema } from '../../scenario/json-inputs.js'
import { defaultVocabulary } from '../../simulation/default-vocabulary.js'
import type { Act } from '../act.js'
import { COMMAND_TABLE } from '../command-table.js'
import { EXPLAIN_HINT } from '../explain-hint.js'

/** `hbsim schema`: prints the JSON Schema of scenario files, for editors. */
export function schema(yargs: Argv, act: Act): Argv {
  return yargs.command(
    'schema',
    COMMAND_TABLE.schema.describe,
    (options) => options.epilogue(EXPLAIN_HINT),
    () =>
      act(({ out }) => {
        out(`${JSON.stringify(editorJsonSchema(defaultVocabulary), null, 2)}\n`)
        return 0
      }),
  )
}
