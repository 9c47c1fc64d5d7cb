import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { resultOf } from '../../src/simulation/result-of.js'
import { Run } from '../../src/simulation/run.js'
import { load } from './random-scenario.js'
import { replicaScenario } from './replica-scenario.js'

const RUNS = 100
const SEED = 5
const SETTLED = 'secondaries that are sent edits have all of them after quiescence'

/** A failure shows the smallest scenario that was found to fail, as a file to run. */
test(`in ${RUNS} random runs secondaries are what their primaries have been, whatever feeds them, and all come to rest`, {
  timeout: 300_000,
}, () => {
  let stale = 0
  let unavailable = 0
  const property = fc.property(replicaScenario, (written) => {
    const scenario = load(written)
    const run = new Run(scenario, scenario.seed)
    run.execute()
    const { invariants, replicas = {} } = resultOf(run, scenario.seed, 'random')
    const broken = Object.entries(invariants).filter(([, verdict]) => verdict === 'violated')
    // Secondaries that HBase 2 never frees are waited for in vain.
    if (run.nowUs >= run.limitUs && invariants[SETTLED] !== 'undecided') {
      broken.push(['the cluster is at rest', 'violated'])
    }
    if (broken.length > 0) throw new Error(broken.join('; '))
    for (const { stalenessUs, unavailableUs } of Object.values(replicas).flat()) {
      if ((stalenessUs.max ?? 0) > 0) stale++
      if (unavailableUs > 0) unavailable++
    }
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
  expect(stale).toBeGreaterThan(RUNS)
  expect(unavailable).toBeGreaterThan(0.2 * RUNS)
})
