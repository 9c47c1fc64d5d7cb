import { describe, expect, test } from 'vitest'
import { newRunClock } from '../../src/cli/run-clock.js'
import type { Workplace } from '../../src/cli/simulate-all.js'
import { plannedTwins, varyEstimates } from '../../src/cli/vary-estimates.js'
import type { Job } from '../../src/experiment/run-all.js'
import { loadScenario } from '../../src/scenario/load.js'
import { defaultVocabulary } from '../../src/simulation/default-vocabulary.js'
import { runResult } from '../experiment/results.js'

const text = `
name: tiny
duration: 10 min
tables: { t: { regions: 1 } }
workload: [{ table: t, rate: 10/s, valueSize: 100 B }]
variants: { plain: {}, short: { duration: 5 min } }
`
const loaded = loadScenario({ name: 'test.yaml', text }, defaultVocabulary)

async function execute({ variant, seed }: Job) {
  return runResult({ variant, seed, backup: null, writeP99Us: 700 })
}

/** A place that counts what is planned and run in it. */
function place(aborted = false) {
  const planned: number[] = []
  const jobs: Job[] = []
  const workplace: Workplace = {
    pool: { concurrency: 2, execute, close: async () => {} },
    progress: {
      plan: (durationUs, runs) => planned.push(...Array(runs).fill(durationUs)),
      follow: (_, run) => run(newRunClock()),
      stop: () => {},
    },
    execute: async (job) => {
      jobs.push(job)
      return execute(job)
    },
    signal: { aborted },
  }
  return { workplace, planned, jobs }
}

const results = Promise.all(
  loaded.variants.map(({ name, scenario }) => execute({ variant: name, scenario, seed: 1 })),
)

describe('--sensitivity', () => {
  test('plans no more than it runs, and tells the progress of every twin before', async () => {
    const { workplace, planned, jobs } = place()
    const found = await varyEstimates(loaded, await results, { sensitivity: true }, workplace)
    expect(jobs).toHaveLength(found?.runs ?? 0)
    expect(planned).toHaveLength(jobs.length)
    expect(planned).toEqual(jobs.map(({ scenario }) => scenario.durationUs))
    expect(jobs.every(({ seed, trace }) => seed === 1 && trace !== true)).toBe(true)
    expect(new Set(jobs.map(({ variant }) => variant))).toEqual(new Set(['plain', 'short']))
    const most = plannedTwins(loaded, { sensitivity: true })
    expect(most).toBeGreaterThan(jobs.length)
  })

  test('runs nothing unless it was asked for, or if the user has interrupted', async () => {
    const { workplace, jobs } = place()
    expect(plannedTwins(loaded, { sensitivity: false })).toBe(0)
    const unasked = varyEstimates(loaded, await results, { sensitivity: false }, workplace)
    expect(await unasked).toBeNull()
    const late = place(true)
    expect(
      await varyEstimates(loaded, await results, { sensitivity: true }, late.workplace),
    ).toBeNull()
    expect(await varyEstimates(loaded, [], { sensitivity: true }, workplace)).toBeNull()
    expect([...jobs, ...late.jobs]).toEqual([])
  })
})
