import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PeerResult } from '../../src/simulation/result.js'
import { bytesOf, naiveRecoveryPoint } from './naive-recovery-point.js'
import { carelessScenario, scenarioOf, type Written } from './random-scenario.js'
import { type EditHistory, type RecordedRun, recordRun } from './recorded-run.js'

describe('the ledger agrees with book-keeping edit by edit', () => {
  test('over random small scenarios with outages, suspensions and losses of the cluster', () => {
    fc.assert(fc.property(carelessScenario, checkRun), { seed: 99, numRuns: 300 })
  })
})

function checkRun(written: Written): void {
  const scenario = scenarioOf(written)
  const recorded = recordRun(scenario)
  const { run, result } = recorded
  const peer = result.peers.backup as PeerResult
  const endUs = run.disaster?.atUs ?? Infinity
  // Who is gone gets no answer.
  const edits = recorded.edits.map((edit) =>
    edit.acknowledgedUs <= endUs ? edit : { ...edit, acknowledgedUs: Infinity },
  )
  checkRecoveryPoint(recorded, peer, edits)
  checkConfirmedNotStored(recorded, peer, edits)
  checkCounts(peer, edits)
  checkLatencies(recorded, peer, edits)
  checkDisaster(recorded, peer, edits)
  checkHoles(recorded, peer, edits)
  checkDrains(recorded, peer, edits)
  const acknowledged = edits.filter(({ acknowledgedUs }) => acknowledgedUs <= run.nowUs)
  expect(result.edits).toMatchObject({
    acknowledged: acknowledged.length,
    bytes: bytesOf(acknowledged),
  })
}

function checkRecoveryPoint(
  { run }: RecordedRun,
  peer: PeerResult,
  edits: readonly EditHistory[],
): void {
  const { warmupUs, durationUs } = run.scenario
  const untilUs = Math.min(durationUs, run.disaster?.atUs ?? durationUs)
  if (untilUs <= warmupUs) {
    expect(peer.rpo).toEqual({})
    return
  }
  const expected = naiveRecoveryPoint(edits, warmupUs, untilUs)
  const actual = peer.rpo['cluster-loss']
  if (actual === undefined) throw new Error('the ledger measures cluster-loss')
  const { maxUs, maxEdits, maxBytes } = expected
  expect(actual).toMatchObject({ maxUs, maxEdits, maxBytes })
  expect(actual.timeShareAboveZero).toBeCloseTo(expected.timeShareAboveZero, 12)
  for (const [q, value] of [
    [0.5, actual.p50Us],
    [0.99, actual.p99Us],
  ] as const) {
    expect(Math.abs(value - expected.quantileUs(q))).toBeLessThanOrEqual(1)
  }
}

function checkConfirmedNotStored(
  { run }: RecordedRun,
  peer: PeerResult,
  edits: readonly EditHistory[],
): void {
  const { warmupUs, durationUs } = run.scenario
  const untilUs = Math.min(durationUs, run.disaster?.atUs ?? durationUs)
  const exposed = edits
    .map(({ confirmedUs, storedUs }) => ({
      fromUs: Math.max(confirmedUs, warmupUs),
      untilUs: Math.min(storedUs, untilUs),
    }))
    .filter(({ fromUs, untilUs }) => fromUs < untilUs)
  const begins = exposed.map(({ fromUs }) => fromUs)
  const most = begins.reduce((max, us) => Math.max(max, exposed.filter(during(us)).length), 0)
  expect(peer.confirmedNotStoredEdits.max).toBe(most)
  const lengthUs = exposed
    .sort((a, b) => a.fromUs - b.fromUs)
    .reduce(
      ({ sumUs, seenUs }, span) => ({
        sumUs: sumUs + Math.max(0, span.untilUs - Math.max(span.fromUs, seenUs)),
        seenUs: Math.max(seenUs, span.untilUs),
      }),
      { sumUs: 0, seenUs: 0 },
    ).sumUs
  const share = untilUs > warmupUs ? lengthUs / (untilUs - warmupUs) : 0
  expect(peer.confirmedNotStoredEdits.timeShare).toBeCloseTo(share, 12)
}

function during(us: number): (span: { fromUs: number; untilUs: number }) => boolean {
  return ({ fromUs, untilUs }) => fromUs <= us && us < untilUs
}

