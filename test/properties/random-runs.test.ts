import fc from 'fast-check'
import { expect, test } from 'vitest'
import { resultOf } from '../../src/simulation/result-of.js'
import { Run } from '../../src/simulation/run.js'
import { load, randomScenario } from './random-scenario.js'
import { brokenRules } from './rules.js'

const RUNS = 100

test(`${RUNS} random runs are quiescent after healing, conserve what they handle, and can explain every loss and every duplicate`, {
  timeout: 600_000,
}, () => {
  fc.assert(
    fc.property(randomScenario, (written) => {
      const scenario = load(written)
      const run = new Run(scenario, scenario.seed)
      run.execute()
      expect(brokenRules(run, resultOf(run, scenario.seed, 'random'))).toEqual([])
    }),
    { seed: Number(process.env.FC_SEED ?? 28987), numRuns: Number(process.env.FC_RUNS ?? RUNS) },
  )
})
