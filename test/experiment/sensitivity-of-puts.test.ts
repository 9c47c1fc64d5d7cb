import { describe, expect, test } from 'vitest'
import { type Job, runAll } from '../../src/experiment/run-all.js'
import { runSensitivity } from '../../src/experiment/run-sensitivity.js'
import type { Sensitivity, VariedParameter } from '../../src/experiment/sensitivity.js'
import { sensitivitySentences } from '../../src/experiment/sensitivity-sentences.js'
import { type Summary, summarize } from '../../src/experiment/summary.js'
import { type LoadedScenario, loadScenario } from '../../src/scenario/load.js'
import { defaultVocabulary } from '../../src/simulation/default-vocabulary.js'
import type { RunResult } from '../../src/simulation/result.js'
import { simulate } from '../../src/simulation/simulate.js'

/**
 * A put takes two hops of 100 us, 50 us of a handler, 3 us to append, 450 us to sync and 3 us to
 * apply: 706 us. The hops and the sync are the scenario's own.
 */
const TINY = `
name: tiny
duration: 2 s
cluster:
  regionServers: 1
  racks: 1
  start: cold
  network: 100 us
  hdfs: { dataNodes: 3, hflush: 450 us, hflushPacket: 450 us }
tables: { t: { regions: 1 } }
workload:
  - { table: t, rate: 10/s, arrivals: periodic, valueSize: 100 B }
expect:
  - { that: 'writeLatencyUs.max < 730 us' }
`

const execute = async ({ scenario, seed, variant }: Job): Promise<RunResult> =>
  simulate(scenario, seed, variant)

function load(text: string): LoadedScenario {
  return loadScenario({ name: 'test.yaml', text }, defaultVocabulary)
}

async function vary(loaded: LoadedScenario): Promise<{ summary: Summary; found: Sensitivity }> {
  const seeds = [loaded.variants[0].scenario.seed]
  const results = await runAll({ loaded, seeds, execute, concurrency: 1 })
  const vocabulary = defaultVocabulary
  const found = await runSensitivity({ loaded, vocabulary, results, execute, concurrency: 2 })
  return { summary: { ...summarize(loaded, results, null, '0.1.0'), sensitivity: found }, found }
}

function parameterOf({ parameters }: Sensitivity, name: string): VariedParameter | undefined {
  return parameters.find(({ parameter }) => parameter === name)
}

/** Runs once for all that is asked of it. */
const tiny = vary(load(TINY))

describe('a scenario whose puts take 706 us, of which 56 are estimated', () => {
  test('hangs on the handler, which doubled takes 50 us more, and not on the append', async () => {
    const { found, summary } = await tiny
    expect(found.parameters[0]).toEqual({
      parameter: 'cluster.putCpu',
      grade: 'D',
      source: 'estimate (storage reference, section 10)',
      base: '50 us',
      low: '25 us',
      high: '100 us',
      traced: true,
      rows: [
        {
          variant: 'base',
          metric: 'writeLatencyUs.p99',
          unit: 'us',
          base: 706,
          low: 681,
          high: 756,
        },
      ],
      largestMove: 50 / 756,
      changed: [
        {
          kind: 'expectation',
          variant: 'base',
          what: 'writeLatencyUs.max < 730 us',
          at: 'high',
          from: 'held',
          to: 'violated',
        },
      ],
    })
    const append = parameterOf(found, 'cluster.walAppend')
    expect(append?.changed).toEqual([])
    expect(append?.rows[0]).toMatchObject({ base: 706, low: 705, high: 709 })
    expect(sensitivitySentences(summary)[0]).toBe(
      `Of ${found.parameters.length} estimates, each halved and doubled (seed 1), 1 changes a ` +
        'verdict: with `cluster.putCpu` doubled, `writeLatencyUs.max < 730 us` is violated with ' +
        '`base`, not held.',
    )
  })

  test('varies neither what it sets itself nor what nothing asks for', async () => {
    const { found, summary } = await tiny
    expect(found.given).toEqual(['cluster.hdfs.hflushPacket', 'cluster.network'])
    const names = '`cluster.hdfs.hflushPacket` and `cluster.network`'
    expect(sensitivitySentences(summary)[1]).toBe(
      `Not varied, since the scenario sets them: ${names}.`,
    )
    const idle = ['getCpu', 'scanRow', 'walRead', 'walSplit', 'recoveredEditsReplay', 'regionOpen']
    for (const name of idle) expect(parameterOf(found, `cluster.${name}`)).toBeUndefined()
    // HDFS is large enough, and stays so.
    expect(parameterOf(found, 'cluster.hdfs.capacity')).toMatchObject({
      traced: false,
      rows: [],
      changed: [],
    })
  })
})
