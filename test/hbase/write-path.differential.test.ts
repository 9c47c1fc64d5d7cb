import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lazyOutcome } from './lazy-write-path.js'
import { plainOutcome } from './plain-write-path.js'
import { looks, noLooks, writeScenario } from './random-write-scenario.js'

const SEED = 28987

describe('the lazy write path and a model with a process per client operation', () => {
  test('agree on every edit, answer, failure, WAL and roll, however often one looks', () => {
    fc.assert(
      fc.property(writeScenario, looks, (scenario, looks) => {
        const plain = plainOutcome(scenario)
        expect(lazyOutcome(scenario, noLooks)).toEqual(plain)
        expect(lazyOutcome(scenario, looks)).toEqual(plain)
      }),
      { seed: SEED, numRuns: 600 },
    )
  })
})
