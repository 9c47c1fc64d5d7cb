import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lognormal, withTail } from '../../../src/kernel/distribution.js'
import { Luck } from '../../../src/kernel/draws.js'
import { lazyOutcome } from './lazy-write-path.js'
import { plainOutcome } from './plain-write-path.js'
import { closedLoopScenario, looks, noLooks, writeScenario } from './random-write-scenario.js'
import { calmScenario } from './write-path-fixture.js'
import type { WriteScenario } from './write-scenario.js'

const SEED = 28987

/** A busy server: calls queue, some are refused, WALs are rolled all the time, one long pause. */
function busyScenario(perSecond: number): WriteScenario {
  const draws = new Luck(SEED).stream({ name: 'put', sharing: 'own' }, 'busy')
  let us = 0
  return {
    ...calmScenario,
    handlers: 12,
    queueFactor: 0.25,
    queueLimit: 20,
    walRollSize: 1_000_000,
    flushSize: 300_000,
    regions: 5,
    network: lognormal(100, 0.3),
    putCpu: lognormal(50, 0.5),
    walAppend: lognormal(3, 0.3),
    sync: withTail(lognormal(450, 0.4), 0.01, lognormal(8000, 1)),
    memstoreApply: lognormal(3, 0.5),
    puts: Array.from({ length: 3000 }, (_, i) => {
      us += (-Math.log(draws.uniform(i)) * 1e6) / perSecond
      const region = Math.floor(draws.uniform(i, 1) * 5)
      return { sentUs: Math.round(us), region, bytes: Math.round(draws.uniform(i, 2) * 10_000) }
    }),
    suspensions: [{ fromUs: 60_000, untilUs: 90_000 }],
  }
}

describe('the lazy write path and a model with a process per client operation', () => {
  test('agree on every edit, answer, failure, WAL and roll, however often one looks', () => {
    fc.assert(
      fc.property(writeScenario, looks, (scenario, looks) => {
        const plain = plainOutcome(scenario)
        expect(lazyOutcome(scenario, noLooks)).toEqual(plain)
        expect(lazyOutcome(scenario, looks)).toEqual(plain)
      }),
      { seed: SEED, numRuns: 500 },
    )
  })

  test('agree on clients that wait for their answers', () => {
    let operations = 0
    let failures = 0
    fc.assert(
      fc.property(closedLoopScenario, looks, (scenario, { atUs }) => {
        const plain = plainOutcome(scenario)
        expect(lazyOutcome(scenario, noLooks)).toEqual(plain)
        expect(lazyOutcome(scenario, { ...noLooks, atUs })).toEqual(plain)
        operations += plain.answers.length + plain.reads.length
        failures += plain.failedSentUs.length
      }),
      { seed: SEED, numRuns: 300 },
    )
    expect(operations).toBeGreaterThan(2000)
    expect(failures).toBeGreaterThan(100)
  })

  test('agree on a server that has little to do, and on one that has too much', () => {
    for (const perSecond of [3000, 30_000]) {
      const scenario = busyScenario(perSecond)
      const plain = plainOutcome(scenario)
      expect(lazyOutcome(scenario, { atUs: [], horizonUs: 1000 })).toEqual(plain)
      expect(plain.answers.length + plain.failedSentUs.length).toBe(3000)
      expect(plain.groups[0].wals.length).toBeGreaterThan(5)
      expect(plain.queuedUs).toBeGreaterThan(0)
    }
  })
})
