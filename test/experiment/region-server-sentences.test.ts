import { expect, test } from 'vitest'
import type { MeasuredRun } from '../../src/experiment/metric.js'
import { regionServerSentences } from '../../src/experiment/region-server-sentences.js'
import { measuredRun } from './results.js'

function runOf(variant: string, seed: number, change: (run: MeasuredRun) => void): MeasuredRun {
  const run = measuredRun({ variant, seed, backup: null, writeP99Us: 5_000 })
  change(run)
  return run
}

function stalled(maxUs: number, p999: { stalled: number | null; calm: number | null }) {
  return ({ regionServers: { flushes } }: MeasuredRun) => {
    flushes.stallUs = { count: 3, p50: 10, p99: maxUs, p999: maxUs, max: maxUs }
    flushes.writeP999Us = p999
  }
}

test('nothing is said of flushes that no write felt', () => {
  const runs = [
    runOf('idle', 1, () => {}),
    runOf('brief', 1, stalled(4_900, { stalled: 5_000, calm: 4_000 })),
  ]
  expect(regionServerSentences(runs)).toEqual([])
})

test('the longest stall comes with what writes took while there were stalls, and when not', () => {
  const runs = [runOf('storm', 1, stalled(64_000, { stalled: 48_000, calm: 9_000 }))]
  expect(regionServerSentences(runs)).toEqual([
    'The longest that a flush made writes wait is 64 ms (write p99.9: 48 ms in spans of time ' +
      'with such a stall, 9 ms in those without) with `storm`; one run.',
  ])
})

test('without a time free of stalls nothing is compared', () => {
  const runs = [1, 2].map((seed) =>
    runOf('storm', seed, stalled(60_000 + seed * 1_000, { stalled: 48_000, calm: null })),
  )
  expect(regionServerSentences(runs)).toEqual([
    'The longest that a flush made writes wait is 61.5 ms (61 ms…62 ms) with `storm`; median of ' +
      '2 runs, ranges in brackets.',
  ])
})

test('calls that were sent back are counted under the name of the exception', () => {
  const runs = [
    runOf('storm', 1, ({ regionServers }) => {
      regionServers.refused['region too busy'] = 1_250
    }),
    runOf('calm', 1, () => {}),
  ]
  expect(regionServerSentences(runs)).toEqual([
    'Calls sent back by `RegionTooBusyException`: 1,250 with `storm`; one run.',
  ])
})

test('nothing is compared where writes were slower without a stall: of that a stall is no cause', () => {
  const runs = [runOf('rolls', 1, stalled(64_000, { stalled: 48_000, calm: 90_000 }))]
  expect(regionServerSentences(runs)).toEqual([
    'The longest that a flush made writes wait is 64 ms with `rolls`; one run.',
  ])
})

test('flushes of regions that were not full are told by what forced them', () => {
  const runs = [
    runOf('small-heap', 1, ({ regionServers }) => {
      regionServers.flushes.byReason.pressure = 12
    }),
    runOf('few-wals', 1, ({ regionServers }) => {
      regionServers.flushes.byReason['max-logs'] = 5
    }),
  ]
  expect(regionServerSentences(runs)).toEqual([
    'Flushes forced by the global memstore: 12 with `small-heap`; one run.',
    'Flushes forced by too many WALs: 5 with `few-wals`; one run.',
  ])
})

test('an outage of regions comes with the share of it that nobody knew of the death', () => {
  const recovery: MeasuredRun['recoveries'][number] = {
    ...{ server: 'rs1', how: 'killed', diedUs: 0, splitBytes: 0, replayedBytes: 0 },
    ...{
      carriesMeta: false,
      regions: 4,
      maxUnavailableRegions: 4,
      unavailableRegionUs: 160_000_000,
      assignedUs: 40_000_000,
    },
    phases: [],
    phaseUs: { detection: 30_000_000, 'WAL splitting': 8_000_000 },
  }
  const runs = [
    runOf('crash', 1, (run) => {
      run.recoveries = [recovery]
    }),
    runOf('calm', 1, () => {}),
  ]
  expect(regionServerSentences(runs)).toEqual([
    'A region whose server died was unavailable on average for 40 s (75 % of it until its death ' +
      'was noticed) with `crash`; one run.',
  ])
})
