import type { RecoveryResult, RunResult, Series } from '../../src/simulation/result.js'
import { idleRegionServers } from '../experiment/results.js'
import { run } from './fixture.js'

const SECOND = 1_000_000
const MINUTE = 60 * SECOND
const MIB = 1 << 20
const GIB = 1024 * MIB

/** Half an hour of a server `rs1` that flushes every other minute and compacts now and then. */
export function busyRun(variant: string, changes: Partial<RunResult> = {}): RunResult {
  const flushes = Array.from({ length: 29 }, (_, i) => {
    const fromUs = (60 * i + ((37 * i) % 50)) * SECOND
    const stallUs = 4_000 + ((i * 7_919) % 60_000)
    const untilUs = fromUs + 9 * SECOND
    return { fromUs, untilUs, count: 1, stallUs, stalledAtUs: fromUs }
  })
  const compactions = Array.from({ length: 9 }, (_, i) => {
    const fromUs = (180 * i + 40) * SECOND
    const untilUs = fromUs + (15 + 40 * (i % 3)) * SECOND
    return { fromUs, untilUs, count: 1, stallUs: 0, stalledAtUs: fromUs }
  })
  return run(variant, 1, {
    faults: [],
    regionServers: busyRegionServers(),
    busiestServer: { server: 'rs1', flushes, compactions },
    series: busySeries(2 * GIB),
    ...changes,
  })
}

export function busyRegionServers(): RunResult['regionServers'] {
  return {
    ...idleRegionServers(),
    flushes: {
      count: 290,
      bytes: 36 * GIB,
      byReason: { size: 270, age: 0, pressure: 20 },
      stallUs: { count: 290, p50: 9_000, p99: 61_000, p999: 64_000, max: 64_000 },
      durationUs: { count: 290, p50: 9e6, p99: 12e6, p999: 14e6, max: 14e6 },
      writeP999Us: { stalled: 48_000, calm: 9_000 },
    },
    compactions: {
      count: 90,
      major: 1,
      inputFiles: 310,
      bytes: 52 * GIB,
      durationUs: { count: 90, p50: 15e6, p99: 95e6, p999: 95e6, max: 95e6 },
    },
    rolls: { size: 280, period: 3, 'slow sync': 0, 'low replication': 2 },
    refused: { 'region too busy': 1_250, 'call queue too big': 0, 'not serving': 0 },
    memstoreBytes: { max: 2 * GIB },
    storeFiles: { max: 17 },
    wals: { maxFiles: 34 },
  }
}

/** @param limitBytes upper limit of a server's memstores */
export function busySeries(limitBytes: number): Series[] {
  const sampled = (value: (atUs: number) => number) => {
    const timesUs = Array.from({ length: 361 }, (_, i) => i * 5 * SECOND)
    return { timesUs, values: timesUs.map((at) => Math.round(value(at))) }
  }
  const fill = (at: number) => ((at / MINUTE) % 1) * 500 * MIB + ((at / MINUTE) % 7) * 200 * MIB
  const series = (metric: string, unit: string, value: (atUs: number) => number, labels = {}) => {
    return { metric, unit, labels, ...sampled(value) }
  }
  const spike = (at: number) => (Math.floor(at / SECOND / 5) % 12 === 0 ? 9 : 1)
  return [
    series('memstoreBytes', 'bytes', fill, { server: 'rs1' }),
    series('memstoreBytes', 'bytes', (at) => fill(at) / 2, { server: 'rs2' }),
    series('memstoreLimitBytes', 'bytes', () => limitBytes, { limit: 'upper' }),
    series('memstoreLimitBytes', 'bytes', () => 0.95 * limitBytes, { limit: 'lower' }),
    series('walFiles', 'files', (at) => 8 + ((at / MINUTE) % 6), { server: 'rs1' }),
    series('oldWALFiles', 'files', (at) => 3 + Math.min(12, at / MINUTE), { server: 'rs1' }),
    series('writeLatencyP99Us', 'us', (at) => 5_000 * spike(at)),
    series('writeLatencyMaxUs', 'us', (at) => 11_000 * spike(at)),
  ]
}

const DIED_US = 12 * MINUTE

/** Three servers of a rack; the last one's queues are never claimed. */
export const RECOVERIES: RecoveryResult[] = [0, 1, 2].map((nth) => {
  const at = (seconds: number) => DIED_US + (seconds + 6 * nth) * SECOND
  return {
    server: `rs${nth + 1}`,
    diedUs: DIED_US,
    how: 'killed',
    regions: 40,
    splitBytes: 900 * MIB,
    replayedBytes: 700 * MIB,
    carriesMeta: false,
    maxUnavailableRegions: 40,
    unavailableRegionUs: 40 * 60 * SECOND,
    assignedUs: at(58),
    phases: [
      { name: 'detection', fromUs: DIED_US, untilUs: DIED_US + 32 * SECOND },
      { name: 'WAL splitting', fromUs: DIED_US + 32 * SECOND, untilUs: at(44) },
      { name: 'assignment', fromUs: at(44), untilUs: at(58) },
      { name: 'queue claim', fromUs: at(58), untilUs: nth === 2 ? null : at(61) },
    ],
    phaseUs: {},
  }
})

/** 120 regions that come back one by one from 45 s on. */
export function unavailableSeries(): Series {
  const timesUs = [0, DIED_US, DIED_US]
  const values = [0, 0, 120]
  for (let region = 1; region <= 120; region++) {
    const at = DIED_US + 45 * SECOND + region * 200_000
    timesUs.push(at, at)
    values.push(121 - region, 120 - region)
  }
  return {
    metric: 'unavailableRegions',
    unit: 'regions',
    labels: {},
    timesUs: [...timesUs, 30 * MINUTE],
    values: [...values, 0],
  }
}
