import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { invariantsOf } from '../../src/simulation/checks.js'
import { Run } from '../../src/simulation/run.js'
import { load } from './random-scenario.js'
import { regionServerScenario } from './region-server-scenario.js'

const RUNS = 300
const SEED = 4

/** A failure shows the smallest scenario that was found to fail, as a file to run. */
test(`in ${RUNS} random runs crashes, moves, flushes and compactions lose no acknowledged edit, and all come to rest`, {
  timeout: 300_000,
}, () => {
  let flushes = 0
  let recoveries = 0
  const property = fc.property(regionServerScenario, (written) => {
    const scenario = load(written)
    const run = new Run(scenario, scenario.seed)
    run.execute()
    const broken = Object.entries(invariantsOf(run)).filter(([, verdict]) => verdict !== 'held')
    if (run.nowUs >= run.limitUs) broken.push(['the cluster is at rest', 'violated'])
    if (broken.length > 0) throw new Error(broken.join('; '))
    flushes += run.activity.flushDurations.count
    recoveries += run.cluster.master.recoveries.length
  })
  const { counterexample, errorInstance, seed, counterexamplePath } = fc.check(property, {
    seed: SEED,
    numRuns: RUNS,
  })
  if (counterexample !== null) {
    const replay = `fast-check seed ${seed}, path ${counterexamplePath}`
    throw new Error(`${errorInstance} (${replay}) in\n${stringify(counterexample[0])}`)
  }
  // What is to be survived does happen.
  expect(flushes).toBeGreaterThan(8 * RUNS)
  expect(recoveries).toBeGreaterThan(0.5 * RUNS)
})
