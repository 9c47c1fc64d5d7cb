import { expect, test } from 'vitest'
import { RegionUnavailability } from '../../src/hbase/master/region-unavailability.js'
import type { ServerRecovery } from '../../src/hbase/master/server-crash-procedure.js'
import { ServerActivity } from '../../src/measure/server-activity.js'
import { recoveriesOf } from '../../src/simulation/recoveries.js'
import { regionServerSeries } from '../../src/simulation/region-server-series.js'

const S = 1_000_000

/** A server that died at 100 s with two regions, which were open again at 140 s and 150 s. */
function recovery(changes: Partial<ServerRecovery> = {}): ServerRecovery {
  const unavailable = new RegionUnavailability()
  for (const [s, regions] of [
    [100, 2],
    [140, 1],
    [150, 0],
  ]) {
    unavailable.set(s * S, regions)
  }
  return {
    server: 'rs1',
    exit: 'killed',
    carriesMeta: false,
    diedUs: 100 * S,
    detectedUs: 130 * S,
    metaSplitUs: null,
    metaAvailableUs: 130 * S,
    splitUs: 135 * S,
    assignedUs: 150 * S,
    finishedUs: 151 * S,
    regions: 2,
    wals: 1,
    splitBytes: 9_000,
    recoveredBytes: 8_000,
    replayedBytes: 7_000,
    splits: [],
    assignments: [],
    spans: new Map(),
    unavailable,
    ...changes,
  }
}

test('a recovery says for how long its regions were unavailable', () => {
  expect(recoveriesOf([recovery()], 900 * S)).toMatchObject([
    { replayedBytes: 7_000, maxUnavailableRegions: 2, unavailableRegionUs: 90 * S },
  ])
})

test('regions that are not open again count up to now', () => {
  const unavailable = new RegionUnavailability()
  unavailable.set(100 * S, 3)
  const [result] = recoveriesOf([recovery({ unavailable })], 120 * S)
  expect(result.unavailableRegionUs).toBe(60 * S)
})

test('phases follow each other; the wait for hbase:meta is one if there was any', () => {
  const names = (changes: Partial<ServerRecovery>) =>
    recoveriesOf([recovery(changes)], 900 * S)[0].phases.map(({ name, fromUs, untilUs }) => {
      return [name, fromUs / S, untilUs === null ? null : untilUs / S]
    })
  expect(names({})).toEqual([
    ['detection', 100, 130],
    ['WAL splitting', 130, 135],
    ['assignment', 135, 150],
    ['queue claim', 150, 151],
  ])
  const metaTimes = { carriesMeta: true, metaSplitUs: 131 * S, metaAvailableUs: 133 * S }
  expect(names(metaTimes)).toEqual([
    ['detection', 100, 130],
    ['WAL splitting of hbase:meta', 130, 131],
    ['assignment of hbase:meta', 131, 133],
    ['WAL splitting', 133, 135],
    ['assignment', 135, 150],
    ['queue claim', 150, 151],
  ])
  const stuck = { metaAvailableUs: null, splitUs: null, assignedUs: null, finishedUs: null }
  expect(names(stuck)).toEqual([
    ['detection', 100, 130],
    ['wait for hbase:meta', 130, null],
  ])
})

test('unavailable regions over time are those of all deaths together, to the instant', () => {
  const activity = new ServerActivity({ fromUs: 0, untilUs: 200 * S, windows: 2 })
  activity.answered(10 * S, 10 * S + 50)
  const later = new RegionUnavailability()
  later.set(120 * S, 5)
  const deaths = [recovery(), recovery({ server: 'rs2', unavailable: later })]
  const series = regionServerSeries(activity, deaths, 200 * S)
  const regions = series.find(({ metric }) => metric === 'unavailableRegions')
  const points = regions?.timesUs.map((us, i) => [us / S, regions.values[i]])
  expect(points).toEqual([
    ...[
      [0, 0],
      [100, 0],
      [100, 2],
      [120, 2],
      [120, 7],
      [140, 7],
      [140, 6],
      [150, 6],
      [150, 5],
    ],
    [200, 5],
  ])
  const latency = series.find(({ metric }) => metric === 'writeLatencyMaxUs')
  expect([latency?.timesUs, latency?.values]).toEqual([
    [100 * S, 200 * S],
    [50, null],
  ])
})
