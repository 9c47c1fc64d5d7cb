import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { resultOf } from '../../src/simulation/result-of.js'
import { Run } from '../../src/simulation/run.js'
import { withClosedLoop } from './closed-loop-scenario.js'
import { load, randomScenario } from './random-scenario.js'
import { brokenRules } from './rules.js'

const RUNS = 60
const SEED = 28_987

test(`${RUNS} random runs with closed-loop clients come to rest after healing, and conserve what they handle`, {
  timeout: 900_000,
}, () => {
  let operations = 0
  const property = fc.property(randomScenario.map(withClosedLoop), (written) => {
    const scenario = load(written)
    const run = new Run(scenario, scenario.seed)
    run.execute()
    const result = resultOf(run, scenario.seed, 'random')
    const broken = brokenRules(run, result)
    if (broken.length > 0) throw new Error(broken.join('; '))
    if (run.cluster.closedLoop !== null) operations += result.edits.submitted
  })
  const { counterexample, errorInstance, seed, counterexamplePath } = fc.check(property, {
    seed: SEED,
    numRuns: RUNS,
  })
  if (counterexample !== null) {
    const replay = `fast-check seed ${seed}, path ${counterexamplePath}`
    throw new Error(`${errorInstance} (${replay}) in\n${stringify(counterexample[0])}`)
  }
  expect(operations).toBeGreaterThan(50 * RUNS)
})
