import { describe, expect, test } from 'vitest'
import { PeerLog } from '../../src/measure/peer-log.js'
import { RecoveryPoint } from '../../src/measure/recovery-point.js'
import { UnsafeEdits } from '../../src/measure/unsafe-edits.js'
import { acknowledgementsOf, steadyEdits, type ToldEdit } from './edits.js'

/** Logs of which nothing is stored yet, and the measure of what a loss of the cluster takes. */
class Watched {
  readonly logs: UnsafeEdits[]
  readonly rpo: RecoveryPoint

  constructor(logs: readonly (readonly ToldEdit[])[], fromUs = 0, untilUs = 1000) {
    this.logs = logs.map(
      (edits, id) => new UnsafeEdits(new PeerLog(acknowledgementsOf(edits, id), null)),
    )
    this.rpo = new RecoveryPoint(this.logs, (us) => this.atRisk(us), { fromUs, untilUs })
  }

  /** The three steps in their order. */
  store(nowUs: number, log: number, from: number, to: number): this {
    this.rpo.changing(nowUs)
    this.logs[log].add(from, to)
    this.rpo.changed(log)
    return this
  }

  lose(nowUs: number, log: number, from: number, to: number): this {
    this.rpo.changing(nowUs)
    this.logs[log].remove(from, to)
    this.rpo.changed(log)
    return this
  }

  atRisk(nowUs: number) {
    const total = { edits: 0, bytes: 0 }
    for (const log of this.logs) {
      const { edits, bytes } = log.count(nowUs)
      total.edits += edits
      total.bytes += bytes
    }
    return total
  }
}

describe('RPO over time', () => {
  test('is zero until an edit is acknowledged, then rises until that edit is stored', () => {
    const { rpo } = new Watched([[{ writtenUs: 100, acknowledgedUs: 110 }]]).store(400, 0, 0, 1)
    rpo.close(1000)
    expect(rpo.histogram.totalUs).toBe(1000)
    expect(rpo.histogram.maxUs).toBe(290)
    expect(rpo.histogram.timeShareAboveZero).toBe(0.29)
    // 71 % of the time at 0, and 29 % evenly from 0 to 290.
    expect(rpo.histogram.quantile(0.99)).toBe(280)
    expect([rpo.maxEdits, rpo.maxBytes]).toEqual([1, 100])
  })

  test('falls to the age of the next edit that is not stored', () => {
    // Answered at 15, 25, … 105 us; the first five are stored at 100 us, all at 200 us.
    const watched = new Watched([steadyEdits(10)]).store(100, 0, 0, 5)
    expect(watched.rpo.valueUs(100)).toBe(100 - 65)
    watched.store(200, 0, 5, 10)
    expect(watched.rpo.valueUs(200)).toBe(0)
    watched.rpo.close(1000)
    expect(watched.rpo.histogram.maxUs).toBe(200 - 65)
    expect(watched.rpo.histogram.timeShareAboveZero).toBe((200 - 15) / 1000)
    // Just before 100 us nine were answered, just before 200 us five were left.
    expect(watched.rpo.maxEdits).toBe(9)
    expect(watched.rpo.maxBytes).toBe(900)
  })

  test('an object with later edits does not hide an older one that is missing', () => {
    const watched = new Watched([steadyEdits(3)]).store(100, 0, 1, 3)
    expect(watched.rpo.valueUs(150)).toBe(150 - 15)
    expect(watched.atRisk(150)).toEqual({ edits: 1, bytes: 100 })
    watched.store(200, 0, 0, 1)
    expect(watched.rpo.oldestUs(300)).toBe(Infinity)
    watched.rpo.close(1000)
    expect(watched.rpo.histogram.maxUs).toBe(200 - 15)
  })

  test('an answer that overtook others counts, wherever its edit is in the log', () => {
    const edits = [90, 20, 30, 40].map((acknowledgedUs, i) => ({ writtenUs: i, acknowledgedUs }))
    const watched = new Watched([edits]).store(100, 0, 1, 2)
    expect(watched.rpo.valueUs(100)).toBe(70)
    watched.store(100, 0, 2, 3)
    expect(watched.rpo.valueUs(100)).toBe(60)
  })

  test('is that of the worst log, and edits at risk are those of all', () => {
    const early = [{ writtenUs: 10, acknowledgedUs: 20 }]
    const late = [{ writtenUs: 300, acknowledgedUs: 310, bytes: 7 }]
    const watched = new Watched([early, late])
    expect(watched.rpo.valueUs(500)).toBe(480)
    expect(watched.atRisk(500)).toEqual({ edits: 2, bytes: 107 })
    watched.store(500, 0, 0, 1)
    expect(watched.rpo.valueUs(500)).toBe(190)
    watched.rpo.close(1000)
    expect(watched.rpo.histogram.maxUs).toBe(690)
    expect(watched.rpo.maxEdits).toBe(2)
  })

  test('counts from the first answer, not from the first write', () => {
    const { rpo } = new Watched([
      [
        { writtenUs: 10, acknowledgedUs: 200 },
        { writtenUs: 20, acknowledgedUs: 50 },
      ],
    ])
    expect(rpo.valueUs(100)).toBe(50)
    expect(rpo.valueUs(300)).toBe(250)
  })

  test('an edit that is stored before it is answered was never at risk', () => {
    const slow = [{ writtenUs: 10, acknowledgedUs: 500 }]
    const watched = new Watched([slow]).store(100, 0, 0, 1)
    expect(watched.atRisk(100)).toEqual({ edits: 0, bytes: 0 })
    watched.rpo.close(1000)
    expect(watched.rpo.histogram.maxUs).toBe(0)
    expect(watched.rpo.maxEdits).toBe(0)
  })

  test('an edit answered at the instant of its storing is one at risk for no time', () => {
    const watched = new Watched([[{ writtenUs: 10, acknowledgedUs: 100 }]]).store(100, 0, 0, 1)
    watched.rpo.close(1000)
    expect(watched.rpo.histogram.timeShareAboveZero).toBe(0)
    expect(watched.rpo.maxEdits).toBe(1)
  })
})

