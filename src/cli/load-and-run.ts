import type { Command } from './experiment.js'
import { loadFile } from './load-file.js'
import { loadOptions, type RunArguments } from './options.js'
import type { Shell } from './shell.js'

/**
 * What both `run` and `compare` do; returns the exit code. Loads the scenario first: a bad one is
 * refused before all that simulates and draws is read from disk.
 *
 * @throws BadInput, UsageError, UnusableFolder; anything else is our own bug
 */
export async function loadAndRun(
  command: Command,
  given: RunArguments,
  shell: Shell,
): Promise<number> {
  const loaded = loadFile(given.file, loadOptions(given, given.seed))
  const { experiment } = await import('./experiment.js')
  return experiment(command, loaded, given, shell)
}
