import type { Argv } from 'yargs'
import { glossary } from '../../experiment/glossary.js'
import { defaultVocabulary } from '../../simulation/default-vocabulary.js'
import type { Act } from '../act.js'
import { COMMAND_TABLE } from '../command-table.js'
import { completionScript, SHELLS } from '../completion-script.js'
import { EXPLAIN_HINT } from '../explain-hint.js'
import { shippedScenarios } from '../shipped-scenarios.js'

/** `hbsim completion`: prints a script that completes command lines in a shell. */
export function completion(yargs: Argv, act: Act): Argv {
  return yargs.command(
    'completion <shell>',
    COMMAND_TABLE.completion.describe,
    (options) =>
      options
        .positional('shell', { choices: SHELLS, demandOption: true, describe: 'your shell' })
        .example('source <($0 completion bash)', 'in ~/.bashrc')
        .example('source <($0 completion zsh)', 'in ~/.zshrc, after compinit')
        .example('$0 completion fish | source', 'in ~/.config/fish/config.fish')
        .epilogue(EXPLAIN_HINT),
    ({ shell: name }) =>
      act(({ out }) => {
        const words = glossary(defaultVocabulary).map(({ word }) => word)
        out(completionScript(name, shippedScenarios(), words))
        return 0
      }),
  )
}
