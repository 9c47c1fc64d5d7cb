import { describe, expect, test } from 'vitest'
import { type Job, runAll } from '../../src/experiment/run-all.js'
import { runSensitivity } from '../../src/experiment/run-sensitivity.js'
import { sensitivitySentences } from '../../src/experiment/sensitivity-sentences.js'
import { sensitivityPlan, variationsOf } from '../../src/experiment/sensitivity-twins.js'
import { summarize } from '../../src/experiment/summary.js'
import { constant } from '../../src/kernel/distribution.js'
import { canonicalJson } from '../../src/scenario/canonical-json.js'
import { type LoadedScenario, loadScenario } from '../../src/scenario/load.js'
import type { Vocabulary } from '../../src/scenario/vocabulary.js'
import { defaultVocabulary } from '../../src/simulation/default-vocabulary.js'
import type { RunResult } from '../../src/simulation/result.js'
import { parameter } from '../../src/storage/define-parameter.js'
import type { ParameterValues } from '../../src/storage/parameter.js'
import { type PeerFigures, runResult } from './results.js'

/** Two variants, and a third without the store. */
const THREE = `
name: three
duration: 10 min
stores: { backup: { profile: s3-standard }, unused: { profile: s3-standard } }
tables: { t: { regions: 1 } }
workload: [{ table: t, rate: 10/s, valueSize: 100 B }]
peers: { backup: { endpoint: staged-copy, store: backup } }
variants:
  staged: {}
  direct: { peers.backup.endpoint: direct }
  none: { peers: {} }
expect:
  - { variants: [direct], that: 'peers.backup.disasters[0].lostEdits < 10' }
`

function load(text: string): LoadedScenario {
  return loadScenario({ name: 'test.yaml', text }, defaultVocabulary)
}

/** Three estimates and something known. */
const FEW: Vocabulary = {
  clusterParameters: {
    network: parameter('duration', constant(100), 'D', 'hop', 'guess'),
    heap: parameter('size', constant(1000), 'B', 'heap', 'measured'),
  },
  hdfsProfiles: {
    'hdfs-nvme': { streamRead: parameter('rate', constant(1), 'D', 'slow', 'guess') },
  },
  storeProfiles: {
    's3-standard': { errorRate: parameter('probability', 0.8, 'D', 'errors', 'guess') },
  },
  properties: {},
}

interface Scaled {
  variant: string
  seed: number
  networkUs: number
  bytesPerSecond: number
  errorRate: number
}

/** Results without a simulation: `figures` says what the estimates come to. */
function pretend(figures: (scaled: Scaled) => PeerFigures) {
  return async ({ scenario, seed, variant }: Job): Promise<RunResult> => {
    const { cluster, stores } = scenario
    const scaled = {
      variant,
      seed,
      networkUs: numberOf(cluster.parameters, 'network', 100),
      bytesPerSecond: numberOf(cluster.hdfs.parameters, 'streamRead', 1),
      errorRate: numberOf(stores.backup.parameters, 'errorRate', 0.8),
    }
    const backup = variant === 'none' ? null : figures(scaled)
    return runResult({ variant, seed, backup, clusterLost: 0, writeP99Us: 700 })
  }
}

function numberOf(values: ParameterValues, name: string, estimate: number): number {
  const value = values[name] ?? estimate
  if (typeof value === 'number') return value
  return value.kind === 'constant' ? value.value : Number.NaN
}

interface Varied {
  figures: (scaled: Scaled) => PeerFigures
  seeds?: number[]
  concurrency?: number
  signal?: { aborted: boolean }
  /** Called before a twin is run, with its number. */
  before?: (n: number) => Promise<void>
}

async function varyFew({ figures, seeds = [7], concurrency = 1, ...more }: Varied) {
  const loaded = load(THREE)
  const execute = pretend(figures)
  const results = await runAll({ loaded, seeds, execute, concurrency })
  const asked: string[] = []
  const found = await runSensitivity({
    loaded,
    vocabulary: FEW,
    results,
    execute: async (job) => {
      asked.push(job.variant)
      await more.before?.(asked.length)
      return execute(job)
    },
    concurrency,
    ...(more.signal === undefined ? {} : { signal: more.signal }),
  })
  return { found, asked, summary: { ...summarize(loaded, results, null, '0'), sensitivity: found } }
}

/** As estimated, direct is ahead by far, at ten times the price. */
function asEstimated({ variant }: Scaled): PeerFigures {
  return variant === 'direct'
    ? { rpoP99Us: 2_000_000, lostEdits: 0, usd: 200 }
    : { rpoP99Us: 60_000_000, lostEdits: 500, usd: 20 }
}

