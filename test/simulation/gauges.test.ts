import { describe, expect, test } from 'vitest'
import type { RiskClass } from '../../src/measure/peer-risks.js'
import { DISASTERS } from '../../src/simulation/disasters.js'
import type { RunResult } from '../../src/simulation/result.js'
import { simulateConstantWorld } from './constant-world.js'

const S = 1_000_000

/** Values of a series by second; the samples of a run of 360 s fall on whole seconds. */
function bySecond(
  run: RunResult,
  metric: string,
  labels: Record<string, string>,
): (number | null)[] {
  const series = run.series.find(
    (one) => one.metric === metric && Object.keys(labels).every((k) => one.labels[k] === labels[k]),
  )
  if (series === undefined) throw new Error(`no series ${metric}`)
  const values: (number | null)[] = []
  series.timesUs.forEach((us, i) => {
    values[us / S] = series.values[i] ?? null
  })
  return values
}

function rpoBySecond(peer: string, disaster: RiskClass): (number | null)[] {
  return bySecond(run, 'rpoUs', { peer, class: disaster })
}

const run = simulateConstantWorld(`
duration: 360 s
workload: [ { table: usertable, rate: 0.1/s, arrivals: periodic, valueSize: 1000 B, from: 95 s } ]
peers:
  backup: { endpoint: staged-copy, store: backup, flushInterval: 60 s }
  archive: { endpoint: direct, store: backup }
faults: [ { at: 250500 ms, kind: cluster-loss } ]
`)

/** Told by window or by change. */
const NOT_SAMPLED = ['writeLatencyP99Us', 'writeLatencyMaxUs', 'unavailableRegions']

/**
 * A put every 10 s from 105 s on, read at the next full second: staged, and written to the store.
 * The flush thread rolls at 120, 180, 240 s.
 */
describe('what is shown over time', () => {
  test('staging grows with every batch and is emptied after every roll', () => {
    const staging = bySecond(run, 'stagingBacklogBytes', { peer: 'backup' })
    expect(staging.slice(104, 109)).toEqual([0, 0, 0, 1000, 1000])
    expect(staging.slice(118, 123)).toEqual([2000, 2000, 2000, 0, 0])
  })

  test('lag is the age of the oldest write that no offset has passed', () => {
    const lag = bySecond(run, 'lagUs', { peer: 'backup' })
    expect(lag.slice(104, 108)).toEqual([0, 0, S - 150, 0])
  })

  test('RPO under the loss of the cluster is the age of the oldest answer that is not stored', () => {
    // Direct: stored 1.05 s after it was sent.
    const direct = rpoBySecond('archive', 'cluster-loss')
    expect(direct.slice(104, 109)).toEqual([0, 0, S - 757, 0, 0])
    const staged = rpoBySecond('backup', 'cluster-loss')
    expect(staged.slice(118, 122)).toEqual([13 * S - 757, 14 * S - 757, 15 * S - 757, 0])
    expect(rpoBySecond('backup', 'hdfs-loss')).toEqual(staged)
    const harmless = rpoBySecond('backup', 'region-server-crash')
    expect(harmless.slice(0, 250).every((value) => value === 0)).toBe(true)
  })

  test('RPO is shown for every class of disasters', () => {
    const classes = run.series.filter(
      ({ metric, labels }) => metric === 'rpoUs' && labels.peer === 'archive',
    )
    expect(classes.map(({ labels }) => labels.class)).toEqual(DISASTERS)
  })

  test('only who stages has a staging area', () => {
    const staging = run.series.filter(({ metric }) => metric === 'stagingBacklogBytes')
    expect(staging.map(({ labels }) => labels)).toEqual([{ peer: 'backup' }])
  })

  test('the instant of a disaster is a point, after which there is nothing to show', () => {
    const sampled = run.series.filter(({ metric }) => !NOT_SAMPLED.includes(metric))
    expect(run.series.length - sampled.length).toBe(NOT_SAMPLED.length)
    for (const { metric, timesUs, values } of sampled) {
      expect(timesUs[251]).toBe(250_500_000)
      expect(values[251]).not.toBe(null)
      expect(values[252], metric).toBe(null)
    }
    expect(run.series[0]?.timesUs).toHaveLength(362)
  })

  test('write latency is shown by the second in which the answer came', () => {
    for (const metric of ['writeLatencyP99Us', 'writeLatencyMaxUs']) {
      // Told at the ends of the seconds: the last put was answered at 245.000757 s.
      const latency = bySecond(run, metric, {})
      expect(latency.slice(245, 248)).toEqual([null, 757, null])
      expect(latency.slice(247).every((value) => value === null)).toBe(true)
    }
  })
})
