import { applyPatches, enablePatches } from 'immer'
import { describeParameter } from '../scenario/describe-parameter.js'
import { isCut, scaledValue } from '../scenario/scaled-parameter.js'
import type { Scenario } from '../scenario/scenario.js'
import type { Vocabulary } from '../scenario/vocabulary.js'
import {
  type Estimate,
  estimatesOf,
  type KnownRun,
  replacedEstimates,
} from '../simulation/estimates.js'
import type { SummaryRun } from './summary.js'

enablePatches()

/** Which way an estimate was scaled. */
export type Side = 'low' | 'high'

export const SIDES = ['low', 'high'] as const satisfies readonly Side[]

/** What estimates of low confidence are multiplied by (storage reference, section 8.3). */
export const FACTORS = [0.5, 2] as const

/** One estimate, and the twins in which it is scaled. */
export interface Variation {
  readonly estimate: Estimate
  /** Those that rest on it. */
  readonly variants: readonly string[]
  /** Its value as a scenario would write it, and the scaled ones. */
  readonly base: string
  readonly low: string
  readonly high: string
  readonly cut: readonly Side[]
  /** Two for each variant; fewer where a scaled value is what it was. */
  readonly twins: readonly Twin[]
}

/** A variant with one estimate scaled and everything else, luck included, as it was. */
export interface Twin {
  readonly variant: string
  readonly side: Side
  readonly scenario: Scenario
}

/** A twin that has been run. */
export interface TwinRun {
  readonly variation: Variation
  readonly side: Side
  readonly run: SummaryRun
}

interface NamedScenario {
  readonly name: string
  readonly scenario: Scenario
}

/**
 * The estimates that the variants rest on, each to be scaled by itself, in the order of the
 * registries. Variants with different estimates under one name are varied apart.
 *
 * @param runs finished ones of the variants, which show what more of the estimates nothing asks for
 */
export function variationsOf(
  variants: readonly NamedScenario[],
  vocabulary: Vocabulary,
  runs: readonly (KnownRun & { variant: string })[] = [],
): Variation[] {
  const resting = new Map<string, { estimate: Estimate; variants: NamedScenario[] }>()
  for (const variant of variants) {
    const run = runs.find((each) => each.variant === variant.name)
    for (const estimate of estimatesOf(variant.scenario, vocabulary, run)) {
      const key = JSON.stringify([estimate.name, estimate.parameter])
      const group = resting.get(key) ?? { estimate, variants: [] }
      group.variants.push(variant)
      resting.set(key, group)
    }
  }
  return [...resting.values()].map(variationOf)
}

function variationOf({
  estimate,
  variants,
}: {
  estimate: Estimate
  variants: NamedScenario[]
}): Variation {
  const { parameter, path } = estimate
  const base = describeParameter(parameter)
  const scaled = FACTORS.map((factor, i) => {
    const value = scaledValue(parameter, factor)
    const text = describeParameter({ ...parameter, value })
    return { side: SIDES[i], value, text, cut: isCut(parameter, factor) }
  })
  const twins = scaled
    .filter(({ text }) => text !== base)
    .flatMap(({ side, value }) =>
      variants.map(({ name, scenario }) => ({
        variant: name,
        side,
        scenario: applyPatches(scenario, [{ op: 'add', path: [...path], value }]),
      })),
    )
  return {
    estimate,
    variants: variants.map(({ name }) => name),
    base,
    low: scaled[0].text,
    high: scaled[1].text,
    cut: scaled.filter(({ cut }) => cut).map(({ side }) => side),
    twins,
  }
}

/** Estimates that a variant replaces by a value of its own, sorted. */
export function givenInstead(variants: readonly NamedScenario[], vocabulary: Vocabulary): string[] {
  const names = variants.flatMap(({ scenario }) => replacedEstimates(scenario, vocabulary))
  return [...new Set(names)].sort()
}

/** How much work `--sensitivity` is at most: what turns out to be idle is left out. */
export function sensitivityPlan(
  variants: readonly NamedScenario[],
  vocabulary: Vocabulary,
): { parameters: number; runs: number } {
  const variations = variationsOf(variants, vocabulary)
  const runs = variations.reduce((sum, { twins }) => sum + twins.length, 0)
  return { parameters: variations.length, runs }
}
