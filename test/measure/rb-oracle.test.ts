import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RiskClass } from '../../src/measure/peer-risks.js'
import { bytesOf } from './naive-ledger.js'
import { PlayedHistory } from './rb-played.js'
import { randomHistory } from './random-history.js'

const CLASSES: readonly RiskClass[] = [
  'region-server-crash',
  'data-node-crash',
  'rack-power-loss',
  'cluster-power-loss',
  'hdfs-loss-clean-abort',
  'hdfs-loss',
  'cluster-loss',
  'store-loss',
]

describe('the ledger agrees with asking every edit at every instant', () => {
  test('over random histories of files, streams, objects and disasters', () => {
    fc.assert(
      fc.property(randomHistory, (history) => {
        const played = new PlayedHistory(history, checkNow)
        played.play()
        checkNow(played)
        checkWindow(played)
        checkClaims(played)
        checkLosses(played)
      }),
      { seed: 79, numRuns: 8000 },
    )
  })
})

/** Asking between changes changes nothing, and is right. */
function checkNow({ ledger, naive, nowUs, storedEdits, fates }: PlayedHistory): void {
  naive.forget()
  for (const name of CLASSES) {
    const oldestUs = naive.oldestUs(name, nowUs)
    expect([name, ledger.rpoUs(name)]).toEqual([name, oldestUs === null ? 0 : nowUs - oldestUs])
    expect([name, ledger.atRisk(name)]).toEqual([name, naive.atRisk(name, nowUs)])
  }
  expect(ledger.holes()).toMatchObject(naive.atRisk('none', nowUs))
  expect(ledger.storedEdits).toBe(storedEdits)
  const confirmed = fates.filter(
    (fate) => fate.confirmed && fate.wanted && fate.objects === 0 && fate.lostIn === null,
  )
  expect(ledger.confirmedNotStored.value).toBe(confirmed.length)
}

function checkWindow({ ledger, naive }: PlayedHistory): void {
  for (const name of CLASSES) {
    const expected = naive.classes.get(name)
    if (expected === undefined) throw new Error(`no ${name}`)
    const { histogram, maxEdits, maxBytes } = ledger.recoveryPoint(name)
    const { maxUs, timeShareAboveZero } = expected
    expect([name, histogram.maxUs, maxEdits, maxBytes]).toEqual([
      name,
      maxUs,
      expected.maxEdits,
      expected.maxBytes,
    ])
    expect(histogram.timeShareAboveZero).toBeCloseTo(timeShareAboveZero, 12)
    for (const q of [0.5, 0.9, 0.99]) {
      const value = histogram.quantile(q) ?? -1
      expect(expected.shareAtMost(value + 1)).toBeGreaterThanOrEqual(q - 1e-9)
      if (value > 0) expect(expected.shareAtMost(value - 1)).toBeLessThanOrEqual(q + 1e-9)
    }
  }
  const hole = naive.classes.get('none')?.pieces.find(({ oldestUs }) => oldestUs !== null)
  expect(ledger.holes().firstUs).toBe(hole?.atUs ?? null)
}

function checkClaims({ ledger, naive }: PlayedHistory): void {
  for (const name of CLASSES) {
    if (name === 'store-loss') continue
    expect([name, ledger.brokenClaim(name)]).toEqual([name, naive.classes.get(name)?.claim])
  }
}

function checkLosses({ ledger, fates, lost, naive, nowUs }: PlayedHistory): void {
  const losses = ledger.losses()
  expect(losses.map(({ kind, atUs }) => ({ kind, atUs }))).toEqual(
    lost.map(({ kind, atUs }) => ({ kind, atUs })),
  )
  lost.forEach(({ kind, atUs, storeLost }, i) => {
    const listed = fates.filter(
      (fate) => fate.lostIn === i && fate.wanted && naive.acknowledgedUs(fate) <= nowUs,
    )
    const edits = [...storeLost, ...listed]
    const oldestUs = Math.min(atUs, ...edits.map((fate) => naive.acknowledgedUs(fate)))
    expect(losses[i]).toMatchObject({
      lostEdits: edits.length,
      lostBytes: bytesOf(edits),
      lostToCluster: listed.filter(({ walGone }) => walGone).length,
    })
    if (kind !== 'store-loss') {
      expect(losses[i].oldestLostAgeUs).toBe(edits.length > 0 ? atUs - oldestUs : null)
    }
  })
}