/** Latencies count from the write; what was written in the warm-up is not measured. */
function checkLatencies(
  { run }: RecordedRun,
  peer: PeerResult,
  edits: readonly EditHistory[],
): void {
  const measured = edits.filter(({ writtenUs }) => writtenUs >= run.scenario.warmupUs)
  for (const [actual, atUs] of [
    [peer.confirmLatencyUs, (edit: EditHistory) => edit.confirmedUs],
    [peer.storeLatencyUs, (edit: EditHistory) => edit.storedUs],
  ] as const) {
    const latencies = measured
      .map((edit) => atUs(edit) - edit.writtenUs)
      .filter((us) => us < Infinity)
    const max = latencies.length > 0 ? Math.max(...latencies) : null
    expect(actual).toMatchObject({ count: latencies.length, max })
  }
}

function checkCounts(peer: PeerResult, edits: readonly EditHistory[]): void {
  const happened = (us: (edit: EditHistory) => number) =>
    edits.filter((edit) => us(edit) < Infinity).length
  expect(peer.acceptedEdits).toBe(happened(({ acceptedUs }) => acceptedUs))
  expect(peer.confirmedEdits).toBe(happened(({ confirmedUs }) => confirmedUs))
  expect(peer.storedEdits).toBe(happened(({ storedUs }) => storedUs))
  const surplus = edits.reduce((sum, edit) => sum + Math.max(0, edit.occurrences - 1), 0)
  const duplicates = Object.values(peer.duplicateEdits).reduce((sum, n) => sum + n, 0)
  expect(duplicates).toBe(surplus)
}

/** A server may abort by itself, when a timer and a shipper store one offset at once: no loss. */
function checkDisaster(
  { run }: RecordedRun,
  peer: PeerResult,
  edits: readonly EditHistory[],
): void {
  const lost = edits.filter((edit) => edit.acknowledgedUs < Infinity && edit.storedUs === Infinity)
  const total = peer.disasters.filter(({ kind }) => kind === 'cluster-loss')
  if (run.disaster === null) {
    expect(total).toEqual([])
    expect(peer.missingAfterQuiescence).toBe(lost.length)
    return
  }
  const { kind, atUs } = run.disaster
  const oldestUs = lost.reduce((least, edit) => Math.min(least, edit.acknowledgedUs), Infinity)
  expect(total).toEqual([
    {
      kind,
      atUs,
      lostEdits: lost.length,
      lostBytes: bytesOf(lost),
      oldestLostAgeUs: lost.length > 0 ? atUs - oldestUs : null,
    },
  ])
}

/** Who stages, or confirms what is stored, has no holes; others have what is confirmed and is nowhere. */
function checkHoles({ run }: RecordedRun, peer: PeerResult, edits: readonly EditHistory[]): void {
  if (peer.endpoint === 'deferred-offset' || peer.endpoint === 'unsafe-flush') {
    if (run.disaster !== null) return
    const lost = edits.filter((edit) => edit.confirmedUs < Infinity && edit.storedUs === Infinity)
    const acknowledged = lost.filter((edit) => edit.acknowledgedUs < Infinity)
    expect(peer.holes).toMatchObject({ edits: acknowledged.length, bytes: bytesOf(acknowledged) })
    return
  }
  expect(peer.holes).toEqual({ edits: 0, bytes: 0, firstUs: null })
  // Absent if the cluster was lost before the measured window began.
  const { maxUs, timeShareAboveZero } = peer.rpo['region-server-crash'] ?? {}
  expect([maxUs ?? 0, timeShareAboveZero ?? 0]).toEqual([0, 0])
}

function checkDrains({ run }: RecordedRun, peer: PeerResult, edits: readonly EditHistory[]): void {
  const ended = run.faults.filter(({ untilUs }) => untilUs !== null && untilUs <= run.nowUs)
  const before = ended.filter(
    ({ untilUs }) => run.disaster === null || (untilUs ?? 0) < run.disaster.atUs,
  )
  for (const { label, untilUs } of before) {
    const endUs = untilUs ?? 0
    const owed = edits.filter(({ acknowledgedUs }) => acknowledgedUs <= endUs)
    const caughtUpUs = owed.reduce((last, edit) => Math.max(last, edit.storedUs), endUs)
    const us = caughtUpUs < Infinity ? caughtUpUs - endUs : null
    expect(peer.drainUs).toContainEqual({ fault: label, us })
  }
}
