import { compare } from '../experiment/compare.js'
import { exitCode, outcomeOf } from '../experiment/exit-code.js'
import { runAll, seedsFrom } from '../experiment/run-all.js'
import { type Summary, summarize } from '../experiment/summary.js'
import { claimFolder, writeFolder } from '../report/output-folder.js'
import { reportFiles, summaryJson } from '../report/report-files.js'
import { type LoadedScenario, loadScenario } from '../scenario/load.js'
import { defaultVocabulary } from '../simulation/default-vocabulary.js'
import type { RunResult } from '../simulation/result.js'
import { defaultFolder, loadOptions, type RunArguments } from './options.js'
import { VERSION } from './package-info.js'
import { printResults } from './print-results.js'
import { startProgress } from './progress.js'
import { readScenario } from './read-source.js'
import { repeatCommand } from './repeat-command.js'
import type { Shell } from './shell.js'

/**
 * Runs every variant of a scenario under every seed, writes the results and prints the verdict:
 * what both `run` and `compare` do. Returns the exit code.
 *
 * @throws BadInput, UsageError, UnusableFolder; anything else is our own bug
 */
export async function experiment(
  command: 'run' | 'compare',
  given: RunArguments,
  shell: Shell,
): Promise<number> {
  const options = loadOptions(given, given.seed)
  const loaded = loadScenario(readScenario(given.file), defaultVocabulary, options)
  const folder = given.out ?? defaultFolder(loaded.name)
  // Refused now, not after minutes of simulation.
  claimFolder(folder)
  const firstSeed = loaded.variants[0].scenario.seed
  const repeat = repeatCommand(command, given, firstSeed)
  const { results, interrupted } = await simulateAll(loaded, firstSeed, given, shell)
  if (results.length === 0) {
    shell.err('interrupted before the first run was finished: nothing is written\n')
    return exitCode(outcomeWith(null, interrupted))
  }
  const comparison = results.length > 1 ? compare(results) : null
  const summary = summarize(loaded, results, comparison, VERSION)
  const { description, ignoredProperties } = loaded
  const files = reportFiles({ summary, results, description, command: repeat })
  writeFolder(folder, files)
  if (given.json) shell.out(summaryJson(summary))
  else {
    const names = files.map(({ name }) => name)
    const printed = { summary, folder, files: names, ignoredProperties, command: repeat }
    printResults(printed, given.quiet, shell)
  }
  if (interrupted) {
    const all = loaded.variants.length * given.seeds
    shell.err(`interrupted: the results are of ${results.length} of ${all} runs\n`)
  }
  return exitCode(outcomeWith(summary, interrupted))
}

async function simulateAll(
  loaded: LoadedScenario,
  firstSeed: number,
  { seeds, quiet }: RunArguments,
  shell: Shell,
): Promise<{ results: RunResult[]; interrupted: boolean }> {
  const total = loaded.variants.length * seeds
  const signal = { aborted: false }
  const pool = shell.openPool(total)
  const progress = startProgress(total, shell.live && !quiet)
  const stopListening = shell.onInterrupt(() => {
    signal.aborted = true
    // Ends the runs under way, each of which could take long.
    void pool.close()
  })
  try {
    const results = await runAll({
      loaded,
      seeds: seedsFrom(firstSeed, seeds),
      execute: pool.execute,
      concurrency: pool.concurrency,
      onDone: progress.update,
      signal,
    })
    return { results, interrupted: signal.aborted }
  } finally {
    stopListening()
    progress.stop()
    await pool.close()
  }
}

function outcomeWith(summary: Summary | null, interrupted: boolean) {
  const outcome = summary === null ? { violated: false, undecided: false } : outcomeOf(summary)
  return { ...outcome, interrupted, internal: false, badInput: false }
}
