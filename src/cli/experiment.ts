import { compare } from '../experiment/compare.js'
import { exitCode, outcomeOf } from '../experiment/exit-code.js'
import type { Sensitivity } from '../experiment/sensitivity.js'
import { type Summary, summarize } from '../experiment/summary.js'
import { checkFolder, claimFolder, writeFolder } from '../report/output-folder.js'
import { reportFiles, summaryJson } from '../report/report-files.js'
import { cutSentence, tracedRuns } from '../report/traced-run.js'
import { inputNotes } from '../scenario/input-notes.js'
import type { LoadedScenario } from '../scenario/load.js'
import type { RunResult } from '../simulation/result.js'
import { defaultFolder, type RunArguments } from './options.js'
import { VERSION } from './package-info.js'
import { planOf, planSentence } from './plan.js'
import { planJson, printPlan } from './print-plan.js'
import { printResults } from './print-results.js'
import { repeatCommand } from './repeat-command.js'
import type { Shell } from './shell.js'
import { inWorkplace, simulateAll } from './simulate-all.js'
import { varyEstimates } from './vary-estimates.js'

export type Command = 'run' | 'compare'

/**
 * Runs every variant of a scenario under every seed, writes the results and prints the verdict;
 * returns the exit code.
 *
 * @throws BadInput for an expectation that names a path that no run has; UnusableFolder
 */
export async function experiment(
  command: Command,
  loaded: LoadedScenario,
  given: RunArguments,
  shell: Shell,
): Promise<number> {
  const folder = given.out ?? defaultFolder(loaded.name)
  const plan = planOf(loaded, given, folder)
  if (given.dryRun) {
    checkFolder(folder)
    if (given.json) shell.out(planJson(plan))
    else printPlan(plan, shell)
    return 0
  }
  // Refused now, not after minutes of simulation.
  claimFolder(folder)
  const visible = shell.live && !given.quiet
  const sentence = planSentence(plan)
  if (visible && sentence !== null) shell.err(`${sentence}\n`)
  const all = loaded.variants.length * given.seeds
  const jobs = all + plan.twins
  const { results, sensitivity, interrupted } = await inWorkplace(
    jobs,
    visible,
    shell,
    async (place) => {
      const results = await simulateAll(loaded, given, place)
      const sensitivity = await varyEstimates(loaded, results, given, place)
      return { results, sensitivity, interrupted: place.signal.aborted }
    },
  )
  if (results.length === 0) {
    shell.err('interrupted before the first run was finished: nothing is written\n')
    return exitCode(outcomeWith(null, interrupted))
  }
  const finished = { results, sensitivity, interrupted }
  const summary = report(command, loaded, finished, folder, given, shell)
  if (interrupted) {
    const kept =
      results.length < all
        ? `the results are of ${results.length} of ${all} runs`
        : 'all runs are finished, but not all estimates were varied'
    shell.err(`interrupted: ${kept}; charts are in report.html alone\n`)
  }
  return exitCode(outcomeWith(summary, interrupted))
}

interface Finished {
  results: RunResult[]
  sensitivity: Sensitivity | null
  interrupted: boolean
}

/** Writes the results and prints them, in this order; what cannot be written is printed all the same. */
function report(
  command: Command,
  loaded: LoadedScenario,
  { results, sensitivity, interrupted }: Finished,
  folder: string,
  given: RunArguments,
  shell: Shell,
): Summary {
  const comparison = results.length > 1 ? compare(results) : null
  const summary: Summary = {
    ...summarize(loaded, results, comparison, VERSION),
    ...(sensitivity === null ? {} : { sensitivity }),
  }
  const notes = inputNotes(loaded)
  const repeat = repeatCommand(command, given, loaded.variants[0].scenario.seed)
  const pictures = !interrupted
  const files = reportFiles({ summary, results, scenario: loaded, pictures, command: repeat })
  const print = (names: readonly string[]) => {
    if (given.json) shell.out(summaryJson(summary))
    else {
      const printed = { summary, folder, files: names, notes, command: repeat }
      printResults(printed, given.quiet, shell)
    }
  }
  try {
    writeFolder(folder, files)
  } catch (error) {
    print([])
    throw error
  }
  print(files.map(({ name }) => name))
  for (const run of tracedRuns(results)) {
    const cut = cutSentence(run)
    if (cut !== null) shell.err(`${cut}\n`)
  }
  return summary
}

function outcomeWith(summary: Summary | null, interrupted: boolean) {
  const outcome = summary === null ? { violated: false, undecided: false } : outcomeOf(summary)
  return { ...outcome, interrupted, internal: false, badInput: false }
}