describe('the window of an RPO', () => {
  test('begins with the age that the oldest edit has by then', () => {
    const watched = new Watched([[{ writtenUs: 90, acknowledgedUs: 100 }]], 400, 1000)
    watched.store(500, 0, 0, 1)
    watched.rpo.close(1000)
    expect(watched.rpo.histogram.totalUs).toBe(600)
    expect(watched.rpo.histogram.maxUs).toBe(400)
    expect(watched.rpo.histogram.quantile(1 / 12)).toBe(0)
    expect(watched.rpo.histogram.timeShareAboveZero).toBeCloseTo(1 / 6, 12)
  })

  test('what was stored before it began leaves no trace', () => {
    const watched = new Watched([steadyEdits(9)], 400, 1000).store(300, 0, 0, 9)
    watched.rpo.close(1000)
    expect(watched.rpo.histogram.maxUs).toBe(0)
    expect(watched.rpo.maxEdits).toBe(0)
  })

  test('ends when it is closed, whatever is stored later', () => {
    const watched = new Watched([steadyEdits(1)])
    watched.rpo.close(300)
    watched.store(800, 0, 0, 1)
    expect(watched.rpo.histogram.totalUs).toBe(300)
    expect(watched.rpo.histogram.maxUs).toBe(285)
    expect(watched.atRisk(800)).toEqual({ edits: 0, bytes: 0 })
  })
})

test('looking at an RPO between changes does not change it', () => {
  const looked = new Watched([steadyEdits(20), steadyEdits(20)])
  const left = new Watched([steadyEdits(20), steadyEdits(20)])
  for (const watched of [looked, left]) {
    for (let us = 50; us <= 950; us += 100) {
      if (watched === looked) for (let at = us - 30; at < us; at += 7) watched.rpo.valueUs(at)
      watched.store(us, Math.floor(us / 100) % 2, 0, us / 50)
    }
    watched.rpo.close(1000)
  }
  expect(looked.rpo.histogram).toEqual(left.rpo.histogram)
  expect(looked.rpo.maxEdits).toBe(left.rpo.maxEdits)
})

test('what is lost again is at risk again, from then on', () => {
  const watched = new Watched([steadyEdits(5)]).store(20, 0, 0, 5)
  expect(watched.atRisk(100)).toEqual({ edits: 0, bytes: 0 })
  watched.lose(200, 0, 1, 4)
  expect(watched.rpo.valueUs(200)).toBe(200 - 25)
  expect(watched.atRisk(200)).toEqual({ edits: 3, bytes: 300 })
  watched.store(300, 0, 1, 2)
  expect(watched.rpo.valueUs(300)).toBe(300 - 35)
  watched.rpo.close(1000)
  expect(watched.rpo.histogram.maxUs).toBe(1000 - 35)
  expect(watched.rpo.firstUs).toBe(15)
  expect(watched.rpo.maxEdits).toBe(3)
})