describe('varying estimates', () => {
  test('runs the variants that rest on one, twice each, under the first seed alone', async () => {
    const { found, asked } = await varyFew({ figures: asEstimated, seeds: [7, 8] })
    // Halved, a byte per second stays one; nobody without the peer asks the store.
    expect(
      found.parameters.map(({ parameter, variants, low, base, high, cut }) => {
        return { parameter, variants, values: [low, base, high], cut }
      }),
    ).toEqual([
      { parameter: 'cluster.hdfs.streamRead', values: ['1 B/s', '1 B/s', '2 B/s'] },
      { parameter: 'cluster.network', values: ['50 us', '100 us', '200 us'] },
      {
        parameter: 'stores.backup.errorRate',
        variants: ['staged', 'direct'],
        values: ['0.4', '0.8', '1'],
        cut: ['high'],
      },
    ])
    expect(asked).toEqual([
      ...['staged', 'direct', 'none', 'staged', 'direct', 'none'],
      ...['staged', 'direct', 'none'],
      ...['staged', 'direct', 'staged', 'direct'],
    ])
    expect(found).toMatchObject({ factors: [0.5, 2], seed: 7, runs: 13, given: [], unfinished: 0 })
    expect(sensitivityPlan(load(THREE).variants, FEW)).toEqual({ parameters: 3, runs: 13 })
  })

  test('says so if nothing moves', async () => {
    const { summary, found } = await varyFew({ figures: asEstimated })
    expect(found.parameters.every(({ rows }) => rows.length === 0)).toBe(true)
    expect(sensitivitySentences(summary)).toEqual([
      'Of 3 estimates, each halved and doubled (seed 7), none changes a verdict; no figure moves.',
    ])
  })

  test('says so if there is nothing to vary, or nothing was finished', async () => {
    const { summary, found } = await varyFew({ figures: asEstimated })
    const none = { ...found, parameters: [], runs: 0 }
    expect(sensitivitySentences({ ...summary, sensitivity: none })).toEqual([
      'Nothing here rests on an estimate that could be halved and doubled.',
    ])
    const cut = { ...none, unfinished: 1 }
    expect(sensitivitySentences({ ...summary, sensitivity: cut })).toEqual([
      'Interrupted before 1 more estimate had been varied.',
    ])
  })

  test('names the largest move, a half and a double alike, if no verdict changes', async () => {
    const { summary, found } = await varyFew({
      figures: (scaled) => ({
        ...asEstimated(scaled),
        ...(scaled.networkUs === 50 ? { usd: 160 } : {}),
        ...(scaled.errorRate === 1 && scaled.variant === 'staged' ? { usd: 30 } : {}),
      }),
    })
    const ranked = found.parameters.map(({ parameter, largestMove }) => [parameter, largestMove])
    expect(ranked).toEqual([
      ['cluster.network', 140 / 160],
      ['stores.backup.errorRate', 10 / 30],
      ['cluster.hdfs.streamRead', 0],
    ])
    expect(sensitivitySentences(summary)).toEqual([
      'Of 3 estimates, each halved and doubled (seed 7), none changes a verdict; the largest ' +
        'move: cost per month of `staged` is $160, not $20.00, with `cluster.network` halved.',
    ])
  })

  test('finds expectations that flip, losses, and variants that change places', async () => {
    const { found, summary } = await varyFew({
      figures: (scaled) => {
        const figures = asEstimated(scaled)
        if (scaled.variant !== 'direct') return figures
        if (scaled.errorRate === 1) return { ...figures, lostEdits: 40, rpoP99Us: 90_000_000 }
        return scaled.networkUs === 200 ? { ...figures, lostEdits: 3 } : figures
      },
    })
    const [first, second, third] = found.parameters
    expect(first).toMatchObject({ parameter: 'cluster.network', largestMove: 1 })
    expect(first.changed).toEqual([
      {
        kind: 'loss',
        variant: 'direct',
        what: 'peers.backup.lostEdits',
        at: 'high',
        from: '0',
        to: '3',
      },
    ])
    const at = 'high'
    expect(second.parameter).toBe('stores.backup.errorRate')
    expect(second.changed).toEqual([
      {
        kind: 'expectation',
        variant: 'direct',
        what: 'peers.backup.disasters[0].lostEdits < 10',
        at,
        from: 'held',
        to: 'violated',
      },
      { kind: 'loss', variant: 'direct', what: 'peers.backup.lostEdits', at, from: '0', to: '40' },
      {
        kind: 'order',
        variant: 'direct',
        what: 'peers.backup.rpo["cluster-loss"].p99Us',
        at,
        from: '2 s with direct and 1 min with staged',
        to: '1 min with staged and 1 min 30 s with direct',
      },
    ])
    expect(third).toMatchObject({ parameter: 'cluster.hdfs.streamRead', changed: [] })
    expect(sensitivitySentences(summary)).toEqual([
      'Of 3 estimates, each halved and doubled (seed 7), 2 change a verdict: with ' +
        '`cluster.network` doubled, lost edits of `direct` are 3, not 0; with ' +
        '`stores.backup.errorRate` doubled, `peers.backup.disasters[0].lostEdits < 10` is ' +
        'violated with `direct`, not held (and 2 more changes).',
      'Which variant is ahead in one run may be chance: `compare` looks at several seeds.',
    ])
  })

  test('sees no verdict in an order of one seed alone, or that nobody can read', async () => {
    const rpoP99Us = (scaled: Scaled): number => {
      if (scaled.variant === 'staged') return 60_000_000
      if (scaled.networkUs === 200) return 70_000_000
      return scaled.seed === 8 ? 61_000_000 : 50_000_000
    }
    const figures = (scaled: Scaled) => ({ ...asEstimated(scaled), rpoP99Us: rpoP99Us(scaled) })
    const alone = await varyFew({ figures })
    expect(alone.found.parameters[0].changed.map(({ kind }) => kind)).toEqual(['order'])
    const two = await varyFew({ figures, seeds: [7, 8] })
    expect(two.found.parameters[0].changed).toEqual([])
    expect(two.found.parameters[0].rows[0]).toMatchObject({
      base: 50_000_000,
      high: 70_000_000,
      seeds: [50_000_000, 61_000_000],
    })
    const near = (scaled: Scaled) => {
      const direct = scaled.networkUs === 200 ? 60_000_001 : 59_999_999
      const rpoP99Us = scaled.variant === 'direct' ? direct : 60_000_000
      return { ...asEstimated(scaled), rpoP99Us }
    }
    const unreadable = await varyFew({ figures: near })
    expect(unreadable.found.parameters[0].changed).toEqual([])
  })

  test('finds broken claims and invariants that come out differently', async () => {
    const loaded = load(THREE)
    const plain = pretend(asEstimated)
    const execute = async (job: Job): Promise<RunResult> => {
      const run = await plain(job)
      const isBroken = job.variant === 'direct' && 'network' in job.scenario.cluster.parameters
      const brokenClaims = isBroken ? { 'hdfs-loss': { firstUs: 5, maxEdits: 2 } } : {}
      const peers = job.variant === 'none' ? {} : { backup: { ...run.peers.backup, brokenClaims } }
      return { ...run, peers, invariants: { 'claims hold': isBroken ? 'violated' : 'held' } }
    }
    const results = await runAll({ loaded, seeds: [1], execute, concurrency: 1 })
    const { parameters } = await runSensitivity({
      loaded,
      vocabulary: FEW,
      results,
      execute,
      concurrency: 1,
    })
    expect(parameters[0].parameter).toBe('cluster.network')
    expect(
      parameters[0].changed.map(({ at, kind, what, from, to }) => [at, kind, what, from, to]),
    ).toEqual([
      ['low', 'invariant', 'claims hold', 'held', 'violated'],
      ['low', 'claim', 'backup: hdfs-loss', 'kept', 'broken'],
      ['high', 'invariant', 'claims hold', 'held', 'violated'],
      ['high', 'claim', 'backup: hdfs-loss', 'kept', 'broken'],
    ])
  })

  test('comes to the same bytes in whatever order twins finish', async () => {
    const figures = (scaled: Scaled) => ({ ...asEstimated(scaled), usd: scaled.networkUs })
    const { found } = await varyFew({ figures })
    const shuffled = await varyFew({
      figures,
      concurrency: 4,
      before: async (n) => {
        for (let i = 0; i < (n * 7) % 5; i++) await new Promise((done) => setImmediate(done))
      },
    })
    expect(canonicalJson(shuffled.found)).toBe(canonicalJson(found))
  })

  test('keeps, when interrupted, the estimates all of whose twins were run', async () => {
    const signal = { aborted: false }
    const { found, summary } = await varyFew({
      figures: asEstimated,
      signal,
      // The network takes six; the eighth twin is the second of the next estimate.
      before: async (n) => {
        if (n < 8) return
        signal.aborted = true
        throw new Error('the worker is gone')
      },
    })
    expect(found.parameters.map(({ parameter }) => parameter)).toEqual(['cluster.network'])
    expect(found).toMatchObject({ runs: 7, unfinished: 2 })
    expect(sensitivitySentences(summary).at(-1)).toBe(
      'Interrupted before 2 more estimates had been varied.',
    )
  })

  test('fails like the simulation that fails', async () => {
    const before = async () => {
      throw new Error('a broken rule')
    }
    await expect(varyFew({ figures: asEstimated, before })).rejects.toThrow('a broken rule')
  })

  test('varies different estimates of the same name apart', async () => {
    const text = THREE.replace(
      '  none: { peers: {} }',
      '  express: { stores.backup.profile: s3-express }',
    )
    const s3 = FEW.storeProfiles['s3-standard']
    const express = { errorRate: parameter('probability', 0.1, 'D', 'errors', 'other guess') }
    const profiles = { 's3-standard': s3, 's3-express': express }
    const { variants } = load(text)
    const found = variationsOf(variants, { ...FEW, storeProfiles: profiles })
    const ofStore = found.filter(({ estimate }) => estimate.name === 'stores.backup.errorRate')
    expect(ofStore.map(({ base, variants: of }) => [base, of])).toEqual([
      ['0.8', ['staged', 'direct']],
      ['0.1', ['express']],
    ])
  })
})
