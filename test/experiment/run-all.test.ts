import { describe, expect, test } from 'vitest'
import type { Job } from '../../src/experiment/run-all.js'
import { runAll, seedsFrom } from '../../src/experiment/run-all.js'
import type { Scenario } from '../../src/scenario/scenario.js'
import type { RunResult } from '../../src/simulation/result.js'
import { runResult } from './results.js'

const loaded = {
  variants: ['direct', 'staged-copy'].map((name) => ({ name, scenario: { name } as Scenario })),
}

/** Jobs under way, each to be finished by the test when it likes. */
class Bench {
  readonly started: string[] = []
  readonly #settle = new Map<string, { finish: () => void; fail: (error: Error) => void }>()

  readonly execute = (job: Job): Promise<RunResult> => {
    const id = `${job.scenario.name} ${job.seed}`
    this.started.push(id)
    return new Promise((resolve, reject) => {
      const finish = () => resolve(runResult({ ...job, backup: null }))
      this.#settle.set(id, { finish, fail: reject })
    })
  }

  async finish(id: string): Promise<void> {
    this.#settle.get(id)?.finish()
    await new Promise((resolve) => setImmediate(resolve))
  }

  async fail(id: string): Promise<void> {
    this.#settle.get(id)?.fail(new Error(`${id} failed`))
    await new Promise((resolve) => setImmediate(resolve))
  }
}

const names = (results: RunResult[]) => results.map(({ variant, seed }) => `${variant} ${seed}`)

describe('running an experiment', () => {
  test('returns results by variant and seed, in whatever order they finish', async () => {
    const bench = new Bench()
    const done: string[] = []
    const all = runAll({
      loaded,
      seeds: [7, 8],
      execute: bench.execute,
      concurrency: 4,
      onDone: (n, total) => done.push(`${n}/${total}`),
    })
    for (const id of ['staged-copy 8', 'direct 8', 'staged-copy 7', 'direct 7']) {
      await bench.finish(id)
    }
    expect(names(await all)).toEqual(['direct 7', 'direct 8', 'staged-copy 7', 'staged-copy 8'])
    expect(done).toEqual(['1/4', '2/4', '3/4', '4/4'])
  })

  test('has no more jobs under way than asked, twins of a seed first', async () => {
    const bench = new Bench()
    const all = runAll({ loaded, seeds: [1, 2], execute: bench.execute, concurrency: 2 })
    expect(bench.started).toEqual(['direct 1', 'staged-copy 1'])
    await bench.finish('staged-copy 1')
    expect(bench.started).toEqual(['direct 1', 'staged-copy 1', 'direct 2'])
    for (const id of ['direct 2', 'staged-copy 2', 'direct 1']) await bench.finish(id)
    expect(await all).toHaveLength(4)
  })

  test('keeps the finished runs when interrupted, even if those under way are cut off', async () => {
    const bench = new Bench()
    const signal = { aborted: false }
    const all = runAll({ loaded, seeds: [1, 2, 3], execute: bench.execute, concurrency: 2, signal })
    await bench.finish('direct 1')
    signal.aborted = true
    await bench.finish('staged-copy 1')
    await bench.fail('direct 2')
    expect(names(await all)).toEqual(['direct 1', 'staged-copy 1'])
    expect(bench.started).toHaveLength(3)
  })

  test('fails with the first job that fails and starts no other', async () => {
    const bench = new Bench()
    const all = runAll({ loaded, seeds: [1, 2], execute: bench.execute, concurrency: 2 })
    const failure = expect(all).rejects.toThrow('direct 1 failed')
    await bench.fail('direct 1')
    await bench.finish('staged-copy 1')
    await failure
    expect(bench.started).toEqual(['direct 1', 'staged-copy 1'])
  })
})

test('the seeds of an experiment follow the first', () => {
  expect(seedsFrom(41, 3)).toEqual([41, 42, 43])
})
