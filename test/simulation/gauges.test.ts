import { describe, expect, test } from 'vitest'
import type { RunResult } from '../../src/simulation/result.js'
import { simulateConstantWorld } from './constant-world.js'

const S = 1_000_000

/** Values of a series by second; the samples of a run of 360 s fall on whole seconds. */
function bySecond(run: RunResult, metric: string, label?: string): (number | null)[] {
  const series = run.series.find(
    ({ metric: name, labels }) =>
      name === metric && (label === undefined || Object.values(labels).includes(label)),
  )
  if (series === undefined) throw new Error(`no series ${metric}`)
  const values: (number | null)[] = []
  series.timesUs.forEach((us, i) => {
    values[us / S] = series.values[i] ?? null
  })
  return values
}

const run = simulateConstantWorld(`
duration: 360 s
workload: [ { table: usertable, rate: 0.1/s, arrivals: periodic, valueSize: 1000 B, from: 95 s } ]
peers:
  backup: { endpoint: staged-copy, store: backup, flushInterval: 60 s }
  archive: { endpoint: direct, store: backup }
faults: [ { at: 250500 ms, kind: cluster-loss } ]
`)

/**
 * A put every 10 s from 105 s on, read at the next full second: staged, and written to the store.
 * The flush thread rolls at 120, 180, 240 s.
 */
describe('what is shown over time', () => {
  test('staging grows with every batch and is emptied after every roll', () => {
    const staging = bySecond(run, 'stagingBacklogBytes')
    expect(staging.slice(104, 109)).toEqual([0, 0, 0, 1000, 1000])
    expect(staging.slice(118, 123)).toEqual([2000, 2000, 2000, 0, 0])
  })

  test('lag is the age of the oldest write that no offset has passed', () => {
    const lag = bySecond(run, 'lagUs', 'backup')
    expect(lag.slice(104, 108)).toEqual([0, 0, S - 150, 0])
  })

  test('RPO under the loss of the cluster is the age of the oldest answer that is not stored', () => {
    const rpo = bySecond(run, 'rpoUs', 'cluster-loss')
    // Direct: stored 1.05 s after it was sent. The archive comes first, by name.
    expect(rpo.slice(104, 109)).toEqual([0, 0, S - 757, 0, 0])
    const staged = run.series.filter(({ metric }) => metric === 'rpoUs').slice(2)
    const values = staged[0]?.values ?? []
    expect(values.slice(118, 122)).toEqual([13 * S - 757, 14 * S - 757, 15 * S - 757, 0])
    expect(staged[1]?.values.slice(0, 250).every((value) => value === 0)).toBe(true)
  })

  test('only who stages has a staging area', () => {
    const staging = run.series.filter(({ metric }) => metric === 'stagingBacklogBytes')
    expect(staging.map(({ labels }) => labels)).toEqual([{ peer: 'backup' }])
  })

  test('the instant of a disaster is a point, after which there is nothing to show', () => {
    for (const { metric, timesUs, values } of run.series) {
      expect(timesUs[251]).toBe(250_500_000)
      expect(values[251]).not.toBe(null)
      if (metric !== 'oldWALsBytes') expect(values[252]).toBe(null)
    }
    expect(run.series[0]?.timesUs).toHaveLength(362)
  })
})
