import { BadInput } from '../scenario/bad-input.js'
import type { Expectation } from '../scenario/expectation.js'
import { evaluateExpectation } from '../scenario/expectation.js'
import type { Assumption, RunResult, Verdict } from '../simulation/result.js'
import type { Comparison } from './compare.js'
import type { MeasuredRun } from './metric.js'
import { variantsOf } from './over-seeds.js'
import type { Sensitivity } from './sensitivity.js'

/** Changes when a key of `Summary` changes its meaning or goes. */
export const SUMMARY_SCHEMA = 'hbsim-summary/2'

/**
 * `summary.json`: every figure of an experiment except the series. No wall clock and no machine
 * facts, so that equal inputs give equal bytes once written as canonical JSON.
 */
export interface Summary {
  schema: typeof SUMMARY_SCHEMA
  /** Version of the simulator. */
  hbsim: string
  scenario: { name: string; hash: string }
  assumptions: SharedAssumption[]
  /** By variant in the scenario's order, then seed. */
  runs: SummaryRun[]
  /** Null for a single run. */
  comparison: Comparison | null
  /** Only where it was asked for. */
  sensitivity?: Sensitivity
}

/** A run without what is written or drawn elsewhere: `series.csv`, charts, the summary's assumptions. */
export interface SummaryRun extends MeasuredRun {
  expectations: ExpectationResult[]
}

export interface ExpectationResult {
  that: string
  verdict: Verdict
  /** What the left side came to; null if the run has no such figure. */
  value: number | null
}

export interface SharedAssumption extends Assumption {
  /** The variants that rest on it; absent if all do. */
  variants?: string[]
}

/** What a summary says of the scenario that was run. */
export interface SummarizedScenario {
  readonly name: string
  readonly hash: string
  readonly expectations: readonly Expectation[]
}

/**
 * The summary of finished runs.
 *
 * @param version of the simulator
 * @throws BadInput if an expectation names a path that a run it is for does not have
 */
export function summarize(
  loaded: SummarizedScenario,
  runs: readonly RunResult[],
  comparison: Comparison | null,
  version: string,
): Summary {
  return {
    schema: SUMMARY_SCHEMA,
    hbsim: version,
    scenario: { name: loaded.name, hash: loaded.hash },
    assumptions: sharedAssumptions(runs),
    runs: summaryRuns(runs, loaded.expectations),
    comparison,
  }
}

function summaryRuns(
  runs: readonly RunResult[],
  expectations: readonly Expectation[],
): SummaryRun[] {
  // A wrong path is wrong in every run: report it once, and all such paths together.
  const unknown = new Set<Expectation>()
  const summarized = runs.map((run) => {
    const summary = summaryRun(run, expectations)
    for (const expectation of summary.unknown) unknown.add(expectation)
    return summary.run
  })
  if (unknown.size > 0) throw new BadInput([...unknown].map(({ unknownPath }) => unknownPath))
  return summarized
}

/** A run with what became of the expectations for it, but for those whose path it does not have. */
export function summaryRun(
  run: RunResult,
  expectations: readonly Expectation[],
): { run: SummaryRun; unknown: Expectation[] } {
  const { series: _s, distributions: _d, busiestServer: _b, trace: _t, ...rest } = run
  const { assumptions: _a, outcomes: _o, ...measured } = rest
  const results: ExpectationResult[] = []
  const unknown: Expectation[] = []
  for (const expectation of expectations) {
    if (expectation.variants !== null && !expectation.variants.includes(run.variant)) continue
    const { verdict, value } = evaluateExpectation(expectation, measured)
    if (verdict === 'unknown-path') unknown.push(expectation)
    else results.push({ that: expectation.that, verdict, value })
  }
  return { run: { ...measured, expectations: results }, unknown }
}

/** Each assumption once, by parameter; those of some variants only say of which. */
export function sharedAssumptions(
  runs: readonly Pick<RunResult, 'variant' | 'assumptions'>[],
): SharedAssumption[] {
  const variants = variantsOf(runs)
  const holders = new Map<string, { assumption: Assumption; variants: Set<string> }>()
  for (const run of runs) {
    for (const { parameter, value, source } of run.assumptions) {
      const key = JSON.stringify([parameter, value, source])
      const holder = holders.get(key) ?? {
        assumption: { parameter, value, source },
        variants: new Set<string>(),
      }
      holders.set(key, holder)
      holder.variants.add(run.variant)
    }
  }
  // Keys are unique and begin with the parameter, so sorting by key sorts by parameter.
  return [...holders]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, holder]) =>
      holder.variants.size === variants.length
        ? holder.assumption
        : { ...holder.assumption, variants: [...holder.variants] },
    )
}
