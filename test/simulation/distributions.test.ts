import { expect, test } from 'vitest'
import { loadScenario } from '../../src/scenario/load.js'
import { defaultVocabulary } from '../../src/simulation/default-vocabulary.js'
import type { Distribution } from '../../src/simulation/result.js'
import { simulate } from '../../src/simulation/simulate.js'

const SCENARIO = `
name: distributions
duration: 2 min
warmup: 10 s
cluster: { regionServers: 1 }
stores: { backup: { profile: s3-standard } }
tables: { usertable: { regions: 2 } }
workload: [{ table: usertable, rate: 20/s, valueSize: 10 KiB, mix: { put: 1 } }]
peers: { backup: { endpoint: direct, store: backup } }
`

const { variants } = loadScenario({ name: 'd.yaml', text: SCENARIO }, defaultVocabulary)
const result = simulate(variants[0].scenario, 1, 'base')
const { backup } = result.peers

function find(metric: string, labels: Record<string, string> = {}): Distribution {
  const found = result.distributions.find(
    (each) =>
      each.metric === metric &&
      Object.entries(labels).every(([name, value]) => each.labels[name] === value),
  )
  if (found === undefined) throw new Error(`no ${metric}`)
  return found
}

/** The value that a share of all does not exceed, by the line through the points. */
function quantile({ values, shares }: Distribution, share: number): number {
  const to = shares.findIndex((each) => each >= share)
  const from = Math.max(0, to - 1)
  const rise = shares[to] - shares[from]
  const part = rise === 0 ? 1 : (share - shares[from]) / rise
  return values[from] + part * (values[to] - values[from])
}

test('the RPO of every class is there, with the median and the 99th percentile of the summary', () => {
  for (const [name, { p50Us, p99Us, maxUs }] of Object.entries(backup.rpo)) {
    const distribution = find('rpoUs', { peer: 'backup', class: name })
    expect(distribution.values.at(-1)).toBe(maxUs)
    if (maxUs === 0) continue
    expect(quantile(distribution, 0.5) / Math.max(1, p50Us)).toBeCloseTo(1, 1)
    expect(quantile(distribution, 0.99) / Math.max(1, p99Us)).toBeCloseTo(1, 1)
  }
})

test('latencies end at the largest, and their tail is that of the summary', () => {
  for (const [metric, { p99, max }] of [
    ['confirmLatencyUs', backup.confirmLatencyUs],
    ['storeLatencyUs', backup.storeLatencyUs],
    ['writeLatencyUs', result.writeLatencyUs],
  ] as const) {
    const distribution = find(metric)
    expect(distribution.values.at(-1)).toBe(max)
    expect(quantile(distribution, 0.99) / (p99 ?? 0)).toBeCloseTo(1, 1)
  }
})

test('objects are counted by number and by bytes, both up to the largest', () => {
  for (const by of ['objects', 'bytes']) {
    expect(find('objectBytes', { by }).values.at(-1)).toBe(backup.objects.maxBytes)
  }
})

test('a distribution is few points that ascend from nothing to all', () => {
  for (const { values, shares } of result.distributions) {
    expect(values).toHaveLength(shares.length)
    expect(values.length).toBeLessThan(500)
    expect([shares[0], shares.at(-1)]).toEqual([0, 1])
    expect(values).toEqual([...values].sort((a, b) => a - b))
  }
})
