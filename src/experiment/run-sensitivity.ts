import type { Expectation } from '../scenario/expectation.js'
import type { Scenario } from '../scenario/scenario.js'
import type { Vocabulary } from '../scenario/vocabulary.js'
import type { RunResult } from '../simulation/result.js'
import { type RunAllOptions, runAll } from './run-all.js'
import { type Sensitivity, sensitivityOf } from './sensitivity.js'
import { givenInstead, type TwinRun, variationsOf } from './sensitivity-twins.js'
import { summaryRun } from './summary.js'

export interface SensitivityOptions
  extends Pick<RunAllOptions<RunResult>, 'execute' | 'concurrency' | 'signal'> {
  loaded: RunAllOptions<RunResult>['loaded'] & { readonly expectations: readonly Expectation[] }
  vocabulary: Vocabulary
  /** Finished runs of every variant, at least one; the twins are of the first one's seed. */
  results: readonly RunResult[]
  /** Told what will be run, before any of it is. */
  onPlan?: (twins: readonly Scenario[]) => void
}

/**
 * Runs every variant again with each of its estimates halved, then doubled: under one seed, the
 * first, since twins share their luck and so differ by the estimate alone. If interrupted, what
 * follows from the estimates whose twins were all finished.
 *
 * @throws what `execute` throws, unless interrupted
 */
export async function runSensitivity(options: SensitivityOptions): Promise<Sensitivity> {
  const { loaded, vocabulary, results, onPlan, execute, concurrency, signal } = options
  const { variants, expectations } = loaded
  const { seed } = results[0]
  const runs = results.map((result) => summaryRun(result, expectations).run)
  const bases = runs.filter((run) => run.seed === seed)
  const variations = variationsOf(variants, vocabulary, bases)
  const twins = variations.flatMap((variation) =>
    variation.twins.map((twin) => ({ variation, ...twin })),
  )
  onPlan?.(twins.map(({ scenario }) => scenario))
  const finished = await runAll({
    loaded: { variants: twins.map(({ scenario }, i) => ({ name: `${i}`, scenario })) },
    seeds: [seed],
    // Here a twin goes by its number. Little is kept of its result: there are hundreds of them.
    execute: async (job): Promise<TwinRun> => {
      const { variation, variant, side } = twins[Number(job.variant)]
      const { run } = summaryRun(await execute({ ...job, variant }), expectations)
      return { variation, side, run }
    },
    concurrency,
    ...(signal === undefined ? {} : { signal }),
  })
  return sensitivityOf(runs, variations, givenInstead(variants, vocabulary), finished)
}
