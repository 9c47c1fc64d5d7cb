import { formatCount, formatDuration } from '../experiment/quantities.js'
import { seedsFrom } from '../experiment/run-all.js'
import { type SharedAssumption, sharedAssumptions } from '../experiment/summary.js'
import { count, span } from '../experiment/wording.js'
import { inputNotes } from '../scenario/input-notes.js'
import type { LoadedScenario } from '../scenario/load.js'
import type { Scenario, WorkloadSpec } from '../scenario/scenario.js'
import { assumptionsOf } from '../simulation/assumptions.js'
import { Model } from '../simulation/model.js'
import type { RunArguments } from './options.js'
import { plannedTwins } from './vary-estimates.js'

/** What a command will do, known before it does any of it. */
export interface Plan {
  readonly scenario: { readonly name: string; readonly hash: string }
  readonly variants: readonly PlannedVariant[]
  readonly seeds: readonly number[]
  /** Every parameter and property with its value and where it comes from. */
  readonly values: readonly SharedAssumption[]
  /** What to tell about the input. */
  readonly notes: readonly string[]
  readonly expectations: readonly string[]
  readonly sensitivity: boolean
  /** Runs that `sensitivity` adds, at most. */
  readonly twins: number
  readonly trace: boolean
  readonly folder: string
}

export interface PlannedVariant {
  readonly name: string
  /** Values by path, as written; none for the base. */
  readonly overrides: Readonly<Record<string, unknown>>
  readonly durationUs: number
  readonly warmupUs: number
  /** What it may take at most after `durationUs`. */
  readonly drainUs: number
  /** Client operations, and those of them that write, of one run; null: as many as are answered. */
  readonly operations: number | null
  readonly edits: number | null
}

/** A plan of less is carried out without a word. */
const MANY_EDITS = 2_000_000

/** What `run` or `compare` will do with a scenario. */
export function planOf(loaded: LoadedScenario, given: RunArguments, folder: string): Plan {
  const { name, hash, variants, expectations } = loaded
  const firstSeed = variants[0].scenario.seed
  const values = variants.map(({ name: variant, scenario }) => {
    return {
      variant,
      assumptions: assumptionsOf({ model: new Model(scenario, firstSeed), scenario }),
    }
  })
  return {
    scenario: { name, hash },
    variants: variants.map((variant) => {
      const { durationUs, warmupUs, drainUs } = variant.scenario
      const { overrides } = variant
      const work = offered(variant.scenario)
      return { name: variant.name, overrides, durationUs, warmupUs, drainUs, ...work }
    }),
    seeds: seedsFrom(firstSeed, given.seeds),
    values: sharedAssumptions(values),
    notes: inputNotes(loaded),
    expectations: expectations.map(({ that }) => that),
    sensitivity: given.sensitivity,
    twins: plannedTwins(loaded, given),
    trace: given.trace,
    folder,
  }
}

/** The plan in a sentence, for whoever is about to wait; null if it will not take long. */
export function planSentence(plan: Plan): string | null {
  const edits = total(plan.variants.map((variant) => variant.edits))
  const rounds = plan.seeds.length + plan.twins / plan.variants.length
  const inAll = edits === null ? null : edits * rounds
  if (inAll !== null && inAll < MANY_EDITS) return null
  return `${runsText(plan)}; ${inAll === null ? AS_ANSWERED : `about ${formatCount(inAll)} edits in all`}.`
}

export const AS_ANSWERED = 'as many operations as its clients get answers'

/** `10 runs (2 variants, 5 seeds) of 30 min each`. */
export function runsText({ variants, seeds, twins }: Plan): string {
  const durations = variants.map(({ durationUs }) => durationUs)
  const each = span(formatDuration(Math.min(...durations)), formatDuration(Math.max(...durations)))
  const runs = count(variants.length * seeds.length, 'run')
  const factors = `${count(variants.length, 'variant')}, ${count(seeds.length, 'seed')}`
  const more = twins === 0 ? '' : `, and for --sensitivity at most ${count(twins, 'more run')}`
  return `${runs} (${factors}) of ${each} of simulated time each${more}`
}

/** What the clients of one run send: the expectation, as arrivals and kinds are drawn. */
function offered({ workload, durationUs }: Scenario): Pick<PlannedVariant, 'operations' | 'edits'> {
  const sent = workload.map((phase) => operationsOf(phase, durationUs))
  const writes = workload.map(({ mix }, i) => {
    const operations = sent[i]
    const share = mix.put + mix.readModifyWrite + mix.increment
    return operations === null && share > 0 ? null : (operations ?? 0) * share
  })
  return { operations: whole(total(sent)), edits: whole(total(writes)) }
}

function operationsOf({ rate, bursts, fromUs, untilUs }: WorkloadSpec, durationUs: number) {
  if (rate === null) return null
  const more = bursts === undefined ? 0 : (bursts.times - 1) * (bursts.forUs / bursts.everyUs)
  const us = Math.max(0, Math.min(durationUs, untilUs ?? durationUs) - fromUs)
  return (rate * (1 + more) * us) / 1_000_000
}

/** The sum; null if a summand is not known. */
function total(numbers: readonly (number | null)[]): number | null {
  return numbers.reduce<number | null>(
    (sum, number) => (sum === null || number === null ? null : sum + number),
    0,
  )
}

function whole(number: number | null): number | null {
  return number === null ? null : Math.round(number)
}
