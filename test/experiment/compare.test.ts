import { describe, expect, test } from 'vitest'
import { compare } from '../../src/experiment/compare.js'
import type { Metric } from '../../src/experiment/metric.js'
import { overSeeds } from '../../src/experiment/over-seeds.js'
import type { PeerFigures } from './results.js'
import { measuredRun } from './results.js'

const RPO = 'peers.backup.rpo["cluster-loss"].p99Us'
const LOST = 'peers.backup.lostEdits'
const COST = 'peers.backup.costUsdPerMonth.total'

function twins(variant: string, figures: readonly PeerFigures[], clusterLost = 500) {
  return figures.map((backup, index) =>
    measuredRun({ variant, seed: index + 1, backup, clusterLost }),
  )
}

function pairOf(runs: Parameters<typeof compare>[0], metric: Metric['name'], a: string, b: string) {
  return compare(runs).pairs.find((p) => p.metric === metric && p.a === a && p.b === b)
}

describe('comparison of twins', () => {
  test('takes the difference within each seed, so that what seeds have in common cancels', () => {
    // Values vary by seconds from seed to seed, differences are 10, 20, 30, 40, 50 us.
    const base = [1e6, 9e6, 4e6, 7e6, 2e6]
    const runs = [
      ...twins(
        'direct',
        base.map((us) => ({ rpoP99Us: us })),
      ),
      ...twins(
        'staged-copy',
        base.map((us, i) => ({ rpoP99Us: us + 10 * (i + 1) })),
      ),
    ]
    const pair = pairOf(runs, RPO, 'direct', 'staged-copy')
    // Mean 30, s = sqrt(250), half width 2.776445105 * s / sqrt(5) = 19.63243161, whole us.
    expect(pair).toMatchObject({ difference: 30, interval95: [10, 50], coverage: 0.95, seeds: 5 })
    // t = 30 / sqrt(50) = 4.2426 with four degrees of freedom.
    expect(pair?.pValue).toBeCloseTo(0.01324, 5)
    expect(pair?.luckShared).toBeCloseTo(1, 9)
  })

  test('takes the median for lost edits, with an interval from six seeds on', () => {
    const lost = (n: number) => [
      ...twins(
        'direct',
        Array.from({ length: n }, () => ({ lostEdits: 10 })),
      ),
      ...twins(
        'staged-copy',
        Array.from({ length: n }, (_, i) => ({ lostEdits: 100 * (i + 1) })),
      ),
    ]
    expect(pairOf(lost(5), LOST, 'direct', 'staged-copy')).toMatchObject({
      difference: 290,
      interval95: null,
      coverage: 0.9375,
      pValue: 0.0625,
      luckShared: null,
    })
    expect(pairOf(lost(6), LOST, 'direct', 'staged-copy')).toMatchObject({
      difference: 340,
      interval95: [90, 590],
      coverage: 0.96875,
      pValue: 0.03125,
    })
  })

  test('claims neither interval nor significance nor shared luck from one seed', () => {
    const runs = [...twins('a', [{ usd: 3 }]), ...twins('b', [{ usd: 5 }])]
    const pair = pairOf(runs, COST, 'a', 'b')
    expect(pair).toMatchObject({ difference: 2, interval95: null, coverage: null, seeds: 1 })
    expect(pair?.luckShared).toBeNull()
    expect(pair).not.toHaveProperty('pValue')
    expect(pair).not.toHaveProperty('holm')
  })

  test('sets a cluster without a peer against the others by what it lost itself, nothing else', () => {
    const runs = [
      ...twins('direct', [{ lostEdits: 10, usd: 3, rpoP99Us: 5 }]),
      measuredRun({ variant: 'no-backup', seed: 1, backup: null, clusterLost: 500 }),
    ]
    expect(compare(runs).pairs.map(({ metric, difference }) => [metric, difference])).toEqual([
      [LOST, 490],
    ])
  })

  test('uses the seeds that both variants have', () => {
    const a = twins('a', [{ usd: 1 }, { usd: 2 }, { usd: 4 }])
    const b = twins('b', [{ usd: 2 }, { usd: 3 }, {}])
    expect(pairOf([...a, ...b], COST, 'a', 'b')).toMatchObject({ difference: 1, seeds: 2 })
  })

  test('compares every two variants once, the earlier one first', () => {
    const runs = ['x', 'c', 'a'].flatMap((variant) => twins(variant, [{ usd: 1 }]))
    const pairs = compare(runs).pairs.filter(({ metric }) => metric === COST)
    expect(pairs.map(({ a, b }) => a + b)).toEqual(['xc', 'xa', 'ca'])
  })

  test('corrects the verdict metrics together and leaves the others alone', () => {
    const a = [1, 2, 4, 3].map((n) => ({ usd: n, rpoP99Us: 1e6 * n, storeP99Us: 1e5 * n }))
    const b = [2, 4, 5, 5].map((n) => ({ usd: n, rpoP99Us: 3e6 * n, storeP99Us: 2e5 * n }))
    const { pairs } = compare([...twins('a', a), ...twins('b', b)])
    const verdict = pairs.filter(({ holm }) => holm !== undefined)
    expect(verdict.map(({ metric }) => metric)).toEqual([RPO, LOST, COST])
    const [rpo, lost, cost] = verdict
    expect(rpo.pValue).toBeLessThan(cost.pValue ?? 0)
    expect(rpo.holm).toBe(3 * (rpo.pValue ?? 0))
    expect(cost.holm).toBe(2 * (cost.pValue ?? 0))
    expect(lost.holm).toBe(1)
  })

  test('keeps each variant by itself beside the pairs', () => {
    const runs = [...twins('a', [{ usd: 1 }, { usd: 3 }]), ...twins('b', [{ usd: 5 }, { usd: 5 }])]
    const { outcomes } = compare(runs)
    expect(outcomes.a[COST]).toMatchObject({ center: 2, range: [1, 3], seeds: 2, unit: 'usd' })
    expect(outcomes.b[COST]).toMatchObject({ center: 5, interval95: [5, 5] })
  })
})

describe('one variant over seeds', () => {
  test('has one row per metric that it has', () => {
    const runs = twins('a', [
      { objects: 4, lostEdits: 1 },
      { objects: 6, lostEdits: 9 },
    ])
    expect(overSeeds(runs)).toEqual([
      {
        variant: 'a',
        metric: LOST,
        unit: 'edits',
        center: 5,
        statistic: 'median',
        interval95: null,
        range: [1, 9],
        seeds: 2,
      },
      {
        variant: 'a',
        metric: 'peers.backup.objects.count',
        unit: 'objects',
        center: 5,
        statistic: 'mean',
        // Student's interval would begin at 5 - 12.7, but there are no negative counts.
        interval95: [0, expect.closeTo(5 + 12.7062047, 6)],
        range: [4, 6],
        seeds: 2,
      },
    ])
  })

  test('has no lost edits where no disaster struck', () => {
    const run = measuredRun({ variant: 'a', seed: 1, backup: {} })
    expect(overSeeds([run]).map(({ metric }) => metric)).toEqual(['peers.backup.objects.count'])
  })
})
