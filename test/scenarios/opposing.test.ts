import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { evaluateExpectation } from '../../src/scenario/expectation.js'
import { type LoadedScenario, loadScenario } from '../../src/scenario/load.js'
import { defaultVocabulary } from '../../src/simulation/default-vocabulary.js'
import type { RunResult } from '../../src/simulation/result.js'
import { simulate } from '../../src/simulation/simulate.js'
import { type Opposite, opposites } from './opposites.js'

/** A scenario file as data; anchors are resolved. */
interface Written {
  variants: Record<string, Record<string, unknown>>
}

/** What of a summary is asked here. */
interface GalleryRun {
  variant: string
  expectations: { that: string; verdict: string }[]
}

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
}

function textOf(scenario: string): string {
  return read(`scenarios/${scenario}.yaml`)
}

function load(name: string, text: string): LoadedScenario {
  return loadScenario({ name, text }, defaultVocabulary)
}

/** The scenario with one variant turned into its opposite. */
function opposed(scenario: string, { variant, instead }: Opposite): LoadedScenario {
  const written: Written = parse(textOf(scenario))
  const variants = { ...written.variants, [variant]: { ...written.variants[variant], ...instead } }
  return load(scenario, JSON.stringify({ ...written, variants }))
}

function run({ variants }: LoadedScenario, name: string): RunResult {
  const variant = variants.find((each) => each.name === name)
  if (variant === undefined) throw new Error(`there is no variant ${name}`)
  return simulate(variant.scenario, variant.scenario.seed, name)
}

describe.each(Object.keys(opposites))('%s', (scenario) => {
  const shipped = load(scenario, textOf(scenario))
  /** Of the gallery, which `gallery.test.ts` holds to what the scenarios as shipped come to. */
  const gallery: GalleryRun[] = JSON.parse(read(`reports/gallery/${scenario}/summary.json`)).runs
  const reversedRuns = new Map<string, RunResult>()
  const rows = opposites[scenario] ?? []

  test('every expectation has its opposite', () => {
    const uncovered = shipped.expectations.filter(({ that, variants }) => {
      return !rows.some((row) => row.that === that && variants?.includes(row.variant) !== false)
    })
    expect(uncovered.map(({ that }) => that)).toEqual([])
  })

  test.each(rows)('$variant: $that', (row) => {
    const { variant, that, instead } = row
    const expectation = shipped.expectations.find(
      (each) => each.that === that && each.variants?.includes(variant) !== false,
    )
    if (expectation === undefined) throw new Error(`${scenario} does not expect this`)
    const asShipped = gallery.find((each) => each.variant === variant)
    expect(asShipped?.expectations).toContainEqual(
      expect.objectContaining({ that, verdict: 'held' }),
    )
    const key = `${variant} ${JSON.stringify(instead)}`
    const reversed = reversedRuns.get(key) ?? run(opposed(scenario, row), variant)
    reversedRuns.set(key, reversed)
    // A figure that a run does not have is not as expected either.
    const { verdict } = evaluateExpectation(expectation, reversed)
    expect(['violated', 'undecided', 'unknown-path']).toContain(verdict)
  })
})
