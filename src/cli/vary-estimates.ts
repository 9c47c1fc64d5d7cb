import { runSensitivity } from '../experiment/run-sensitivity.js'
import type { Sensitivity } from '../experiment/sensitivity.js'
import { sensitivityPlan } from '../experiment/sensitivity-twins.js'
import type { LoadedScenario } from '../scenario/load.js'
import { defaultVocabulary } from '../simulation/default-vocabulary.js'
import type { RunResult } from '../simulation/result.js'
import type { RunArguments } from './options.js'
import type { Workplace } from './simulate-all.js'

type Wanted = Pick<RunArguments, 'sensitivity'>

/** The runs, at most, that `--sensitivity` comes to beside those of the experiment itself. */
export function plannedTwins({ variants }: LoadedScenario, { sensitivity }: Wanted): number {
  return sensitivity ? sensitivityPlan(variants, defaultVocabulary).runs : 0
}

/** Runs the twins of `--sensitivity`; null without it, and if the user interrupted before. */
export async function varyEstimates(
  loaded: LoadedScenario,
  results: readonly RunResult[],
  { sensitivity }: Wanted,
  { pool, progress, execute, signal }: Workplace,
): Promise<Sensitivity | null> {
  if (!sensitivity || signal.aborted || results.length === 0) return null
  return runSensitivity({
    loaded,
    vocabulary: defaultVocabulary,
    results,
    onPlan: (twins) => {
      for (const { durationUs } of twins) progress.plan(durationUs, 1)
    },
    execute,
    concurrency: pool.concurrency,
    signal,
  })
}
